//! What a recipe names, fetched.

use std::path::{Path, PathBuf};

use anyhow::Result;
use domain::size;
use reference::build::{ExtraTrack, Note, Notes, Plan, TranscriptSource, Transcripts};

use super::super::{build, tables};
use super::work::Work;
use crate::download::{self, DownloadError, Downloader, Fetched, Shown, Wanted};
use crate::recipe::{Recipe, file_name};

/// The files of a recipe, here.
pub(super) struct Sources {
    folder: PathBuf,
    sequence: Option<PathBuf>,
    transcripts: Vec<PathBuf>,
    mane: Option<PathBuf>,
    tracks: Vec<PathBuf>,
    chains: Vec<PathBuf>,
    notes: Notes,
    /// Those of which no checksum is published.
    unchecked: Vec<PathBuf>,
}

impl Sources {
    /// Fetches them, largest last, after a look whether they have room.
    pub(super) async fn fetch(recipe: &Recipe, downloader: &Downloader, work: &Work) -> Result<Self> {
        let folder = work.folder();
        require_space(recipe, downloader, folder).await?;
        let mut sources = Self {
            folder: folder.to_owned(),
            sequence: None,
            transcripts: Vec::new(),
            mane: None,
            tracks: Vec::new(),
            chains: Vec::new(),
            notes: Notes::new(),
            unchecked: Vec::new(),
        };
        let own: Vec<&str> = recipe.tracks.iter().map(|track| file_name(&track.address)).collect();
        let tables = tables::into(downloader, &recipe.tables.address, folder, &own).await?;
        for table in tables {
            let file = file_name(&table.address).to_owned();
            sources.note(&file, &table, None, table.day.clone());
            sources.unchecked.push(table.path);
        }
        sources.fetch_transcripts(recipe, downloader).await?;
        for chain in &recipe.chains {
            let fetched = sources.one(downloader, chain.wanted()).await?;
            let key = file_name(&chain.address).split('.').next().unwrap_or_default();
            sources.note(key, &fetched, None, fetched.day.clone());
            sources.chains.push(fetched.path);
        }
        for track in &recipe.tracks {
            let fetched = sources.one(downloader, track.wanted()).await?;
            // VCF files say in their header which release they are, and UCSC's tables of dbSNP in their name.
            sources.note(&track.key, &fetched, track.label.clone(), None);
            sources.tracks.push(fetched.path);
        }
        if let Some(sequence) = &recipe.sequence {
            let fetched = sources.one(downloader, sequence.wanted()).await?;
            sources.note("sequence", &fetched, None, fetched.day.clone());
            sources.sequence = Some(fetched.path);
        }
        Ok(sources)
    }

    /// Fetches transcripts, the tables beside them, and the summary of MANE.
    async fn fetch_transcripts(&mut self, recipe: &Recipe, downloader: &Downloader) -> Result<(), DownloadError> {
        for transcripts in &recipe.transcripts {
            for address in &transcripts.beside {
                let fetched = self.one(downloader, without_checksum(address)).await?;
                let key = file_name(address).split('.').next().unwrap_or_default();
                self.note(key, &fetched, None, fetched.day.clone());
            }
            let fetched = self.one(downloader, without_checksum(&transcripts.address)).await?;
            self.note(&transcripts.source, &fetched, None, fetched.day.clone());
            self.transcripts.push(fetched.path);
        }
        if let Some(mane) = &recipe.mane {
            let fetched = self.one(downloader, mane.wanted()).await?;
            // Its name says its version.
            self.note("MANE", &fetched, None, None);
            self.mane = Some(fetched.path);
        }
        Ok(())
    }

    /// Fetches one, and says what became of it.
    async fn one(&mut self, downloader: &Downloader, wanted: Wanted<'_>) -> Result<Fetched, DownloadError> {
        let name = file_name(wanted.address);
        let mut shown = Shown::new(name);
        let path = self.folder.join(name);
        let fetched = downloader
            .fetch(wanted, &path, &mut |progress| shown.hear(progress))
            .await?;
        drop(shown);
        let checked = match &fetched.md5 {
            Some(md5) => format!("MD5 {md5} as published"),
            None => {
                self.unchecked.push(path);
                "no checksum is published, its size agrees".to_owned()
            }
        };
        let bytes = size(fetched.bytes);
        eprintln!("{name:<28}{bytes:>14}  {checked}");
        Ok(fetched)
    }

    /// Notes where a source comes from, and its release if it does not tell that itself: the day of the server's file.
    fn note(&mut self, key: &str, fetched: &Fetched, label: Option<String>, release: Option<String>) {
        let note = Note {
            label,
            release,
            source: Some(fetched.address.clone()),
        };
        self.notes.insert(key.to_owned(), note);
    }

    /// What to build from them.
    pub(super) fn plan(&self, recipe: &Recipe, name: &str) -> Result<Plan> {
        let tracks = recipe.tracks.iter().zip(&self.tracks);
        let tracks = tracks.map(|(track, file)| ExtraTrack {
            key: track.key.clone(),
            file: file.clone(),
            fields: track.fields.clone(),
        });
        Ok(Plan {
            name: name.to_owned(),
            assembly: recipe.assembly.clone(),
            tables: self.folder.clone(),
            transcripts: Transcripts {
                sources: self.transcript_sources(recipe),
                mane: self.mane.clone(),
            },
            sequence: self.sequence.clone(),
            tracks: tracks.collect(),
            chains: self.chains.clone(),
            notes: self.notes.clone(),
            built: build::now()?,
        })
    }

    fn transcript_sources(&self, recipe: &Recipe) -> Vec<TranscriptSource> {
        let named = recipe.transcripts.iter().zip(&self.transcripts);
        let named = named.map(|(transcripts, file)| TranscriptSource {
            label: Some(transcripts.source.clone()),
            file: file.clone(),
        });
        named.collect()
    }

    /// Removes what may be damaged, so that the next time fetches it again.
    pub(super) fn discard_unchecked(&self) {
        for path in &self.unchecked {
            let _ = std::fs::remove_file(path);
        }
    }
}

/// A file of which no checksum is published.
fn without_checksum(address: &str) -> Wanted<'_> {
    Wanted {
        address,
        checksums: None,
    }
}

/// Looks whether there is room for the files and the bundle, which is about as large as they are.
async fn require_space(recipe: &Recipe, downloader: &Downloader, folder: &Path) -> Result<()> {
    let tracks = recipe.tracks.iter().map(|track| &track.address);
    let transcripts = recipe
        .transcripts
        .iter()
        .flat_map(|transcripts| transcripts.addresses());
    let (mut all, mut here) = (0, 0);
    for address in tracks
        .chain(transcripts)
        .chain(recipe.sequence.iter().map(|sequence| &sequence.address))
    {
        all += downloader.size(address).await?.unwrap_or_default();
        let path = folder.join(file_name(address));
        let sizes = [path.clone(), path.with_added_extension("part")]
            .map(|path| std::fs::metadata(path).map(|file| file.len()));
        here += sizes.into_iter().flatten().sum::<u64>();
    }
    Ok(download::require_space(folder, (2 * all).saturating_sub(here))?)
}
