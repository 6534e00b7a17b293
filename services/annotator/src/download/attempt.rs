//! One attempt at what is missing of a file.

use reqwest::header::{CONTENT_RANGE, IF_RANGE, RANGE};
use reqwest::{Client, Response, StatusCode, Url};

use super::error::innermost;
use super::part::Part;
use super::{DownloadError, Progress, space};

/// Asks for what is missing, and adds what arrives.
pub(super) async fn run(
    client: &Client,
    url: &Url,
    part: &mut Part,
    told: &mut (dyn FnMut(Progress) + Send),
) -> Result<(), DownloadError> {
    let have = part.bytes();
    if have > 0 && part.is_whole(have) {
        return Ok(());
    }
    let response = ask(client, url, part, have).await?;
    match response.status() {
        StatusCode::PARTIAL_CONTENT if continues(&response, have) && part.goes_on_with(&response) => {
            take(response, url, part, have, told).await
        }
        StatusCode::OK => take(response, url, part, 0, told).await,
        // A range of another version, of which the server should have sent all, or one that is not of this file.
        StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE => {
            part.discard();
            let whole = ask(client, url, part, 0).await?;
            match whole.status() {
                StatusCode::OK => take(whole, url, part, 0, told).await,
                status => Err(DownloadError::status(url, status)),
            }
        }
        status => Err(DownloadError::status(url, status)),
    }
}

/// Asks for the bytes from `have` on of the version that was begun; a server that has another by now sends all of that.
async fn ask(client: &Client, url: &Url, part: &Part, have: u64) -> Result<Response, DownloadError> {
    let mut request = client.get(url.clone());
    if let Some(validator) = part.validator().filter(|_| have > 0) {
        request = request
            .header(RANGE, format!("bytes={have}-"))
            .header(IF_RANGE, validator);
    }
    request
        .send()
        .await
        .map_err(|error| DownloadError::request(url, &error))
}

/// Whether an answer begins where the part ends: `bytes 1000-1999/2000`.
fn continues(response: &Response, have: u64) -> bool {
    let range = response
        .headers()
        .get(CONTENT_RANGE)
        .and_then(|range| range.to_str().ok());
    let first = range.and_then(|range| range.strip_prefix("bytes ")?.split('-').next()?.parse().ok());
    first == Some(have)
}

async fn take(
    mut response: Response,
    url: &Url,
    part: &mut Part,
    have: u64,
    told: &mut (dyn FnMut(Progress) + Send),
) -> Result<(), DownloadError> {
    let mut file = match have {
        0 => part.begin(&response)?,
        _ => part.go_on()?,
    };
    let total = part.size();
    if let (Some(total), Some(folder)) = (total, part.path().parent()) {
        space::require(folder, total.saturating_sub(have))?;
    }
    let mut done = have;
    loop {
        told(Progress { done, total });
        match response.chunk().await {
            Ok(Some(bytes)) => {
                part.add(&mut file, &bytes)?;
                done += bytes.len() as u64;
            }
            Ok(None) if total.is_none_or(|total| total == done) => return Ok(()),
            Ok(None) => {
                return Err(DownloadError::broke_off(
                    url,
                    done,
                    "the server sent no more".to_owned(),
                ));
            }
            Err(error) => return Err(DownloadError::broke_off(url, done, innermost(&error))),
        }
    }
}
