//! `gas download`: files of jobs, under the names that they have on the pages.

use std::path::Path;

use domain::FileName;
use serde_json::json;

use crate::api::Api;
use crate::args::{DownloadArgs, FileKind};
use crate::failure::Failure;
use crate::jobs::path;
use crate::output::{Output, text};
use crate::transfer::{Bars, fetch};

/// How often a download that is cut off goes on by itself.
const TRIES: u32 = 5;

/// Downloads files of jobs.
pub async fn download(api: &Api, args: &DownloadArgs, out: Output) -> Result<(), Failure> {
    let bars = Bars::new(out);
    for id in &args.ids {
        for kind in &args.file {
            one(api, id, *kind, &args.output, &bars, out).await?;
        }
    }
    Ok(())
}

/// Downloads one file of a job, and says where it is.
pub async fn one(api: &Api, id: &str, kind: FileKind, folder: &Path, bars: &Bars, out: Output) -> Result<(), Failure> {
    let at = format!("{}/{}", path(id)?, kind.as_str());
    let mut tries = 0;
    let file = loop {
        tries += 1;
        // Each try has an address of its own: they are good for a minute.
        let there = api.get(&at).await?;
        // The name is the service's word, and must not lead out of the folder.
        let name = FileName::from_untrusted(text(&there, "file_name"));
        let name = unique(folder, name.as_str(), id, there["bytes"].as_u64());
        match fetch(api.plain(), &there, folder, &name, bars).await {
            Ok(file) => break file,
            Err(error) if tries >= TRIES => return Err(error.into()),
            Err(_) => tokio::time::sleep(std::time::Duration::from_secs(1)).await,
        }
    };
    let document = json!({ "id": id, "file": file });
    out.answer(&document, |_| file.display().to_string());
    Ok(())
}

/// The name, or the name after the job's ID where another file has it.
fn unique(folder: &Path, name: &str, id: &str, bytes: Option<u64>) -> String {
    let there = std::fs::metadata(folder.join(name)).ok().map(|file| file.len());
    match there {
        Some(other) if Some(other) != bytes => format!("{id}.{name}"),
        _ => name.to_owned(),
    }
}
