//! Real files, which are not part of the project; skipped aloud without them.

use std::fs;
use std::path::PathBuf;

use super::*;
use crate::bundle::BROKEN;

/// The folder of bcftools' own tests of its command csq.
fn bcftools() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/data/bcftools-csq");
    if !folder.is_dir() {
        eprintln!("skipped: there is no {}", folder.display());
        return None;
    }
    Some(folder)
}

/// The files of a folder that end so.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = entries
        .filter(|path| path.extension().is_some_and(|found| found == ending))
        .collect();
    files.sort();
    files
}

#[test]
fn every_gff3_of_bcftools_tests_is_read_with_its_sequence() {
    let Some(folder) = bcftools() else { return };
    let (mut read, mut broken) = (0, Vec::new());
    let folders = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    for of_gene in folders.filter(|path| path.is_dir()) {
        let (Some(gff3), Some(fasta)) = (files(&of_gene, "gff").pop(), files(&of_gene, "fa").pop()) else {
            continue;
        };
        let (gff3, fasta) = (fs::read_to_string(gff3).unwrap(), fs::read_to_string(fasta).unwrap());
        let texts = [("a.gff", gff3.as_str()), ("a.fa", fasta.as_str())];
        let sources = [(Some("Ensembl"), "a.gff")];
        let of_both = Sources {
            assembly: "part",
            sizes: "",
            files: &texts,
            sources: &sources,
            sequence: Some("a.fa"),
            ..Sources::default()
        };
        let built = of_both
            .build()
            .unwrap_or_else(|error| panic!("{}: {error}", of_gene.display()));
        let transcripts = gff3.lines().filter(|line| line.contains("ID=transcript:")).count();
        assert_eq!(built.rows().len(), transcripts, "{}", of_gene.display());
        let bad = built
            .rows()
            .into_iter()
            .filter(|row| row.flags & BROKEN != 0)
            .map(|row| row.name.to_owned());
        broken.extend(bad);
        read += 1;
    }
    assert!(read > 30, "{read}");
    assert_eq!(broken, Vec::<String>::new());
}
