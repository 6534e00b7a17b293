//! `gas log`, and the wait for jobs to end.

use std::collections::BTreeSet;
use std::io::Write;
use std::time::Duration;

use anyhow::Context;
use futures_util::StreamExt;
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::api::Api;
use crate::args::LogArgs;
use crate::failure::Failure;
use crate::jobs::{page, path};
use crate::output::{Output, text};

/// So often the list is looked at, while somebody waits for jobs.
const PAUSE: Duration = Duration::from_secs(2);

/// Prints a job's log, once there is one.
pub async fn log(api: &Api, args: &LogArgs, out: Output) -> Result<(), Failure> {
    let job = path(&args.id)?;
    if args.follow {
        follow(api, &job, out).await?;
    }
    let there = api.get(&format!("{job}/log")).await?;
    let answer = api
        .plain()
        .get(text(&there, "url"))
        .send()
        .await
        .context("download the log")?;
    let log = answer.error_for_status().context("download the log")?;
    let log = log.bytes().await.context("download the log")?;
    match out.is_json() {
        true => out.answer(&json!({ "id": args.id, "log": String::from_utf8_lossy(&log) }), |_| {
            String::new()
        }),
        false => std::io::stdout().write_all(&log)?,
    }
    Ok(())
}

/// Tells how far a job is, by its events, until it has ended. A stream that ends before is opened again.
async fn follow(api: &Api, job: &str, out: Output) -> Result<(), Failure> {
    let mut told = String::new();
    loop {
        let mut pieces = api.stream(&format!("{job}/events")).await?.bytes_stream();
        let mut heard = Vec::new();
        // A stream that is cut off is opened again, as a browser does.
        while let Some(Ok(piece)) = pieces.next().await {
            heard.extend_from_slice(&piece);
            while let Some(end) = heard.windows(2).position(|two| two == b"\n\n") {
                let event: Vec<u8> = heard.drain(..end + 2).collect();
                let (is_last, sentence) = read(&String::from_utf8_lossy(&event));
                if let Some(sentence) = sentence.filter(|sentence| *sentence != told) {
                    out.remark(&sentence);
                    told = sentence;
                }
                if is_last {
                    return Ok(());
                }
            }
        }
        sleep(PAUSE).await;
    }
}

/// Whether an event is the last, and what it says.
fn read(event: &str) -> (bool, Option<String>) {
    let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    let data = field("data:").and_then(|data| serde_json::from_str::<Value>(data).ok());
    let sentence = data.map(|data| text(&data, "status_sentence").to_owned());
    (field("event:") == Some("done"), sentence)
}

/// Jobs whose end somebody waits for.
pub struct Waiting<'a> {
    api: &'a Api,
    left: BTreeSet<String>,
}

impl<'a> Waiting<'a> {
    /// For these jobs.
    #[must_use]
    pub fn new(api: &'a Api, ids: &[String]) -> Self {
        Self {
            api,
            left: ids.iter().cloned().collect(),
        }
    }

    /// The jobs that have ended since the last time, once there are some; none when all have ended.
    pub async fn ended(&mut self) -> Result<Vec<Value>, Failure> {
        while !self.left.is_empty() {
            let ended = self.look().await?;
            if !ended.is_empty() {
                return Ok(ended);
            }
            sleep(PAUSE).await;
        }
        Ok(Vec::new())
    }

    /// One list tells of a hundred jobs, so that whoever waits for many asks as often as for one.
    async fn look(&mut self) -> Result<Vec<Value>, Failure> {
        let (mut ended, mut unseen, mut cursor) = (Vec::new(), self.left.clone(), None);
        while !unseen.is_empty() {
            let list = page(self.api, 100, cursor.as_deref()).await?;
            for job in list["jobs"].as_array().into_iter().flatten() {
                if unseen.remove(text(job, "id")) && job["ended_at"].is_string() {
                    self.left.remove(text(job, "id"));
                    ended.push(job.clone());
                }
            }
            cursor = list["next_cursor"].as_str().map(str::to_owned);
            if cursor.is_none() {
                break;
            }
        }
        match unseen.len() {
            0 => Ok(ended),
            gone => Err(Failure::Jobs(format!("{gone} of the jobs were deleted meanwhile."))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_read_as_they_come() {
        let event = "event:progress\ndata:{\"status_sentence\":\"Waiting: yours is the next job.\"}\n\n";
        assert_eq!(read(event), (false, Some("Waiting: yours is the next job.".into())));
        assert_eq!(read("event: done\ndata: {}\n\n"), (true, Some(String::new())));
        assert_eq!(read(":\n\n"), (false, None));
    }
}
