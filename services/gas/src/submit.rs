//! `gas submit`: files become jobs, a few at once.
//!
//! A large file of Premium goes in parts, and goes on with those that are there.
//!
//! The idempotency key is made of what is in the file, of its name and of the settings. Whoever runs the same line again, after a
//! kill say, is at the same jobs: what was submitted is not uploaded again, and what was downloaded stays.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result as AnyResult};
use domain::{FileName, IN_PARTS_ABOVE, JobId};
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use crate::api::Api;
use crate::args::{FileKind, SubmitArgs};
use crate::download;
use crate::failure::Failure;
use crate::follow::Waiting;
use crate::jobs::settings;
use crate::output::{Output, text};
use crate::parts::InParts;
use crate::transfer::{Bars, send};

/// How often an upload is tried.
const TRIES: u32 = 4;

/// A file that is a job now.
struct Submitted {
    file: PathBuf,
    id: String,
    was_before: bool,
}

/// Submits each file, and waits for results if that is wanted.
pub async fn submit(api: &Api, args: &SubmitArgs, out: Output) -> Result<(), Failure> {
    let bars = Bars::new(out);
    let settings = settings(&args.settings);
    let places = Semaphore::new(args.parallel.into());
    let submitting = Submitting {
        api,
        bars: &bars,
        places: &places,
    };
    let one = |file: &PathBuf| {
        let (file, settings, submitting) = (file.clone(), settings.clone(), &submitting);
        async move {
            let submitted = submitting.one(&file, &settings, args.anew).await;
            (file, submitted)
        }
    };
    let mut under_way = stream::iter(args.files.iter().map(one)).buffer_unordered(usize::from(args.parallel));
    let (mut ids, mut refused) = (Vec::new(), Vec::new());
    while let Some((file, submitted)) = under_way.next().await {
        match submitted {
            Ok(submitted) => {
                tell(&submitted, out);
                ids.push(submitted.id);
            }
            // Whoever has no token, or a server that is not there, need not hear it of each file.
            Err(failure) if matches!(failure.exit_code(), 2 | 3) => return Err(failure),
            Err(failure) => {
                tell_refusal(&file, &failure, out);
                refused.push(failure);
            }
        }
    }
    let failed = match args.wait || args.download.is_some() {
        true => wait(api, &ids, args.download.as_deref(), &bars, out).await?,
        false => 0,
    };
    outcome(args.files.len(), failed, refused)
}

fn outcome(files: usize, failed: usize, mut refused: Vec<Failure>) -> Result<(), Failure> {
    match (files, refused.len(), failed) {
        (_, 0, 0) => Ok(()),
        // Of one file alone the reason is the outcome.
        (1, 1, _) => Err(refused.remove(0)),
        (_, 0, failed) => Err(Failure::Jobs(format!("{failed} of {files} jobs have not completed."))),
        (_, refused, failed) => Err(Failure::Jobs(format!(
            "{refused} of {files} files were not submitted, and {failed} jobs have not completed."
        ))),
    }
}

/// What all files share.
struct Submitting<'a> {
    api: &'a Api,
    bars: &'a Bars,
    /// One permit for each part of a file that is sent at once.
    places: &'a Semaphore,
}

