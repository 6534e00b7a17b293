//! What the console shows while the system is prepared: a spinner on a terminal, else a line a step.

use std::fmt::Display;
use std::io::Write;
use std::time::{Duration, Instant};

use anyhow::Result;
use console::style;
use indicatif::{ProgressBar, ProgressStyle};

/// Does one step and says how long it took.
pub async fn step<T>(what: &str, work: impl Future<Output = Result<T>>) -> Result<T> {
    let begun = Instant::now();
    let spinner = ProgressBar::new_spinner().with_message(format!("{what} …"));
    if let Ok(style) = ProgressStyle::with_template("  {spinner:.cyan} {msg} {elapsed}") {
        spinner.set_style(style);
    }
    spinner.enable_steady_tick(Duration::from_millis(120));
    let done = work.await;
    spinner.finish_and_clear();
    let took = style(format!("{:.1} s", begun.elapsed().as_secs_f64())).dim();
    match &done {
        Ok(_) => line(format_args!("  {} {what} {took}", style("✓").green())),
        Err(_) => line(format_args!("  {} {what}", style("✗").red())),
    }
    done
}

/// Says something that happened while the system runs.
pub fn say(who: &str, what: &str) {
    line(format_args!("{} {what}", style(format!("[{who}]")).cyan()));
}

/// Prints a line. A console that has gone away is no reason to leave processes behind.
pub fn line(text: impl Display) {
    let _ = writeln!(std::io::stdout(), "{text}");
}
