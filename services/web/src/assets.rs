//! Static files, built into the binary: stylesheet, scripts, pictures, the sample VCF.

use std::borrow::Cow;
use std::fmt::Write;
use std::sync::LazyLock;

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue};
use rust_embed::Embed;
use sha2::{Digest, Sha256};
use warp::path::Tail;
use warp::reply::Response;

use crate::error::PageError;

#[derive(Embed)]
#[folder = "static/"]
struct Files;

/// Changes whenever a static file does; pages ask for `/static/<name>?v=<version>`, so that browsers may keep the
/// files for ever.
pub static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut names: Vec<_> = Files::iter().collect();
    names.sort();
    let mut digest = Sha256::new();
    for file in names.iter().filter_map(|name| Files::get(name)) {
        digest.update(file.metadata.sha256_hash());
    }
    digest.finalize().iter().take(6).fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
});

/// `GET /static/<name>`.
pub async fn show(name: Tail) -> Result<Response, PageError> {
    let file = Files::get(name.as_str()).ok_or(PageError::NotFound)?;
    let bytes = match file.data {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => Bytes::from(bytes),
    };
    let mut response = Response::new(bytes.into());
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type(name.as_str())));
    headers.insert(
        CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=31536000, immutable"),
    );
    if name.as_str().ends_with(".vcf") {
        headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    }
    Ok(response)
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "vcf" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