impl Submitting<'_> {
    async fn one(&self, file: &Path, settings: &Value, anew: bool) -> Result<Submitted, Failure> {
        let name = file.file_name().and_then(|name| name.to_str()).unwrap_or("input.vcf");
        // The name is sent as the service will keep it, so that it is the same next time.
        let name = FileName::from_untrusted(name).to_string();
        let (path, about) = (file.to_owned(), format!("{name}\0{settings}"));
        let digested = tokio::task::spawn_blocking(move || digest(&path, &about)).await;
        let (mut key, bytes) = digested.context("read a file")??;
        if anew {
            key = format!("{key}-{}", JobId::random());
        }
        let wanted = json!({ "file_name": name, "bytes": bytes, "settings": settings });
        let in_parts = match bytes > IN_PARTS_ABOVE {
            true => self.in_parts(file, &wanted, &key, bytes).await?,
            false => None,
        };
        let upload = match in_parts {
            Some(upload) => upload,
            None => self.by_form(file, &wanted, &key, bytes).await?,
        };
        let (id, was_before) = (text(&upload, "id").to_owned(), upload["is_submitted"] == true);
        if !was_before {
            self.api.post("/jobs", &json!({ "upload": id }), None).await?;
        }
        Ok(Submitted {
            file: file.to_owned(),
            id,
            was_before,
        })
    }

    /// Uploads a file in parts, unless it was submitted before; nothing if the plan does not have that.
    async fn in_parts(&self, file: &Path, wanted: &Value, key: &str, bytes: u64) -> Result<Option<Value>, Failure> {
        let mut wanted = wanted.clone();
        wanted["in_parts"] = true.into();
        let prepared = match self.api.post("/uploads", &wanted, Some(key)).await {
            Ok(prepared) => prepared,
            Err(Failure::Problem(problem)) if problem.code == "premium_needed" => return Ok(None),
            Err(failure) => return Err(failure),
        };
        let bar = self.bars.bytes(text(&wanted, "file_name"), bytes);
        let parts = InParts {
            api: self.api,
            path: file,
            bytes,
            places: self.places,
            bar: &bar,
        };
        let sent = parts.send(&prepared).await;
        bar.finish_and_clear();
        sent.map(|()| Some(prepared))
    }

    /// Uploads a file by the form, unless it was submitted before.
    async fn by_form(&self, file: &Path, wanted: &Value, key: &str, bytes: u64) -> Result<Value, Failure> {
        let mut tries = 0;
        loop {
            tries += 1;
            let prepared = self.api.post("/uploads", wanted, Some(key)).await?;
            if prepared["is_submitted"] == true {
                return Ok(prepared);
            }
            let bar = self.bars.bytes(text(wanted, "file_name"), bytes);
            let sent = send(self.api.plain(), &prepared, file, bytes, &bar).await;
            bar.finish_and_clear();
            match sent {
                Ok(()) => return Ok(prepared),
                Err(error) if tries >= TRIES => return Err(error.into()),
                Err(_) => tokio::time::sleep(std::time::Duration::from_secs(u64::from(tries))).await,
            }
        }
    }
}

/// The idempotency key of a file, and how many bytes it has.
fn digest(path: &Path, about: &str) -> AnyResult<(String, u64)> {
    let reading = || format!("read {}", path.display());
    let mut file = File::open(path).with_context(reading)?;
    let (mut hash, mut bytes, mut piece) = (Sha256::new(), 0, vec![0; 1 << 16]);
    loop {
        let read = file.read(&mut piece).with_context(reading)?;
        if read == 0 {
            break;
        }
        hash.update(&piece[..read]);
        bytes += read as u64;
    }
    hash.update([0]);
    hash.update(about.as_bytes());
    let key = hash
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect::<String>();
    Ok((format!("sha256-{key}"), bytes))
}

fn tell(submitted: &Submitted, out: Output) {
    let file = submitted.file.display().to_string();
    let document = json!({ "file": file, "id": submitted.id, "was_submitted_before": submitted.was_before });
    out.answer(&document, |_| {
        let before = if submitted.was_before {
            " (submitted before)"
        } else {
            ""
        };
        format!("{}  {file}{before}", submitted.id)
    });
}

fn tell_refusal(file: &Path, failure: &Failure, out: Output) {
    match out.is_json() {
        true => {
            let document = json!({ "file": file.display().to_string(), "error": failure.to_string() });
            out.answer(&document, |_| String::new());
        }
        false => eprintln!("{}: {failure}", file.display()),
    }
}

/// Waits for jobs, and downloads their results as they end; gives how many have not completed.
async fn wait(api: &Api, ids: &[String], folder: Option<&Path>, bars: &Bars, out: Output) -> Result<usize, Failure> {
    let (mut waiting, mut failed) = (Waiting::new(api, ids), 0);
    loop {
        let ended = waiting.ended().await?;
        if ended.is_empty() {
            return Ok(failed);
        }
        for job in &ended {
            out.answer(job, |job| {
                let status = text(job, "status").to_lowercase();
                format!("{}  {status}  {}", text(job, "id"), text(job, "file_name"))
            });
            match (job["status"] == "COMPLETED", folder) {
                (true, Some(folder)) => {
                    download::one(api, text(job, "id"), FileKind::Results, folder, bars, out).await?;
                }
                (true, None) => {}
                (false, _) => failed += 1,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_of_what_is_in_the_file_and_of_how_it_is_to_be_annotated() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, content: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, content).unwrap();
            path
        };
        let (one, same, other) = (file("a", "#CHROM"), file("b", "#CHROM"), file("c", "#CHROn"));
        let key = |path: &Path, about: &str| digest(path, about).unwrap();
        assert_eq!(key(&one, "x"), key(&same, "x"));
        assert_eq!(key(&one, "x").1, 6);
        assert_ne!(key(&one, "x").0, key(&other, "x").0);
        assert_ne!(key(&one, "x").0, key(&one, "y").0);
        assert!(key(&one, "x").0.len() < 200);
    }
}
