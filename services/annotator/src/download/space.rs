//! Whether the disk has room for what is to come.

use std::path::Path;

use super::DownloadError;

/// Room for so many bytes more in a folder; a disk that does not tell has it.
///
/// # Errors
/// [`DownloadError::NoRoom`].
pub fn require(folder: &Path, needed: u64) -> Result<(), DownloadError> {
    let Ok(disk) = rustix::fs::statvfs(folder) else {
        return Ok(());
    };
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    match free < needed {
        true => Err(DownloadError::NoRoom {
            folder: folder.to_owned(),
            free,
            needed,
        }),
        false => Ok(()),
    }
}
