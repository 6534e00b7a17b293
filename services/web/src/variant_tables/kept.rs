//! What was read of files of variants, kept for who asks next: their tables of contents, and pieces of their columns.

use std::sync::Arc;

use bytes::Bytes;
use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, OptionsBuilder, Weighter};
use variants::Key;

use super::opened::Opened;

/// Bytes that are kept, of all files together. What is kept of many files in turn takes half as much again, in pages of memory that
/// are in part in use.
pub const MOST_BYTES: u64 = 40 * 1024 * 1024;
/// A piece is about so large.
const USUAL_PIECE: u64 = 64 * 1024;
/// What an entry takes besides its bytes.
const ENTRY: u64 = 200;

/// What was read. Whoever may read a file is decided before it is looked for here.
pub struct Kept(Cache<Name, Piece, Weight>);

/// What a piece is of. A name of a file never means another file: each attempt at a job writes its own, and pieces are kept by
/// the ETag besides.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Name {
    /// The table of contents of the file with this key.
    Contents(Arc<str>),
    /// Bytes of the object with this key and ETag.
    Bytes(Arc<str>, Key),
}

#[derive(Clone)]
enum Piece {
    Contents(Opened),
    Bytes(Bytes),
}

#[derive(Clone)]
struct Weight;

impl Weighter<Name, Piece> for Weight {
    fn weight(&self, _: &Name, piece: &Piece) -> u64 {
        ENTRY
            + match piece {
                Piece::Contents(opened) => opened.weight,
                Piece::Bytes(bytes) => bytes.len() as u64,
            }
    }
}

impl Kept {
    /// Nothing yet, and never more than so many bytes.
    #[must_use]
    pub fn new(most_bytes: u64) -> Self {
        let options = OptionsBuilder::new()
            // One, so that the limit is that of all pieces together, and a large one fits.
            .shards(1)
            .weight_capacity(most_bytes)
            .estimated_items_capacity(usize::try_from(most_bytes / USUAL_PIECE).unwrap_or(1).max(1))
            .build();
        let options = options.unwrap_or_else(|error| unreachable!("the limits are constants: {error}"));
        Self(Cache::with_options(
            options,
            Weight,
            DefaultHashBuilder::default(),
            DefaultLifecycle::default(),
        ))
    }

    /// The table of contents of a file, if it is kept.
    pub fn contents(&self, key: &Arc<str>) -> Option<Opened> {
        match self.0.get(&Name::Contents(Arc::clone(key)))? {
            Piece::Contents(opened) => Some(opened),
            Piece::Bytes(_) => None,
        }
    }

    /// Keeps the table of contents of a file.
    pub fn keep_contents(&self, opened: &Opened) {
        let name = Name::Contents(Arc::clone(&opened.key));
        self.0.insert(name, Piece::Contents(opened.clone()));
    }

    /// Forgets the table of contents of a file that is another now, or none.
    pub fn forget(&self, key: &Arc<str>) {
        self.0.remove(&Name::Contents(Arc::clone(key)));
    }

    /// Bytes of an object, if they are kept.
    pub fn bytes(&self, object: &Arc<str>, key: Key) -> Option<Bytes> {
        match self.0.get(&Name::Bytes(Arc::clone(object), key))? {
            Piece::Bytes(bytes) => Some(bytes),
            Piece::Contents(_) => None,
        }
    }

    /// Keeps bytes of an object. They must not be a slice of more, which would stay in memory uncounted.
    pub fn keep_bytes(&self, object: &Arc<str>, key: Key, bytes: Bytes) {
        self.0.insert(Name::Bytes(Arc::clone(object), key), Piece::Bytes(bytes));
    }

    /// Bytes that are kept.
    #[cfg(test)]
    fn weight(&self) -> u64 {
        self.0.weight()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn key(group: u32) -> Key {
        Key {
            group,
            column: 0,
            part: 1,
        }
    }

    #[test]
    fn what_is_kept_of_all_files_together_is_bounded() {
        let kept = Kept::new(1024 * 1024);
        for group in 0..1000 {
            let object: Arc<str> = format!("file-{}", group % 7).into();
            kept.keep_bytes(&object, key(group), vec![1; 10_000].into());
            assert!(kept.weight() <= 1024 * 1024, "{}", kept.weight());
        }
        assert!(kept.weight() > 512 * 1024, "{}", kept.weight());
    }

    #[test]
    fn bytes_of_one_object_are_never_those_of_another() {
        let kept = Kept::new(1024 * 1024);
        let (first, second): (Arc<str>, Arc<str>) =
            ("a/variants.parquet \"1\"".into(), "a/variants.parquet \"2\"".into());
        kept.keep_bytes(&first, key(0), Bytes::from_static(b"first"));
        assert_eq!(kept.bytes(&first, key(0)).as_deref(), Some(&b"first"[..]));
        assert_eq!((kept.bytes(&second, key(0)), kept.bytes(&first, key(1))), (None, None));
    }

    #[test]
    fn a_piece_that_is_larger_than_all_that_is_kept_is_not_kept() {
        let kept = Kept::new(1024);
        let object: Arc<str> = "a".into();
        kept.keep_bytes(&object, key(0), vec![1; 2048].into());
        assert_eq!(kept.bytes(&object, key(0)), None);
    }
}
