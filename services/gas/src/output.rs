//! What a command answers: sentences for people on a terminal, or JSON for programs, one document a line.

use std::io::IsTerminal;

use serde_json::Value;

/// How to answer.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    as_json: bool,
    /// Whether somebody watches.
    pub shows_progress: bool,
}

impl Output {
    /// As the command line says.
    #[must_use]
    pub fn new(as_json: bool, quiet: bool) -> Self {
        Self {
            as_json,
            shows_progress: !as_json && !quiet && std::io::stderr().is_terminal(),
        }
    }

    /// Whether answers are JSON.
    #[must_use]
    pub const fn is_json(self) -> bool {
        self.as_json
    }

    /// Answers with a document, or in words that are made of it.
    pub fn answer(self, document: &Value, words: impl FnOnce(&Value) -> String) {
        match self.as_json {
            true => println!("{document}"),
            false => println!("{}", words(document)),
        }
    }

    /// Says something that is no answer, to people alone.
    pub fn remark(self, words: &str) {
        if !self.as_json {
            eprintln!("{words}");
        }
    }
}

/// A text of a document, or nothing.
#[must_use]
pub fn text<'v>(document: &'v Value, name: &str) -> &'v str {
    document[name].as_str().unwrap_or_default()
}
