//! Ranges of bytes: how they are written, and which of them have a tree hash.

use backends::vault::LEAF;

/// The bytes `start` to `end`, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first byte.
    pub start: u64,
    /// The last byte.
    pub end: u64,
}

impl Span {
    /// Reads `start-end`.
    pub fn parse(text: &str) -> Option<Self> {
        let (start, end) = text.split_once('-')?;
        let (start, end) = (start.parse().ok()?, end.parse().ok()?);
        (start <= end).then_some(Self { start, end })
    }

    /// Reads the `Content-Range` of a part: `bytes start-end/*`.
    pub fn of_part(header: &str) -> Option<Self> {
        let (span, whole) = header.strip_prefix("bytes ")?.split_once('/')?;
        Self::parse(span).filter(|_| whole == "*")
    }

    /// Reads the `Range` of a download of `size` bytes: `bytes=start-end` or `bytes=start-`. An end beyond the last
    /// byte means the last (RFC 9110).
    pub fn of_download(header: &str, size: u64) -> Option<Self> {
        let last = size.checked_sub(1)?;
        let text = header.strip_prefix("bytes=")?;
        let span = match text.strip_suffix('-') {
            Some(start) => Self::parse(&format!("{start}-{last}"))?,
            None => Self::parse(text)?,
        };
        let end = span.end.min(last);
        (span.start <= end).then_some(Self { end, ..span })
    }

    /// Bytes.
    pub fn length(self) -> u64 {
        self.end - self.start + 1
    }

    /// Whether the span begins and ends between two MiB of an archive of `size` bytes, or at its end.
    pub fn is_megabyte_aligned(self, size: u64) -> bool {
        let end = self.end + 1;
        end <= size && self.start.is_multiple_of(LEAF) && (end.is_multiple_of(LEAF) || end == size)
    }

    /// Whether the span's tree hash is a node of the tree of an archive of `size` bytes.
    ///
    /// <https://docs.aws.amazon.com/amazonglacier/latest/dev/checksum-calculations-range.html>
    pub fn is_tree_hash_aligned(self, size: u64) -> bool {
        let (first, after, leaves) = (self.start / LEAF, (self.end + 1).div_ceil(LEAF), size.div_ceil(LEAF));
        let mut widths = (0..u64::BITS)
            .map(|level| 1_u64 << level)
            .take_while(|width| *width < 2 * leaves);
        let node = |width: u64| first.is_multiple_of(width) && after == leaves.min(first + width);
        self.is_megabyte_aligned(size) && widths.any(node)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mib(start: u64, end: u64) -> Span {
        Span {
            start: start * LEAF,
            end: end * LEAF - 1,
        }
    }

    #[test]
    fn headers_are_read_as_they_are_written() {
        let span = |start, end| Some(Span { start, end });
        assert_eq!(Span::of_part("bytes 0-1048575/*"), span(0, 1_048_575));
        assert_eq!(Span::of_part("bytes 0-1048575/2097152"), None);
        assert_eq!(Span::of_part("bytes 5-4/*"), None);
        assert_eq!(Span::of_download("bytes=2-4", 10), span(2, 4));
        assert_eq!(Span::of_download("bytes=2-", 10), span(2, 9));
        assert_eq!(Span::of_download("bytes=2-99", 10), span(2, 9));
        assert_eq!(Span::of_download("bytes=10-12", 10), None);
        assert_eq!(Span::of_download("2-4", 10), None);
    }

    /// The example of the documentation has 6.5 MB.
    #[test]
    fn only_nodes_of_the_tree_have_a_hash() {
        let size = 6 * LEAF + LEAF / 2;
        let rest = Span {
            start: 6 * LEAF,
            end: size - 1,
        };
        let all = Span {
            start: 0,
            end: size - 1,
        };
        for aligned in [
            mib(0, 1),
            mib(1, 2),
            mib(0, 2),
            mib(2, 4),
            mib(0, 4),
            rest,
            all,
            Span {
                start: 4 * LEAF,
                ..rest
            },
        ] {
            assert!(aligned.is_tree_hash_aligned(size), "{aligned:?}");
        }
        for crooked in [
            mib(1, 3),
            mib(2, 5),
            mib(0, 3),
            mib(0, 6),
            Span { start: 0, end: 9 },
            mib(6, 7),
        ] {
            assert!(!crooked.is_tree_hash_aligned(size), "{crooked:?}");
        }
    }
}
