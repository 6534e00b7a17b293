//! The sequences of hg19 and hg38: fetched from a mirror on loopback, into references made of the sandbox's tables.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use annotation::Bundle;
use tempfile::TempDir;

use crate::sandbox;

#[path = "../../../annotator/tests/fetch/mirror.rs"]
#[allow(dead_code, reason = "the tests of downloads use all of it")]
mod mirror;

use mirror::{Fault, Mirror, two_bit};

/// Bundles without a sequence, made of the sandbox's tables; `None`, said aloud, where there are none.
async fn references(test: &str) -> Option<TempDir> {
    let system = sandbox().await;
    if system.is_attached() || !crate::references().await {
        crate::skipped(&format!("{test}: the references could not be prepared"));
        return None;
    }
    let (from, made) = (&system.endpoints().references, tempfile::tempdir().unwrap());
    for name in ["hg19", "hg38"] {
        let stamp = format!("{name}.made-of");
        fs::copy(from.join(&stamp), made.path().join(&stamp)).unwrap();
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
            .arg(from.join("tables").join(name))
            .arg("--reference-dir")
            .arg(made.path())
            .stderr(Stdio::null())
            .status();
        assert!(built.unwrap().success());
    }
    Some(made)
}

/// The program that looks after sequences, until it is dropped.
struct Keeper {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Keeper {
    async fn start(folder: &Path, mirror: &str) -> Self {
        let tables = sandbox().await.endpoints().references.join("tables");
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
            .arg(tables)
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

#[tokio::test]
async fn references_are_replaced_when_their_sequences_are_there() {
    let Some(folder) = references("references_are_replaced_when_their_sequences_are_there").await else {
        return;
    };
    let folder = folder.path();
    let before = bundle(folder, "hg19");
    assert_eq!(bases(&before), None);
    let mirror = Mirror::start();
    for name in ["hg19", "hg38"] {
        put_sequence(&mirror, name);
    }
    // The first attempt breaks off, and the next goes on.
    mirror.fault("goldenPath/hg38/bigZips/hg38.2bit", Fault::Cut { after: 500, times: 1 });
    let mut keeper = Keeper::start(folder, mirror.address()).await;
    let fetching =
        "sequences: fetching hg19 and hg38 in the background; until then coding variants are told without codons";
    assert_eq!(keeper.line(), fetching);
    assert!(keeper.line().starts_with("sequences: hg19 has its sequence after "));
    let failed = keeper.line();
    assert!(failed.contains("hg38.2bit broke off after 500 B"), "{failed}");
    assert!(failed.ends_with("The next attempt is in 1 s"), "{failed}");
    assert!(keeper.line().starts_with("sequences: fetching hg38 in the background"));
    assert!(keeper.line().starts_with("sequences: hg38 has its sequence after "));
    let after = ["hg19", "hg38"].map(|name| bundle(folder, name));
    after.iter().for_each(|bundle| bundle.verify(&mut |_| {}).unwrap());
    assert_eq!(after.each_ref().map(bases), [Some(10_000), Some(10_000)]);
    let made_from = |bundle: &Bundle| -> Vec<String> {
        let tracks = bundle.manifest().tracks.iter().filter(|track| track.key != "sequence");
        tracks
            .map(|track| format!("{} {}", track.key, track.provenance.sha256))
            .collect()
    };
    let first_made = bundle(&sandbox().await.endpoints().references, "hg19");
    assert_eq!(made_from(&after[0]), made_from(&first_made));
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

#[tokio::test]
async fn without_a_network_references_stay_and_one_line_says_so() {
    let Some(folder) = references("without_a_network_references_stay_and_one_line_says_so").await else {
        return;
    };
    let mut keeper = Keeper::start(folder.path(), "http://127.0.0.1:9").await;
    keeper.line();
    assert_eq!(
        keeper.line(),
        "sequences: coding variants stay without codons, since a sequence could not be fetched: 127.0.0.1 cannot be reached: \
         Connection refused (os error 111). The next attempt is in 1 s"
    );
    assert!(keeper.line().starts_with("sequences: fetching hg19 and hg38"));
    assert_eq!(bases(&bundle(folder.path(), "hg19")), None);
}
