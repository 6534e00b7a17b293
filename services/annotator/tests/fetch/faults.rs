//! What goes wrong with downloads: each is one line, nothing broken is left, and the next time goes on.

use std::io::Read;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::mirror::Fault;
use super::*;

const PART: &str = "hg19.fetch/hg19.2bit.part";

/// Fetches until the sequence breaks off after 4,000 bytes.
fn broken_off() -> Institute {
    let institute = Institute::new();
    institute.mirror.fault(SEQUENCE, Fault::Cut { after: 4_000, times: 1 });
    let said = institute.fetch(&["--tries", "1"]);
    let line = said.failure();
    let address = format!("{}/{SEQUENCE}", institute.mirror.address());
    assert!(
        line.starts_with(&format!("{address} broke off after 3.9 KB: ")),
        "{line}"
    );
    assert!(
        line.ends_with("what arrived is kept, the next time goes on from there"),
        "{line}"
    );
    assert_eq!(institute.path(PART).metadata().unwrap().len(), 4_000);
    assert!(!institute.path("hg19.gasref").exists());
    institute.mirror.requests("");
    institute
}

/// What was asked of the sequence since.
fn asked(institute: &Institute) -> Vec<String> {
    let requests = institute.mirror.requests("hg19.2bit").into_iter();
    requests
        .filter_map(|request| Some(request.strip_prefix("GET /goldenPath/hg19/bigZips/")?.to_owned()))
        .collect()
}

#[test]
fn an_interrupted_download_goes_on_where_it_stopped() {
    let institute = broken_off();
    institute.fetch(&[]).success();
    assert_eq!(asked(&institute), ["hg19.2bit bytes=4000-"]);
    assert_eq!(institute.bundle().manifest().track("sequence").unwrap().rows, 40_008);
}

#[test]
fn what_arrived_whole_is_not_fetched_again() {
    let institute = broken_off();
    institute.fetch(&[]).success();
    assert!(
        institute
            .mirror
            .requests("clinvar.vcf.gz")
            .iter()
            .all(|request| request.starts_with("HEAD "))
    );
}

#[test]
fn a_poor_connection_is_gone_on_with_within_one_run() {
    let institute = Institute::new();
    institute.mirror.fault(SEQUENCE, Fault::Cut { after: 4_000, times: 2 });
    institute.fetch(&["--tries", "3"]).success();
    assert_eq!(
        asked(&institute),
        ["hg19.2bit", "hg19.2bit bytes=4000-", "hg19.2bit bytes=8000-"]
    );
}

#[test]
fn a_part_of_another_version_is_thrown_away() {
    let institute = broken_off();
    institute.put_sequence(b"TTGGCCAATA");
    institute.fetch(&[]).success();
    // The published checksum is another, which is seen before the file is asked for.
    assert_eq!(asked(&institute), ["hg19.2bit"]);
    let sequence = institute.bundle().manifest().chromosomes[0].md5.clone().unwrap();
    assert_eq!(sequence, "611a1f368a32ab4d68ff958815d7808c");
}

#[test]
fn without_a_checksum_the_server_says_whether_it_is_the_same_version() {
    for (fault, expected) in [
        (None, vec!["hg19.2bit bytes=4000-"]),
        // Such a server sends a range of another version, and its tag betrays it.
        (Some(Fault::NoIfRange), vec!["hg19.2bit bytes=4000-", "hg19.2bit"]),
    ] {
        let institute = Institute::new();
        institute.mirror.put(CHECKSUMS, b"");
        institute.mirror.fault(SEQUENCE, Fault::Cut { after: 4_000, times: 1 });
        institute.fetch(&["--tries", "1"]).failure();
        institute.put_sequence(b"TTGGCCAATA");
        institute.mirror.put(CHECKSUMS, b"");
        if let Some(fault) = fault {
            institute.mirror.fault(SEQUENCE, fault);
        }
        institute.mirror.requests("");
        institute.fetch(&[]).success();
        assert_eq!(asked(&institute), expected);
        let sequence = institute.bundle().manifest().chromosomes[0].md5.clone().unwrap();
        assert_eq!(sequence, "611a1f368a32ab4d68ff958815d7808c");
    }
}

#[test]
fn a_server_that_ignores_ranges_sends_everything_again() {
    let institute = broken_off();
    institute.mirror.fault(SEQUENCE, Fault::NoRanges);
    institute.fetch(&[]).success();
    assert_eq!(institute.bundle().manifest().track("sequence").unwrap().rows, 40_008);
}

#[test]
fn a_wrong_checksum_leaves_nothing_and_the_old_reference_stays() {
    let institute = Institute::new();
    institute.fetch(&["--no-sequence"]).success();
    let before = std::fs::read(institute.path("hg19.gasref")).unwrap();
    institute.mirror.publish(CHECKSUMS, CLINVAR, "hg19.2bit");
    let (published, found) = (institute.mirror.md5(CLINVAR), institute.mirror.md5(SEQUENCE));
    let said = institute.fetch(&[]);
    let mirror = institute.mirror.address();
    assert_eq!(
        said.failure(),
        format!(
            "{mirror}/{SEQUENCE} is damaged, or was replaced while it was fetched: its MD5 is {found}, {mirror}/{CHECKSUMS} \
             says {published}; it was deleted, try again"
        )
    );
    assert!(
        !institute
            .names("hg19.fetch")
            .iter()
            .any(|name| name.starts_with("hg19.2bit"))
    );
    assert_eq!(std::fs::read(institute.path("hg19.gasref")).unwrap(), before);
}

