//! One run of the program, watched.

use std::fs;
use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::PATIENCE;
use super::genome::Genome;
use super::shapes::Shape;

/// How often the memory is looked at. To fill so much as 50 MiB takes the system longer, so that no peak that matters
/// is missed.
const INTERVAL: Duration = Duration::from_millis(3);

/// What became of a run.
pub struct Ended {
    /// Standard error.
    pub said: String,
    pub success: bool,
    /// The most anonymous memory.
    pub mebibytes: u64,
    pub took: Duration,
}

/// Annotates a shape, and throws the result away.
pub fn run(genome: &Genome, shape: &Shape) -> Ended {
    let input = tempfile::NamedTempFile::new().unwrap();
    fs::write(input.path(), (shape.content)()).unwrap();
    let results = tempfile::tempdir().unwrap();
    let output = match shape.packed {
        true => results.path().join("results.vcf.gz"),
        false => "-".into(),
    };
    let begun = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_annotator"))
        .arg("annotate")
        .arg(input.path())
        .arg("--output")
        .arg(output)
        .arg("--log")
        .arg(genome.folder.path().join(format!("{}.log", shape.name)))
        .args(&shape.arguments)
        .arg("--reference-dir")
        .arg(genome.folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stderr = child.stderr.take().unwrap();
    let said = thread::spawn(move || {
        let mut said = Vec::new();
        stderr.read_to_end(&mut said).unwrap();
        String::from_utf8_lossy(&said).into_owned()
    });
    let (mebibytes, success) = watch(&mut child, begun);
    Ended {
        said: said.join().unwrap(),
        success,
        mebibytes,
        took: begun.elapsed(),
    }
}

/// Looks at a process until it ends, which it must in time: its most anonymous memory, and whether it ended well.
fn watch(child: &mut Child, begun: Instant) -> (u64, bool) {
    let mut most = 0;
    loop {
        most = most.max(anonymous(child.id()).unwrap_or(0));
        if let Some(status) = child.try_wait().unwrap() {
            return (most >> 10, status.success());
        }
        if begun.elapsed() > PATIENCE {
            child.kill().unwrap();
        }
        thread::sleep(INTERVAL);
    }
}

/// The anonymous memory of a process, in KiB.
fn anonymous(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}
