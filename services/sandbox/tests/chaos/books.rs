//! What is to be true in the end, looked up in every store: each job ended once, each mail came, nothing is nobody's.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;

use crate::cast::Done;
use crate::faults::Faults;
use crate::logs::{self, End, Sendings};
use crate::people::Mail;
use crate::sandbox;
use crate::stores::{
    Row, archives, half_done, ids, keys, mails, number, send_dead_letters_back, settled_rows, text, turns_left,
};

const BUCKETS: [&str; 2] = ["gas-inputs", "gas-results"];

/// What the stores hold when nothing moves any more.
pub struct Books {
    rows: BTreeMap<String, Row>,
    /// Object keys by bucket.
    objects: BTreeMap<&'static str, Vec<String>>,
    /// Ids of the vault's archives.
    archives: Vec<String>,
    mails: Vec<Mail>,
    dead_letters: u64,
    /// Mails beyond the first of each, every one of them accounted for.
    twice: usize,
    /// Jobs that were given up, each after four annotators had died with it or found no store.
    given_up: usize,
    /// Uploads to the results bucket that a dying process has left half done; a rule of the bucket clears them away.
    half_done: usize,
}

impl Books {
    /// Waits until nothing is under way any more, and then looks.
    pub async fn once_settled(done: &Done) -> Self {
        let dead_letters = send_dead_letters_back().await;
        let rows = settled_rows(done).await;
        let mut objects = BTreeMap::new();
        for bucket in BUCKETS {
            objects.insert(bucket, keys(bucket).await);
        }
        Self {
            rows,
            objects,
            archives: archives(),
            mails: mails().await,
            dead_letters,
            twice: 0,
            given_up: 0,
            half_done: half_done().await,
        }
    }

    /// Everything that is not as it should be, a line each.
    pub async fn audit(&mut self, done: &Done, faults: &Faults) -> Vec<String> {
        let logs = sandbox().await.data().join("logs");
        let mut findings = self.jobs_ended_once(done, &logs, faults);
        findings.extend(self.mails_came(done, &logs::sendings(&logs), faults));
        findings.extend(self.objects_have_owners());
        findings.extend(self.archives_have_owners());
        findings.extend(self.rows_have_owners(done).await);
        findings.extend(turns_left().await);
        findings
    }

    fn jobs_ended_once(&mut self, done: &Done, logs: &Path, faults: &Faults) -> Vec<String> {
        let (endings, attempts) = (logs::endings(logs), logs::attempts(logs));
        let mut findings = Vec::new();
        for (id, _) in &done.jobs {
            let row = &self.rows[&id.to_string()];
            let (status, error) = (text(row, "job_status"), text(row, "error"));
            if !["COMPLETED", "FAILED"].contains(&status) {
                findings.push(format!("job {id} has ended as {status}: {error}"));
            }
            if endings.get(id).is_some_and(|count| *count > 1) {
                findings.push(format!("job {id} has ended {} times", endings[id]));
            }
            if error.contains("fault of ours") {
                self.given_up += 1;
                let (begun, failed) = attempts.get(id).cloned().unwrap_or_default();
                let deaths = begun.iter().filter(|pid| faults.killed.contains(pid)).count();
                // Whoever dies right after the row is written does not say that an attempt begins.
                if number(row, "attempt") < 5 || deaths + failed + 1 < begun.len() {
                    findings.push(format!(
                        "job {id} was given up after {deaths} deaths and {failed} failures in {} attempts",
                        begun.len()
                    ));
                }
            }
        }
        findings
    }

    fn mails_came(&mut self, done: &Done, sendings: &BTreeMap<String, Sendings>, faults: &Faults) -> Vec<String> {
        let none = Sendings::new();
        let about_jobs = done
            .jobs
            .iter()
            .map(|(id, to)| (format!("job {id}"), to, format!("/annotations/{id}\n")));
        let about_accounts = done.notices.iter().map(|(number, to)| {
            (
                format!("notice chaos/{number}"),
                to,
                format!("\n{number} annotated files are back"),
            )
        });
        let mut findings = Vec::new();
        for (what, to, words) in about_jobs.chain(about_accounts) {
            let came = self
                .mails
                .iter()
                .filter(|mail| mail.to == *to && mail.text.contains(&words))
                .count();
            let sendings = sendings.get(&what).unwrap_or(&none);
            match account(came, sendings, faults) {
                Ok(twice) => self.twice += twice,
                Err(wrong) => findings.push(format!("the mail of {what}: {wrong}: {sendings:?}")),
            }
        }
        findings
    }

