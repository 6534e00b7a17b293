//! Why an annotation ends early.

/// Why an annotation ends early.
#[derive(Debug, thiserror::Error)]
pub enum AnnotateError {
    /// The input cannot be annotated; trying again would give the same. In words for whoever sent it.
    #[error(transparent)]
    Input(#[from] Refusal),
    /// Reading or writing failed, which another attempt may survive.
    #[error("read the input or write the output")]
    Io(#[source] std::io::Error),
}

/// What is wrong with an input: where, what, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Refusal {
    /// One or two sentences.
    reason: String,
    /// 1-based line, where there is one.
    line: Option<u64>,
    /// Records read before.
    records: u64,
}

impl Refusal {
    /// A refusal of the input as a whole.
    pub(crate) fn of_input(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            line: None,
            records: 0,
        }
    }

    /// A refusal because of one line.
    pub(crate) fn at(line: u64, reason: impl std::fmt::Display) -> Self {
        Self {
            reason: format!("Line {line}: {reason}"),
            line: Some(line),
            records: 0,
        }
    }

    /// Says how much had been read.
    pub(crate) fn after(mut self, records: u64) -> Self {
        self.records = records;
        self
    }

    /// The log of the failed annotation of a file of this name.
    #[must_use]
    pub fn log(&self, file_name: &str) -> String {
        let place = self.line.map_or(String::new(), |line| format!("Line: {line}\n"));
        format!(
            "## {file_name} was not annotated\n{}\n{place}Records read before: {}\nNo results were written.\n",
            self.reason, self.records
        )
    }
}

/// A piece of an input as it can be shown in a message: short, printable.
pub(crate) fn shown(bytes: &[u8]) -> String {
    let text: String = String::from_utf8_lossy(&bytes[..bytes.len().min(120)])
        .chars()
        .take(40)
        .flat_map(char::escape_debug)
        .collect();
    if bytes.len() > 40 { format!("{text}…") } else { text }
}
