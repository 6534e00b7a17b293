//! Where `annotator annotate` writes, and what it leaves behind.
#![allow(clippy::unwrap_used, missing_docs)]

mod compressed;
mod fields;
mod formats;
mod parquet;
mod table;

use std::fs;
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

const VCF: &str = "##fileformat=VCFv4.3\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\nMT\t73\t.\tA\tG\t.\t.\t.\n";

/// The program in a folder that has no references, and `in.vcf`.
fn annotator(folder: &TempDir, arguments: &[&str]) -> Command {
    fs::write(folder.path().join("in.vcf"), VCF).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_annotator"));
    command
        .arg("annotate")
        .args(arguments)
        .args(["--reference-dir", "none"])
        .current_dir(folder.path());
    command
}

fn run(folder: &TempDir, arguments: &[&str]) -> Output {
    let output = annotator(folder, arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn is_annotated(text: &str) -> bool {
    text.starts_with("##fileformat=VCFv4.3\n") && text.contains("HGVSm=NC_012920.1:m.73A>G")
}

#[test]
fn standard_output_by_its_name_a_pipe_and_a_process_substitution_are_written_straight() {
    let folder = TempDir::new().unwrap();
    let output = run(&folder, &["in.vcf", "--output", "/dev/stdout"]);
    assert!(is_annotated(&String::from_utf8(output.stdout).unwrap()));
    let script = "mkfifo pipe
        cat pipe > through &
        $ANNOTATE --output pipe
        wait
        $ANNOTATE --output >(cat > substituted; touch done)
        until [ -e done ]; do sleep 0.01; done
        echo first > log
        $ANNOTATE --output /dev/stdout >> log";
    let annotate = format!(
        "{} annotate in.vcf --reference-dir none",
        env!("CARGO_BIN_EXE_annotator")
    );
    let mut shell = Command::new("bash");
    shell
        .args(["-e", "-c", script])
        .env("ANNOTATE", annotate)
        .current_dir(folder.path());
    let output = shell.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert!(is_annotated(&text("through")) && is_annotated(&text("substituted")));
    assert!(is_annotated(text("log").strip_prefix("first\n").unwrap()));
    assert_eq!(
        names(folder.path()),
        [
            "done",
            "in.vcf",
            "in.vcf.count.log",
            "log",
            "pipe",
            "substituted",
            "through"
        ]
    );
}

#[test]
fn a_link_is_followed_and_somebody_elses_part_is_left_alone() {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("results")).unwrap();
    symlink("results/real.vcf.gz", folder.path().join("out.vcf.gz")).unwrap();
    fs::write(folder.path().join("out.vcf.gz.part"), "mine").unwrap();
    fs::write(folder.path().join("out.vcf.gz.tbi"), "an index of another file").unwrap();
    run(
        &folder,
        &["in.vcf", "--output", "out.vcf.gz", "--summary", "summary.json"],
    );
    let path = |name: &str| folder.path().join(name);
    assert!(fs::symlink_metadata(path("out.vcf.gz")).unwrap().is_symlink());
    assert!(
        fs::read(path("results/real.vcf.gz"))
            .unwrap()
            .starts_with(&[0x1f, 0x8b])
    );
    assert_eq!(fs::read_to_string(path("out.vcf.gz.part")).unwrap(), "mine");
    assert!(fs::read(path("out.vcf.gz.tbi")).unwrap().starts_with(&[0x1f, 0x8b]));
    assert_eq!(names(&path("results")), ["real.vcf.gz"]);
    assert_eq!(
        names(folder.path()),
        [
            "in.vcf",
            "in.vcf.count.log",
            "out.vcf.gz",
            "out.vcf.gz.part",
            "out.vcf.gz.tbi",
            "results",
            "summary.json"
        ]
    );
}

#[test]
fn the_log_goes_beside_the_output() {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("results")).unwrap();
    run(&folder, &["in.vcf", "--output", "results/out.vcf"]);
    assert_eq!(names(&folder.path().join("results")), ["in.vcf.count.log", "out.vcf"]);
    assert_eq!(names(folder.path()), ["in.vcf", "results"]);
    run(&folder, &["in.vcf"]);
    assert_eq!(
        names(folder.path()),
        ["in.annot.vcf", "in.vcf", "in.vcf.count.log", "results"]
    );
}

