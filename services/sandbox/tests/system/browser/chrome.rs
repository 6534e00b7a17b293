//! Chromium from Debian, driven through chromedriver.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use thirtyfour::prelude::*;
use thirtyfour::{ChromeCapabilities, ChromiumLikeCapabilities, LoggingPrefsLogLevel};
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{ChildStdin, ChildStdout, Command};

/// Ends chromedriver and the Chromium that it started, once its standard input closes: however this process ends.
const UNTIL_STDIN_CLOSES: &str = r#""$0" --port=0 & read -r _; kill -KILL 0"#;

/// A browser window, and what keeps it alive.
pub struct Chrome {
    pub window: WebDriver,
    _stdin: ChildStdin,
}

impl Chrome {
    /// `None`, said aloud, where Chromium or its driver is not installed.
    pub async fn start() -> Option<Self> {
        let found = program("CHROMEDRIVER", &["chromedriver"]);
        let Some((chromedriver, chromium)) =
            found.zip(program("CHROMIUM", &["chromium", "chromium-browser", "google-chrome"]))
        else {
            crate::skipped("the browser tests: Debian's packages chromium and chromium-driver are not installed");
            return None;
        };
        // Port 0 lets the system choose; chromedriver says which it was.
        let mut child = Command::new("sh")
            .args(["-c", UNTIL_STDIN_CLOSES])
            .arg(chromedriver)
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let _stdin = child.stdin.take().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let port = port(&mut lines).await;
        // A full pipe would stop chromedriver.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let window = WebDriver::new(format!("http://127.0.0.1:{port}"), capabilities(&chromium))
            .await
            .unwrap();
        Some(Self { window, _stdin })
    }
}

fn capabilities(chromium: &Path) -> ChromeCapabilities {
    let mut capabilities = DesiredCapabilities::chrome();
    capabilities.set_binary(chromium.to_str().unwrap()).unwrap();
    capabilities.accept_insecure_certs(true).unwrap();
    capabilities.set_browser_log_level(LoggingPrefsLogLevel::All).unwrap();
    for argument in [
        "--headless",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
    ] {
        capabilities.add_arg(argument).unwrap();
    }
    if rustix::process::geteuid().is_root() {
        // Chromium's sandbox refuses to start for root.
        capabilities.add_arg("--no-sandbox").unwrap();
    }
    capabilities
}

async fn port(lines: &mut Lines<BufReader<ChildStdout>>) -> u16 {
    loop {
        let line = lines
            .next_line()
            .await
            .unwrap()
            .expect("chromedriver ended before it said its port");
        if let Some((_, port)) = line.split_once("started successfully on port ") {
            return port.trim_end_matches('.').parse().unwrap();
        }
    }
}

/// The program that the variable names, or the first of `names` on the PATH.
fn program(variable: &str, names: &[&str]) -> Option<PathBuf> {
    let named = std::env::var_os(variable).map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = || {
        names
            .iter()
            .flat_map(|name| std::env::split_paths(&path).map(move |folder| folder.join(name)))
    };
    named.or_else(|| on_path().find(|file| file.is_file()))
}
