//! The emulator refuses uploads in parts that Glacier refuses.

use backends::vault::{LEAF, TreeHash};
use reqwest::Method;

use super::emulator::{Options, Vaults};
use super::raw::Raw;
use super::strict::linear;

const INVALID: &str = "InvalidParameterValueException";

async fn begun(vaults: &Vaults) -> String {
    let begin = Raw::new(Method::POST, "/vaults/gas-archive/multipart-uploads").header("x-amz-part-size", LEAF);
    let begun = begin.send(vaults).await;
    assert_eq!(begun.status(), 201);
    let id = begun.headers()["x-amz-multipart-upload-id"].to_str().unwrap();
    format!("/vaults/gas-archive/multipart-uploads/{id}")
}

fn part<'a>(upload: &'a str, range: &str, body: &'a [u8]) -> Raw<'a> {
    Raw::new(Method::PUT, upload)
        .header("content-range", range)
        .header("x-amz-content-sha256", linear(body))
        .header("x-amz-sha256-tree-hash", TreeHash::of(body))
        .body(body)
}

fn complete(upload: &str, size: u64, hash: TreeHash) -> Raw<'_> {
    Raw::new(Method::POST, upload)
        .header("x-amz-archive-size", size)
        .header("x-amz-sha256-tree-hash", hash)
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_have_a_size_of_a_power_of_two_mib() {
    let vaults = Vaults::start(Options::default()).await;
    for size in ["1000000", "3145728", "524288", "8589934592", "-1", "large"] {
        let begin = Raw::new(Method::POST, "/vaults/gas-archive/multipart-uploads").header("x-amz-part-size", size);
        let message = begin.refused(&vaults, 400, INVALID).await;
        assert!(message.starts_with(&format!("Invalid part size: {size}")), "{message}");
    }
    let silent = Raw::new(Method::POST, "/vaults/gas-archive/multipart-uploads");
    silent.refused(&vaults, 400, "MissingParameterValueException").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_is_where_and_what_its_headers_say() {
    let vaults = Vaults::start(Options::default()).await;
    let upload = begun(&vaults).await;
    let (body, long) = (vec![1; 1_048_576], vec![1; 1_048_577]);
    for range in [
        "bytes 5-1048580/*",
        "bytes 0-1048574/*",
        "bytes 0-1048575/1048576",
        "0-1048575",
    ] {
        part(&upload, range, &body).refused(&vaults, 400, INVALID).await;
    }
    part(&upload, "bytes 0-1048576/*", &long)
        .refused(&vaults, 400, INVALID)
        .await;
    let mut wrong = part(&upload, "bytes 0-1048575/*", &body);
    wrong.headers.retain(|(name, _)| *name != "x-amz-sha256-tree-hash");
    wrong
        .header("x-amz-sha256-tree-hash", TreeHash::of(b"other"))
        .refused(&vaults, 400, INVALID)
        .await;
    let mut silent = part(&upload, "bytes 0-1048575/*", &body);
    silent.headers.retain(|(name, _)| *name != "content-range");
    silent.refused(&vaults, 400, "MissingParameterValueException").await;
    let nowhere = part(
        "/vaults/gas-archive/multipart-uploads/nobody",
        "bytes 0-1048575/*",
        &body,
    );
    nowhere.refused(&vaults, 404, "ResourceNotFoundException").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_becomes_an_archive_once_it_is_whole_and_only_once() {
    let vaults = Vaults::start(Options::default()).await;
    let upload = begun(&vaults).await;
    let whole: Vec<u8> = (0..2_500_000).map(|at| (at % 251) as u8).collect();
    let (size, hash) = (whole.len() as u64, TreeHash::of(&whole));
    complete(&upload, 0, TreeHash::of(b""))
        .refused(&vaults, 400, INVALID)
        .await;
    // In any order, and one of them twice.
    let parts: Vec<&[u8]> = whole.chunks(1_048_576).collect();
    for (range, body) in [("bytes 2097152-2499999/*", parts[2]), ("bytes 0-1048575/*", parts[0])] {
        assert_eq!(part(&upload, range, body).send(&vaults).await.status(), 204);
    }
    let message = complete(&upload, size, hash).refused(&vaults, 400, INVALID).await;
    assert_eq!(message, "Missing content range: 1048576-2097151");
    for body in [parts[0], parts[1]] {
        assert_eq!(
            part(&upload, "bytes 1048576-2097151/*", body)
                .send(&vaults)
                .await
                .status(),
            204
        );
    }
    complete(&upload, size + 1, hash).refused(&vaults, 400, INVALID).await;
    complete(&upload, size, TreeHash::of(b"other"))
        .refused(&vaults, 400, INVALID)
        .await;
    let listed: serde_json::Value = Raw::new(Method::GET, &upload).send(&vaults).await.json().await.unwrap();
    assert_eq!(listed["Parts"][2]["RangeInBytes"], "2097152-2499999");
    assert_eq!(listed["Parts"][1]["SHA256TreeHash"], TreeHash::of(parts[1]).to_string());
    let first = complete(&upload, size, hash).send(&vaults).await;
    let second = complete(&upload, size, hash).send(&vaults).await;
    assert_eq!((first.status().as_u16(), second.status().as_u16()), (201, 201));
    assert_eq!(
        first.headers()["x-amz-archive-id"],
        second.headers()["x-amz-archive-id"]
    );
    Raw::new(Method::GET, &upload)
        .refused(&vaults, 404, "ResourceNotFoundException")
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_aborted_upload_is_gone() {
    let vaults = Vaults::start(Options::default()).await;
    let upload = begun(&vaults).await;
    assert_eq!(part(&upload, "bytes 0-2/*", b"abc").send(&vaults).await.status(), 204);
    assert_eq!(Raw::new(Method::DELETE, &upload).send(&vaults).await.status(), 204);
    complete(&upload, 3, TreeHash::of(b"abc"))
        .refused(&vaults, 404, "ResourceNotFoundException")
        .await;
}
