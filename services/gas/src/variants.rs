//! `gas variants`: the variants of a job that match, to standard output or into a file.

use std::fs::File;
use std::io::{ErrorKind, IsTerminal, Write, stdout};
use std::path::{Path, PathBuf};

use anyhow::Context;
use futures_util::StreamExt;
use reqwest::Response;

use crate::api::Api;
use crate::failure::Failure;
use crate::jobs::path;
use crate::output::Output;
use crate::variants_args::{VariantsArgs, VariantsFormat};

/// The longest address that a load balancer takes, with room for what is around it: 16 KB for the whole line
/// (<https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html>).
const LONGEST_QUERY: usize = 15_000;

/// Writes the variants that match.
pub async fn variants(api: &Api, args: &VariantsArgs, out: Output) -> Result<(), Failure> {
    let format = args.format.unwrap_or(match out.is_json() {
        true => VariantsFormat::Jsonl,
        false => VariantsFormat::Tsv,
    });
    if args.output.is_none() && format.is_binary() && stdout().is_terminal() {
        let why = "This form is not for a terminal. Name a file with --output, or send it on with a pipe.";
        return Err(Failure::Usage(why.into()));
    }
    let regions = match &args.bed {
        Some(file) => Some(send_regions(api, &args.id, file).await?),
        None => None,
    };
    let query = query(args, format, regions.as_deref())?;
    let response = api.stream(&format!("{}/variants?{query}", path(&args.id)?)).await?;
    match &args.output {
        Some(file) => into_file(response, file).await?,
        None => write(response, &mut stdout()).await?,
    }
    Ok(())
}

/// Under another name until it is whole, so that a part is never taken for all.
async fn into_file(response: Response, file: &Path) -> Result<(), Failure> {
    let part = PathBuf::from(format!("{}.part", file.display()));
    let mut opened = File::create(&part).with_context(|| format!("write {}", part.display()))?;
    write(response, &mut opened).await?;
    let renamed = opened.sync_all().and_then(|()| std::fs::rename(&part, file));
    Ok(renamed.with_context(|| format!("write {}", file.display()))?)
}

async fn write(response: Response, into: &mut impl Write) -> Result<(), Failure> {
    let mut pieces = response.bytes_stream();
    while let Some(piece) = pieces.next().await {
        let piece = piece.context("the variants broke off; run the command again")?;
        if let Err(error) = into.write_all(&piece) {
            // Whoever reads the pipe has seen enough.
            return match error.kind() {
                ErrorKind::BrokenPipe => Ok(()),
                _ => Err(error.into()),
            };
        }
    }
    Ok(into.flush()?)
}

/// Sends a BED file, which may be too long for an address. Gives the name by which one asks by its regions.
async fn send_regions(api: &Api, id: &str, file: &Path) -> Result<String, Failure> {
    let bed = std::fs::read(file).with_context(|| format!("read {}", file.display()))?;
    let kept = api.post_file(&format!("{}/regions", path(id)?), &bed).await?;
    let name = kept["regions"]
        .as_str()
        .context("the service does not say how the regions are called");
    Ok(name?.to_owned())
}

/// The conditions as the API takes them; the regions of a BED file by their name.
fn query(args: &VariantsArgs, format: VariantsFormat, regions: Option<&str>) -> Result<String, Failure> {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("format", format.as_str());
    let lists = [
        ("gene", &args.gene),
        ("region", &args.region),
        ("impact", &args.impact),
        ("consequence", &args.consequence),
        ("kind", &args.kind),
        ("genotype", &args.genotype),
    ];
    for (name, values) in lists {
        for value in values {
            query.append_pair(name, value);
        }
    }
    if let Some(name) = regions {
        query.append_pair("regions", name);
    }
    let single = [
        ("known", &args.known),
        ("frequency", &args.frequency),
        ("quality", &args.quality),
        ("filter", &args.filter),
        ("clinvar", &args.clinvar),
        ("q", &args.text),
        ("model", &args.model),
        ("child", &args.child),
        ("mother", &args.mother),
        ("father", &args.father),
    ];
    for (name, value) in single {
        if let Some(value) = value {
            query.append_pair(name, value);
        }
    }
    let query = query.finish();
    if query.len() > LONGEST_QUERY {
        let why = "These conditions are too long for an address. Ask for fewer genes at once, and for regions by a BED file, with --bed.";
        return Err(Failure::Usage(why.into()));
    }
    Ok(query)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::Cli;
    use crate::args::Command;

    fn asked(line: &[&str]) -> Result<String, Failure> {
        let typed = ["gas", "variants", "00000000-0000-4000-8000-000000000000"];
        match Cli::try_parse_from(typed.iter().chain(line)).unwrap().command {
            Command::Variants(args) => query(&args, args.format.unwrap_or(VariantsFormat::Tsv), None),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn conditions_are_sent_as_the_page_has_them() {
        let line = [
            "--gene",
            "BRCA1",
            "--gene",
            "TP53",
            "--frequency",
            "1%",
            "--format",
            "jsonl",
            "--text",
            "a b",
        ];
        assert_eq!(
            asked(&line).unwrap(),
            "format=jsonl&gene=BRCA1&gene=TP53&frequency=1%25&q=a+b"
        );
        assert_eq!(asked(&["--format", "vcf.gz"]).unwrap(), "format=vcf.gz");
    }

    #[test]
    fn what_is_too_long_for_an_address_is_told_before_it_is_sent() {
        let long = "x".repeat(LONGEST_QUERY);
        assert!(matches!(asked(&["--gene", &long]), Err(Failure::Usage(_))));
    }
}
