//! What can be typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::failure::EXIT_CODES;
use crate::settings::ConnectionSettings;
use crate::variants_args::VariantsArgs;

/// Annotate VCF files with the Genomics Annotation Service, from a terminal
#[derive(Debug, Parser)]
#[command(name = "gas", version, after_help = EXIT_CODES, propagate_version = true)]
pub struct Cli {
    /// Answer in JSON, one document a line
    #[arg(long, global = true)]
    pub json: bool,
    /// Show no progress
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// Where the service is, and who asks.
    #[command(flatten)]
    pub connection: ConnectionSettings,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Log in by your browser: compare a code, and approve it
    Login(LoginArgs),
    /// Revoke the token and forget it
    Logout,
    /// Submit files; the same file under the same name is submitted once, however often you run this
    Submit(SubmitArgs),
    /// List jobs, newest first
    Jobs(JobsArgs),
    /// Show a job
    Show {
        /// The job's ID
        id: String,
    },
    /// Print a job's log
    Log(LogArgs),
    /// Download files of jobs; one that was begun goes on where it stopped
    Download(DownloadArgs),
    /// Write the variants of a job that match: by gene, region, impact, frequency, genotype and more
    Variants(Box<VariantsArgs>),
    /// Cancel jobs that wait or run
    Cancel {
        /// The jobs' IDs
        #[arg(required = true)]
        ids: Vec<String>,
    },
    /// Name a job, or note something of it
    Describe(DescribeArgs),
    /// Run a job again, with other settings if you name some
    Rerun(RerunArgs),
    /// Delete jobs, with everything that is kept of them
    Rm(RmArgs),
    /// Read files as the service would, without sending them
    Check {
        /// The files: VCF, plain, gzip or bgzip, or BCF
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Show your plan, and what it takes
    Plan,
    /// Show the token: its name, what it may do, when it ends
    Token,
    /// Write completions for a shell to standard output
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Write the manual pages into a folder
    Man {
        /// The folder
        folder: PathBuf,
    },
}

/// What `gas login` takes.
#[derive(Debug, Args)]
pub struct LoginArgs {
    /// Read a token that you have made in My account from standard input, instead of opening the browser
    #[arg(long, alias = "stdin", conflicts_with_all = ["no_browser", "name", "scope"])]
    pub with_token: bool,
    /// Do not open the browser; you open the address yourself, on any machine
    #[arg(long)]
    pub no_browser: bool,
    /// What the token is called in your list [default: the name of this machine]
    #[arg(long)]
    pub name: Option<String>,
    /// What the token may do; may be given more than once
    #[arg(long, value_parser = ["read", "submit", "delete"], default_values = ["read", "submit", "delete"])]
    pub scope: Vec<String>,
}

/// How a job is annotated.
#[derive(Debug, Clone, Args)]
pub struct SettingArgs {
    /// The genome that the file was made with: auto, hg19, hg38, hg18 or rCRS
    #[arg(long, value_parser = ["auto", "hg19", "hg38", "hg18", "rCRS"])]
    pub reference: Option<String>,
    /// The form of the results
    #[arg(long, value_parser = ["modern", "anntools"])]
    pub form: Option<String>,
    /// The fields of CSQ
    #[arg(long, value_parser = ["default", "everything"])]
    pub fields: Option<String>,
    /// The entries of CSQ
    #[arg(long, value_parser = ["all", "pick", "pick_allele", "per_gene", "pick_allele_gene", "flag_pick", "flag_pick_allele", "flag_pick_allele_gene"])]
    pub entries: Option<String>,
    /// Whether phased variants are told together, too
    #[arg(long, value_parser = ["alone", "phased"])]
    pub haplotypes: Option<String>,
    /// Whose transcripts consequences are told on
    #[arg(long, value_parser = ["all", "refseq", "ensembl"])]
    pub transcripts: Option<String>,
    /// The tracks that are told: all, variants, regions, none, or keys such as dbSNP,ClinVar
    #[arg(long, value_delimiter = ',', value_name = "TRACK,…")]
    pub tracks: Option<Vec<String>>,
}

/// What `gas submit` takes.
#[derive(Debug, Args)]
pub struct SubmitArgs {
    /// The files: VCF, plain, gzip or bgzip, or BCF
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// How they are annotated.
    #[command(flatten)]
    pub settings: SettingArgs,
    /// Wait until all have ended
    #[arg(long)]
    pub wait: bool,
    /// Download the results into a folder; waits for them
    #[arg(long, value_name = "DIR")]
    pub download: Option<PathBuf>,
    /// Uploads at once, and parts of large files
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=32))]
    pub parallel: u16,
    /// Submit the files anew, even if they were submitted before
    #[arg(long)]
    pub anew: bool,
}

/// What `gas jobs` takes.
#[derive(Debug, Args)]
pub struct JobsArgs {
    /// The most that are listed
    #[arg(long, default_value_t = 20)]
    pub limit: usize,
    /// All of them
    #[arg(long, conflicts_with = "limit")]
    pub all: bool,
}

/// What `gas log` takes.
#[derive(Debug, Args)]
pub struct LogArgs {
    /// The job's ID
    pub id: String,
    /// Tell how far the job is until it has ended, then print the log
    #[arg(long, short)]
    pub follow: bool,
}

/// What `gas download` takes.
#[derive(Debug, Args)]
pub struct DownloadArgs {
    /// The jobs' IDs
    #[arg(required = true)]
    pub ids: Vec<String>,
    /// What of them
    #[arg(long, value_enum, default_values_t = [FileKind::Results])]
    pub file: Vec<FileKind>,
    /// The folder
    #[arg(long, short, default_value = ".", value_name = "DIR")]
    pub output: PathBuf,
}

/// A file of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FileKind {
    /// The annotated VCF, packed by bgzip
    Results,
    /// Its tabix index
    Index,
    /// What was submitted
    Input,
    /// What was counted, and what was wrong
    Log,
}

impl FileKind {
    /// What the API calls it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Results => "results",
            Self::Index => "index",
            Self::Input => "input",
            Self::Log => "log",
        }
    }
}

/// What `gas describe` takes.
#[derive(Debug, Args)]
pub struct DescribeArgs {
    /// The job's ID
    pub id: String,
    /// What you call it; empty for the name of its file
    #[arg(long, required_unless_present = "notes")]
    pub name: Option<String>,
    /// Notes, instead of those that there are; empty for none
    #[arg(long)]
    pub notes: Option<String>,
}

/// What `gas rerun` takes.
#[derive(Debug, Args)]
pub struct RerunArgs {
    /// The job's ID
    pub id: String,
    /// What is to be otherwise.
    #[command(flatten)]
    pub settings: SettingArgs,
}

/// What `gas rm` takes.
#[derive(Debug, Args)]
pub struct RmArgs {
    /// The jobs' IDs
    #[arg(required = true)]
    pub ids: Vec<String>,
    /// Do not ask
    #[arg(long, short)]
    pub yes: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound_and_explains_its_exit_codes() {
        Cli::command().debug_assert();
        let help = Cli::command().render_long_help().to_string();
        assert!(help.contains("5  a job has failed"));
    }
}
