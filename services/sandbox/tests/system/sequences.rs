//! The sequences of hg19 and hg38, fetched from a mirror on loopback by the program that looks after them in containers.
//! This needs no running system.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use reference::Bundle;
use tempfile::TempDir;

#[path = "../../../annotator/tests/fetch/mirror.rs"]
#[allow(dead_code, reason = "the tests of downloads use all of it")]
mod mirror;

use mirror::{Fault, Mirror, two_bit};

/// A folder with small tables, and bundles without a sequence that are made of them.
fn references() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let tables = folder.path().join("tables");
    let put = |path: &str, text: &str| {
        let file = tables.join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    };
    let chain = "chain 1 chr1 10000 + 0 10000 chr1 10000 + 0 10000 1\n10000\n\n";
    put("hg19/liftOver/hg18ToHg19.over.chain.gz", chain);
    put("hg19/liftOver/hg38ToHg19.over.chain.gz", chain);
    put("hg38/liftOver/hg19ToHg38.over.chain.gz", chain);
    put(
        "common_snps.hg19.vcf.gz",
        "##fileformat=VCFv4.3\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n1\t30\trs1\tC\tG\t.\t.\t.\n",
    );
    for name in ["hg19", "hg38"] {
        put(&format!("{name}/database/chrom.sizes"), "chr1\t10000\n");
        put(&format!("{name}/database/cytoBand.txt"), "chr1\t0\t10000\tp1\tgneg\n");
        let built = Command::new(env!("CARGO_BIN_EXE_sandbox"))
            .args([
                "reference",
                "build",
                name,
                "--assembly",
                name,
                "--no-sequence",
                "--tables",
            ])
            .arg(tables.join(name))
            .arg("--reference-dir")
            .arg(folder.path())
            .output()
            .unwrap();
        assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    }
    folder
}

/// The program that looks after sequences, until it is dropped.
struct Keeper {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Keeper {
    fn start(folder: &Path, mirror: &str) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_sandbox"))
            .args([
                "sequences",
                "--interval",
                "1s",
                "--tries",
                "1",
                "--mirror",
                mirror,
                "--into",
            ])
            .arg(folder)
            .arg("--tables")
            .arg(folder.join("tables"))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        Self { child, lines }
    }

    /// The next line that it says.
    fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        line.trim().to_owned()
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn bundle(folder: &Path, name: &str) -> Bundle {
    Bundle::open(&folder.join(format!("{name}.gasref"))).unwrap()
}

fn bases(bundle: &Bundle) -> Option<u64> {
    bundle.manifest().track("sequence").map(|track| track.rows)
}

fn put_sequence(mirror: &Mirror, name: &str) {
    let path = format!("goldenPath/{name}/bigZips/{name}.2bit");
    mirror.put(&path, &two_bit(&[("chr1", &b"ACGTTGCACC".repeat(1_000))]));
    mirror.publish(
        &format!("goldenPath/{name}/bigZips/md5sum.txt"),
        &path,
        &format!("{name}.2bit"),
    );
}

#[test]
fn references_are_replaced_when_their_sequences_are_there() {
    let folder = references();
    let folder = folder.path();
    let before = bundle(folder, "hg19");
    assert_eq!(bases(&before), None);
    let mirror = Mirror::start();
    for name in ["hg19", "hg38"] {
        put_sequence(&mirror, name);
    }
    // The first attempt breaks off, and the next goes on.
    mirror.fault("goldenPath/hg38/bigZips/hg38.2bit", Fault::Cut { after: 500, times: 1 });
    let mut keeper = Keeper::start(folder, mirror.address());
    let fetching =
        "sequences: fetching hg19 and hg38 in the background; until then coding variants are told without codons";
    assert_eq!(keeper.line(), fetching);
    assert!(keeper.line().starts_with("sequences: hg19 has its sequence after "));
    let failed = keeper.line();
    assert!(failed.contains("hg38.2bit broke off after 500 bytes"), "{failed}");
    assert!(failed.ends_with("The next attempt is in 1 s"), "{failed}");
    assert!(keeper.line().starts_with("sequences: fetching hg38 in the background"));
    assert!(keeper.line().starts_with("sequences: hg38 has its sequence after "));
    let after = ["hg19", "hg38"].map(|name| bundle(folder, name));
    after.iter().for_each(|bundle| bundle.verify(&mut |_| {}).unwrap());
    assert_eq!(after.each_ref().map(bases), [Some(10_000), Some(10_000)]);
    let bands = |bundle: &Bundle| bundle.manifest().track("cytoBand").unwrap().provenance.sha256.clone();
    assert_eq!(bands(&after[0]), bands(&before));
    assert!(after[0].manifest().track("dbSNP").is_some());
    assert_eq!(after.each_ref().map(|bundle| bundle.manifest().chains.len()), [2, 1]);
    // A job that runs keeps what it has opened.
    before.verify(&mut |_| {}).unwrap();
    let left: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert!(
        !left
            .iter()
            .any(|path| path.extension().is_some_and(|ending| ending == "fetch")),
        "{left:?}"
    );
}

#[test]
fn without_a_network_references_stay_and_one_line_says_so() {
    let folder = references();
    let mut keeper = Keeper::start(folder.path(), "http://127.0.0.1:9");
    keeper.line();
    assert_eq!(
        keeper.line(),
        "sequences: coding variants stay without codons, since a sequence could not be fetched: 127.0.0.1 cannot be reached: \
         Connection refused (os error 111). The next attempt is in 1 s"
    );
    assert!(keeper.line().starts_with("sequences: fetching hg19 and hg38"));
    assert_eq!(bases(&bundle(folder.path(), "hg19")), None);
}
