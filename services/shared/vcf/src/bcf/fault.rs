//! What is wrong with a BCF file.

use std::io;

/// Why the bytes are no BCF; the error inside of an [`io::Error`] of kind `InvalidData`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BcfFault {
    /// A record or a line of the header is longer than the limit.
    #[error("a record is longer than the limit")]
    TooLong,
    /// There are more bytes than the limit.
    #[error("there is more than the limit")]
    TooMuch,
    /// There are far more bytes than were taken from the input.
    #[error("there is far more than the input has")]
    UnpacksTooFar,
    /// The bytes are not as the format has them.
    #[error("record {record}: {what}")]
    Damaged {
        /// The record, counted from 1; 0 for the header.
        record: u64,
        /// What stands there.
        what: &'static str,
    },
}

impl BcfFault {
    pub(super) fn new(what: &'static str) -> Self {
        Self::Damaged { record: 0, what }
    }

    /// The same, of a record.
    pub(super) fn at(self, record: u64) -> Self {
        match self {
            Self::Damaged { what, .. } => Self::Damaged { record, what },
            other => other,
        }
    }

    /// The fault inside of an error.
    pub(crate) fn inside(error: &io::Error) -> Option<Self> {
        error.get_ref()?.downcast_ref().copied()
    }
}

impl From<BcfFault> for io::Error {
    fn from(fault: BcfFault) -> Self {
        Self::new(io::ErrorKind::InvalidData, fault)
    }
}
