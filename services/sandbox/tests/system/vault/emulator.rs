//! A Glacier emulator of a test's own, so that its switches disturb nobody. Notifications go through the sandbox's SNS.

use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use aws_sdk_glacier::Client;
use backends::settings::{VaultKind, VaultSettings};
use backends::vault::GlacierVault;
use serde_json::Value;
use tempfile::TempDir;

use crate::{eventually, sandbox};

/// How the emulator is to be.
pub struct Options {
    pub expedited: &'static str,
    pub standard: &'static str,
    pub lifetime: &'static str,
    pub topic: String,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            expedited: "500ms",
            standard: "700ms",
            lifetime: "1h",
            topic: "vault_retrievals".into(),
        }
    }
}

/// A running emulator with the vault `gas-archive`.
pub struct Vaults {
    pub url: String,
    options: Options,
    data: TempDir,
    child: Child,
}

impl Vaults {
    pub async fn start(options: Options) -> Self {
        let data = tempfile::tempdir_in(Path::new(env!("CARGO_TARGET_TMPDIR"))).unwrap();
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let url = format!("http://127.0.0.1:{port}");
        let child = run(&url, data.path(), &options).await;
        let vaults = Self {
            url,
            options,
            data,
            child,
        };
        let client = vaults.client().await;
        client.create_vault().vault_name("gas-archive").send().await.unwrap();
        vaults
    }

    /// Kills the emulator, as a power cut would, and starts it again over the same data.
    pub async fn kill_and_restart(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.child = run(&self.url, self.data.path(), &self.options).await;
    }

    /// Our own client.
    pub async fn connect(&self) -> GlacierVault {
        let settings = VaultSettings {
            vault: VaultKind::Glacier,
            glacier_vault: "gas-archive".into(),
            glacier_endpoint: Some(self.url.clone()),
            vault_retrievals_topic: self.options.topic.clone(),
            archive_bucket: None,
        };
        let config = sandbox().await.aws_config().await;
        GlacierVault::connect(&config, &settings).await.unwrap()
    }

    /// The SDK's client.
    pub async fn client(&self) -> Client {
        let config = sandbox().await.aws_config().await;
        let config = aws_sdk_glacier::config::Builder::from(&config).endpoint_url(&self.url);
        Client::from_conf(config.build())
    }

    /// Sets switches, for everything or for one job.
    pub async fn switch(&self, of: Option<&str>, switches: Value) {
        let path = of.map(|of| format!("/{of}")).unwrap_or_default();
        let request = reqwest::Client::new().put(format!("{}/_emulator/switches{path}", self.url));
        let answer = request.json(&switches).send().await.unwrap();
        assert_eq!(answer.status(), 204);
    }
}

impl Drop for Vaults {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn run(url: &str, data: &Path, options: &Options) -> Child {
    let endpoints = sandbox().await.endpoints();
    let log = std::fs::File::create(data.join("emulator.log")).unwrap();
    let child = Command::new(env!("CARGO_BIN_EXE_sandbox"))
        .args(["glacier", "--listen", url.trim_start_matches("http://"), "--data"])
        .arg(data)
        .args([
            "--expedited-delay",
            options.expedited,
            "--standard-delay",
            options.standard,
        ])
        .args(["--job-lifetime", options.lifetime, "--aws-endpoint", &endpoints.aws])
        .env("AWS_ACCESS_KEY_ID", &endpoints.aws_access_key_id)
        .env("AWS_SECRET_ACCESS_KEY", &endpoints.aws_secret_access_key)
        .stdin(Stdio::null())
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        .spawn()
        .unwrap();
    eventually("the Glacier emulator", || async {
        reqwest::get(format!("{url}/_emulator/health")).await.ok().map(drop)
    })
    .await;
    child
}
