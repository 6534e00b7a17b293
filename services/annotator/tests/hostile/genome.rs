//! A genome whose genes are as dense as genes get.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

/// Bases of its one chromosome.
pub const LENGTH: usize = 6_000_000;

/// Where 150 transcripts lie upon each other: inside an exon of each, 1-based.
pub const DENSE: usize = 3_000_050;

/// The bundle `hostile`, and what it was made from.
pub struct Genome {
    pub folder: TempDir,
    /// The bases of chr1.
    pub bases: Vec<u8>,
}

impl Genome {
    /// Builds it with the program itself.
    pub fn build() -> Self {
        let folder = TempDir::new().unwrap();
        let mut bases: Vec<u8> = (0_u64..LENGTH as u64)
            .map(|at| {
                b"ACGT"[(at.wrapping_mul(at ^ 0x9E37_79B9).wrapping_mul(0x2545_F491_4F6C_DD1D) >> 61) as usize & 3]
            })
            .collect();
        bases[..1000].fill(b'A');
        bases[LENGTH - 1000..].fill(b'A');
        let database = folder.path().join("database");
        fs::create_dir(&database).unwrap();
        fs::write(database.join("chrom.sizes"), format!("chr1\t{LENGTH}\n")).unwrap();
        fs::write(database.join("refGene.txt"), genes()).unwrap();
        let bands: String = (0..3000).fold(String::new(), |text, band| {
            let start = band * 2000;
            text + &format!("chr1\t{start}\t{}\tp{band}\tgneg\n", start + 2000)
        });
        fs::write(database.join("cytoBand.txt"), bands).unwrap();
        let sequence = folder.path().join("chr1.fa");
        fs::write(&sequence, [b">chr1\n", &bases[..], b"\n"].concat()).unwrap();
        let chain = folder.path().join("hg18ToHostile.over.chain");
        fs::write(
            &chain,
            format!("chain 9 chr1 {LENGTH} + 0 {LENGTH} chr1 {LENGTH} - 0 {LENGTH} 1\n{LENGTH}\n\n"),
        )
        .unwrap();
        reference(folder.path(), &sequence, &chain);
        Self { folder, bases }
    }
}

impl Genome {
    /// The base at a position, counted from 1. The first and the last thousand are A.
    pub fn base(&self, position: usize) -> char {
        char::from(self.bases[position - 1])
    }
}

/// Rows of refGene: a transcript of twenty exons every 2,000 bases, and the dense place.
fn genes() -> String {
    let mut rows = String::new();
    let mut add = |name: usize, start: usize, exons: usize, step: usize| {
        let starts: String = (0..exons).map(|exon| format!("{},", start + exon * step)).collect();
        let ends: String = (0..exons)
            .map(|exon| format!("{},", start + exon * step + step / 2))
            .collect();
        let (end, frames) = (start + (exons - 1) * step + step / 2, "0,".repeat(exons));
        let strand = if name.is_multiple_of(2) { '+' } else { '-' };
        writeln!(
            rows,
            "0\tNM_{name}\tchr1\t{strand}\t{start}\t{end}\t{start}\t{end}\t{exons}\t{starts}\t{ends}\t0\tGENE{name}\tcmpl\tcmpl\t{frames}"
        )
        .unwrap();
    };
    (0..2500).for_each(|gene| add(gene, 1000 + gene * 2000, 20, 90));
    (0..150).for_each(|gene| add(5000 + gene, 3_000_000, 4, 1200));
    rows
}

fn reference(folder: &Path, sequence: &Path, chain: &Path) {
    let built = Command::new(env!("CARGO_BIN_EXE_annotator"))
        .args(["reference", "build", "hostile", "--assembly", "hostile", "--tables"])
        .arg(folder)
        .arg("--sequence")
        .arg(sequence)
        .arg("--chain")
        .arg(chain)
        .arg("--reference-dir")
        .arg(folder)
        .output()
        .unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
}
