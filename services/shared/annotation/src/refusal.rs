//! Why an annotation ends without a result: the input is at fault, with how far it was read and a log for its owner, or
//! reading and writing are.

use std::fmt::{self, Write};
use std::io;

use vcf::counted;

use crate::error::InputError;

/// Why there is no result.
#[derive(Debug, thiserror::Error)]
pub enum AnnotateError {
    /// The input cannot be annotated, however often one tries. The text is for the one who sent it.
    #[error(transparent)]
    Input(Refusal),
    /// Reading the input or writing the output failed; another attempt may succeed.
    #[error("cannot read the input or write the output")]
    Io(#[from] io::Error),
}

/// Why an input was refused. Prints as one or two sentences for its owner.
#[derive(Debug)]
pub struct Refusal {
    reason: Box<InputError>,
    lines: u64,
    bytes_read: u64,
    records: u64,
    warnings: Vec<String>,
}

impl Refusal {
    pub(crate) fn new(reason: InputError, lines: u64, bytes_read: u64, records: u64, warnings: Vec<String>) -> Self {
        Self {
            reason: Box::new(reason),
            lines,
            bytes_read,
            records,
            warnings,
        }
    }

    /// The reason.
    pub fn reason(&self) -> &InputError {
        &self.reason
    }

    /// Whether another reference might help: the one that the file needs is not at hand, or its genome could not be told.
    pub fn lacks_reference(&self) -> bool {
        use reference::detect::GenomeTrouble::{NoBundle, Undecided};
        matches!(&*self.reason, InputError::Genome(NoBundle { .. } | Undecided { .. }))
    }

    /// The log of the failed annotation of the file of this name, as plain text.
    pub fn log(&self, file_name: &str) -> String {
        let mut log = format!(
            "{file_name} was not annotated.\n\nReason\n------\n{}\n\nRead\n----\n",
            self.reason
        );
        let (lines, records, bytes) = (counted(self.lines), counted(self.records), counted(self.bytes_read));
        // Writing to a string cannot fail.
        let _ = writeln!(log, "lines    {lines}\nrecords  {records}\nbytes    {bytes}");
        if !self.warnings.is_empty() {
            let _ = writeln!(log, "\nWarnings\n--------\n{}", self.warnings.join("\n"));
        }
        log
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.reason.fmt(f)
    }
}

impl std::error::Error for Refusal {}
