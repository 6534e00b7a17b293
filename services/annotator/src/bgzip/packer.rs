//! Bgzip of any text, without an index.

use super::blocks::{END, Level};
use super::packing::Packing;

/// Packs text, piece by piece.
pub(crate) struct Packer(Packing);

impl Packer {
    /// What ends a file.
    pub(crate) const END: &[u8] = &END;

    pub(crate) fn new(level: Level) -> Self {
        Self(Packing::new(level))
    }

    /// Takes more text.
    pub(crate) fn pack(&mut self, text: &[u8]) {
        self.0.pack(text);
    }

    /// The blocks of all text since the last time.
    pub(crate) fn take(&mut self) -> Vec<u8> {
        self.0.take().bytes
    }

    /// The blocks of one text.
    pub(crate) fn packed(mut self, text: &[u8]) -> Vec<u8> {
        self.pack(text);
        self.take()
    }
}
