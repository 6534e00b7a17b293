//! What every vault promises, whichever kind it is.

use backends::vault::{Archive, Retrieval, Tier, TreeHash, Vault, VaultError};
use bytes::Bytes;
use domain::JobId;
use futures_util::{Stream, stream};

use crate::eventually;

/// Bytes that are like no others of the same length a MiB away.
pub fn content(size: u64) -> Vec<u8> {
    (0..size).map(|at| (at * 31 % 251 + at / 65_536) as u8).collect()
}

/// The content as it comes from the object store: in pieces that fit no part.
fn pieces(content: &[u8]) -> impl Stream<Item = std::io::Result<Bytes>> + Send + Unpin + use<> {
    let pieces: Vec<_> = content.chunks(300_007).map(Bytes::copy_from_slice).map(Ok).collect();
    stream::iter(pieces)
}

pub async fn stored(vault: &impl Vault, job: JobId, content: &[u8]) -> Archive {
    let size = content.len() as u64;
    let upload = vault.begin(job, size).await.unwrap();
    vault.store(&upload, size, pieces(content)).await.unwrap()
}

/// Waits until a retrieval is ready.
pub async fn ready(vault: &impl Vault, archive: &Archive, retrieval: &str) {
    eventually("the retrieval", || async {
        let state = vault.retrieval(&archive.id, retrieval).await.unwrap();
        assert!(!matches!(state, Retrieval::Failed(_)), "{state:?}");
        (state == Retrieval::Ready).then_some(())
    })
    .await;
}

pub async fn goes_and_comes_back(vault: &impl Vault, size: u64) {
    let (job, content) = (JobId::random(), content(size));
    let archive = stored(vault, job, &content).await;
    assert_eq!(
        (archive.size, &archive.tree_hash),
        (size, &TreeHash::of(&content).to_string())
    );
    let retrieval = vault.request(&archive.id, job, Tier::Expedited).await.unwrap();
    assert_eq!(
        vault.retrieval(&archive.id, &retrieval).await.unwrap(),
        Retrieval::Underway
    );
    assert!(
        vault.read(&archive.id, &retrieval, 0, size).await.is_err(),
        "it is not ready"
    );
    ready(vault, &archive, &retrieval).await;
    for (start, end) in [(0, size), (0, 1), (size - 1, size), (1000, 9000), (5, 5)] {
        let bytes = vault.read(&archive.id, &retrieval, start, end).await.unwrap();
        assert_eq!(bytes, content[start as usize..end as usize], "bytes {start} to {end}");
    }
    let again = vault.request(&archive.id, job, Tier::Standard).await.unwrap();
    ready(vault, &archive, &again).await;
    for _ in 0..2 {
        vault.delete(&archive.id).await.unwrap();
    }
    let gone = vault.request(&archive.id, job, Tier::Standard).await;
    assert!(matches!(gone, Err(VaultError::NotFound)), "{gone:?}");
}

pub async fn a_broken_stream_is_refused(vault: &impl Vault, job: JobId) {
    let content = content(11 * 1024 * 1024);
    let size = content.len() as u64;
    for promised in [size - 1, size + 1] {
        let upload = vault.begin(job, promised).await.unwrap();
        let stored = vault.store(&upload, promised, pieces(&content)).await;
        assert!(matches!(stored, Err(VaultError::Request(_))), "{stored:?}");
    }
    let broken = [
        Ok(Bytes::from_static(b"begun")),
        Err(std::io::Error::other("the connection is gone")),
    ];
    let upload = vault.begin(job, size).await.unwrap();
    let stored = vault.store(&upload, size, stream::iter(broken)).await;
    assert!(matches!(stored, Err(VaultError::Request(_))), "{stored:?}");
    goes_on_where_it_broke_off(vault, &upload, &content).await;
}

/// Whoever finds a broken upload, or a complete one, ends up with the same archive.
async fn goes_on_where_it_broke_off(vault: &impl Vault, upload: &str, content: &[u8]) {
    let size = content.len() as u64;
    let first = vault.store(upload, size, pieces(content)).await.unwrap();
    assert_eq!(vault.store(upload, size, pieces(content)).await.unwrap(), first);
    vault.delete(&first.id).await.unwrap();
}

/// Uploads are broken off or tell of their archive, and whatever came of them goes.
pub async fn nothing_is_left_of_a_job(vault: &impl Vault, job: JobId) {
    let content = content(6 * 1024 * 1024);
    let size = content.len() as u64;
    let begun = vault.begin(job, size).await.unwrap();
    for _ in 0..2 {
        vault.break_off(&begun).await.unwrap();
    }
    // S3 takes what comes late, because an upload is but a key; a vault does not know the upload any more.
    let late = vault.store(&begun, size, pieces(&content)).await;
    assert!(matches!(late, Ok(_) | Err(VaultError::NotFound)), "{late:?}");

    let complete = vault.begin(job, size).await.unwrap();
    let archive = vault.store(&complete, size, pieces(&content)).await.unwrap();
    match vault.break_off(&complete).await {
        Ok(()) => {}
        Err(VaultError::NotFound) => {
            let again = vault.store(&complete, size, pieces(&content)).await.unwrap();
            assert_eq!(again, archive);
            vault.delete(&again.id).await.unwrap();
        }
        Err(other) => panic!("{other:?}"),
    }
    vault.erase(job).await.unwrap();
    for archive in late.ok().into_iter().chain([archive]) {
        let gone = vault.request(&archive.id, job, Tier::Standard).await;
        assert!(matches!(gone, Err(VaultError::NotFound)), "{gone:?}");
    }
}

pub async fn nothing_is_not_there(vault: &impl Vault, archive: String) {
    let requested = vault.request(&archive, JobId::random(), Tier::Expedited).await;
    assert!(matches!(requested, Err(VaultError::NotFound)), "{requested:?}");
    let retrieval = vault.retrieval(&archive, "nothing").await;
    assert!(matches!(retrieval, Err(VaultError::NotFound)), "{retrieval:?}");
    let read = vault.read(&archive, "nothing", 0, 10).await;
    assert!(matches!(read, Err(VaultError::NotFound)), "{read:?}");
    vault.delete(&archive).await.unwrap();
}
