//! Fetches files of public servers, or of a mirror of them, so that what arrives is what was published.
//!
//! A file is fetched into `<name>.part`, and what the server said of its version lies beside it in `<name>.version`; it gets
//! its name when size and checksum are right. An interrupted download goes on where it stopped (RFC 9110, sections 13.1.5
//! and 14: a range of the version that was begun), and begins anew when the server has another version by now. Proxies are
//! those of `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`.

mod attempt;
mod checksum;
mod error;
mod part;
mod progress;
mod space;

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use reqwest::{Client, Method, Request, Response, StatusCode, Url};

pub use error::DownloadError;
use part::Part;
pub use progress::{Lines, Progress, Shown};
pub use space::require as require_space;

/// How long the first pause between attempts is; each is twice as long as the one before.
const FIRST_PAUSE: Duration = Duration::from_millis(500);

/// The longest pause between attempts.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// An attempt that brought so much counts as none that failed: the connection is poor, but it works.
const WORTHWHILE_BYTES: u64 = 1 << 20;

/// Where files come from, and how long to try.
#[derive(Debug, Clone, Args)]
pub struct DownloadSettings {
    /// Address of a mirror: it takes the place of the servers' names, the paths stay. `URL/goldenPath/hg38/…`, `URL/pub/clinvar/…`
    #[arg(long, env = "GAS_REFERENCE_MIRROR", value_name = "URL")]
    pub mirror: Option<String>,
    /// How often to try a file before giving up, when nothing of it arrives
    #[arg(long, env = "GAS_REFERENCE_TRIES", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub tries: u32,
    /// How long a server may be silent
    #[arg(long, env = "GAS_REFERENCE_PATIENCE", default_value = "60s", value_parser = chassis::duration::parse)]
    pub patience: Duration,
}

/// A file to fetch.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// Its address.
    pub address: &'a str,
    /// The address of the file with its MD5, as `md5sum` writes it.
    pub checksums: Option<&'a str>,
}

/// A file that was fetched, or was here already.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// Where it is.
    pub path: PathBuf,
    /// Where it came from: the address, or that of the mirror.
    pub address: String,
    /// Its size.
    pub bytes: u64,
    /// How many of them were here before.
    pub resumed: u64,
    /// The day on which the server's file was changed last, UTC: `2014-01-15`.
    pub day: Option<String>,
    /// The MD5 that was published and agrees; without it, only the size was compared.
    pub md5: Option<String>,
}

/// A client of the servers.
pub struct Downloader {
    client: Client,
    mirror: Option<String>,
    tries: u32,
}

impl Downloader {
    /// A client with these settings.
    ///
    /// # Errors
    /// If TLS cannot be set up.
    pub fn new(settings: &DownloadSettings) -> anyhow::Result<Self> {
        // Another part of the program may have chosen it already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .user_agent(concat!("gas-annotator/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(settings.patience.min(Duration::from_secs(15)))
            .read_timeout(settings.patience)
            // Sizes, ranges and checksums are those of the file as it lies there; a .gz is not to be unpacked on the way.
            .no_gzip()
            .build()?;
        // Compose hands over an empty one where none is named.
        let mirror = settings.mirror.as_deref().filter(|mirror| !mirror.is_empty());
        let mirror = mirror.map(|mirror| mirror.trim_end_matches('/'));
        Ok(Self {
            client,
            mirror: mirror.filter(|mirror| !mirror.is_empty()).map(str::to_owned),
            tries: settings.tries,
        })
    }

    /// The address as it is used: the mirror's, if there is one.
    ///
    /// # Errors
    /// If it is no address.
    pub fn resolve(&self, address: &str) -> Result<Url, DownloadError> {
        let wrong = |text: &str| DownloadError::Address(text.to_owned());
        let url = Url::parse(address).map_err(|_| wrong(address))?;
        match &self.mirror {
            None => Ok(url),
            Some(mirror) => Url::parse(&format!("{mirror}{}", url.path())).map_err(|_| wrong(mirror)),
        }
    }

    /// The size of a file, if the server tells it.
    ///
    /// # Errors
    /// [`DownloadError`]; among others if it is not there.
    pub async fn size(&self, address: &str) -> Result<Option<u64>, DownloadError> {
        let url = self.resolve(address)?;
        let response = self.patiently(Method::HEAD, &url).await?;
        let length = response.headers().get(reqwest::header::CONTENT_LENGTH);
        Ok(length.and_then(|length| length.to_str().ok()?.parse().ok()))
    }

