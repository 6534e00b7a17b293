//! The options of `cargo dev`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use annotator::download::DownloadSettings;
use backends::settings::VaultKind;
use clap::Args;

use crate::provision::ARCHIVE_BUCKET;

/// How to run the system.
#[derive(Debug, Clone, Args)]
pub struct UpArgs {
    /// Port of the web pages (0: any free port)
    #[arg(long, default_value_t = 4433)]
    pub port: u16,
    /// Port of the AWS emulator (0: any free port)
    #[arg(long, default_value_t = 4566)]
    pub aws_port: u16,
    /// Port of the mailbox (0: any free port)
    #[arg(long, default_value_t = 8025)]
    pub mailbox_port: u16,
    /// Port of the Stripe emulator (0: any free port)
    #[arg(long, default_value_t = 8420)]
    pub stripe_port: u16,
    /// Begin with an empty system: accounts, jobs and files of earlier runs are deleted
    #[arg(long)]
    pub fresh: bool,
    /// How long free users may download results, for example 90s
    #[arg(long, env = "GAS_FREE_RETENTION", default_value = "30m", value_parser = chassis::duration::parse)]
    pub retention: Duration,
    /// What keeps archived results: the Glacier emulator, or the AWS emulator's storage class GLACIER
    #[arg(long, env = "GAS_VAULT", default_value = "glacier")]
    pub vault: VaultKind,
    /// Bucket of the archives of the storage class GLACIER; earlier versions kept them in gas-results
    #[arg(long, env = "GAS_ARCHIVE_BUCKET", default_value = ARCHIVE_BUCKET)]
    pub archive_bucket: String,
    /// Whether webhooks may lead to this machine and its network, also by HTTP
    #[arg(long, env = "GAS_WEBHOOK_PRIVATE_ADDRESSES", default_value_t = true, action = clap::ArgAction::Set)]
    pub webhook_private_addresses: bool,
    /// Where data and logs are kept [default: sandbox/data in the target folder]
    #[arg(long)]
    pub data: Option<PathBuf>,
    /// Do not prepare hg19 and hg38; only mitochondrial files can then be annotated
    #[arg(long)]
    pub no_references: bool,
    /// Use the reference bundles of this folder (`annotator reference build` makes them) instead of preparing hg19 and hg38
    #[arg(long, value_name = "DIR", conflicts_with = "no_references", value_parser = folder_of_references)]
    pub reference: Option<PathBuf>,
    /// Do not fetch the sequences of hg19 and hg38, about 800 MB each; coding variants are then told without codons
    #[arg(long, env = "GAS_NO_SEQUENCE", value_parser = clap::builder::FalseyValueParser::new())]
    pub no_sequence: bool,
    /// Where sequences come from.
    #[command(flatten)]
    pub download: DownloadSettings,
    /// For tests: stop when standard input closes
    #[arg(long, hide = true)]
    pub stop_with_stdin: bool,
    /// For tests: do not wait for the disk, and delete the data at the end
    #[arg(long, hide = true)]
    pub throwaway: bool,
    /// For tests: how many annotators, notifiers and archivers run
    #[arg(long, hide = true, default_value_t = 1)]
    pub replicas: u16,
    /// For tests: a program that says, once the stores are there, which more variables each service gets
    #[arg(long, hide = true, env = "GAS_SANDBOX_ROLES")]
    pub roles: Option<PathBuf>,
    /// For tests: logs go into a folder of this run in here, and stay
    #[arg(long, hide = true, env = "GAS_SANDBOX_LOGS")]
    pub logs: Option<PathBuf>,
    /// For tests: libfaketime, by which each service's clock goes as the file of its name in the data folder's `clocks` says
    #[arg(long, hide = true)]
    pub faketime: Option<PathBuf>,
}

/// A folder with at least one bundle, by its absolute path.
fn folder_of_references(given: &str) -> Result<PathBuf, String> {
    let folder = Path::new(given).canonicalize().map_err(|error| error.to_string())?;
    let entries = folder.read_dir().map_err(|error| error.to_string())?;
    let mut bundles = entries.filter_map(Result::ok).map(|entry| entry.path());
    match bundles.any(|path| path.extension().is_some_and(|extension| extension == "gasref")) {
        true => Ok(folder),
        false => {
            Err("it has no reference (*.gasref); `annotator reference build --help` says how to make one".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_of_references_has_one() {
        let folder = tempfile::tempdir().unwrap();
        let given = folder.path().to_str().unwrap();
        assert!(folder_of_references(given).unwrap_err().contains("has no reference"));
        std::fs::write(folder.path().join("mine.gasref"), "").unwrap();
        assert_eq!(
            folder_of_references(given).unwrap(),
            folder.path().canonicalize().unwrap()
        );
        assert!(folder_of_references("/nowhere/at/all").is_err());
    }
}
