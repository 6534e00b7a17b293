//! What goes into a vault, a stream of known length, cut into parts and hashed on its way; and what comes out of it.

use aws_smithy_types::byte_stream::ByteStream;
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt};

use super::VaultError;
use super::tree_hash::{LEAF, TreeHash, TreeHasher};

/// The parts that both kinds of vault take of one upload.
const MOST_PARTS: u64 = 10_000;

/// How archives are cut when they go up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UploadSizes {
    /// An object of up to this many bytes goes up in one request; AWS advises parts above 100 MB. To a Glacier vault all go
    /// in parts, because only an upload in parts can be written down before its archive is there.
    pub whole: u64,
    /// Bytes of a part, a power of two MiB. A part is held in memory until it is up.
    pub part: u64,
}

impl Default for UploadSizes {
    fn default() -> Self {
        Self {
            whole: 100 * LEAF,
            part: 16 * LEAF,
        }
    }
}

impl UploadSizes {
    /// Bytes of each part of an archive of `size` bytes, doubled until the parts are few enough.
    #[must_use]
    pub fn part_of(self, size: u64) -> u64 {
        let mut part = self.part;
        while size.div_ceil(part) > MOST_PARTS {
            part *= 2;
        }
        part
    }
}

/// An archive's bytes on their way up.
pub(super) struct Content<S> {
    stream: S,
    /// What the stream has given beyond the last part.
    rest: Bytes,
    size: u64,
    taken: u64,
    hasher: TreeHasher,
}

impl<S: Stream<Item = std::io::Result<Bytes>> + Unpin> Content<S> {
    pub fn new(size: u64, stream: S) -> Self {
        Self {
            stream,
            rest: Bytes::new(),
            size,
            taken: 0,
            hasher: TreeHasher::default(),
        }
    }

    /// The next `length` bytes, fewer at the end of the stream, none after it.
    pub async fn next(&mut self, length: u64) -> Result<Bytes, VaultError> {
        let length = usize::try_from(length.min(self.size - self.taken)).map_err(request)?;
        let mut part = BytesMut::with_capacity(length);
        while part.len() < length && self.fill().await? {
            let piece = self.rest.split_to(self.rest.len().min(length - part.len()));
            self.hasher.update(&piece);
            part.extend_from_slice(&piece);
        }
        self.taken += part.len() as u64;
        Ok(part.freeze())
    }

    /// The tree hash of everything, once everything has been taken.
    pub async fn finish(mut self) -> Result<TreeHash, VaultError> {
        let more = self.fill().await?;
        if more || self.taken != self.size {
            let (taken, size) = (self.taken, self.size);
            let how = if more { "longer" } else { "shorter" };
            return Err(request(std::io::Error::other(format!(
                "the content is {how} than {size} bytes: {taken} were taken"
            ))));
        }
        Ok(self.hasher.finish())
    }

    /// Sees to it that there is a rest; `false` at the end of the stream.
    async fn fill(&mut self) -> Result<bool, VaultError> {
        while self.rest.is_empty() {
            match self.stream.next().await {
                Some(piece) => self.rest = piece.map_err(request)?,
                None => return Ok(false),
            }
        }
        Ok(true)
    }
}

/// The bytes of an answer, which are to be so many.
pub(super) async fn exactly(length: u64, body: ByteStream) -> Result<Bytes, VaultError> {
    let bytes = body.collect().await.map_err(request)?.into_bytes();
    match bytes.len() as u64 == length {
        true => Ok(bytes),
        false => Err(VaultError::Corrupt),
    }
}

fn request(error: impl std::error::Error + Send + Sync + 'static) -> VaultError {
    VaultError::Request(Box::new(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(
        size: u64,
        pieces: &'static [&'static [u8]],
    ) -> Content<impl Stream<Item = std::io::Result<Bytes>> + Unpin> {
        let pieces = pieces.iter().map(|piece| Ok(Bytes::from_static(piece)));
        Content::new(size, futures_util::stream::iter(pieces))
    }

    #[tokio::test]
    async fn parts_do_not_depend_on_how_the_stream_is_cut() {
        let mut content = content(7, &[b"ab", b"", b"cde", b"fg"]);
        let mut parts = Vec::new();
        for _ in 0..4 {
            parts.push(content.next(3).await.unwrap());
        }
        assert_eq!(parts, ["abc", "def", "g", ""]);
        assert_eq!(content.finish().await.unwrap(), TreeHash::of(b"abcdefg"));
    }

    #[tokio::test]
    async fn a_stream_of_another_length_is_refused() {
        for size in [2, 4] {
            let mut content = content(size, &[b"abc"]);
            content.next(9).await.unwrap();
            assert!(content.finish().await.is_err(), "{size} bytes were promised");
        }
    }

    #[test]
    fn parts_grow_with_the_archive() {
        let sizes = UploadSizes::default();
        assert_eq!(sizes.part_of(LEAF), 16 * LEAF);
        assert_eq!(sizes.part_of(160_000 * LEAF), 16 * LEAF);
        assert_eq!(sizes.part_of(160_000 * LEAF + 1), 32 * LEAF);
    }
}
