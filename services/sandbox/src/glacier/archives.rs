//! Archives: upload in one request, delete.
//!
//! <https://docs.aws.amazon.com/amazonglacier/latest/dev/archive-operations.html>

use http::StatusCode;

use super::call::Call;
use super::emulator::{Answer, Emulator, empty, new_id};
use super::refusal::Refusal;
use super::state::{Archive, Moment};

/// The most bytes that one request may upload.
const LARGEST_UPLOAD: u64 = 4 * 1024 * 1024 * 1024;

impl Emulator {
    /// Takes an archive if it is what its headers say.
    pub fn upload_archive(&self, vault: &str, call: Call) -> Answer {
        self.look(vault, |_| Ok(()))?;
        let description = call.archive_description()?;
        call.check_hashes()?;
        let (size, tree_hash) = (call.payload.size, call.payload.tree_hash.to_string());
        if size == 0 || size > LARGEST_UPLOAD {
            return Err(Refusal::invalid(format!("Invalid Content-Length: {size}")));
        }
        let (id, created) = (new_id(138), Moment::now());
        call.payload.keep(&self.store.archive(&id))?;
        let archive = Archive {
            description,
            created,
            size,
            tree_hash: tree_hash.clone(),
        };
        self.change(vault, |vault| Ok(vault.archives.insert(id.clone(), archive)))?;
        let location = self.location(&format!("{vault}/archives/{id}"));
        let headers = [
            ("Location", location),
            ("x-amz-archive-id", id),
            ("x-amz-sha256-tree-hash", tree_hash),
        ];
        empty(StatusCode::CREATED, headers)
    }

    /// Removes an archive; one that is gone is no error. Outputs of completed jobs stay.
    pub fn delete_archive(&self, vault: &str, id: &str) -> Answer {
        let gone = self.change(vault, |vault| Ok(vault.archives.remove(id)))?;
        if gone.is_some() {
            std::fs::remove_file(self.store.archive(id))?;
        }
        empty(StatusCode::NO_CONTENT, [])
    }
}