    fn objects_have_owners(&self) -> Vec<String> {
        let is_owned = |bucket: &str, key: &str| {
            let Some(row) = key.split('/').nth(1).and_then(|id| self.rows.get(id)) else {
                return false;
            };
            let named = match bucket {
                "gas-inputs" => &["s3_key_input_file"][..],
                _ => &["s3_key_result_file", "s3_key_log_file"],
            };
            let attempt = key.split('/').nth(2).unwrap_or_default();
            let is_beside = [(".tbi", "index_size"), (".parquet", "variants_size")]
                .iter()
                .any(|(ending, size)| key.ends_with(ending) && row.contains_key(*size));
            (is_beside && attempt == number(row, "attempt").to_string())
                || named.iter().any(|name| text(row, name) == key)
        };
        let all = self
            .objects
            .iter()
            .flat_map(|(bucket, keys)| keys.iter().map(move |key| (*bucket, key)));
        all.filter(|(bucket, key)| !is_owned(bucket, key))
            .map(|(bucket, key)| format!("the object {key} in {bucket} is nobody's"))
            .collect()
    }

    fn archives_have_owners(&self) -> Vec<String> {
        let named: BTreeSet<&str> = self
            .rows
            .values()
            .map(|row| text(row, "results_file_archive_id"))
            .collect();
        let unnamed = self.archives.iter().filter(|id| !named.contains(id.as_str()));
        let mut findings: Vec<String> = unnamed.map(|id| format!("the archive {id} is nobody's")).collect();
        let lost = named
            .iter()
            .filter(|id| !id.is_empty() && !self.archives.iter().any(|kept| kept == *id));
        findings.extend(lost.map(|id| format!("the archive {id} is gone")));
        findings
    }

    async fn rows_have_owners(&self, done: &Done) -> Vec<String> {
        let users = ids("SELECT id::text FROM users").await;
        let submitted: BTreeSet<String> = done.jobs.iter().map(|(id, _)| id.to_string()).collect();
        let mut findings = Vec::new();
        for (id, row) in &self.rows {
            if !users.contains(text(row, "user_id")) || !submitted.contains(id) {
                findings.push(format!("the row {id} is nobody's"));
            }
            let leftovers = [
                "watch_shard",
                "pending_shard",
                "mail_held",
                "discarded_key",
                "discarded_archive",
            ];
            let left = leftovers.iter().filter(|name| row.contains_key(**name));
            findings.extend(left.map(|name| format!("the row {id} still has {name}")));
        }
        let unhandled = ids("SELECT id FROM stripe_events WHERE handled_at IS NULL").await;
        findings.extend(
            unhandled
                .iter()
                .map(|id| format!("the event {id} of Stripe's was not handled")),
        );
        let strangers = ids("SELECT key FROM notices WHERE user_id NOT IN (SELECT id FROM users)").await;
        findings.extend(strangers.iter().map(|key| format!("the notice {key} is nobody's")));
        findings
    }
}

impl fmt::Display for Books {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let statuses = self.rows.values().fold(BTreeMap::new(), |mut counts, row| {
            *counts.entry(text(row, "job_status")).or_insert(0) += 1;
            counts
        });
        let again = self.rows.values().filter(|row| number(row, "attempt") > 1).count();
        write!(
            f,
            "{statuses:?}, {again} of them with more than one attempt, {} given up after four that were killed; {} mails, {} of them a second one by a sender that \
             died before it could note the first; {} archives, {} inputs, {} results and logs, {} uploads half done; {} dead \
             letters sent back",
            self.given_up,
            self.mails.len(),
            self.twice,
            self.archives.len(),
            self.objects["gas-inputs"].len(),
            self.objects["gas-results"].len(),
            self.half_done,
            self.dead_letters,
        )
    }
}

/// How many mails came beyond the first. Each of them must be one that a process has begun to send and was killed before
/// it could note; a process that lives notes what it has sent, and what is noted is not sent again.
fn account(came: usize, sendings: &Sendings, faults: &Faults) -> Result<usize, String> {
    let count = |end| sendings.values().filter(move |sending| sending.end == end);
    let forgotten = count(End::Unknown).find(|sending| !faults.killed.contains(&sending.pid));
    if let Some(sending) = forgotten {
        return Err(format!(
            "process {} has begun it, was not killed and says no more",
            sending.pid
        ));
    }
    let (gone, open) = (count(End::Gone).count(), count(End::Unknown).count());
    match came {
        0 => Err("never came".to_owned()),
        _ if gone > 1 => Err(format!("was sent {gone} times by processes that lived")),
        _ if came > gone + open => Err(format!("came {came} times")),
        _ => Ok(came - 1),
    }
}
