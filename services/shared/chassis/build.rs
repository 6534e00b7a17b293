//! Finds out which commit this is: `GAS_COMMIT`, which a build without a checkout sets, or git.

use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=GAS_COMMIT");
    let given = std::env::var("GAS_COMMIT").ok().filter(|commit| !commit.is_empty());
    let commit = given.or_else(checked_out).unwrap_or_else(|| "unknown".to_owned());
    println!("cargo::rustc-env=GAS_COMMIT={commit}");
}

/// The commit of this checkout. A build for development is not made anew for each commit; it says that it is one.
fn checked_out() -> Option<String> {
    let commit = git(&["rev-parse", "--short=12", "HEAD"])?;
    if std::env::var("PROFILE").is_ok_and(|profile| profile == "debug") {
        return Some(format!("{commit}-dev"));
    }
    for file in ["HEAD", "logs/HEAD"] {
        let path = git(&["rev-parse", "--path-format=absolute", "--git-path", file])?;
        // cargo takes a file that is not there for one that has changed.
        if std::path::Path::new(&path).exists() {
            println!("cargo::rerun-if-changed={path}");
        }
    }
    Some(commit)
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    Some(text.trim().to_owned()).filter(|text| output.status.success() && !text.is_empty())
}
