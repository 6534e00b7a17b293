//! `annotator reference fetch`, tried against a mirror on loopback that is laid out as the public servers are.
#![allow(clippy::unwrap_used, missing_docs)]

mod faults;
mod mirror;
mod slices;
mod whole;

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use mirror::{Mirror, two_bit};
use reference::Bundle;
use tempfile::TempDir;

const SEQUENCE: &str = "goldenPath/hg19/bigZips/hg19.2bit";
const CHECKSUMS: &str = "goldenPath/hg19/bigZips/md5sum.txt";
const CLINVAR: &str = "pub/clinvar/vcf_GRCh37/clinvar.vcf.gz";
const DBSNP: &str = "goldenPath/hg19/database/snp151Common.txt.gz";

/// A mirror of a small hg19, and a folder of references that are made from it.
struct Institute {
    mirror: Mirror,
    references: TempDir,
}

impl Institute {
    fn new() -> Self {
        let mirror = Mirror::start();
        let table = |name: &str| format!("goldenPath/hg19/database/{name}.txt.gz");
        mirror.put_gzip(
            &table("chromInfo"),
            "chr1\t40000\t/gbdb/hg19/hg19.2bit\nchr2\t8\t/gbdb/hg19/hg19.2bit\n",
        );
        mirror.put_gzip(&table("cytoBand"), "chr1\t0\t40000\tp36.33\tgneg\n");
        mirror.put_gzip(
            &table("refGene"),
            "585\tNM_000001\tchr1\t+\t10\t100\t20\t80\t1\t10,\t100,\t0\tSMALL\tcmpl\tcmpl\t0,\n",
        );
        let snp = "585\tchr1\t29\t30\trs1\t0\t+\tC\tC\tC/T\tgenomic\tsingle\tby-1000genomes\t0.5\t0\tintron\texact\t1\t\t1\tX,\t2\tC,T,\t60,40,\t0.6,0.4,\t\n";
        mirror.put_gzip(DBSNP, snp);
        mirror.put_gzip(
            CLINVAR,
            "##fileformat=VCFv4.1\n##fileDate=2026-11-22\n##source=ClinVar\n##reference=GRCh37\n\
             ##INFO=<ID=CLNSIG,Number=.,Type=String,Description=\"Clinical significance\">\n\
             #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n1\t30\t12345\tC\tG\t.\t.\tCLNSIG=Pathogenic\n",
        );
        mirror.publish(
            &format!("{CLINVAR}.md5"),
            CLINVAR,
            "/export/clinvar/clinvar_20261122.vcf.gz",
        );
        let institute = Self {
            mirror,
            references: tempfile::tempdir().unwrap(),
        };
        institute.put_sequence(b"ACGTTGCACC");
        institute
    }

    /// Puts a sequence there that repeats these bases, and its checksum.
    fn put_sequence(&self, unit: &[u8]) {
        let bases: Vec<u8> = unit.iter().copied().cycle().take(40_000).collect();
        self.mirror
            .put(SEQUENCE, &two_bit(&[("chr1", &bases), ("chr2", b"ACGTNNNN")]));
        self.mirror.publish(CHECKSUMS, SEQUENCE, "hg19.2bit");
    }

    /// `annotator reference …`, of this mirror and this folder.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_annotator"));
        command
            .arg("reference")
            .args(arguments)
            .env("GAS_REFERENCE_DIR", self.references.path())
            .env("GAS_REFERENCE_MIRROR", self.mirror.address())
            .env_remove("HTTP_PROXY")
            .env_remove("http_proxy")
            .stdin(Stdio::null());
        command
    }

    /// Fetches hg19, with these arguments too.
    fn fetch(&self, arguments: &[&str]) -> Said {
        Said::of(
            self.command(&[&["fetch", "hg19"], arguments].concat())
                .output()
                .unwrap(),
        )
    }

    fn path(&self, name: &str) -> PathBuf {
        self.references.path().join(name)
    }

    /// The reference that was made.
    fn bundle(&self) -> Bundle {
        let bundle = Bundle::open(&self.path("hg19.gasref")).unwrap();
        bundle.verify(&mut |_| {}).unwrap();
        bundle
    }

    /// The names in a folder, sorted.
    fn names(&self, folder: &str) -> Vec<String> {
        names(&self.path(folder))
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = folder.read_dir().unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// What a command said, and whether it was content.
struct Said {
    succeeded: bool,
    output: String,
    error: String,
}

impl Said {
    fn of(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Self {
            succeeded: output.status.success(),
            output: text(output.stdout),
            error: text(output.stderr),
        }
    }

    fn success(self) -> Self {
        assert!(self.succeeded, "{}", self.error);
        self
    }

    /// The one line that says what went wrong.
    fn failure(&self) -> &str {
        assert!(!self.succeeded, "{}", self.error);
        let lines: Vec<_> = self
            .error
            .lines()
            .filter_map(|line| line.strip_prefix("error: "))
            .collect();
        let [line] = lines[..] else { panic!("{}", self.error) };
        line
    }
}
