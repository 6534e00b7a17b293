//! What the services have said: which process has begun to send which mail, and what it knows of its end; how often each
//! job has ended.

use std::collections::BTreeMap;
use std::path::Path;

use domain::JobId;

/// One process's right to send one mail.
#[derive(Debug)]
pub struct Sending {
    /// Who had it.
    pub pid: u32,
    /// What it has said last.
    pub end: End,
}

/// How a sending has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Its process has said nothing more of it.
    Unknown,
    /// SES has taken the mail, and the row says so.
    Gone,
    /// SES has not taken it.
    Refused,
}

/// The sendings of one mail, by the number of the attempt.
pub type Sendings = BTreeMap<u32, Sending>;

/// Every mail that notifiers have begun to send, by what it is about: `job <id>` or `notice <key>`.
pub fn sendings(logs: &Path) -> BTreeMap<String, Sendings> {
    let mut found: BTreeMap<String, Sendings> = BTreeMap::new();
    for log in ["notifier.log", "notifier-2.log"] {
        for (pid, line) in lines(&logs.join(log)) {
            let Some((what, attempt)) = mail(&line) else { continue };
            let of_mail = found.entry(what).or_default();
            let sending = of_mail.entry(attempt).or_insert(Sending { pid, end: End::Unknown });
            if line.contains(") has gone") {
                sending.end = End::Gone;
            } else if line.contains(") was not taken") {
                sending.end = End::Refused;
            }
        }
    }
    found
}

/// Which processes have begun an attempt at each job, and of how many attempts it was said that they failed.
pub fn attempts(logs: &Path) -> BTreeMap<JobId, (Vec<u32>, usize)> {
    let mut found: BTreeMap<JobId, (Vec<u32>, usize)> = BTreeMap::new();
    for log in ["annotator.log", "annotator-2.log"] {
        for (pid, line) in lines(&logs.join(log)) {
            let begun = between(&line, " at job ", " begins").and_then(|id| id.parse().ok());
            let failed = between(&line, "job.id=\"", "\"").filter(|_| line.contains(" failed, again in "));
            if let Some(id) = begun {
                found.entry(id).or_default().0.push(pid);
            } else if let Some(id) = failed.and_then(|id| id.parse().ok()) {
                found.entry(id).or_default().1 += 1;
            }
        }
    }
    found
}

/// How many annotators say of each job that they have ended it.
pub fn endings(logs: &Path) -> BTreeMap<JobId, u32> {
    let mut found = BTreeMap::new();
    for log in ["annotator.log", "annotator-2.log"] {
        for (_, line) in lines(&logs.join(log)) {
            let id = between(&line, " records of job ", " in ").or_else(|| between(&line, "Job ", " failed: "));
            if let Some(id) = id.and_then(|id| id.parse().ok()) {
                *found.entry(id).or_default() += 1;
            }
        }
    }
    found
}

/// Each line, and which process has written it.
fn lines(log: &Path) -> Vec<(u32, String)> {
    let text = String::from_utf8_lossy(&std::fs::read(log).unwrap_or_default()).into_owned();
    let mut pid = 0;
    let mut lines = Vec::new();
    for line in text.lines() {
        match line.strip_prefix("-- process ").and_then(|pid| pid.parse().ok()) {
            Some(next) => pid = next,
            None => lines.push((pid, line.to_owned())),
        }
    }
    lines
}

/// `… mail of job <id> (attempt <number>) …`
fn mail(line: &str) -> Option<(String, u32)> {
    let what =
        between(line, "ending the mail of ", " (attempt ").or_else(|| between(line, "The mail of ", " (attempt "))?;
    let attempt = between(line, " (attempt ", ")")?.parse().ok()?;
    Some((what.to_owned(), attempt))
}

fn between<'a>(line: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, rest) = line.split_once(before)?;
    let (found, _) = rest.split_once(after)?;
    Some(found)
}
