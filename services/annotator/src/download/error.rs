//! Why a file did not arrive, in a sentence for whoever waits for it.

use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};

use domain::size;
use reqwest::{StatusCode, Url};

/// Why a file did not arrive.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DownloadError {
    /// What the recipe or the settings give as an address is none.
    #[error("\"{0}\" is no address; one begins with https:// or http://")]
    Address(String),
    /// There is no connection.
    #[error("{host} cannot be reached: {reason}")]
    Unreachable {
        /// The server.
        host: String,
        /// What the system says.
        reason: String,
    },
    /// The server does not have it.
    #[error("{address} is not there: the server answers {status}")]
    Missing {
        /// The address.
        address: String,
        /// 404, or 410.
        status: StatusCode,
    },
    /// The server does not give it.
    #[error("{address} was refused: the server answers {status}")]
    Refused {
        /// The address.
        address: String,
        /// The answer.
        status: StatusCode,
    },
    /// The connection ended, or was silent, before everything was there.
    #[error("{address} broke off after {}: {reason}; what arrived is kept, the next time goes on from there", size(*.bytes))]
    BrokeOff {
        /// The address.
        address: String,
        /// How much is there.
        bytes: u64,
        /// What happened.
        reason: String,
    },
    /// What arrived is not what was published.
    #[error(
        "{address} is damaged, or was replaced while it was fetched: its MD5 is {found}, {checksums} says {published}; it was deleted, try again"
    )]
    Checksum {
        /// The address.
        address: String,
        /// The MD5 of what arrived.
        found: String,
        /// The list of checksums.
        checksums: String,
        /// What it says.
        published: String,
    },
    /// There is not enough room.
    #[error("{} has {} free, but {} are needed", .folder.display(), size(*.free), size(*.needed))]
    NoRoom {
        /// Where.
        folder: PathBuf,
        /// Free bytes.
        free: u64,
        /// Bytes that are needed.
        needed: u64,
    },
    /// The file could not be written.
    #[error("could not write {}", .path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl DownloadError {
    pub(super) fn writing(path: &Path) -> impl Fn(io::Error) -> Self + '_ {
        |source| Self::Write {
            path: path.to_owned(),
            source,
        }
    }

    /// What became of a request that has no answer.
    pub(super) fn request(url: &Url, error: &reqwest::Error) -> Self {
        Self::Unreachable {
            host: url.host_str().unwrap_or_default().to_owned(),
            reason: innermost(error),
        }
    }

    /// What an answer means that is none.
    pub(super) fn status(url: &Url, status: StatusCode) -> Self {
        let address = url.to_string();
        match status {
            StatusCode::NOT_FOUND | StatusCode::GONE => Self::Missing { address, status },
            _ => Self::Refused { address, status },
        }
    }

    /// What became of an answer that broke off after so many bytes of the file.
    pub(super) fn broke_off(url: &Url, bytes: u64, reason: String) -> Self {
        Self::BrokeOff {
            address: url.to_string(),
            bytes,
            reason,
        }
    }

    /// Whether it is worth while to try again.
    pub(super) fn may_pass(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::BrokeOff { .. } => true,
            Self::Refused { status, .. } => {
                status.is_server_error()
                    || [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_MANY_REQUESTS].contains(status)
            }
            _ => false,
        }
    }
}

/// The first cause, which says what happened; those around it say that something did.
pub(super) fn innermost(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "it does not answer".to_owned();
    }
    let mut cause: &dyn Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