#[test]
fn a_damaged_table_is_fetched_again_the_next_time() {
    let institute = Institute::new();
    let table = "goldenPath/hg19/database/refGene.txt.gz";
    institute.mirror.put(
        table,
        b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03nothing that can be unpacked",
    );
    let said = institute.fetch(&[]);
    assert!(said.failure().contains("refGene.txt.gz"), "{}", said.failure());
    assert!(
        !institute.names("hg19.fetch").contains(&"draft".to_owned()) || institute.names("hg19.fetch/draft").is_empty()
    );
    institute.mirror.put_gzip(
        table,
        "585\tNM_000001\tchr1\t+\t10\t100\t20\t80\t1\t10,\t100,\t0\tSMALL\tcmpl\tcmpl\t0,\n",
    );
    institute.fetch(&[]).success();
    assert_eq!(institute.bundle().manifest().track("refGene").unwrap().rows, 1);
}

#[test]
fn what_is_not_there_or_not_given_is_said_in_one_line() {
    for (code, expected) in [
        (404, "is not there: the server answers 404 Not Found"),
        (403, "was refused: the server answers 403 Forbidden"),
    ] {
        let institute = Institute::new();
        institute.mirror.fault(SEQUENCE, Fault::Status { code, times: 9 });
        let said = institute.fetch(&[]);
        let address = format!("{}/{SEQUENCE}", institute.mirror.address());
        assert_eq!(said.failure(), format!("{address} {expected}"));
    }
    let institute = Institute::new();
    let said = institute.fetch(&[
        "--mirror",
        &format!("{}/elsewhere", institute.mirror.address()),
        "--no-sequence",
        "--without",
        "ClinVar",
        "--without",
        "dbSNP",
    ]);
    let place = format!("{}/elsewhere/goldenPath/hg19", institute.mirror.address());
    assert_eq!(
        said.failure(),
        format!("{place}/database/ has none of the tables; is the assembly's name right?")
    );
}

#[test]
fn a_busy_server_is_asked_again() {
    let institute = Institute::new();
    institute.mirror.fault(CLINVAR, Fault::Status { code: 503, times: 1 });
    institute.fetch(&["--tries", "2"]).success();
    let busy = Institute::new();
    busy.mirror.fault(CLINVAR, Fault::Status { code: 503, times: 9 });
    let said = busy.fetch(&["--tries", "2"]);
    assert!(
        said.failure()
            .ends_with("was refused: the server answers 503 Service Unavailable"),
        "{}",
        said.failure()
    );
}

#[test]
fn a_server_that_cannot_be_reached_is_one_line() {
    let institute = Institute::new();
    // A port that was free a moment ago, and on which nobody listens now.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let said = institute.fetch(&["--mirror", &format!("http://127.0.0.1:{port}"), "--tries", "1"]);
    assert_eq!(
        said.failure(),
        "127.0.0.1 cannot be reached: Connection refused (os error 111)"
    );
}

#[test]
fn a_silent_server_is_given_up() {
    let institute = Institute::new();
    institute
        .mirror
        .fault(SEQUENCE, Fault::Stall { after: 4_000, times: 9 });
    let said = institute.fetch(&["--patience", "200ms", "--tries", "1"]);
    assert!(
        said.failure().contains("broke off after 3.9 KB: it does not answer"),
        "{}",
        said.failure()
    );
}

#[test]
fn a_disk_without_room_is_seen_before_anything_is_fetched() {
    let institute = Institute::new();
    institute.mirror.fault(SEQUENCE, Fault::Size(1 << 60));
    let said = institute.fetch(&[]);
    let line = said.failure();
    assert!(
        line.contains(" free, but ") && line.ends_with("2,147,483,648 GB are needed"),
        "{line}"
    );
    assert!(
        institute
            .mirror
            .requests("")
            .iter()
            .all(|request| request.starts_with("HEAD "))
    );
}

#[test]
fn ctrl_c_keeps_what_arrived_and_nothing_else() {
    let institute = Institute::new();
    institute
        .mirror
        .fault(SEQUENCE, Fault::Stall { after: 4_000, times: 1 });
    let mut child = institute
        .command(&["fetch", "hg19"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let deadline = Instant::now() + Duration::from_secs(30);
    while institute.path(PART).metadata().map_or(0, |part| part.len()) < 4_000 {
        assert!(Instant::now() < deadline, "the download does not begin");
        std::thread::yield_now();
    }
    let second = institute.fetch(&[]);
    assert_eq!(second.failure(), "hg19 is being fetched already, by another process");
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    assert!(!child.wait().unwrap().success());
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    let kept = institute.path("hg19.fetch");
    let line = format!(
        "error: interrupted; what arrived is kept in {}, and the same command goes on from there",
        kept.display()
    );
    assert_eq!(said.lines().last().unwrap(), line);
    institute.mirror.requests("");
    institute.fetch(&[]).success();
    assert_eq!(asked(&institute), ["hg19.2bit bytes=4000-"]);
    assert_eq!(institute.names(""), ["hg19.gasref"]);
}
