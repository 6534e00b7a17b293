//! The system that tests try: a sandbox of their own, with its own data and free ports, gone when the test process is;
//! or one that runs already, in containers.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use aws_config::SdkConfig;
use backends::aws::AwsSettings;
use tempfile::TempDir;

use crate::aws::{aws_settings, with_keys};
use crate::composed;
use crate::endpoints::Endpoints;

/// How long a sandbox may take to get ready; the first one installs packages.
const PATIENCE: Duration = Duration::from_secs(300);

/// What a test wants of its sandbox.
#[derive(Debug, Clone, Default)]
pub struct SandboxOptions {
    /// Variables for the services, such as a short `GAS_LEASE`.
    pub env: Vec<(String, String)>,
    /// Where data is kept from one sandbox to the next; without it, data goes with the sandbox.
    pub keep_in: Option<PathBuf>,
    /// Further options of its command line.
    pub arguments: Vec<String>,
}

/// A running system. One that was started for the test stops when this value, or the test's process, is gone.
pub struct Sandbox {
    started: Option<Started>,
    file: PathBuf,
    endpoints: Endpoints,
}

struct Started {
    child: Child,
    folder: TempDir,
}

impl Sandbox {
    /// Starts the sandbox program at `binary` and waits until the system is ready.
    pub async fn start(binary: &Path, options: SandboxOptions) -> Result<Self> {
        let tests = binary
            .parent()
            .and_then(Path::parent)
            .context("find the target folder")?
            .join("sandbox/tests");
        std::fs::create_dir_all(&tests)?;
        let folder = tempfile::tempdir_in(tests).context("make a folder for the sandbox")?;
        let output = std::fs::File::create(folder.path().join("console.log"))?;
        let (data, throwaway) = match options.keep_in {
            Some(data) => (data, None),
            None => (folder.path().join("data"), Some("--throwaway")),
        };
        let mut child = Command::new(binary)
            .args([
                "--port=0",
                "--aws-port=0",
                "--mailbox-port=0",
                "--stripe-port=0",
                "--no-sequence",
                "--stop-with-stdin",
                "--data",
            ])
            .arg(&data)
            .args(throwaway)
            .args(options.arguments)
            .envs(options.env)
            .stdin(Stdio::piped())
            .stdout(output.try_clone()?)
            .stderr(output)
            .spawn()
            .with_context(|| format!("start {}", binary.display()))?;
        let file = data.with_file_name("endpoints.json");
        let endpoints = ready(&mut child, &file, folder.path()).await?;
        Ok(Self {
            started: Some(Started { child, folder }),
            file,
            endpoints,
        })
    }

    /// A system that somebody else has started, and whose addresses are in `file`.
    pub fn attach(file: &Path) -> Result<Self> {
        Ok(Self {
            started: None,
            file: file.to_owned(),
            endpoints: Endpoints::read(file)?,
        })
    }

    /// Whether the system is one that runs in containers, and not ours to stop.
    #[must_use]
    pub fn is_attached(&self) -> bool {
        self.started.is_none()
    }

    /// Where everything is.
    #[must_use]
    pub fn endpoints(&self) -> &Endpoints {
        &self.endpoints
    }

    /// The emulator, for our own clients.
    #[must_use]
    pub fn aws_settings(&self) -> AwsSettings {
        aws_settings(&self.endpoints.aws)
    }

    /// The emulator, for any client of the SDK.
    pub async fn aws_config(&self) -> SdkConfig {
        let Endpoints {
            aws_access_key_id,
            aws_secret_access_key,
            ..
        } = &self.endpoints;
        with_keys(&self.aws_settings(), aws_access_key_id, aws_secret_access_key).await
    }

    /// The process of a service right now; of several replicas, the first's.
    pub fn pid(&self, service: &str) -> Result<u32> {
        let first = self.pids(service)?.first().copied();
        first.with_context(|| format!("there is no service {service}"))
    }

    /// The processes of a service's replicas right now.
    pub fn pids(&self, service: &str) -> Result<Vec<u32>> {
        if self.is_attached() {
            return composed::pids(service);
        }
        let endpoints = Endpoints::read(&self.file)?;
        Ok(endpoints.pids.get(service).copied().into_iter().collect())
    }

    /// The file of its addresses, as `--endpoints` names it.
    #[must_use]
    pub fn endpoints_file(&self) -> &Path {
        &self.file
    }

    /// Where it keeps data and logs; one that runs in containers keeps them elsewhere.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.file.with_file_name("data")
    }

    /// What the sandbox has said so far.
    #[must_use]
    pub fn console(&self) -> String {
        self.started
            .as_ref()
            .map(|started| console(started.folder.path()))
            .unwrap_or_default()
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

async fn ready(child: &mut Child, file: &Path, folder: &Path) -> Result<Endpoints> {
    let deadline = Instant::now() + PATIENCE;
    while !file.exists() {
        if let Some(status) = child.try_wait()? {
            bail!("the sandbox ended with {status}:\n{}", console(folder));
        }
        if Instant::now() > deadline {
            let _ = child.kill();
            bail!("the sandbox does not get ready:\n{}", console(folder));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Endpoints::read(file)
}

fn console(folder: &Path) -> String {
    let mut text = String::new();
    let _ = std::fs::File::open(folder.join("console.log")).and_then(|mut file| file.read_to_string(&mut text));
    text
}
