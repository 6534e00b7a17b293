//! Files that appear when they are whole: written under a name that nobody has, in the same folder, then renamed.
//!
//! Only regular files are replaced. A symbolic link is followed, and stays; what it leads to is replaced. Devices, named
//! pipes and what a process has open (`/dev/null`, `/dev/stdout`, a shell's `>(…)`) are written straight: to put a file in
//! their place would break whatever else uses them.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Seek, SeekFrom, Write};
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::{Builder, TempPath};

/// The most symbolic links that are followed, as Linux has it.
const MOST_LINKS: usize = 40;

/// So much of a file's name is in that of its draft, which must not become too long.
const NAME_BYTES: usize = 100;

/// The drafts of this process.
static DRAFTS: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// A file in the making. Dropped before [`Draft::finish`], it leaves nothing behind.
#[derive(Debug)]
pub struct Draft {
    file: File,
    /// The draft and what it will replace; nothing if the file is written straight.
    place: Option<(Listed, PathBuf)>,
}

/// A draft that is on the list.
#[derive(Debug)]
struct Listed(TempPath);

impl Draft {
    /// Begins what shall become the file `path`, or opens `path` if it is no regular file.
    ///
    /// # Errors
    /// If `path` is a folder, or cannot be written.
    pub fn create(path: &Path) -> io::Result<Self> {
        let target = followed(path)?;
        if is_descriptor(&target) {
            return Ok(Self::straight(open_descriptor(&target)?));
        }
        match fs::metadata(&target) {
            Ok(found) if found.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
            Ok(found) if !found.is_file() => Ok(Self::straight(OpenOptions::new().append(true).open(&target)?)),
            Ok(_) => Self::beside(target),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Self::beside(target),
            Err(error) => Err(error),
        }
    }

    fn straight(file: File) -> Self {
        Self { file, place: None }
    }

    fn beside(target: PathBuf) -> io::Result<Self> {
        let folder = match target.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let name = target.file_name().ok_or(io::ErrorKind::InvalidFilename)?.as_bytes();
        let name = OsStr::from_bytes(&name[..name.len().min(NAME_BYTES)]);
        let mut prefix = OsStr::new(".").to_owned();
        prefix.push(name);
        prefix.push(".");
        // Any new file has 0666 less the mask of the process; one that replaces another may be nobody else's business.
        let mode = if target.exists() { 0o600 } else { 0o666 };
        let mut builder = Builder::new();
        builder
            .prefix(&prefix)
            .suffix(".part")
            .permissions(Permissions::from_mode(mode));
        let mut drafts = listed();
        let (file, path) = builder.tempfile_in(folder)?.into_parts();
        drafts.insert(path.to_path_buf());
        Ok(Self {
            file,
            place: Some((Listed(path), target)),
        })
    }

    /// The file that is being written, open for reading, too, unless it is written straight.
    #[must_use]
    pub fn file(&self) -> &File {
        &self.file
    }

    /// Whether it is written straight, to what is no regular file.
    #[must_use]
    pub fn is_straight(&self) -> bool {
        self.place.is_none()
    }

    /// Waits until what was written is on the disk.
    ///
    /// # Errors
    /// If the disk has trouble.
    pub fn sync(&self) -> io::Result<()> {
        if self.is_straight() {
            Ok(())
        } else {
            self.file.sync_all()
        }
    }

    /// Gives the file its name. A file that has the name is replaced; its mode is kept, and its owner as far as this
    /// process may give files away.
    ///
    /// # Errors
    /// If the file cannot be replaced; the draft is gone then.
    pub fn finish(self) -> io::Result<()> {
        let Some((mut draft, target)) = self.place else {
            return Ok(());
        };
        match fs::symlink_metadata(&target) {
            Ok(found) if found.is_file() => keep(&self.file, &found)?,
            Ok(_) => return Err(io::Error::other("it is no longer a regular file")),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        // Whoever removes all drafts waits, or this one is gone already.
        let drafts = listed();
        fs::rename(&draft.0, &target)?;
        draft.0.disable_cleanup(true);
        drop(drafts);
        Ok(())
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Seek for Draft {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

impl Drop for Listed {
    fn drop(&mut self) {
        listed().remove(&*self.0);
    }
}

/// Writes a whole file, as [`Draft`] does.
///
/// # Errors
/// If the file cannot be written.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut draft = Draft::create(path)?;
    draft.write_all(bytes)?;
    draft.finish()
}

/// Removes every draft of this process, for whoever ends it at once, such as at Ctrl-C.
pub fn remove_all() {
    for draft in std::mem::take(&mut *listed()) {
        let _ = fs::remove_file(draft);
    }
}

fn listed() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    DRAFTS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether [`Draft::create`] opens what is at `path` instead of making a file there: a device, a pipe, or what a process has
/// open.
#[must_use]
pub fn goes_straight(path: &Path) -> bool {
    followed(path).is_ok_and(|target| {
        let is_special = |found: fs::Metadata| !found.is_file() && !found.is_dir();
        is_descriptor(&target) || fs::metadata(&target).is_ok_and(is_special)
    })
}

/// Where symbolic links lead, whether something is there or not.
fn followed(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        if is_descriptor(&path) {
            return Ok(path);
        }
        let Ok(link) = fs::read_link(&path) else {
            return Ok(path);
        };
        path = path.parent().unwrap_or(Path::new("")).join(link);
    }
    Err(io::Error::other("too many symbolic links lead to it"))
}

/// Whether a path is one of what a process has open: `/proc/self/fd/1`, to which `/dev/stdout` leads.
fn is_descriptor(path: &Path) -> bool {
    let folder = path.parent().and_then(|folder| folder.canonicalize().ok());
    folder.is_some_and(|folder| folder.starts_with("/proc") && folder.file_name() == Some(OsStr::new("fd")))
}

/// Opens what a process has open. Sockets cannot be opened by name, and what a file has already is kept.
fn open_descriptor(path: &Path) -> io::Result<File> {
    let is_own =
        path.parent().and_then(|folder| folder.canonicalize().ok()) == Path::new("/proc/self/fd").canonicalize().ok();
    match path.file_name().and_then(OsStr::to_str) {
        Some("1") if is_own => Ok(io::stdout().as_fd().try_clone_to_owned()?.into()),
        Some("2") if is_own => Ok(io::stderr().as_fd().try_clone_to_owned()?.into()),
        _ => OpenOptions::new().append(true).open(path),
    }
}

/// Gives a file the owner and mode of another one.
fn keep(file: &File, other: &fs::Metadata) -> io::Result<()> {
    let own = file.metadata()?;
    if (own.uid(), own.gid()) != (other.uid(), other.gid())
        && fchown(file, Some(other.uid()), Some(other.gid())).is_err()
    {
        // Few may give files away; the group may be one of ours.
        let _ = fchown(file, None, Some(other.gid()));
    }
    file.set_permissions(Permissions::from_mode(other.mode() & 0o7777))
}

#[cfg(test)]
mod tests;
