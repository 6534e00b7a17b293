//! Fetches UCSC's tables.

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use annotation::build::TABLES;
use anyhow::{Context, Result, bail};
use indicatif::{ProgressBar, ProgressStyle};
use reqwest::StatusCode;
use tempfile::TempDir;

/// UCSC's download server; the assembly's name follows.
const UCSC: &str = "https://hgdownload.soe.ucsc.edu/goldenPath";

/// How long the server may be silent.
const PATIENCE: Duration = Duration::from_secs(60);

/// Fetches the tables of an assembly into a folder that lives as long as the result. Tables that the server does not
/// have are left out.
pub(super) fn tables(address: Option<&str>, assembly: &str) -> Result<TempDir> {
    let address = address.map_or_else(
        || format!("{UCSC}/{assembly}"),
        |address| address.trim_end_matches('/').to_owned(),
    );
    let folder = TempDir::with_prefix("gas-tables-").context("make a folder for the tables")?;
    let database = folder.path().join("database");
    std::fs::create_dir(&database)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    // Another part of the program may have chosen it already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    runtime.block_on(async {
        let client = reqwest::Client::builder().read_timeout(PATIENCE).build()?;
        let mut found = 0;
        for table in TABLES {
            let file = format!("{table}.txt.gz");
            let url = format!("{address}/database/{file}");
            found += u32::from(
                fetch(&client, &url, &database.join(file))
                    .await
                    .with_context(|| format!("could not fetch {url}"))?,
            );
        }
        match found {
            0 => bail!("{address}/database/ has none of the tables; is the assembly's name right?"),
            _ => Ok(()),
        }
    })?;
    Ok(folder)
}

/// Fetches a file; `false` if the server does not have it.
async fn fetch(client: &reqwest::Client, url: &str, path: &Path) -> Result<bool> {
    let mut response = client.get(url).send().await?;
    if response.status() == StatusCode::NOT_FOUND {
        return Ok(false);
    }
    response.error_for_status_ref()?;
    let bar = ProgressBar::new(response.content_length().unwrap_or(0));
    if let Ok(style) = ProgressStyle::with_template("{msg:<28} {bytes:>10} of {total_bytes}") {
        bar.set_style(style);
    }
    bar.set_message(
        path.file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default(),
    );
    let mut file = std::fs::File::create(path)?;
    while let Some(chunk) = response.chunk().await? {
        file.write_all(&chunk)?;
        bar.inc(chunk.len() as u64);
    }
    bar.finish_and_clear();
    Ok(true)
}
