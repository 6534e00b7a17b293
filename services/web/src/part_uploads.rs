//! Uploads in parts, for Premium: what pages and the API offer of [`backends::object_store`]'s. An upload is the job that it
//! becomes, below its owner's own prefix, so nobody reaches another's by any id.
//!
//! Whoever dies at any line comes back with the id and is told which parts are there. What is asked twice is done once.

use std::time::Duration;

use backends::object_store::{PutTogether, SignedPart, Unfinished, UploadedPart};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use domain::{FileName, JobId, JobSettings, Plan, User, keys, may_be_part, part_bytes, parts_of, size};
use sha2::{Digest, Sha256};

use crate::app::Application;
use crate::error::PageError;
use crate::no_file::NoFile;
use crate::pages::check_size;

/// How long the address of a part may be used: enough to begin it. Whoever comes later asks for another.
const PART_VALID_FOR: Duration = Duration::from_secs(900);
/// How many uploads one person may have begun and not ended.
const MOST_UNFINISHED: usize = 50;
/// How many missing parts are named.
const NAMED: usize = 5;

/// How far an upload is.
pub struct PartUpload {
    /// What every part but the last has, in bytes.
    pub part_bytes: u64,
    /// Whether the parts are put together: then none is listed.
    pub is_complete: bool,
    /// The parts that are there, by number.
    pub parts: Vec<UploadedPart>,
}

/// A part that somebody wants to upload.
pub struct Claim {
    /// From 1.
    pub number: u32,
    /// Its size.
    pub bytes: u64,
    /// The SHA-256 of its bytes, as base64.
    pub sha256: String,
}

/// Begins the upload of a file, of so many bytes if that is said, or finds it as it was left.
pub async fn begin(
    app: &Application,
    user: &User,
    job: JobId,
    name: &FileName,
    bytes: Option<u64>,
    settings: JobSettings,
) -> Result<PartUpload, PageError> {
    let largest = largest(app, user)?;
    if let Some(bytes) = bytes {
        check_size(bytes, user.role.plan(), &app.input_limits)?;
    }
    let key = keys::input(user.id, job);
    let unfinished = app.objects.unfinished(&keys::of_user(user.id)).await?;
    if let Some(upload) = unfinished.iter().find(|upload| upload.key == key) {
        let parts = app.objects.parts(upload).await?;
        return Ok(PartUpload::underway(largest, parts.unwrap_or_default()));
    }
    let stored = app.objects.uploaded(&key).await?;
    if stored.is_some_and(|stored| bytes.is_none_or(|bytes| bytes == stored.size)) {
        return Ok(PartUpload::complete(largest));
    }
    if unfinished.len() >= MOST_UNFINISHED {
        return Err(PageError::TooManyAtOnce(
            "Too many uploads are unfinished",
            format!("You have begun {MOST_UNFINISHED} uploads and not ended them. Go on with some, or discard them."),
        ));
    }
    app.objects.begin_parts(&key, name, settings).await?;
    Ok(PartUpload::underway(largest, Vec::new()))
}

/// How far the upload is.
pub async fn state(app: &Application, user: &User, job: JobId) -> Result<PartUpload, PageError> {
    let largest = app.input_limits.premium.bytes;
    let key = keys::input(user.id, job);
    if let Some(upload) = find(app, &key).await?
        && let Some(parts) = app.objects.parts(&upload).await?
    {
        return Ok(PartUpload::underway(largest, parts));
    }
    let stored = app.objects.uploaded(&key).await?;
    stored.ok_or(PageError::NoFile(NoFile::Upload))?;
    Ok(PartUpload::complete(largest))
}

/// Requests that upload these parts, in their order, each for its very bytes.
pub async fn sign(app: &Application, user: &User, job: JobId, claims: &[Claim]) -> Result<Vec<SignedPart>, PageError> {
    let largest = largest(app, user)?;
    let upload = find(app, &keys::input(user.id, job)).await?;
    let upload = upload.ok_or(PageError::NoFile(NoFile::Upload))?;
    let mut signed = Vec::with_capacity(claims.len());
    for claim in claims {
        check(claim, largest)?;
        let part = app
            .objects
            .sign_part(&upload, claim.number, claim.bytes, &claim.sha256, PART_VALID_FOR);
        signed.push(part.await?);
    }
    Ok(signed)
}

/// Puts the parts of a file of so many bytes together; with `sha256` ([`composite`]) only if they are the parts of that file.
pub async fn complete(
    app: &Application,
    user: &User,
    job: JobId,
    bytes: u64,
    sha256: Option<&str>,
) -> Result<(), PageError> {
    let largest = largest(app, user)?;
    check_size(bytes, user.role.plan(), &app.input_limits)?;
    let key = keys::input(user.id, job);
    let Some(upload) = find(app, &key).await? else {
        return completed_before(app, &key, bytes).await;
    };
    let Some(there) = app.objects.parts(&upload).await? else {
        return completed_before(app, &key, bytes).await;
    };
    let parts = match whole(there, bytes, part_bytes(largest)) {
        Ok(parts) => parts,
        // Somebody has put them together and begun anew.
        Err(_) if completed_before(app, &key, bytes).await.is_ok() => return Ok(()),
        Err(missing) => return Err(missing),
    };
    if sha256.is_some_and(|said| said != composite(&parts)) {
        return Err(PageError::Conflict(
            "These are parts of another file",
            "What was uploaded is not the file that it is said to be. Upload again the parts that differ, or discard the upload."
                .into(),
        ));
    }
    match app.objects.put_together(&upload, &parts).await? {
        PutTogether::Now => Ok(()),
        PutTogether::Gone => completed_before(app, &key, bytes).await,
        PutTogether::Changed => Err(PageError::Conflict(
            "A part has changed meanwhile",
            "Somebody uploads the same file at the same time. Ask which parts are there, and go on.".into(),
        )),
    }
}

