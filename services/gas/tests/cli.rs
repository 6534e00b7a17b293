//! The program itself, without a service: what it says and with which exit code. `services/web/tests/api/run` tries the rest
//! against a system.
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::{Command, Output};

fn gas(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gas"))
        .args(arguments)
        .env_clear()
        .env("HOME", folder)
        .current_dir(folder)
        .output()
        .unwrap()
}

fn said(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (
        output.status.code().unwrap(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

#[test]
fn a_check_says_what_the_service_would_say_and_its_exit_code_whether_all_are_fit() {
    let folder = tempfile::tempdir().unwrap();
    let sample = include_str!("../../web/static/sample.vcf");
    std::fs::write(folder.path().join("good.vcf"), sample).unwrap();
    let spaces = sample.replace('\t', " ");
    std::fs::write(folder.path().join("bad.vcf"), spaces).unwrap();
    let (code, out, _) = said(&gas(folder.path(), &["check", "good.vcf"]));
    assert!(code == 0 && out.contains("good.vcf: 19 records"), "{out}");
    let (code, out, err) = said(&gas(folder.path(), &["--json", "check", "good.vcf", "bad.vcf"]));
    assert_eq!(code, 5, "{out}{err}");
    let lines: Vec<serde_json::Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        (&lines[0]["is_fit"], &lines[1]["is_fit"]),
        (&true.into(), &false.into())
    );
    assert!(lines[1]["error"].as_str().unwrap().contains("spaces"), "{out}");
    assert_eq!(said(&gas(folder.path(), &["check", "none.vcf"])).0, 1);
}

#[test]
fn who_has_no_token_or_a_mistyped_one_is_told_so_before_anything_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let (code, _, err) = said(&gas(folder.path(), &["jobs"]));
    assert!(code == 3 && err.contains("gas login"), "{err}");
    let (code, _, err) = said(&gas(folder.path(), &["--token", "gas_0123", "--json", "jobs"]));
    let told: serde_json::Value = serde_json::from_str(&err).unwrap();
    assert!(
        code == 3 && told["detail"].as_str().unwrap().contains("wrong letter"),
        "{err}"
    );
    assert_eq!(said(&gas(folder.path(), &["--no-such-option"])).0, 2);
    let far = ["--url", "https://gas.example.org", "--insecure", "--token"];
    let token = domain::ApiToken::random();
    let (code, _, err) = said(&gas(folder.path(), &[&far[..], &[token.reveal(), "jobs"]].concat()));
    assert!(code == 2 && err.contains("this machine"), "{err}");
}

#[test]
fn completions_and_manual_pages_are_written() {
    let folder = tempfile::tempdir().unwrap();
    for shell in ["bash", "zsh", "fish"] {
        let (code, out, _) = said(&gas(folder.path(), &["completions", shell]));
        assert!(code == 0 && out.contains("gas"), "{shell}");
    }
    assert_eq!(said(&gas(folder.path(), &["man", "."])).0, 0);
    let page = std::fs::read_to_string(folder.path().join("gas.1")).unwrap();
    assert!(page.contains("Exit codes") && folder.path().join("gas-submit.1").exists());
}
