//! What `annotator reference build` is told.

use std::path::{Path, PathBuf};

use clap::Args;
use reference::build::TranscriptSource;

use crate::download::DownloadSettings;
use crate::references::ReferenceSettings;

/// What to build a bundle from.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  annotator reference build hg19 --assembly hg19 --sequence hg19.2bit --track dbSNP=dbsnp.vcf.gz
      fetches UCSC's tables and makes the reference hg19
  annotator reference build hg38 --assembly hg38 --sequence hg38.2bit --tables mirror/goldenPath/hg38
      makes it from a local mirror, a folder that has database/ in it
  annotator reference build hg19 --assembly hg19 --sequence hg19.2bit --track gnomAD=af.vcf.gz:AF,AF_popmax
      adds variants; for a VCF, the INFO fields to carry may follow a colon
  annotator reference build hg38 --assembly hg38 --sequence hg38.2bit --track gnomAD=gnomad.genomes.v4.1.sites.chr1.vcf.bgz \\
      --track gnomAD=gnomad.genomes.v4.1.sites.chr2.vcf.bgz --track CADD=whole_genome_SNVs.tsv.gz --track mine=mine.tsv:score,class
      makes one track of several files; of a table, the columns to carry may follow a colon
  annotator reference build hg38 --assembly hg38 --sequence hg38.2bit --track phyloP=phyloP100way.bedGraph.gz \\
      --track gnomAD_constraint=gnomad.v4.1.constraint_metrics.tsv
      adds numbers along the genome, which records have under their key, and of genes: CSQ's pLI_gene_value, LOEUF and mis_z
  annotator reference build hg38 --assembly hg38 --sequence hg38.2bit --transcripts GCF_000001405.40_GRCh38.p14_genomic.gff.gz \\
      --transcripts gencode.v48.annotation.gtf.gz --mane MANE.GRCh38.v1.4.summary.txt.gz
      takes today's transcripts of NCBI and GENCODE instead of UCSC's refGene; SOURCE of CSQ says RefSeq or GENCODE
  annotator reference build hg38 --assembly hg38 --sequence hg38.2bit --transcripts GCF_000001405.40_GRCh38.p14_genomic.gff.gz \\
      --transcripts GCF_000001405.40_GRCh38.p14_rna.fna.gz
      takes the transcripts' own sequences, too: names and codons are theirs where they are not the genome
  annotator reference build hg19 --assembly hg19 --no-sequence
      does without codons, proteins and impacts of coding variants

Sequences are at https://hgdownload.soe.ucsc.edu/goldenPath/hg19/bigZips/hg19.2bit, and so for other assemblies.")]
pub struct BuildArgs {
    /// The name of the reference
    pub name: String,
    /// UCSC's name of the assembly: hg19, hg38
    #[arg(long)]
    pub assembly: String,
    /// Folder or address of UCSC's tables: the one that has database/ in it [default: UCSC's download server]
    #[arg(long, value_name = "DIR|URL")]
    pub tables: Option<String>,
    /// The sequence: FASTA, plain or gzip, or .2bit
    #[arg(long, value_name = "FILE")]
    pub sequence: Option<PathBuf>,
    /// Do without the sequence: there are then no codons, amino acids and HGVS names of proteins and indels, and the IMPACT
    /// of coding variants is empty
    #[arg(long, conflicts_with = "sequence")]
    pub no_sequence: bool,
    /// Transcripts to take instead of the table refGene: GFF3 or GTF of Ensembl, GENCODE or NCBI, or one of UCSC's tables
    /// (ncbiRefSeq, wgEncodeGencodeBasicV48, knownGene), with what UCSC has beside it in the same folder (ncbiRefSeqLink,
    /// wgEncodeGencodeAttrsV48 and TagV48, kgXref). SOURCE is what CSQ calls them [default: RefSeq, GENCODE or Ensembl, by
    /// their accessions]. Or FASTA with sequences of transcripts, by accession with version: where one is not the genome, it
    /// decides positions, codons and names; without it FLAGS of CSQ says differs_from_genome. May be given more than once
    #[arg(long = "transcripts", value_name = "[SOURCE=]FILE", value_parser = parse_transcripts)]
    pub transcripts: Vec<TranscriptSource>,
    /// NCBI's summary of MANE, MANE.GRCh38.v1.4.summary.txt.gz: which transcripts of RefSeq and Ensembl are the same, and
    /// the ones to report
    #[arg(long, value_name = "FILE", requires = "transcripts")]
    pub mane: Option<PathBuf>,
    /// One more track: a VCF, a table of alleles (.tsv or .csv; its header names chromosome, 1-based position, ref and alt), a
    /// BED file, a bedGraph file (.bedGraph, .bdg or .bg), a UCSC table, or gnomAD's table of constraint. dbSNP, ClinVar, gnomAD,
    /// SpliceAI, CADD, AlphaMissense and REVEL are known by name. Several files of variants with one key become one track
    #[arg(long = "track", value_name = "KEY=FILE[:FIELD,…]", value_parser = parse_track)]
    pub tracks: Vec<Track>,
    /// The release of a source that does not say it itself: of a track (dbSNP), a table (refGene), transcripts by their
    /// SOURCE, all tables, the sequence, or a chain (hg18ToHg19)
    #[arg(long = "release", value_name = "KEY=TEXT", value_parser = parse_note)]
    pub releases: Vec<(String, String)>,
    /// What a source is, if its key says too little: gnomAD=gnomAD exomes
    #[arg(long = "label", value_name = "KEY=TEXT", value_parser = parse_note)]
    pub labels: Vec<(String, String)>,
    /// A chain into this assembly, so that files of another one can be lifted: hg18ToHg19.over.chain.gz
    #[arg(long = "chain", value_name = "FILE")]
    pub chains: Vec<PathBuf>,
    /// Where tables come from.
    #[command(flatten)]
    pub download: DownloadSettings,
    /// Where the bundle goes.
    #[command(flatten)]
    pub references: ReferenceSettings,
}

