//! `annotator reference fetch`: a recipe's files, checked, compiled into a bundle that takes the place of an older one.

mod sources;
mod work;

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use chassis::shutdown;
use clap::Args;
use reference::bundle::EXTENSION;
use reference::draft;

use super::build;
use crate::download::{DownloadSettings, Downloader};
use crate::recipe::{self, Recipe};
use crate::references::ReferenceSettings;
use sources::Sources;
use work::Work;

/// What to fetch.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  annotator reference fetch hg38
      fetches about 1.8 GB from UCSC and NCBI, and makes the reference hg38
  annotator reference fetch hg38 --transcripts RefSeq --mane
      takes NCBI's transcripts with their versions, proteins and MANE labels instead of UCSC's refGene
  annotator reference fetch hg19 --mirror https://mirror.example.org
      fetches the same files from a mirror: https://mirror.example.org/goldenPath/hg19/bigZips/hg19.2bit, …
  annotator reference recipe hg38 > mine.toml
  annotator reference fetch hg38 --recipe mine.toml --name mine
      changes where files come from, or adds tracks

Interrupted, it goes on where it stopped when it is started again.")]
pub struct FetchArgs {
    /// The assembly: hg38 or hg19; with --recipe any other
    pub assembly: String,
    /// The name of the reference [default: the assembly's]
    #[arg(long)]
    pub name: Option<String>,
    /// A file with other addresses than the program's; `reference recipe` prints those
    #[arg(long, value_name = "FILE")]
    pub recipe: Option<PathBuf>,
    /// Do without the sequence, about 800 MB: there are then no codons, no amino acids and no names of indels
    #[arg(long)]
    pub no_sequence: bool,
    /// Do without a track: ClinVar, dbSNP
    #[arg(long = "without", value_name = "KEY")]
    pub without: Vec<String>,
    /// Take these transcripts of the recipe instead of UCSC's refGene: RefSeq, which have versions and proteins. May be given
    /// more than once
    #[arg(long = "transcripts", value_name = "SOURCE")]
    pub transcripts: Vec<String>,
    /// Label transcripts by NCBI's summary of MANE, which is of GRCh38
    #[arg(long, requires = "transcripts")]
    pub mane: bool,
    /// Fetch liftover chains, too. UCSC gives them to non-profit organisations and independent researchers; everybody
    /// else needs a licence: https://genome.ucsc.edu/license/EULA.pdf
    #[arg(long)]
    pub chains: bool,
    /// Where files come from.
    #[command(flatten)]
    pub download: DownloadSettings,
    /// Where the bundle goes.
    #[command(flatten)]
    pub references: ReferenceSettings,
}

pub(super) fn run(args: &FetchArgs) -> Result<()> {
    let begun = Instant::now();
    let recipe = chosen(recipe::load(&args.assembly, args.recipe.as_deref())?, args)?;
    let name = args.name.clone().unwrap_or_else(|| recipe.assembly.clone());
    build::check_name(&name)?;
    let folder = args.references.folder();
    let work = Work::take(&folder, &name)?;
    tell_terms(&recipe);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let made = runtime.block_on(async {
        let shutdown = shutdown::signal();
        tokio::select! {
            made = make(&recipe, &name, &args.download, &work) => made,
            () = shutdown.requested() => {
                draft::remove_all();
                Err(work.interrupted())
            }
        }
    });
    // A build that is under way need not come to its end.
    runtime.shutdown_background();
    let draft = made?;
    let path = folder.join(format!("{name}.{EXTENSION}"));
    std::fs::rename(&draft, &path).with_context(|| format!("could not put the reference at {}", path.display()))?;
    work.clear();
    build::tell_place(&path, begun);
    Ok(())
}

/// The recipe without what is not wanted.
fn chosen(mut recipe: Recipe, args: &FetchArgs) -> Result<Recipe> {
    for key in &args.without {
        let before = recipe.tracks.len();
        recipe.tracks.retain(|track| track.key != *key);
        if recipe.tracks.len() == before {
            bail!("the recipe of {} has no track {key}", recipe.assembly);
        }
    }
    choose_transcripts(&mut recipe, args)?;
    if args.no_sequence {
        recipe.sequence = None;
    }
    if !args.chains {
        recipe.chains.clear();
    }
    Ok(recipe)
}

/// Leaves the transcripts that are asked for.
fn choose_transcripts(recipe: &mut Recipe, args: &FetchArgs) -> Result<()> {
    for source in &args.transcripts {
        if recipe.transcripts.iter().all(|known| known.source != *source) {
            bail!("the recipe of {} has no transcripts {source}", recipe.assembly);
        }
    }
    recipe
        .transcripts
        .retain(|known| args.transcripts.contains(&known.source));
    if args.mane && recipe.mane.is_none() {
        bail!("the recipe of {} has no summary of MANE", recipe.assembly);
    }
    recipe.mane = recipe.mane.take().filter(|_| args.mane);
    Ok(())
}

/// Says on which terms the files may be used, before they are fetched.
fn tell_terms(recipe: &Recipe) {
    let tracks = recipe.tracks.iter().map(|track| (&track.key[..], &track.terms));
    let others = [
        ("tables", Some(&recipe.tables)),
        ("sequence", recipe.sequence.as_ref()),
        ("MANE", recipe.mane.as_ref()),
    ];
    let others = others
        .into_iter()
        .chain(recipe.chains.iter().map(|chain| ("chain", Some(chain))));
    let others = others.filter_map(|(what, source)| Some((what, &source?.terms)));
    let transcripts = recipe.transcripts.iter();
    let transcripts = transcripts.map(|transcripts| (&transcripts.source[..], &transcripts.terms));
    eprintln!("Terms of use:");
    for (what, terms) in others.chain(transcripts).chain(tracks) {
        eprintln!("  {what:<10}{terms}");
    }
}

/// Fetches and compiles; gives the draft of the bundle.
async fn make(recipe: &Recipe, name: &str, settings: &DownloadSettings, work: &Work) -> Result<PathBuf> {
    let downloader = Downloader::new(settings)?;
    let sources = Sources::fetch(recipe, &downloader, work).await?;
    let draft = work.draft()?.join(format!("{name}.{EXTENSION}"));
    let plan = sources.plan(recipe, name)?;
    let place = draft.clone();
    let built = tokio::task::spawn_blocking(move || build::compile(&plan, &place)).await?;
    if built.is_err() {
        sources.discard_unchecked();
    }
    built.map(|()| draft)
}