#[test]
fn the_command_of_the_readme_works_as_it_is_written() {
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let readme = fs::read_to_string(checkout.join("README.md")).unwrap();
    let mut lines = readme.lines();
    let command = lines.find_map(|line| line.strip_prefix("cargo run --release --bin annotator -- "));
    let command = command.unwrap().split('#').next().unwrap();
    let folder = TempDir::new().unwrap();
    let command = command.replace("/tmp", folder.path().to_str().unwrap());
    let mut annotator = Command::new(env!("CARGO_BIN_EXE_annotator"));
    let output = annotator
        .args(command.split_whitespace())
        .current_dir(&checkout)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(names(folder.path()), ["sample.annot.vcf", "sample.vcf.count.log"]);
}

#[test]
fn references_that_cargo_dev_made_are_found_unless_another_folder_is_named() {
    let target = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let (program, references) = (
        target.path().join("debug/annotator"),
        target.path().join("sandbox/references"),
    );
    fs::create_dir_all(program.parent().unwrap()).unwrap();
    fs::create_dir_all(&references).unwrap();
    fs::hard_link(env!("CARGO_BIN_EXE_annotator"), &program).unwrap();
    let bundle = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sandbox/tests/kept/0.1/tiny.gasref");
    fs::copy(bundle, references.join("tiny.gasref")).unwrap();
    let list = |arguments: &[&str]| {
        let mut command = Command::new(&program);
        command.args(["reference", "list"]).args(arguments);
        command.env("HOME", target.path()).env_remove("GAS_REFERENCE_DIR");
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    assert!(list(&[]).contains("tiny"), "{}", list(&[]));
    assert!(!list(&["--reference-dir", "none"]).contains("tiny"));
}

#[test]
fn the_mode_of_anntools_declares_its_keys_when_asked() {
    let folder = TempDir::new().unwrap();
    let mode = ["in.vcf", "--mode", "anntools", "--output"];
    run(&folder, &[&mode[..], &["bare.vcf"]].concat());
    run(&folder, &[&mode[..], &["declared.vcf", "--declare-keys"]].concat());
    let text = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert!(!text("bare.vcf").contains("##INFO"));
    let declared = text("declared.vcf");
    assert!(
        declared.contains("##INFO=<ID=positionType,") && declared.ends_with("\tpositionType=interGenic\n"),
        "{declared}"
    );
}

#[test]
fn a_file_that_is_refused_leaves_the_earlier_result() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("out.vcf"), "earlier").unwrap();
    let refused = annotator(&folder, &["in.vcf", "--output", "out.vcf", "--max-records", "0"])
        .output()
        .unwrap();
    assert!(!refused.status.success());
    assert_eq!(
        String::from_utf8_lossy(&refused.stderr),
        "error: could not annotate in.vcf: The file has more than 0 records, the limit.\n"
    );
    assert_eq!(fs::read_to_string(folder.path().join("out.vcf")).unwrap(), "earlier");
    assert_eq!(names(folder.path()), ["in.vcf", "out.vcf"]);
}

#[test]
fn whoever_interrupts_a_run_finds_no_draft() {
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let folder = TempDir::new().unwrap();
        let mut running = annotator(&folder, &["-", "--output", "out.vcf"])
            .stdin(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut input = running.stdin.take().unwrap();
        input.write_all(VCF.as_bytes()).unwrap();
        wait_until(|| names(folder.path()).len() == 2);
        let draft = &names(folder.path())[0];
        assert!(draft.starts_with(".out.vcf.") && draft.ends_with(".part"), "{draft}");
        interrupt(&running, signal);
        assert_eq!(running.wait().unwrap().code(), Some(code));
        assert_eq!(names(folder.path()), ["in.vcf"]);
    }
}

fn interrupt(running: &Child, signal: &str) {
    let sent = Command::new("kill")
        .args(["-s", signal, &running.id().to_string()])
        .status();
    assert!(sent.unwrap().success());
}

fn wait_until(holds: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !holds() {
        assert!(Instant::now() < deadline, "waited too long");
        std::thread::sleep(Duration::from_millis(2));
    }
}
