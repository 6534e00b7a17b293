//! Passwords, keys and the certificate of a composed system, as files that containers share: made once, then kept.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use rcgen::generate_simple_self_signed;

use crate::secrets::random;

/// Where to make the files.
#[derive(Debug, Clone, Args)]
pub struct KeysArgs {
    /// Folder of the files; what is there is kept
    #[arg(long)]
    pub into: PathBuf,
    /// Host of the accounts database, for the file database_url
    #[arg(long, default_value = "postgres")]
    pub database_host: String,
}

/// Makes what is missing. The services read most of it by settings such as `file:/keys/web_secret`.
pub fn run(args: &KeysArgs) -> Result<()> {
    let into = &args.into;
    fs::create_dir_all(into.join("tls")).with_context(|| format!("make the folder {}", into.display()))?;
    let password = keep(&into.join("postgres_password"), random)?;
    keep(&into.join("database_url"), || {
        format!("postgres://gas:{password}@{}:5432/gas", args.database_host)
    })?;
    keep(&into.join("web_secret"), random)?;
    keep(&into.join("stripe_secret_key"), || format!("sk_test_{}", random()))?;
    keep(&into.join("stripe_webhook_secret"), || format!("whsec_{}", random()))?;
    let aws = keep(&into.join("aws_secret_access_key"), random)?;
    keep(&into.join("aws_credentials"), || {
        format!("[default]\naws_access_key_id = gas-sandbox\naws_secret_access_key = {aws}\n")
    })?;
    keep(&into.join("aws.env"), || {
        format!("export AWS_ACCESS_KEY_ID=gas-sandbox\nexport AWS_SECRET_ACCESS_KEY={aws}\n")
    })?;
    certificate(&into.join("tls"))
}

fn certificate(folder: &Path) -> Result<()> {
    let (cert, key) = (folder.join("cert.pem"), folder.join("key.pem"));
    if cert.exists() {
        return Ok(());
    }
    let names = ["localhost", "web", "127.0.0.1", "::1"].map(str::to_owned);
    let made = generate_simple_self_signed(names).context("make a certificate")?;
    // The certificate comes last: where it is, the key is.
    write(&key, &made.signing_key.serialize_pem())?;
    write(&cert, &made.cert.pem())
}

/// The content of the file, which is made if it is not there.
fn keep(path: &Path, make: impl FnOnce() -> String) -> Result<String> {
    if let Ok(kept) = fs::read_to_string(path) {
        return Ok(kept);
    }
    let made = make();
    write(path, &made)?;
    Ok(made)
}

/// Writes the file whole or not at all. Every user may read it: containers run as different ones, and share nothing
/// but the volume that it is on.
fn write(path: &Path, content: &str) -> Result<()> {
    let draft = path.with_extension("draft");
    fs::write(&draft, content)
        .and_then(|()| fs::rename(&draft, path))
        .with_context(|| format!("write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_made_once_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let args = KeysArgs {
            into: folder.path().to_owned(),
            database_host: "postgres".into(),
        };
        let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
        run(&args).unwrap();
        let before = ["database_url", "aws.env", "tls/cert.pem"].map(read);
        assert!(before[0].contains(&read("postgres_password")));
        fs::remove_file(folder.path().join("web_secret")).unwrap();
        run(&args).unwrap();
        assert_eq!(["database_url", "aws.env", "tls/cert.pem"].map(read), before);
        assert_eq!(read("web_secret").len(), 64);
    }
}