/// Breaks the upload off; what is there of it is gone. One that is not there is no error.
pub async fn discard(app: &Application, user: &User, job: JobId) -> Result<(), PageError> {
    // All of its key: of two that were begun at once one would be left.
    let unfinished = app.objects.unfinished(&keys::input(user.id, job)).await?;
    for upload in &unfinished {
        app.objects.break_off_parts(upload).await?;
    }
    Ok(())
}

/// The largest file that the person may upload in parts.
fn largest(app: &Application, user: &User) -> Result<u64, PageError> {
    match user.role.plan() {
        Plan::Premium => Ok(app.input_limits.premium.bytes),
        Plan::Free => Err(PageError::PremiumNeeded(
            "Uploads in parts, which go on where they stopped, are for Premium. On the Free plan upload the file with the form.",
        )),
    }
}

async fn find(app: &Application, key: &str) -> Result<Option<Unfinished>, PageError> {
    let unfinished = app.objects.unfinished(key).await?;
    Ok(unfinished.into_iter().find(|upload| upload.key == key))
}

fn check(claim: &Claim, largest: u64) -> Result<(), PageError> {
    match may_be_part(claim.number, claim.bytes, largest) {
        true => Ok(()),
        false => Err(PageError::TooLarge(format!(
            "Part {} cannot have {} bytes: every part has {}, the last one may have less, and all together have at most {}.",
            claim.number,
            claim.bytes,
            size(part_bytes(largest)),
            size(largest)
        ))),
    }
}

async fn completed_before(app: &Application, key: &str, bytes: u64) -> Result<(), PageError> {
    match app.objects.uploaded(key).await? {
        Some(stored) if stored.size == bytes => Ok(()),
        Some(stored) => Err(PageError::Conflict(
            "Another file was uploaded",
            format!("What was uploaded has {} bytes, not {bytes}.", stored.size),
        )),
        None => Err(PageError::NoFile(NoFile::Upload)),
    }
}

/// Those of the parts that make a file of so many bytes, if all are there.
fn whole(there: Vec<UploadedPart>, bytes: u64, part: u64) -> Result<Vec<UploadedPart>, PageError> {
    let is_of = |uploaded: &UploadedPart| (uploaded.number, uploaded.bytes);
    let wanted: Vec<_> = parts_of(bytes, part).collect();
    let fit: Vec<_> = there
        .into_iter()
        .filter(|one| wanted.binary_search(&is_of(one)).is_ok())
        .collect();
    if fit.len() == wanted.len() && !fit.is_empty() {
        return Ok(fit);
    }
    let missing = wanted
        .iter()
        .filter(|wanted| !fit.iter().any(|part| is_of(part) == **wanted));
    let missing: Vec<_> = missing.map(|(number, _)| number.to_string()).collect();
    let more = if missing.len() > NAMED { ", …" } else { "" };
    let named = missing[..missing.len().min(NAMED)].join(", ");
    Err(PageError::Conflict(
        "Parts are missing",
        format!(
            "Of {} parts these are not there, or not whole: {named}{more}.",
            wanted.len()
        ),
    ))
}

/// The SHA-256 of the parts' SHA-256, one after the other, as base64: what S3 calls a composite checksum.
fn composite(parts: &[UploadedPart]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(BASE64_STANDARD.decode(&part.sha256).unwrap_or_default());
    }
    BASE64_STANDARD.encode(hash.finalize())
}

/// Whether a text is a SHA-256, as base64.
#[must_use]
pub fn is_digest(text: &str) -> bool {
    BASE64_STANDARD.decode(text).is_ok_and(|digest| digest.len() == 32)
}

impl Claim {
    /// Reads what a part is said to be.
    pub fn parse(number: u64, bytes: u64, sha256: &str) -> Result<Self, PageError> {
        match u32::try_from(number).ok().filter(|_| is_digest(sha256)) {
            Some(number) => Ok(Self {
                number,
                bytes,
                sha256: sha256.to_owned(),
            }),
            None => Err(PageError::BadRequest(
                "A part has a number, its bytes, and their SHA-256 as base64.".into(),
            )),
        }
    }
}

impl PartUpload {
    fn underway(largest: u64, parts: Vec<UploadedPart>) -> Self {
        Self {
            part_bytes: part_bytes(largest),
            is_complete: false,
            parts,
        }
    }

    fn complete(largest: u64) -> Self {
        Self {
            is_complete: true,
            ..Self::underway(largest, Vec::new())
        }
    }
}
