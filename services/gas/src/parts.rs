//! Large files to the object store in parts, several at once, each with its checksum; an upload that was begun goes on with the
//! parts that are there. The service finds it by the idempotency key, which is made of the file: nothing is kept here.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use anyhow::{Context, Result as AnyResult, anyhow, ensure};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use domain::parts_of;
use futures_util::{StreamExt, TryStreamExt, stream};
use indicatif::ProgressBar;
use reqwest::Body;
use reqwest::header::CONTENT_LENGTH;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;
use tokio::time::sleep;

use crate::api::Api;
use crate::failure::Failure;
use crate::output::text;
use crate::transfer::reason;

/// How often a part is tried; each pause is twice as long as the one before.
const TRIES: u32 = 8;
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// How often it is looked whether parts are missing that were there.
const ROUNDS: u32 = 3;
/// Bytes that are handed on at once, so that the bar moves.
const PIECE: usize = 1 << 16;

/// A file that is sent in parts.
pub struct InParts<'a> {
    /// The service.
    pub api: &'a Api,
    /// The file.
    pub path: &'a Path,
    /// Its size.
    pub bytes: u64,
    /// One permit for each part that may be in memory, of whatever file.
    pub places: &'a Semaphore,
    /// What has arrived.
    pub bar: &'a ProgressBar,
}

impl InParts<'_> {
    /// Sends what is missing of a prepared upload, and puts it together.
    pub async fn send(&self, prepared: &Value) -> Result<(), Failure> {
        let at = format!("/uploads/{}", text(prepared, "id"));
        let mut upload = prepared.clone();
        for rounds in 1.. {
            if upload["is_submitted"] == true || upload["parts"]["is_complete"] == true {
                return Ok(());
            }
            let sha256 = self.send_missing(&at, &upload["parts"]).await?;
            let whole = json!({ "bytes": self.bytes, "sha256": sha256 });
            match self.api.post(&format!("{at}/complete"), &whole, None).await {
                Ok(_) => return Ok(()),
                Err(Failure::Problem(problem)) if problem.code == "conflict" && rounds < ROUNDS => {
                    upload = self.api.get(&at).await?;
                }
                Err(failure) => return Err(failure),
            }
        }
        unreachable!("the last round has returned")
    }

    /// Gives the SHA-256 of all parts' SHA-256.
    async fn send_missing(&self, at: &str, parts: &Value) -> Result<String, Failure> {
        self.bar.set_position(0);
        let part_bytes = parts["part_bytes"].as_u64().filter(|bytes| *bytes > 0);
        let part_bytes = part_bytes.context("the service does not say how large a part is")?;
        let there = there(&parts["there"]);
        let one = |(number, bytes): (u32, u64)| {
            let start = u64::from(number - 1) * part_bytes;
            self.one(at, number, start, bytes, there.get(&number).map(String::as_str))
        };
        // In their order, and no more at once than there are places.
        let digests = stream::iter(parts_of(self.bytes, part_bytes).map(one)).buffered(32);
        let digests: Vec<[u8; 32]> = digests.try_collect().await?;
        Ok(BASE64_STANDARD.encode(Sha256::digest(digests.concat())))
    }

    /// Sends a part, unless the same bytes are there.
    async fn one(
        &self,
        at: &str,
        number: u32,
        start: u64,
        bytes: u64,
        there: Option<&str>,
    ) -> Result<[u8; 32], Failure> {
        let _place = self.places.acquire().await.context("wait for a place")?;
        let path = self.path.to_owned();
        let read = tokio::task::spawn_blocking(move || read(&path, start, bytes)).await;
        let (data, digest) = read.context("read a part")??;
        let sha256 = BASE64_STANDARD.encode(digest);
        if there == Some(&*sha256) {
            self.bar.inc(bytes);
            return Ok(digest);
        }
        let wanted = json!({ "parts": [{ "number": number, "bytes": bytes, "sha256": sha256 }] });
        let mut pause = FIRST_PAUSE;
        for tries in 1.. {
            // Asked anew for each try: an address is good for a quarter of an hour.
            let signed = self.api.post(&format!("{at}/parts"), &wanted, None).await?;
            match self.put(&signed["parts"][0], &data).await {
                Ok(()) => break,
                Err(error) if tries >= TRIES => {
                    let error = error.context(format!("upload part {number} of {}", self.path.display()));
                    return Err(error.context("run the command again, and it goes on").into());
                }
                Err(_) => sleep(pause).await,
            }
            pause *= 2;
        }
        Ok(digest)
    }

    async fn put(&self, signed: &Value, data: &Bytes) -> AnyResult<()> {
        let headers = signed["headers"].as_object().context("a part has no headers")?;
        let request = self.api.plain().put(text(signed, "url"));
        let request = headers.iter().fold(request, |request, (name, value)| {
            request.header(name, value.as_str().unwrap_or_default())
        });
        let (bar, data, length) = (self.bar.clone(), data.clone(), data.len());
        let gone = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&gone);
        let pieces = (0..length).step_by(PIECE).map(move |start| {
            let piece = data.slice(start..length.min(start + PIECE));
            bar.inc(piece.len() as u64);
            counted.fetch_add(piece.len() as u64, Relaxed);
            Ok::<_, std::io::Error>(piece)
        });
        // Without its length the store takes no part.
        let request = request.header(CONTENT_LENGTH, length);
        let answer = request.body(Body::wrap_stream(stream::iter(pieces))).send().await;
        let outcome = stored(answer).await;
        if outcome.is_err() {
            self.bar.dec(gone.load(Relaxed));
        }
        outcome
    }
}

