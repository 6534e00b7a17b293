//! What a sandbox that was killed has left running: found by process id and start time, and stopped.

use std::fs;
use std::path::PathBuf;
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::folders::Folders;
use crate::process::send;

/// The children of the running sandbox, on disk.
pub struct Register {
    path: PathBuf,
}

impl Register {
    /// The register of this data folder.
    #[must_use]
    pub fn new(folders: &Folders) -> Self {
        Self {
            path: folders.data.join("children"),
        }
    }

    /// Writes down which children run now.
    pub fn write(&self, pids: impl IntoIterator<Item = u32>) {
        let lines = pids
            .into_iter()
            .filter_map(|pid| Some(format!("{pid} {}\n", started(pid)?)));
        // Without the register a killed sandbox leaves orphans; that is worth no failure now.
        let _ = fs::write(&self.path, lines.collect::<String>());
    }

    /// Stops what is left of an earlier run. A process id that means another process by now is left alone.
    pub fn stop_orphans(&self) -> usize {
        let kept = fs::read_to_string(&self.path).unwrap_or_default();
        let orphans: Vec<(u32, u64)> = kept
            .lines()
            .filter_map(|line| line.split_once(' '))
            .filter_map(|(pid, start)| Some((pid.parse().ok()?, start.parse().ok()?)))
            .filter(|(pid, start)| started(*pid) == Some(*start))
            .collect();
        orphans.iter().for_each(|(pid, _)| send(*pid, Signal::TERM));
        let deadline = Instant::now() + Duration::from_secs(5);
        while orphans.iter().any(|(pid, start)| started(*pid) == Some(*start)) && Instant::now() < deadline {
            sleep(Duration::from_millis(50));
        }
        for (pid, _) in orphans.iter().filter(|(pid, start)| started(*pid) == Some(*start)) {
            send(*pid, Signal::KILL);
        }
        let _ = fs::remove_file(&self.path);
        orphans.len()
    }
}

/// When a process started, in clock ticks since boot (field 22 of `/proc/<pid>/stat`); `None` if it is gone.
fn started(pid: u32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, after_name) = stat.rsplit_once(") ")?;
    let mut fields = after_name.split(' ');
    let is_dead = matches!(fields.next()?, "Z" | "X");
    (!is_dead).then(|| fields.nth(18)?.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_very_process_that_was_written_down_is_stopped() {
        let folder = tempfile::tempdir().unwrap();
        let register = Register {
            path: folder.path().join("children"),
        };
        let mut child = std::process::Command::new("sleep").arg("60").spawn().unwrap();
        fs::write(&register.path, format!("{} 1\n", child.id())).unwrap();
        assert_eq!(register.stop_orphans(), 0, "another process has this id now");
        register.write([child.id()]);
        let waiter = std::thread::spawn(move || child.wait());
        assert_eq!(register.stop_orphans(), 1);
        assert!(!waiter.join().unwrap().unwrap().success());
    }
}
