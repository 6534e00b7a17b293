//! Passwords, keys and the certificate of one sandbox: made once, kept with its data, readable by its owner only.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::folders::Folders;

/// The secrets of one sandbox.
#[derive(Clone, Serialize, Deserialize)]
pub struct Secrets {
    /// PostgreSQL's only user.
    pub postgres_password: String,
    /// What the emulator accepts.
    pub aws_access_key_id: String,
    /// What the emulator accepts.
    pub aws_secret_access_key: String,
    /// Key of the CSRF tokens.
    pub web_secret: String,
    /// What the Stripe emulator signs with; an older sandbox had none to keep.
    #[serde(default = "random")]
    pub stripe_webhook_secret: String,
}

/// Certificate and key of the web, PEM.
pub struct Certificate {
    /// The self-signed certificate for localhost.
    pub cert: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

impl Secrets {
    /// The secrets of earlier runs, or new ones.
    pub fn load(folders: &Folders) -> Result<Self> {
        let path = folders.data.join("secrets.json");
        if let Ok(kept) = fs::read_to_string(&path) {
            return serde_json::from_str(&kept)
                .with_context(|| format!("read {}; --fresh makes it anew", path.display()));
        }
        let made = Self {
            postgres_password: random(),
            aws_access_key_id: "gas-sandbox".to_owned(),
            aws_secret_access_key: random(),
            web_secret: random(),
            stripe_webhook_secret: random(),
        };
        write_private(&path, serde_json::to_string_pretty(&made)?.as_bytes())?;
        Ok(made)
    }
}

impl Certificate {
    /// The certificate of earlier runs, so that a browser need not be told again to trust it, or a new one.
    pub fn load(folders: &Folders) -> Result<Self> {
        let folder = folders.below("tls")?;
        let certificate = Self {
            cert: folder.join("cert.pem"),
            key: folder.join("key.pem"),
        };
        if !certificate.cert.exists() {
            let names = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
            let made = rcgen::generate_simple_self_signed(names).context("make a certificate")?;
            write_private(&certificate.key, made.signing_key.serialize_pem().as_bytes())?;
            write_private(&certificate.cert, made.cert.pem().as_bytes())?;
        }
        Ok(certificate)
    }
}

/// Writes a file that only its owner can read.
pub fn write_private(path: &Path, content: &[u8]) -> Result<()> {
    let mut options = OpenOptions::new();
    let file = options.write(true).create(true).truncate(true).mode(0o600).open(path);
    file.and_then(|mut file| file.write_all(content))
        .with_context(|| format!("write {}", path.display()))
}

/// 244 random bits in hexadecimal.
pub fn random() -> String {
    format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple())
}
