//! What becomes of each kind of target.

use std::io::Read;
use std::os::unix::fs::{FileTypeExt, symlink};
use std::process::Command;

use tempfile::TempDir;

use super::*;

/// The names in a folder.
fn names(folder: &TempDir) -> Vec<String> {
    let entries = fs::read_dir(folder.path()).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

fn ran(program: &str, arguments: &[&str], path: &Path) -> bool {
    let status = Command::new(program)
        .args(&arguments[..1])
        .arg(path)
        .args(&arguments[1..])
        .status();
    status.is_ok_and(|status| status.success())
}

#[test]
fn a_file_appears_when_it_is_whole_and_nobody_elses_draft_is_touched() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("x.vcf");
    fs::write(folder.path().join("x.vcf.part"), "mine").unwrap();
    let mut draft = Draft::create(&path).unwrap();
    draft.write_all(b"half").unwrap();
    assert!(!path.exists() && !draft.is_straight());
    draft.write_all(b" and half").unwrap();
    draft.finish().unwrap();
    assert_eq!(text(&path), "half and half");
    assert_eq!(text(&folder.path().join("x.vcf.part")), "mine");
    assert_eq!(names(&folder), ["x.vcf", "x.vcf.part"]);
}

#[test]
fn a_draft_that_is_dropped_or_removed_leaves_what_was_there() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("x");
    fs::write(&path, "old").unwrap();
    let mut draft = Draft::create(&path).unwrap();
    draft.write_all(b"new").unwrap();
    drop(draft);
    assert_eq!((names(&folder), text(&path)), (vec!["x".to_owned()], "old".to_owned()));
}

#[test]
fn a_file_that_is_replaced_keeps_its_mode_and_owner_and_a_new_one_has_the_usual_mode() {
    let folder = TempDir::new().unwrap();
    let (old, new, usual) = (
        folder.path().join("old"),
        folder.path().join("new"),
        folder.path().join("usual"),
    );
    fs::write(&old, "old").unwrap();
    fs::set_permissions(&old, Permissions::from_mode(0o640)).unwrap();
    let may_give = std::os::unix::fs::chown(&old, Some(1234), Some(4321)).is_ok();
    let before = fs::metadata(&old).unwrap();
    write(&old, b"new").unwrap();
    let after = fs::metadata(&old).unwrap();
    assert_eq!(text(&old), "new");
    assert_eq!(
        (after.mode(), after.uid(), after.gid()),
        (before.mode(), before.uid(), before.gid())
    );
    assert!(!may_give || (after.uid(), after.gid()) == (1234, 4321));
    write(&new, b"new").unwrap();
    fs::write(&usual, "usual").unwrap();
    assert_eq!(fs::metadata(&new).unwrap().mode(), fs::metadata(&usual).unwrap().mode());
}

#[test]
fn a_link_stays_and_the_file_behind_it_is_replaced() {
    let folder = TempDir::new().unwrap();
    let (behind, link) = (folder.path().join("behind"), folder.path().join("link"));
    fs::write(&behind, "old").unwrap();
    symlink("behind", &link).unwrap();
    write(&link, b"new").unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(text(&behind), "new");
    let (nothing, dangling) = (folder.path().join("nothing"), folder.path().join("dangling"));
    symlink(&nothing, &dangling).unwrap();
    write(&dangling, b"made").unwrap();
    assert!(fs::symlink_metadata(&dangling).unwrap().is_symlink());
    assert_eq!(text(&nothing), "made");
    let circle = folder.path().join("circle");
    symlink(&circle, &circle).unwrap();
    assert!(Draft::create(&circle).is_err() && names(&folder).len() == 5);
}

#[test]
fn a_named_pipe_is_written_straight() {
    let folder = TempDir::new().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(ran("mkfifo", &["--"], &pipe));
    let reader = std::thread::spawn({
        let pipe = pipe.clone();
        move || text(&pipe)
    });
    write(&pipe, b"through").unwrap();
    assert_eq!(reader.join().unwrap(), "through");
    assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo());
    assert_eq!(names(&folder), ["pipe"]);
}

#[test]
fn a_device_is_written_straight() {
    let folder = TempDir::new().unwrap();
    let null = folder.path().join("null");
    // The node of /dev/null, in a folder of ours: who is not root cannot make one, nor replace the real one.
    if !ran("mknod", &["--", "c", "1", "3"], &null) || write(&null, b"").is_err() {
        eprintln!("SKIPPED devices: no node can be made and opened here");
        return;
    }
    write(&null, b"gone").unwrap();
    assert!(fs::metadata(&null).unwrap().file_type().is_char_device());
    assert_eq!(names(&folder), ["null"]);
}

#[test]
fn what_a_process_has_open_is_written_straight_and_what_it_has_is_kept() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("log");
    fs::write(&path, "before, ").unwrap();
    let open = File::open(&path).unwrap();
    let descriptor = PathBuf::from(format!("/dev/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&open)));
    write(&descriptor, b"after").unwrap();
    assert_eq!((text(&path), names(&folder).len()), ("before, after".to_owned(), 1));
    let (mut out, into) = io::pipe().unwrap();
    let link = folder.path().join("link");
    symlink(
        format!("/proc/self/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&into)),
        &link,
    )
    .unwrap();
    write(&link, b"through").unwrap();
    drop(into);
    let mut through = String::new();
    out.read_to_string(&mut through).unwrap();
    assert_eq!(through, "through");
}

#[test]
fn a_folder_is_no_target() {
    let folder = TempDir::new().unwrap();
    let refused = Draft::create(folder.path()).unwrap_err();
    assert_eq!(refused.kind(), io::ErrorKind::IsADirectory);
    assert!(Draft::create(&folder.path().join("none/x")).is_err());
}

#[test]
fn a_long_name_has_a_draft_too() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("n".repeat(255));
    write(&path, b"whole").unwrap();
    assert_eq!(text(&path), "whole");
}
