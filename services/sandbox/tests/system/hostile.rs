//! Files that are small as they are sent and large as they are made, two at a time, in the service.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use domain::JobStatus;
use flate2::Compression;
use flate2::write::GzEncoder;
use sandbox::Sandbox;

use crate::people::Person;
use crate::sandbox;
use crate::upload::{ended, submit};

/// The most anonymous memory of an annotator that works on two jobs, in KiB.
const MOST: u64 = 500 << 10;

const COLUMNS: &str = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO";
const START: &str = "MT\t73\t.\tA\tG";

/// Gzip of pieces, each so many times.
fn gzip(pieces: &[(&str, usize)]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    for (piece, times) in pieces {
        encoder.write_all(piece.repeat(*times).as_bytes()).unwrap();
    }
    encoder.finish().unwrap()
}

/// Ten thousand times the allele, and more: a line that is refused.
fn alleles() -> Vec<u8> {
    gzip(&[
        (COLUMNS, 1),
        ("\n", 1),
        (START, 1),
        (",G", 8_000_000),
        ("\t.\t.\t.\n", 1),
    ])
}

/// A header and a line as long as they may be.
fn long_header() -> Vec<u8> {
    let line = format!("##x={}\n", "y".repeat(1000));
    let record = format!("{START}\t.\t.\tX={}\n", "y".repeat(30 << 20));
    gzip(&[(&line, 60_000), (COLUMNS, 1), ("\n", 1), (&record, 1)])
}

fn header_lines() -> Vec<u8> {
    gzip(&[("##\n", 11_000_000), (COLUMNS, 1), ("\n", 1)])
}

/// The anonymous memory of a process, in KiB.
fn anonymous(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}

/// Dropped, it ends the watch, however the test ends.
struct Ends(Arc<AtomicBool>);

impl Drop for Ends {
    fn drop(&mut self) {
        self.0.store(true, Relaxed);
    }
}

/// The most anonymous memory of the annotator until `done`.
fn watch(sandbox: &Sandbox, done: &AtomicBool) -> u64 {
    let process = sandbox.pid("annotator").unwrap();
    let mut most = 0;
    while !done.load(Relaxed) {
        most = most.max(anonymous(process).unwrap_or(0));
        std::thread::sleep(Duration::from_millis(3));
    }
    most
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hostile_jobs_at_once_do_not_fill_the_memory() {
    let (one, other) = (Person::premium("hostile").await, Person::premium("hostile2").await);
    let sandbox = sandbox().await;
    let done = Arc::new(AtomicBool::new(false));
    let ends = Ends(Arc::clone(&done));
    let watching = tokio::task::spawn_blocking(move || watch(sandbox, &done));
    for (name, content, status, reason) in [
        (
            "header.vcf.gz",
            long_header as fn() -> Vec<u8>,
            JobStatus::Completed,
            "",
        ),
        (
            "alleles.vcf.gz",
            alleles,
            JobStatus::Failed,
            "more than 10,000 alleles in ALT",
        ),
        (
            "many.vcf.gz",
            header_lines,
            JobStatus::Failed,
            "more than 1,000,000 lines",
        ),
    ] {
        let ids = tokio::join!(submit(&one, name, content()), submit(&other, name, content()));
        let jobs = tokio::join!(ended(ids.0), ended(ids.1));
        for job in [jobs.0, jobs.1] {
            let error = job.error.unwrap_or_default();
            assert_eq!(job.status, status, "{name}: {error}");
            assert!(error.contains(reason), "{name}: {error}");
        }
    }
    drop(ends);
    let most = watching.await.unwrap();
    println!("two hostile jobs at once: {} MiB", most >> 10);
    assert!(most > 0 && most < MOST, "{} MiB", most >> 10);
}