/// A track as the command line gives it.
#[derive(Debug, Clone)]
pub struct Track {
    pub(super) key: String,
    pub(super) file: PathBuf,
    pub(super) fields: Vec<String>,
}

fn parse_track(text: &str) -> Result<Track, String> {
    let (key, rest) = text
        .split_once('=')
        .ok_or("expected KEY=FILE, such as dbSNP=dbsnp.vcf.gz")?;
    let is_key = |key: &str| {
        let mut letters = key.chars();
        letters
            .next()
            .is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
            && letters.all(|letter| letter.is_ascii_alphanumeric() || "_.".contains(letter))
    };
    if !is_key(key) {
        return Err(format!(
            "\"{key}\" cannot be a key of INFO: letters, digits, _ and . can, and it begins with a letter"
        ));
    }
    let (file, fields) = match rest.rsplit_once(':') {
        Some((file, fields)) if !Path::new(rest).exists() => (file, fields.split(',').map(str::to_owned).collect()),
        _ => (rest, Vec::new()),
    };
    Ok(Track {
        key: key.to_owned(),
        file: file.into(),
        fields,
    })
}

fn parse_transcripts(text: &str) -> Result<TranscriptSource, String> {
    let (label, file) = match text.split_once('=') {
        Some((label, file)) if !Path::new(text).exists() => (Some(label), file),
        _ => (None, text),
    };
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || "-_. ".contains(letter);
    if let Some(label) = label.filter(|label| label.trim().is_empty() || !label.chars().all(is_part)) {
        return Err(format!(
            "\"{label}\" cannot be a SOURCE: it has letters, digits, spaces, -, _ and . only"
        ));
    }
    Ok(TranscriptSource {
        label: label.map(|label| label.trim().to_owned()),
        file: file.into(),
    })
}

fn parse_note(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, note)) if !key.is_empty() && !note.trim().is_empty() => Ok((key.to_owned(), note.trim().to_owned())),
        _ => Err("expected KEY=TEXT, such as dbSNP=build 151".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transcripts_are_a_file_with_or_without_a_name() {
        let parsed = |text: &str| {
            let source = parse_transcripts(text).unwrap();
            (source.label, source.file.display().to_string())
        };
        let named = |label: &str, file: &str| (Some(label.to_owned()), file.to_owned());
        assert_eq!(parsed("a/genomic.gff.gz"), (None, "a/genomic.gff.gz".to_owned()));
        assert_eq!(parsed("Ensembl 114=a/b=c.gtf"), named("Ensembl 114", "a/b=c.gtf"));
        assert_eq!(
            parse_transcripts("a|b=c.gtf").unwrap_err(),
            "\"a|b\" cannot be a SOURCE: it has letters, digits, spaces, -, _ and . only"
        );
    }
}
