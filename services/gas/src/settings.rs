//! Where the service is and who asks: flags, variables, and the file of the token.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use domain::ApiToken;

use crate::failure::Failure;

/// Where the service is, and who asks.
#[derive(Debug, Clone, Args)]
pub struct ConnectionSettings {
    /// Address of the service
    #[arg(long, env = "GAS_URL", default_value = "https://localhost:4433", global = true)]
    pub url: String,
    /// A certificate to trust besides those of the system, as PEM
    #[arg(long, env = "GAS_CA", value_name = "FILE", global = true)]
    pub ca: Option<PathBuf>,
    /// Trust any certificate; for a service on this machine alone
    #[arg(long, env = "GAS_INSECURE", global = true)]
    pub insecure: bool,
    /// The token, instead of that of the file
    #[arg(long, env = "GAS_TOKEN", hide_env_values = true, hide = true, global = true)]
    pub token: Option<String>,
    /// The file of the token [default: ~/.config/gas/token]
    #[arg(long, env = "GAS_TOKEN_FILE", value_name = "FILE", global = true)]
    pub token_file: Option<PathBuf>,
    /// The folder of settings, as systems have it
    #[arg(long, env = "XDG_CONFIG_HOME", hide = true, global = true)]
    pub config_home: Option<PathBuf>,
    /// The person's own folder
    #[arg(long, env = "HOME", hide = true, global = true)]
    pub home: Option<PathBuf>,
}

impl ConnectionSettings {
    /// The token to come with.
    pub fn token(&self) -> Result<ApiToken, Failure> {
        let text = match &self.token {
            Some(token) => token.clone(),
            None => {
                let file = self.token_file()?;
                fs::read_to_string(&file).map_err(|_| Failure::NotLoggedIn)?
            }
        };
        ApiToken::parse(&text).map_err(Failure::BadToken)
    }

    /// Keeps the token in its file, which nobody else can read.
    pub fn keep(&self, token: &ApiToken) -> Result<PathBuf, Failure> {
        let file = self.token_file()?;
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder).with_context(|| format!("make the folder {}", folder.display()))?;
        }
        let draft = file.with_extension("draft");
        let written = write_private(&draft, token.reveal()).and_then(|()| fs::rename(&draft, &file));
        written.with_context(|| format!("write {}", file.display()))?;
        Ok(file)
    }

    /// Forgets the token; `false` if there was none.
    pub fn forget(&self) -> Result<bool, Failure> {
        Ok(fs::remove_file(self.token_file()?).is_ok())
    }

    fn token_file(&self) -> Result<PathBuf, Failure> {
        if let Some(file) = &self.token_file {
            return Ok(file.clone());
        }
        let own = self.home.as_ref().map(|home| home.join(".config"));
        let folder = self.config_home.clone().or(own);
        let folder = folder.context("find the folder of settings: set HOME, or --token-file")?;
        Ok(folder.join("gas/token"))
    }
}

fn write_private(path: &std::path::Path, text: &str) -> std::io::Result<()> {
    // One that is left of a run which died may have other rights.
    let _ = fs::remove_file(path);
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    writeln!(options.open(path)?, "{text}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        connection: ConnectionSettings,
    }

    #[test]
    #[cfg(unix)]
    fn a_token_is_kept_where_nobody_else_can_read_it_and_forgotten() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("deep/token");
        let settings = Cli::parse_from(["gas", "--token-file", file.to_str().unwrap()]).connection;
        assert!(matches!(settings.token(), Err(Failure::NotLoggedIn)));
        for token in [ApiToken::random(), ApiToken::random()] {
            assert_eq!(settings.keep(&token).unwrap(), file);
            assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
            assert!(settings.token().unwrap() == token);
        }
        assert!(settings.forget().unwrap() && !settings.forget().unwrap());
    }
}
