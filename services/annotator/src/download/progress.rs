//! How far a download is, on a terminal or as lines of a log.

use std::fmt::Write;
use std::time::{Duration, Instant};

use domain::size;
use indicatif::{ProgressBar, ProgressState, ProgressStyle};

/// How far a download is.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// Bytes that are here.
    pub done: u64,
    /// Bytes of the whole file, if the server tells.
    pub total: Option<u64>,
}

/// Tells of one file in lines: one for every tenth, and of a slow one at least one a minute.
pub struct Lines {
    name: String,
    begun: Option<(Instant, u64)>,
    tenths: u64,
    told: Instant,
}

/// The longest silence.
const SILENCE: Duration = Duration::from_secs(60);

/// A file that is not larger is there before a line of it could be read.
const SMALL_BYTES: u64 = 32 << 20;

impl Lines {
    /// For a file of this name.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            begun: None,
            tenths: 0,
            told: Instant::now(),
        }
    }

    /// The line to print, if it is time for one.
    pub fn hear(&mut self, progress: Progress) -> Option<String> {
        let Progress { done, total } = progress;
        let total = total.filter(|total| *total > SMALL_BYTES)?;
        let tenths = done * 10 / total;
        let (begun, first) = *self.begun.get_or_insert((Instant::now(), done));
        let is_first = self.tenths == 0 && done == first;
        if !is_first && tenths <= self.tenths && self.told.elapsed() < SILENCE {
            return None;
        }
        (self.tenths, self.told) = (tenths, Instant::now());
        let speed = (done - first) as f64 / begun.elapsed().as_secs_f64().max(0.001);
        let percent = done * 100 / total;
        Some(match is_first {
            true => format!("{}: {percent} % of {}", self.name, size(total)),
            false => format!(
                "{}: {percent} % of {}, {}/s",
                self.name,
                size(total),
                size(speed as u64)
            ),
        })
    }
}

/// Shows one file on standard error: a bar on a terminal, else lines.
pub struct Shown {
    bar: ProgressBar,
    lines: Lines,
}

impl Shown {
    /// For a file of this name.
    #[must_use]
    pub fn new(name: &str) -> Self {
        let bar = ProgressBar::no_length().with_message(name.to_owned());
        if let Ok(style) = ProgressStyle::with_template("{msg:<28} {bar:24} {figures} {eta}") {
            bar.set_style(style.with_key("figures", figures));
        }
        Self {
            bar,
            lines: Lines::new(name),
        }
    }

    /// Shows how far it is.
    pub fn hear(&mut self, progress: Progress) {
        if self.bar.is_hidden() {
            if let Some(line) = self.lines.hear(progress) {
                eprintln!("{line}");
            }
            return;
        }
        if let Some(total) = progress.total {
            self.bar.set_length(total);
        }
        self.bar.set_position(progress.done);
    }
}

/// `1.4 MB of 800 MB, 12 MB/s`.
fn figures(state: &ProgressState, out: &mut dyn Write) {
    let (done, total) = (state.pos(), state.len().unwrap_or(0));
    let speed = size(state.per_sec() as u64);
    // What cannot be written to the terminal is not shown.
    let _ = write!(out, "{} of {}, {speed}/s", size(done), size(total));
}

impl Drop for Shown {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_file_is_told_of_at_every_tenth_and_a_small_one_not_at_all() {
        let mut lines = Lines::new("hg38.2bit");
        let total = Some(800 << 20);
        let told: Vec<_> = (0..=800)
            .filter_map(|done| {
                lines.hear(Progress {
                    done: done << 20,
                    total,
                })
            })
            .collect();
        assert_eq!(told.len(), 11);
        assert_eq!(told[0], "hg38.2bit: 0 % of 800 MB");
        assert!(told[10].starts_with("hg38.2bit: 100 % of 800 MB, "), "{}", told[10]);
        let mut lines = Lines::new("cytoBand.txt.gz");
        assert_eq!(
            lines.hear(Progress {
                done: 5,
                total: Some(10)
            }),
            None
        );
    }
}
