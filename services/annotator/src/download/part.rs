//! A file on its way: the part that is here, and which version of the server's file it is a part of.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use md5::{Digest, Md5};
use reqwest::header::{ETAG, HeaderMap, LAST_MODIFIED};
use reqwest::{Response, Url};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::DownloadError;

/// Which version of a file the server has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Version {
    address: String,
    etag: Option<String>,
    last_modified: Option<String>,
    /// The size of the whole file.
    size: Option<u64>,
    /// The MD5 that was published when it was begun.
    md5: Option<String>,
}

/// A file on its way.
pub(super) struct Part {
    file: PathBuf,
    note: PathBuf,
    address: String,
    md5: Option<String>,
    /// The version that was begun; none if nothing can be gone on with.
    version: Option<Version>,
}

impl Part {
    /// What an earlier attempt has left of a file that is to be at `path`. A part of another address, or of a version
    /// with another checksum, is none.
    pub(super) fn of(path: &Path, url: &Url, md5: Option<&str>) -> Self {
        let beside = |ending: &str| {
            let mut name = path.as_os_str().to_owned();
            name.push(ending);
            PathBuf::from(name)
        };
        let (file, note) = (beside(".part"), beside(".version"));
        let noted: Option<Version> = fs::read(&note).ok().and_then(|text| serde_json::from_slice(&text).ok());
        let is_same = |version: &Version| version.address == url.as_str() && version.md5.as_deref() == md5;
        Self {
            file,
            note,
            address: url.to_string(),
            md5: md5.map(str::to_owned),
            version: noted.filter(is_same),
        }
    }

    /// How much is here that can be gone on with.
    pub(super) fn bytes(&self) -> u64 {
        let size = fs::metadata(&self.file).map_or(0, |metadata| metadata.len());
        self.validator().map_or(0, |_| size)
    }

    /// What the server is to compare with: a strong entity tag, or the date (RFC 9110, section 13.1.5).
    pub(super) fn validator(&self) -> Option<&str> {
        let version = self.version.as_ref()?;
        let strong = version.etag.as_deref().filter(|etag| etag.starts_with('"'));
        strong.or(version.last_modified.as_deref())
    }

    /// Whether an answer about the whole file is of the version that was begun.
    pub(super) fn is_of(&self, response: &Response) -> bool {
        let Some(version) = &self.version else { return false };
        let (etag, last_modified) = validators(response.headers());
        version.etag == etag && version.last_modified == last_modified
    }

    /// Whether a range is of the version that was begun. Such an answer may leave out the date, and must not the tag
    /// (RFC 9110, section 15.3.7).
    pub(super) fn goes_on_with(&self, range: &Response) -> bool {
        let (etag, last_modified) = validators(range.headers());
        self.version.as_ref().is_some_and(|version| {
            (etag.is_none() || etag == version.etag)
                && (last_modified.is_none() || last_modified == version.last_modified)
        })
    }

    /// Whether so many bytes are the whole file.
    pub(super) fn is_whole(&self, bytes: u64) -> bool {
        self.version.as_ref().is_some_and(|version| version.size == Some(bytes))
    }

    /// The size of the whole file.
    pub(super) fn size(&self) -> Option<u64> {
        self.version.as_ref()?.size
    }

    /// Begins anew, with the version of an answer.
    pub(super) fn begin(&mut self, response: &Response) -> Result<File, DownloadError> {
        self.discard();
        let (etag, last_modified) = validators(response.headers());
        let version = Version {
            address: self.address.clone(),
            etag,
            last_modified,
            size: response.content_length(),
            md5: self.md5.clone(),
        };
        let text = serde_json::to_vec(&version).map_err(|error| DownloadError::writing(&self.note)(error.into()))?;
        fs::write(&self.note, text).map_err(DownloadError::writing(&self.note))?;
        self.version = Some(version);
        File::create(&self.file).map_err(DownloadError::writing(&self.file))
    }

    /// Goes on at the end of what is here.
    pub(super) fn go_on(&self) -> Result<File, DownloadError> {
        File::options()
            .append(true)
            .open(&self.file)
            .map_err(DownloadError::writing(&self.file))
    }

    /// Adds what has arrived.
    pub(super) fn add(&self, file: &mut File, bytes: &[u8]) -> Result<(), DownloadError> {
        file.write_all(bytes).map_err(DownloadError::writing(&self.file))
    }

    /// When the server's file was changed last.
    fn date(&self) -> Option<SystemTime> {
        let text = self.version.as_ref()?.last_modified.as_deref()?;
        httpdate::parse_http_date(text).ok()
    }

    /// The day of that, UTC.
    pub(super) fn day(&self) -> Option<String> {
        Some(OffsetDateTime::from(self.date()?).date().to_string())
    }

    /// Throws away what is here.
    pub(super) fn discard(&mut self) {
        let _ = fs::remove_file(&self.file);
        let _ = fs::remove_file(&self.note);
        self.version = None;
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.file
    }

    /// Whether a file has the MD5 that was published, if one was. What an earlier run has fetched may have been lost when
    /// the machine went down.
    pub(super) async fn agrees(&self, path: &Path) -> bool {
        match &self.md5 {
            Some(md5) => md5_of(path).await.is_ok_and(|found| found == *md5),
            None => true,
        }
    }

    /// Compares what arrived with what was published. What is wrong is thrown away.
    pub(super) async fn check(&mut self, published: &str, checksums: &Url) -> Result<(), DownloadError> {
        let found = md5_of(&self.file).await.map_err(DownloadError::writing(&self.file))?;
        if found == published {
            return Ok(());
        }
        self.discard();
        Err(DownloadError::Checksum {
            address: self.address.clone(),
            found,
            checksums: checksums.to_string(),
            published: published.to_owned(),
        })
    }

    /// Gives the file its name, and the date that the server's has.
    pub(super) fn finish(&self, path: &Path) -> Result<(), DownloadError> {
        let writing = DownloadError::writing(path);
        let file = File::options().append(true).open(&self.file).map_err(&writing)?;
        if let Some(date) = self.date() {
            file.set_modified(date).map_err(&writing)?;
        }
        fs::rename(&self.file, path).map_err(writing)
    }
}

fn validators(headers: &HeaderMap) -> (Option<String>, Option<String>) {
    let text = |name| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned)
    };
    (text(ETAG), text(LAST_MODIFIED))
}

/// The MD5 of a file, which for a genome's takes seconds.
async fn md5_of(path: &Path) -> io::Result<String> {
    let path = path.to_owned();
    let digested = tokio::task::spawn_blocking(move || digest(&path)).await;
    digested.map_err(io::Error::other)?
}

fn digest(path: &Path) -> io::Result<String> {
    let (mut file, mut digest) = (File::open(path)?, Md5::new());
    let mut piece = vec![0; 1 << 18];
    loop {
        match file.read(&mut piece)? {
            0 => break,
            length => digest.update(&piece[..length]),
        }
    }
    Ok(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}
