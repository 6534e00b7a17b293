//! Amazon's SHA-256 tree hash, by which a vault and its caller agree on what an archive holds.
//!
//! The leaves are the SHA-256 of each MiB, the last of which may be shorter; each level pairs its neighbours up to one
//! root, and who has no neighbour moves up unchanged.
//! <https://docs.aws.amazon.com/amazonglacier/latest/dev/checksum-calculations.html>

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

/// Bytes under one leaf.
pub const LEAF: u64 = 1024 * 1024;

/// A tree hash being computed over bytes as they come.
#[derive(Debug, Clone, Default)]
pub struct TreeHasher {
    leaves: Vec<TreeHash>,
    /// The leaf that is not full yet.
    open: Sha256,
    in_open: u64,
}

/// The root of a tree, or of a part of it; prints as hexadecimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TreeHash([u8; 32]);

impl TreeHasher {
    /// Takes the next bytes.
    pub fn update(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let room = usize::try_from(LEAF - self.in_open).unwrap_or(usize::MAX);
            let (now, later) = bytes.split_at(room.min(bytes.len()));
            self.open.update(now);
            self.in_open += now.len() as u64;
            if self.in_open == LEAF {
                self.close_leaf();
            }
            bytes = later;
        }
    }

    /// The root over everything that was taken.
    #[must_use]
    pub fn finish(mut self) -> TreeHash {
        // Nothing at all has one leaf, the hash of nothing.
        if self.in_open > 0 || self.leaves.is_empty() {
            self.close_leaf();
        }
        TreeHash::of_parts(self.leaves)
    }

    fn close_leaf(&mut self) {
        let leaf = std::mem::take(&mut self.open).finalize();
        self.leaves.push(TreeHash(leaf.into()));
        self.in_open = 0;
    }
}

impl TreeHash {
    /// The tree hash of `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        let mut hasher = TreeHasher::default();
        hasher.update(bytes);
        hasher.finish()
    }

    /// The root over the roots of consecutive parts, each but the last a power of two MiB long; of no parts, the root
    /// over nothing.
    #[must_use]
    pub fn of_parts(mut level: Vec<Self>) -> Self {
        while level.len() > 1 {
            level = level.chunks(2).map(Self::parent).collect();
        }
        level.pop().unwrap_or_else(|| Self(Sha256::digest([]).into()))
    }

    fn parent(children: &[Self]) -> Self {
        match children {
            [only] => *only,
            _ => Self(
                children
                    .iter()
                    .fold(Sha256::new(), |sum, child| sum.chain_update(child.0))
                    .finalize()
                    .into(),
            ),
        }
    }
}

impl fmt::Display for TreeHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The text is no SHA-256 in hexadecimal.
#[derive(Debug, thiserror::Error)]
#[error("not 64 hexadecimal digits")]
pub struct NoTreeHash;

impl FromStr for TreeHash {
    type Err = NoTreeHash;

    fn from_str(text: &str) -> Result<Self, NoTreeHash> {
        let mut root = [0; 32];
        if text.len() != 64 || !text.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(NoTreeHash);
        }
        for (byte, at) in root.iter_mut().zip((0..).step_by(2)) {
            *byte = u8::from_str_radix(&text[at..at + 2], 16).map_err(|_| NoTreeHash)?;
        }
        Ok(Self(root))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: usize = 1024 * 1024;

    /// Expected values: Python's hashlib over the definition above, for `size` times the letter a.
    const VECTORS: [(usize, &str); 7] = [
        (0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (5, "ed968e840d10d2d313a870bc131a4e2c311d7ad09bdf32b3418147221f51a6e2"),
        (
            MIB - 1,
            "3311ea1faad557de3899e89a39076c69d9d0cc5b4cff56a0b61339f487395d56",
        ),
        (MIB, "9bc1b2a288b26af7257a36277ae3816a7d4f16e89c1e7e77d0a5c48bad62b360"),
        (
            MIB + 1,
            "8dd49bbc6297567fac3852c2deddcdbc57358bc403c10d4f6dc64b143ad9b27b",
        ),
        (
            3 * MIB,
            "70239f4f2ead7561f69d48b956b547edef52a1280a93c262c0b582190be7db17",
        ),
        (
            6 * MIB + MIB / 2,
            "0dae0a3f606e3eae41361ffc1dc3e1c5311ae06f9c14299ca46052f89947f412",
        ),
    ];

    fn letters(size: usize) -> Vec<u8> {
        vec![b'a'; size]
    }

    #[test]
    fn hashes_are_those_of_the_definition() {
        for (size, expected) in VECTORS {
            assert_eq!(TreeHash::of(&letters(size)).to_string(), expected, "{size} bytes");
        }
    }

    #[test]
    fn how_the_bytes_come_does_not_matter() {
        let content: Vec<u8> = (0..3 * MIB + 7).map(|at| (at * 31 % 251) as u8).collect();
        let whole = TreeHash::of(&content);
        for piece in [1000, MIB - 1, MIB, MIB + 1, 5 * MIB] {
            let mut hasher = TreeHasher::default();
            content.chunks(piece).for_each(|bytes| hasher.update(bytes));
            assert_eq!(hasher.finish(), whole, "pieces of {piece} bytes");
        }
    }

    #[test]
    fn the_root_over_parts_is_the_root_over_the_whole() {
        let content: Vec<u8> = (0..7 * MIB + 5).map(|at| (at * 17 % 253) as u8).collect();
        for part in [MIB, 2 * MIB, 4 * MIB] {
            let parts = content.chunks(part).map(TreeHash::of).collect();
            assert_eq!(
                TreeHash::of_parts(parts),
                TreeHash::of(&content),
                "parts of {part} bytes"
            );
        }
    }

    #[test]
    fn text_reads_back_and_anything_else_is_refused() {
        let hash = TreeHash::of(b"GAS");
        assert_eq!(hash.to_string().parse::<TreeHash>().unwrap(), hash);
        assert!("abc".parse::<TreeHash>().is_err());
        assert!("g".repeat(64).parse::<TreeHash>().is_err());
        assert!("é".repeat(32).parse::<TreeHash>().is_err());
    }
}
