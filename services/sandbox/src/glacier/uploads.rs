//! Uploads in parts: initiate, parts in any order, list, complete, abort.
//!
//! <https://docs.aws.amazon.com/amazonglacier/latest/dev/multipart-archive-operations.html>

use std::fs::{self, File};

use backends::vault::{LEAF, TreeHash};
use http::StatusCode;
use serde_json::json;

use super::call::Call;
use super::emulator::{Answer, Emulator, document, empty, new_id};
use super::listing::page;
use super::range::Span;
use super::refusal::Refusal;
use super::state::{Archive, Moment, Part, Upload, Vault};

/// The largest part, and how many there may be.
const LARGEST_PART: u64 = 4 * 1024 * LEAF;
const MOST_PARTS: usize = 10_000;
/// Uploads or parts on one page.
const PAGE: usize = 50;

impl Emulator {
    /// Begins an upload whose parts, all but the last, have one size: a power of two MiB.
    pub fn initiate_upload(&self, vault: &str, call: &Call) -> Answer {
        let said = call.header("x-amz-part-size")?;
        let valid = |size: &u64| (LEAF..=LARGEST_PART).contains(size) && size.is_power_of_two();
        let Some(part_size) = said.parse().ok().filter(valid) else {
            return Err(Refusal::invalid(format!(
                "Invalid part size: {said}. Part size must not be null, must be a power of two and be between \
                 {LEAF} and {LARGEST_PART} bytes."
            )));
        };
        let (id, description) = (new_id(92), call.archive_description()?);
        let upload = Upload {
            description,
            created: Moment::now(),
            part_size,
            parts: Default::default(),
            archive: None,
        };
        self.change(vault, |vault| Ok(vault.uploads.insert(id.clone(), upload)))?;
        let location = self.location(&format!("{vault}/multipart-uploads/{id}"));
        empty(
            StatusCode::CREATED,
            [("Location", location), ("x-amz-multipart-upload-id", id)],
        )
    }

    /// Takes a part; the same part again replaces it.
    pub fn upload_part(&self, vault: &str, id: &str, call: Call) -> Answer {
        let said = call.header("content-range")?;
        let span = Span::of_part(said).ok_or_else(|| Refusal::invalid(format!("Invalid Content-Range: {said}")))?;
        let part_size = self.look(vault, |vault| Ok(underway(vault, id)?.part_size))?;
        if span.length() != call.payload.size || span.length() > part_size {
            return Err(Refusal::invalid(format!(
                "Content-Range {said} does not fit a part of {} bytes where parts have {part_size}",
                call.payload.size
            )));
        }
        if !span.start.is_multiple_of(part_size) {
            return Err(Refusal::invalid(format!(
                "Content-Range {said} does not begin at a multiple of the part size {part_size}"
            )));
        }
        call.check_hashes()?;
        let part = Part {
            size: call.payload.size,
            tree_hash: call.payload.tree_hash.to_string(),
        };
        let tree_hash = part.tree_hash.clone();
        let path = self.store.part(id, span.start);
        self.change(vault, |vault| {
            let parts = &mut underway_mut(vault, id)?.parts;
            if parts.len() >= MOST_PARTS && !parts.contains_key(&span.start) {
                return Err(Refusal::invalid("An upload has at most 10,000 parts"));
            }
            call.payload.keep(&path)?;
            parts.insert(span.start, part);
            Ok(())
        })?;
        empty(StatusCode::NO_CONTENT, [("x-amz-sha256-tree-hash", tree_hash)])
    }

    /// Makes one archive of all parts, if there is no gap and the whole is what the headers say.
    pub fn complete_upload(&self, vault: &str, id: &str, call: &Call) -> Answer {
        let said = call.header("x-amz-archive-size")?;
        let archive_id = self.change(vault, |vault| {
            let upload = vault.uploads.get_mut(id).ok_or_else(|| unknown(id))?;
            if let Some(earlier) = &upload.archive {
                return Ok(earlier.clone());
            }
            let (size, hash) = assembled(upload)?;
            if said.parse() != Ok(size) {
                return Err(Refusal::invalid(format!(
                    "Invalid archive size: {said}, the parts have {size} bytes"
                )));
            }
            call.check_tree_hash(hash)?;
            let archive_id = new_id(138);
            self.assemble(id, upload, &archive_id)?;
            let archive = Archive {
                description: upload.description.clone(),
                created: Moment::now(),
                size,
                tree_hash: hash.to_string(),
            };
            upload.archive = Some(archive_id.clone());
            vault.archives.insert(archive_id.clone(), archive);
            Ok(archive_id)
        })?;
        self.drop_parts(vault, id)?;
        let tree_hash = call.header("x-amz-sha256-tree-hash")?.to_owned();
        let location = self.location(&format!("{vault}/archives/{archive_id}"));
        let headers = [
            ("Location", location),
            ("x-amz-archive-id", archive_id),
            ("x-amz-sha256-tree-hash", tree_hash),
        ];
        empty(StatusCode::CREATED, headers)
    }

