//! Files to and from the object store, with progress; a download that was begun goes on where it stopped.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use futures_util::{StreamExt, TryStreamExt};
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use reqwest::header::{ETAG, IF_MATCH, RANGE};
use reqwest::multipart::{Form, Part};
use reqwest::{Body, Client, Response, StatusCode};
use serde_json::Value;
use tokio_util::io::ReaderStream;

use crate::output::{Output, text};

/// Bytes read at once of a file that is sent.
const PIECE: usize = 1 << 16;

/// The bars of what is under way.
pub struct Bars(MultiProgress);

impl Bars {
    /// None if nobody watches.
    #[must_use]
    pub fn new(out: Output) -> Self {
        Self(match out.shows_progress {
            true => MultiProgress::new(),
            false => MultiProgress::with_draw_target(ProgressDrawTarget::hidden()),
        })
    }

    /// A bar for so many bytes.
    #[must_use]
    pub fn bytes(&self, name: &str, bytes: u64) -> ProgressBar {
        let style = ProgressStyle::with_template(
            "{msg:30!} {bar:24} {bytes:>11} of {total_bytes} · {bytes_per_sec}, {eta} left",
        );
        let bar = self.0.add(ProgressBar::new(bytes).with_message(name.to_owned()));
        if let Ok(style) = style {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        bar
    }
}

/// Sends a file with the form of a prepared upload.
pub async fn send(client: &Client, prepared: &Value, path: &Path, bytes: u64, bar: &ProgressBar) -> Result<()> {
    let file = tokio::fs::File::open(path)
        .await
        .with_context(|| format!("read {}", path.display()))?;
    let seen = bar.clone();
    let pieces = ReaderStream::with_capacity(file, PIECE).inspect_ok(move |piece| seen.inc(piece.len() as u64));
    let part = Part::stream_with_length(Body::wrap_stream(pieces), bytes).file_name("file.vcf");
    let fields = prepared["form"]["fields"]
        .as_object()
        .context("the upload has no form")?;
    let form = fields.iter().fold(Form::new(), |form, (name, value)| {
        form.text(name.clone(), value.as_str().unwrap_or_default().to_owned())
    });
    let address = text(&prepared["form"], "url");
    let request = client.post(address).multipart(form.part("file", part));
    let answer = request
        .send()
        .await
        .with_context(|| format!("upload {}", path.display()))?;
    let status = answer.status();
    let said = answer.text().await.unwrap_or_default();
    ensure!(
        status.is_success(),
        "the upload of {} was refused ({status}): {}",
        path.display(),
        reason(&said)
    );
    Ok(())
}

/// What the object store's XML says.
#[must_use]
pub fn reason(xml: &str) -> &str {
    let inside = xml
        .split_once("<Message>")
        .and_then(|(_, rest)| rest.split_once("</Message>"));
    inside.map_or("", |(message, _)| message)
}

/// Fetches what an answer of the API leads to into a folder, under a name. It is there whole or not at all: until then it is
/// called `NAME.part`, and `NAME.part.etag` says of which version.
pub async fn fetch(client: &Client, there: &Value, folder: &Path, name: &str, bars: &Bars) -> Result<PathBuf> {
    let path = folder.join(name);
    let (part, version) = (with_ending(&path, "part"), with_ending(&path, "part.etag"));
    let bytes = there["bytes"].as_u64();
    if bytes.is_some() && fs::metadata(&path).ok().map(|file| file.len()) == bytes {
        // Whoever was killed after the file had got its name has left this.
        let _ = fs::remove_file(version);
        return Ok(path);
    }
    fs::create_dir_all(folder).with_context(|| format!("make the folder {}", folder.display()))?;
    let here = fs::metadata(&part).map_or(0, |part| part.len());
    let etag = fs::read_to_string(&version).unwrap_or_default();
    let mut request = client.get(text(there, "url"));
    if here > 0 && !etag.is_empty() {
        request = request.header(RANGE, format!("bytes={here}-")).header(IF_MATCH, &etag);
    }
    let mut response = request.send().await.with_context(|| format!("download {name}"))?;
    // What was begun is of another version.
    if response.status() == StatusCode::PRECONDITION_FAILED {
        let anew = client.get(text(there, "url")).send().await;
        response = anew.with_context(|| format!("download {name}"))?;
    }
    // All of it is here, and only its name is missing.
    if response.status() == StatusCode::RANGE_NOT_SATISFIABLE && Some(here) == bytes {
        return named(&part, &version, path);
    }
    let response = response
        .error_for_status()
        .with_context(|| format!("download {name}"))?;
    let goes_on = response.status() == StatusCode::PARTIAL_CONTENT;
    let begun = if goes_on { here } else { 0 };
    let etag = response
        .headers()
        .get(ETAG)
        .and_then(|etag| etag.to_str().ok())
        .unwrap_or_default();
    fs::write(&version, etag)?;
    let bar = bars.bytes(name, bytes.unwrap_or(0));
    bar.set_position(begun);
    let arrived = begun + write(response, &part, goes_on, &bar).await?;
    bar.finish_and_clear();
    ensure!(
        bytes.is_none_or(|bytes| bytes == arrived),
        "{name} arrived with {arrived} bytes instead of {}; download it again",
        bytes.unwrap_or(0)
    );
    named(&part, &version, path)
}

/// Writes what comes; gives how many bytes that is.
async fn write(response: Response, part: &Path, goes_on: bool, bar: &ProgressBar) -> Result<u64> {
    let mut options = OpenOptions::new();
    options.create(true).append(goes_on).write(true).truncate(!goes_on);
    let mut file = options
        .open(part)
        .with_context(|| format!("write {}", part.display()))?;
    let (mut pieces, mut arrived) = (response.bytes_stream(), 0);
    while let Some(piece) = pieces.next().await {
        let piece = piece.context("the download was cut off; run the command again, and it goes on")?;
        file.write_all(&piece)?;
        arrived += piece.len() as u64;
        bar.inc(piece.len() as u64);
    }
    file.sync_all()?;
    Ok(arrived)
}

fn named(part: &Path, version: &Path, path: PathBuf) -> Result<PathBuf> {
    fs::rename(part, &path).with_context(|| format!("write {}", path.display()))?;
    let _ = fs::remove_file(version);
    Ok(path)
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{ending}"));
    name.into()
}
