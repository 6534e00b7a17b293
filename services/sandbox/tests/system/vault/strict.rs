//! The emulator refuses requests that Glacier refuses: by whom they are, and of which vault.

use backends::vault::TreeHash;
use reqwest::Method;
use sha2::{Digest, Sha256};

use super::emulator::{Options, Vaults};
use super::raw::{Raw, refused};

/// SHA-256 as header.
pub fn linear(body: &[u8]) -> String {
    Sha256::digest(body).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// An upload whose headers are right.
pub fn upload(body: &[u8]) -> Raw<'_> {
    Raw::new(Method::POST, "/vaults/gas-archive/archives")
        .header("x-amz-content-sha256", linear(body))
        .header("x-amz-sha256-tree-hash", TreeHash::of(body))
        .body(body)
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_has_the_key_is_served() {
    let vaults = Vaults::start(Options::default()).await;
    let unsigned = reqwest::get(format!("{}/-/vaults", vaults.url)).await.unwrap();
    refused(unsigned, 400, "MissingAuthenticationTokenException").await;
    let wrong = Raw {
        secret: Some("guessed"),
        ..Raw::new(Method::GET, "/vaults")
    };
    wrong.refused(&vaults, 403, "InvalidSignatureException").await;
    let foreign = Raw {
        account: "111122223333",
        ..Raw::new(Method::GET, "/vaults")
    };
    foreign.refused(&vaults, 403, "AccessDeniedException").await;
    assert_eq!(Raw::new(Method::GET, "/vaults").send(&vaults).await.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_version_of_the_api_is_said() {
    let vaults = Vaults::start(Options::default()).await;
    let silent = Raw {
        headers: Vec::new(),
        ..Raw::new(Method::GET, "/vaults")
    };
    silent.refused(&vaults, 400, "MissingParameterValueException").await;
    let newer = Raw {
        headers: vec![("x-amz-glacier-version", "2040-01-01".into())],
        ..Raw::new(Method::GET, "/vaults")
    };
    newer.refused(&vaults, 400, "InvalidParameterValueException").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn vaults_are_made_listed_and_deleted_when_empty() {
    let vaults = Vaults::start(Options::default()).await;
    let message = Raw::new(Method::GET, "/vaults/nobody")
        .refused(&vaults, 404, "ResourceNotFoundException")
        .await;
    assert_eq!(
        message,
        "Vault not found for ARN: arn:aws:glacier:us-east-1:000000000000:vaults/nobody"
    );
    Raw::new(Method::PUT, "/vaults/no~name")
        .refused(&vaults, 400, "InvalidParameterValueException")
        .await;
    for _ in 0..2 {
        let made = Raw::new(Method::PUT, "/vaults/another").send(&vaults).await;
        assert_eq!(made.status(), 201);
        assert_eq!(made.headers()["location"], "/000000000000/vaults/another");
    }
    let client = vaults.client().await;
    let first = client.list_vaults().limit(1).send().await.unwrap();
    assert_eq!(first.vault_list()[0].vault_name(), Some("another"));
    let second = client.list_vaults().set_marker(first.marker).send().await.unwrap();
    assert_eq!((second.vault_list().len(), second.marker), (1, None));
    assert_eq!(upload(b"kept").send(&vaults).await.status(), 201);
    Raw::new(Method::DELETE, "/vaults/gas-archive")
        .refused(&vaults, 400, "InvalidParameterValueException")
        .await;
    for _ in 0..2 {
        assert_eq!(
            Raw::new(Method::DELETE, "/vaults/another").send(&vaults).await.status(),
            204
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_is_what_both_its_hashes_say() {
    let vaults = Vaults::start(Options::default()).await;
    let body = vec![7; 3_000_000];
    let without = Raw::new(Method::POST, "/vaults/gas-archive/archives").header("x-amz-content-sha256", linear(&body));
    without
        .body(&body)
        .refused(&vaults, 400, "MissingParameterValueException")
        .await;
    for (tree, sha256) in [
        (TreeHash::of(b"other").to_string(), linear(&body)),
        (linear(&body), linear(&body)),
    ] {
        let wrong = Raw::new(Method::POST, "/vaults/gas-archive/archives")
            .header("x-amz-content-sha256", sha256)
            .header("x-amz-sha256-tree-hash", tree);
        let message = wrong
            .body(&body)
            .refused(&vaults, 400, "InvalidParameterValueException")
            .await;
        assert!(message.starts_with("Checksum mismatch: expected "), "{message}");
    }
    // The signature covers the true hash of the body, the header another.
    let wrong = Raw::new(Method::POST, "/vaults/gas-archive/archives")
        .header("x-amz-content-sha256", linear(b"other"))
        .header("x-amz-sha256-tree-hash", TreeHash::of(&body));
    wrong
        .body(&body)
        .refused(&vaults, 400, "InvalidParameterValueException")
        .await;
    upload(b"")
        .refused(&vaults, 400, "InvalidParameterValueException")
        .await;
    let long = upload(&body).header("x-amz-archive-description", "d".repeat(1025));
    long.refused(&vaults, 400, "InvalidParameterValueException").await;
    let taken = upload(&body).send(&vaults).await;
    assert_eq!(taken.status(), 201);
    assert_eq!(
        taken.headers()["x-amz-sha256-tree-hash"],
        TreeHash::of(&body).to_string()
    );
    assert_eq!(taken.headers()["x-amz-archive-id"].len(), 138);
}