async fn stored(answer: reqwest::Result<reqwest::Response>) -> AnyResult<()> {
    let answer = answer.map_err(|error| anyhow!(error.without_url()))?;
    let status = answer.status();
    let said = answer.text().await.unwrap_or_default();
    ensure!(
        status.is_success(),
        "the store refused it ({status}): {}",
        reason(&said)
    );
    Ok(())
}

/// The SHA-256 of each part that is there.
fn there(parts: &Value) -> BTreeMap<u32, String> {
    let parts = parts.as_array().into_iter().flatten();
    let named = parts.filter_map(|part| {
        let number = u32::try_from(part["number"].as_u64()?).ok()?;
        Some((number, text(part, "sha256").to_owned()))
    });
    named.collect()
}

/// A stretch of a file, and its SHA-256.
fn read(path: &Path, start: u64, bytes: u64) -> AnyResult<(Bytes, [u8; 32])> {
    let reading = || format!("read {}", path.display());
    let mut file = File::open(path).with_context(reading)?;
    file.seek(SeekFrom::Start(start)).with_context(reading)?;
    let mut data = vec![0; usize::try_from(bytes).with_context(reading)?];
    // A file that has become shorter ends too soon.
    file.read_exact(&mut data).with_context(reading)?;
    let digest = Sha256::digest(&data).into();
    Ok((data.into(), digest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_a_stretch_of_the_file_with_its_digest() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::fs::write(&path, "0123456789").unwrap();
        let (data, digest) = read(&path, 4, 4).unwrap();
        assert_eq!(
            (&*data, digest),
            (&b"4567"[..], <[u8; 32]>::from(Sha256::digest("4567")))
        );
        assert!(read(&path, 8, 4).is_err(), "it has become shorter");
    }

    #[test]
    fn what_is_there_is_told_by_number() {
        let parts = json!([{ "number": 2, "bytes": 5, "sha256": "x" }, { "number": 3, "bytes": 5, "sha256": "y" }]);
        let there = there(&parts);
        assert_eq!(
            (there.get(&2), there.get(&1), there.len()),
            (Some(&"x".to_owned()), None, 2)
        );
    }
}
