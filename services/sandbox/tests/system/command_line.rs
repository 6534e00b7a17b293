//! The command line `gas` and a large file: what was killed in the middle goes on with the parts that are there.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use domain::keys;
use serde_json::{Value, json};
use tokio::process::{Child, Command};

use crate::api::make_token;
use crate::api::parts::PART;
use crate::deletions::everywhere::{parts_below, parts_there};
use crate::people::Person;
use crate::reach::reach;
use crate::upload::{SAMPLE, submit, vcf_of_long_lines};
use crate::{eventually_within, sandbox};

/// `gas` beside the sandbox, built with it.
async fn gas(token: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(Path::new(env!("CARGO_BIN_EXE_sandbox")).with_file_name("gas"));
    command
        .env_clear()
        .args(arguments)
        .kill_on_drop(true)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command.env("GAS_URL", &sandbox().await.endpoints().web);
    command.env("GAS_INSECURE", "true").env("GAS_TOKEN", token);
    command
}

async fn ended(child: Child) -> Value {
    let done = child.wait_with_output().await.unwrap();
    let (out, err) = (
        String::from_utf8(done.stdout).unwrap(),
        String::from_utf8(done.stderr).unwrap(),
    );
    assert!(done.status.success(), "{out}{err}");
    serde_json::from_str(out.lines().next().unwrap()).unwrap()
}

fn file(name: &str, content: &[u8]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("uploads");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(name), content).unwrap();
    folder.join(name)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_file_that_was_killed_in_the_middle_goes_on_with_what_is_there() {
    let person = Person::premium("killed").await;
    let token = make_token(&person, &["read", "submit"]).await;
    let content = vcf_of_long_lines(5 * PART + 1000);
    let path = file("killed.vcf", &content);
    let line = ["--json", "submit", path.to_str().unwrap(), "--parallel", "1"];
    let user = reach().await.user(&person.username).await;
    let prefix = keys::of_user(user.id);
    let mut first = gas(&token, &line).await.spawn().unwrap();
    let patience = Duration::from_secs(120);
    let begun = eventually_within(patience, "two parts", || async {
        (parts_below(&prefix).await >= 2).then_some(())
    });
    begun.await;
    first.kill().await.unwrap();
    let there = parts_there(&prefix).await;
    assert!((2..6).contains(&there.len()), "{there:?} when it was killed");

    let second = gas(&token, &line).await.spawn().unwrap();
    let more = eventually_within(patience, "another part", || async {
        let more = parts_there(&prefix).await;
        (more.len() > there.len()).then_some(more)
    });
    let more = more.await;
    assert!(
        there.iter().all(|part| more.contains(part)),
        "sent again: {there:?} {more:?}"
    );
    let submitted = ended(second).await;
    assert_eq!(submitted["was_submitted_before"], false);
    assert_eq!(parts_below(&prefix).await, 0);
    let id = submitted["id"].as_str().unwrap();
    let job = crate::upload::ended(id.parse().unwrap()).await;
    assert_eq!(
        (job.status, job.stored.input),
        (domain::JobStatus::Completed, Some(content.len() as u64))
    );
    let again = ended(gas(&token, &line).await.spawn().unwrap()).await;
    assert_eq!(
        (&again["id"], &again["was_submitted_before"]),
        (&submitted["id"], &true.into())
    );
    std::fs::remove_file(path).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_bed_file_filters_variants_by_one_line() {
    let person = Person::new("by-bed").await;
    let id = submit(&person, "sample.vcf", SAMPLE).await;
    crate::upload::ended(id).await;
    let token = make_token(&person, &["read"]).await;
    let mut bed: String = (0..2_000)
        .map(|at| format!("chr7\t{}\t{}\n", at * 100, at * 100 + 9))
        .collect();
    bed += "MT\t3242\t3243\n";
    let path = file("panel.bed", bed.as_bytes());
    let line = ["--json", "variants", &id.to_string(), "--bed", path.to_str().unwrap()];
    let found = ended(gas(&token, &line).await.spawn().unwrap()).await;
    assert_eq!(
        (&found["chromosome"], &found["position"]),
        (&json!("MT"), &json!(3_243))
    );
}
