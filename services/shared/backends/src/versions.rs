//! Deleting in S3 for good. Where a bucket keeps versions, a deletion by key only hides the object; what is to be gone is
//! deleted version by version.

use anyhow::{Context, Result, bail};
use aws_sdk_s3::Client;
use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::operation::abort_multipart_upload::AbortMultipartUploadError;
use aws_sdk_s3::types::MultipartUpload;
use futures_util::{StreamExt, TryStreamExt, stream};

/// Deletions that are underway at once.
const AT_ONCE: usize = 8;
/// Pages of a thousand that are deleted in one go; what is left is found by whoever looks again.
const MOST_PAGES: usize = 100;
/// What S3 calls the version of an object in a bucket that keeps none.
const UNVERSIONED: &str = "null";

/// Deletes every version of every object whose key begins with `prefix`, marks of earlier deletions included. Gives how
/// many versions there were.
pub(crate) async fn erase(client: &Client, bucket: &str, prefix: &str) -> Result<u64> {
    let mut erased = 0;
    for _ in 0..MOST_PAGES {
        let page = client.list_object_versions().bucket(bucket).prefix(prefix).send().await;
        let page = page.with_context(|| format!("list the versions below {prefix} in {bucket}"))?;
        let versions = page.versions().iter().map(|one| (one.key(), one.version_id()));
        let marks = page.delete_markers().iter().map(|one| (one.key(), one.version_id()));
        let found: Vec<(String, String)> = versions.chain(marks).filter_map(named).collect();
        if found.is_empty() {
            return Ok(erased);
        }
        let delete = |(key, version): (String, String)| delete_version(client, bucket, key, version);
        stream::iter(found.into_iter().map(delete))
            .buffer_unordered(AT_ONCE)
            .try_collect::<()>()
            .await?;
        erased += page.versions().len() as u64;
    }
    bail!("there is more below {prefix} in {bucket} than is deleted in one go")
}

/// Breaks off the uploads in parts whose keys begin with `prefix`: whoever is at one can end it no more.
pub(crate) async fn abort_uploads(client: &Client, bucket: &str, prefix: &str) -> Result<()> {
    for _ in 0..MOST_PAGES {
        let page = client
            .list_multipart_uploads()
            .bucket(bucket)
            .prefix(prefix)
            .send()
            .await;
        let page = page.with_context(|| format!("list the uploads below {prefix} in {bucket}"))?;
        let named = |upload: &MultipartUpload| Some((upload.key.clone()?, upload.upload_id.clone()?));
        let found: Vec<_> = page.uploads().iter().filter_map(named).collect();
        if found.is_empty() {
            return Ok(());
        }
        let abort = |(key, id): (String, String)| abort(client, bucket, key, id);
        stream::iter(found.into_iter().map(abort))
            .buffer_unordered(AT_ONCE)
            .try_collect::<()>()
            .await?;
    }
    bail!("there are more uploads below {prefix} in {bucket} than are broken off in one go")
}

async fn abort(client: &Client, bucket: &str, key: String, id: String) -> Result<()> {
    let request = client.abort_multipart_upload().bucket(bucket).key(&key).upload_id(id);
    match request.send().await {
        Ok(_) => Ok(()),
        Err(SdkError::ServiceError(e)) if is_gone(e.err()) => Ok(()),
        Err(error) => Err(error).with_context(|| format!("break off an upload of {key}")),
    }
}

fn is_gone(error: &AbortMultipartUploadError) -> bool {
    error.is_no_such_upload()
}

fn named((key, version): (Option<&str>, Option<&str>)) -> Option<(String, String)> {
    Some((key?.to_owned(), version.unwrap_or(UNVERSIONED).to_owned()))
}

async fn delete_version(client: &Client, bucket: &str, key: String, version: String) -> Result<()> {
    let request = client.delete_object().bucket(bucket).key(&key).version_id(version);
    request
        .send()
        .await
        .with_context(|| format!("delete a version of {key} in {bucket}"))?;
    Ok(())
}