    /// Fetches a file to `path`, or what of it is not there yet. `told` hears how far it is.
    ///
    /// # Errors
    /// [`DownloadError`], in a sentence for whoever started it. What arrived is kept for the next time, unless it is wrong.
    pub async fn fetch(
        &self,
        wanted: Wanted<'_>,
        path: &Path,
        told: &mut (dyn FnMut(Progress) + Send),
    ) -> Result<Fetched, DownloadError> {
        let url = self.resolve(wanted.address)?;
        let md5 = match wanted.checksums {
            Some(checksums) => self.published(checksums, &url).await?,
            None => None,
        };
        let mut part = Part::of(path, &url, md5.as_deref());
        let resumed = part.bytes();
        if !self.is_here(&part, path, &url).await? {
            self.complete(&url, &mut part, told).await?;
            if let (Some(md5), Some(checksums)) = (&md5, wanted.checksums) {
                part.check(md5, &self.resolve(checksums)?).await?;
            }
            part.finish(path)?;
        }
        let bytes = std::fs::metadata(path).map_err(DownloadError::writing(path))?.len();
        Ok(Fetched {
            path: path.to_owned(),
            address: url.to_string(),
            bytes,
            resumed,
            day: part.day(),
            md5,
        })
    }

    /// Whether an earlier run has fetched the file, and the server has no other by now.
    async fn is_here(&self, part: &Part, path: &Path, url: &Url) -> Result<bool, DownloadError> {
        let Some(size) = std::fs::metadata(path).ok().map(|metadata| metadata.len()) else {
            return Ok(false);
        };
        let there = self.patiently(Method::HEAD, url).await?;
        Ok(part.is_whole(size) && part.is_of(&there) && part.agrees(path).await)
    }

    /// Tries until the part is whole.
    async fn complete(
        &self,
        url: &Url,
        part: &mut Part,
        told: &mut (dyn FnMut(Progress) + Send),
    ) -> Result<(), DownloadError> {
        let mut failures = 0;
        loop {
            let before = part.bytes();
            let failed = match attempt::run(&self.client, url, part, told).await {
                Ok(()) => return Ok(()),
                Err(failed) => failed,
            };
            if part.bytes() > before + WORTHWHILE_BYTES {
                failures = 0;
            }
            failures += 1;
            if !failed.may_pass() || failures >= self.tries {
                return Err(failed);
            }
            tokio::time::sleep(pause(failures)).await;
        }
    }

    /// A request of a small answer, tried as often as a file.
    async fn patiently(&self, method: Method, url: &Url) -> Result<Response, DownloadError> {
        let mut failures = 0;
        loop {
            let answered = self.once(method.clone(), url).await;
            failures += 1;
            match answered {
                Err(failed) if failed.may_pass() && failures < self.tries => tokio::time::sleep(pause(failures)).await,
                answered => return answered,
            }
        }
    }

    async fn once(&self, method: Method, url: &Url) -> Result<Response, DownloadError> {
        let sent = self.client.execute(Request::new(method, url.clone())).await;
        let response = sent.map_err(|error| DownloadError::request(url, &error))?;
        match response.status() {
            StatusCode::OK => Ok(response),
            status => Err(DownloadError::status(url, status)),
        }
    }

    /// The MD5 that is published for a file; `None` if the server has no such list, or the list not this file.
    async fn published(&self, checksums: &str, url: &Url) -> Result<Option<String>, DownloadError> {
        let list = self.resolve(checksums)?;
        let answer = match self.patiently(Method::GET, &list).await {
            Err(DownloadError::Missing { .. }) => return Ok(None),
            answer => answer?,
        };
        let text = answer
            .text()
            .await
            .map_err(|error| DownloadError::request(&list, &error))?;
        let name = url.path().rsplit('/').next().unwrap_or_default();
        Ok(checksum::find(&text, name))
    }
}

fn pause(failures: u32) -> Duration {
    (FIRST_PAUSE * 2_u32.saturating_pow(failures - 1)).min(LONGEST_PAUSE)
}