    /// Forgets an upload; one that is gone is no error, one that is completed is.
    pub fn abort_upload(&self, vault: &str, id: &str) -> Answer {
        self.look(vault, |vault| match vault.uploads.get(id) {
            Some(upload) if upload.archive.is_some() => Err(unknown(id)),
            _ => Ok(()),
        })?;
        self.drop_parts(vault, id)?;
        self.change(vault, |vault| Ok(vault.uploads.remove(id)))?;
        empty(StatusCode::NO_CONTENT, [])
    }

    /// Tells which uploads are underway.
    pub fn list_uploads(&self, name: &str, call: &Call) -> Answer {
        let page = self.look(name, |vault| {
            let underway = vault.uploads.iter().filter(|(_, upload)| upload.archive.is_none());
            let items = underway.map(|(id, upload)| {
                let item = json!({
                    "ArchiveDescription": upload.description,
                    "CreationDate": upload.created.to_string(),
                    "MultipartUploadId": id,
                    "PartSizeInBytes": upload.part_size,
                    "VaultARN": self.arn(name),
                });
                (id.clone(), item)
            });
            page(call, items, PAGE)
        })?;
        document(&json!({ "UploadsList": page.items, "Marker": page.marker }))
    }

    /// Tells which parts of an upload are up.
    pub fn list_parts(&self, name: &str, id: &str, call: &Call) -> Answer {
        let listed = self.look(name, |vault| {
            let upload = underway(vault, id)?;
            let items = upload.parts.iter().map(|(start, part)| {
                let range = format!("{start}-{}", start + part.size - 1);
                // Markers are compared as text.
                (
                    format!("{start:020}"),
                    json!({ "RangeInBytes": range, "SHA256TreeHash": part.tree_hash }),
                )
            });
            let page = page(call, items, PAGE)?;
            Ok(json!({
                "ArchiveDescription": upload.description,
                "CreationDate": upload.created.to_string(),
                "Marker": page.marker,
                "MultipartUploadId": id,
                "PartSizeInBytes": upload.part_size,
                "Parts": page.items,
                "VaultARN": self.arn(name),
            }))
        })?;
        document(&listed)
    }

    fn assemble(&self, id: &str, upload: &Upload, archive: &str) -> Result<(), Refusal> {
        let mut whole = File::create(self.store.archive(archive))?;
        for start in upload.parts.keys() {
            std::io::copy(&mut File::open(self.store.part(id, *start))?, &mut whole)?;
        }
        Ok(())
    }

    fn drop_parts(&self, vault: &str, id: &str) -> Result<(), Refusal> {
        let parts = self.look(vault, |vault| {
            let upload = vault.uploads.get(id);
            Ok(upload
                .map(|upload| upload.parts.keys().copied().collect::<Vec<_>>())
                .unwrap_or_default())
        })?;
        for start in parts {
            // An earlier call may have dropped it.
            let _ = fs::remove_file(self.store.part(id, start));
        }
        Ok(())
    }
}

/// Size and tree hash of all parts together, if there is no gap between them.
fn assembled(upload: &Upload) -> Result<(u64, TreeHash), Refusal> {
    let (mut size, mut hashes) = (0, Vec::new());
    for (start, part) in &upload.parts {
        if *start != size {
            return Err(Refusal::invalid(format!("Missing content range: {size}-{}", start - 1)));
        }
        size += part.size;
        hashes.push(part.tree_hash.parse().map_err(std::io::Error::other)?);
    }
    match size {
        0 => Err(Refusal::invalid("The upload has no parts")),
        _ => Ok((size, TreeHash::of_parts(hashes))),
    }
}

fn underway<'a>(vault: &'a Vault, id: &str) -> Result<&'a Upload, Refusal> {
    let upload = vault.uploads.get(id).filter(|upload| upload.archive.is_none());
    upload.ok_or_else(|| unknown(id))
}

fn underway_mut<'a>(vault: &'a mut Vault, id: &str) -> Result<&'a mut Upload, Refusal> {
    let upload = vault.uploads.get_mut(id).filter(|upload| upload.archive.is_none());
    upload.ok_or_else(|| unknown(id))
}

fn unknown(id: &str) -> Refusal {
    Refusal::not_found(format!("The upload ID was not found: {id}"))
}
