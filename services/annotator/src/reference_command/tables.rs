//! Fetches UCSC's tables.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use reference::build;
use tempfile::TempDir;

use crate::download::{DownloadError, DownloadSettings, Downloader, Fetched, Shown, Wanted};

/// UCSC's download server; the assembly's name follows.
const UCSC: &str = "https://hgdownload.soe.ucsc.edu/goldenPath";

/// Fetches the tables of an assembly into a folder that lives as long as the result.
pub(super) fn into_temporary(address: Option<&str>, assembly: &str, settings: &DownloadSettings) -> Result<TempDir> {
    let address = address.map_or_else(|| format!("{UCSC}/{assembly}"), str::to_owned);
    let folder = TempDir::with_prefix("gas-tables-").context("make a folder for the tables")?;
    let downloader = Downloader::new(settings)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(into(&downloader, &address, folder.path(), &[]))?;
    Ok(folder)
}

/// Fetches the tables, except those of these names, into `database/` of a folder. What the server does not have is left
/// out, as long as it has any.
pub(super) async fn into(
    downloader: &Downloader,
    address: &str,
    folder: &Path,
    except: &[&str],
) -> Result<Vec<Fetched>> {
    let database = folder.join("database");
    std::fs::create_dir_all(&database).with_context(|| format!("could not make {}", database.display()))?;
    let mut fetched = Vec::new();
    for (file, address) in addresses(address) {
        if !except.contains(&file.as_str()) {
            fetched.extend(table(downloader, &address, &database.join(&file)).await?);
        }
    }
    match fetched.is_empty() {
        true => bail!(
            "{}/database/ has none of the tables; is the assembly's name right?",
            downloader.resolve(address)?.as_str().trim_end_matches('/')
        ),
        false => Ok(fetched),
    }
}

/// The file of each table, and its address.
fn addresses(address: &str) -> impl Iterator<Item = (String, String)> {
    let address = address.trim_end_matches('/');
    build::tables().map(move |table| {
        let file = format!("{table}.txt.gz");
        let address = format!("{address}/database/{file}");
        (file, address)
    })
}

async fn table(downloader: &Downloader, address: &str, path: &PathBuf) -> Result<Option<Fetched>> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let mut shown = Shown::new(&name);
    let wanted = Wanted {
        address,
        checksums: None,
    };
    match downloader
        .fetch(wanted, path, &mut |progress| shown.hear(progress))
        .await
    {
        Ok(fetched) => Ok(Some(fetched)),
        Err(DownloadError::Missing { .. }) => {
            // One of an earlier run, which the server no longer has.
            let _ = std::fs::remove_file(path);
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}
