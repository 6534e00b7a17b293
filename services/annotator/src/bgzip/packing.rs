//! The half of bgzip that works on a thread: lines become blocks, and what an index needs of their records.

use annotation::{Maker, Piece};
use memchr::memchr_iter;

use super::blocks::{BLOCK, Blocks, Level};
use super::lines::Place;

/// Packs lines, piece by piece.
pub(super) struct Packing {
    blocks: Blocks,
    /// Text that is not yet in a block.
    tail: Vec<u8>,
    cuts: Vec<Cut>,
    /// How much of the piece's text is in blocks.
    blocked: u64,
    piece: Packed,
}

/// Where a block begins: so many bytes of text, and of blocks, are before it in its piece.
struct Cut {
    text: u64,
    packed: u64,
}

/// Blocks, and the records in them.
#[derive(Default)]
pub(super) struct Packed {
    pub(super) bytes: Vec<u8>,
    /// Bytes of text.
    pub(super) text: u64,
    /// Chromosomes in the order of the records, and how many records each has; one may come again.
    pub(super) names: Vec<(Vec<u8>, usize)>,
    pub(super) records: Vec<Record>,
}

/// A record: where it is on its chromosome, 1-based and closed, and in its piece, as virtual positions.
pub(super) struct Record {
    pub(super) start: u64,
    pub(super) end: u64,
    /// Where its line begins, and where the next one does; the offset in the text until the piece is whole.
    pub(super) from: u64,
    pub(super) to: u64,
}

impl Packing {
    pub(super) fn new(level: Level) -> Self {
        Self {
            blocks: Blocks::new(level),
            tail: Vec::with_capacity(2 * BLOCK),
            cuts: Vec::new(),
            blocked: 0,
            piece: Packed::default(),
        }
    }

    /// Packs text without looking for records. While there is text for two blocks, one of them is packed: the last two share
    /// what is left, so that no block of a piece is much smaller than the others.
    pub(super) fn pack(&mut self, text: &[u8]) {
        self.piece.text += text.len() as u64;
        let mut rest = text;
        while self.tail.len() + rest.len() >= 2 * BLOCK {
            let missing = BLOCK.saturating_sub(self.tail.len());
            let (now, later) = rest.split_at(missing);
            rest = later;
            if missing == BLOCK {
                self.block(now);
                continue;
            }
            self.tail.extend_from_slice(now);
            let mut tail = std::mem::take(&mut self.tail);
            self.block(&tail[..BLOCK]);
            tail.drain(..BLOCK);
            self.tail = tail;
        }
        self.tail.extend_from_slice(rest);
    }

    /// What was packed since the last time, and all that is left.
    pub(super) fn take(&mut self) -> Packed {
        let tail = std::mem::take(&mut self.tail);
        let share = if tail.len() > BLOCK {
            tail.len().div_ceil(2)
        } else {
            BLOCK
        };
        tail.chunks(share).for_each(|text| self.block(text));
        self.tail = tail;
        self.tail.clear();
        self.cuts.push(Cut {
            text: self.piece.text,
            packed: self.piece.bytes.len() as u64,
        });
        let mut piece = std::mem::take(&mut self.piece);
        place(&mut piece.records, &self.cuts);
        self.cuts.clear();
        self.blocked = 0;
        piece
    }

    /// Blocks that are whole, without their records.
    pub(super) fn take_bytes(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.piece.bytes)
    }

    fn block(&mut self, text: &[u8]) {
        self.cuts.push(Cut {
            text: self.blocked,
            packed: self.piece.bytes.len() as u64,
        });
        self.blocked += text.len() as u64;
        self.blocks.append(text, &mut self.piece.bytes);
    }

    fn record(&mut self, line: &[u8], from: u64) {
        let Some(place) = Place::of(line) else { return };
        match self.piece.names.last_mut() {
            Some((name, records)) if name == place.name => *records += 1,
            _ => self.piece.names.push((place.name.to_owned(), 1)),
        }
        self.piece.records.push(Record {
            start: place.start,
            end: place.end,
            from,
            to: from + line.len() as u64,
        });
    }
}

impl Maker for Packing {
    fn lines(&mut self, text: &[u8]) {
        let (begin, mut at) = (self.piece.text, 0);
        for end in memchr_iter(b'\n', text).map(|end| end + 1).chain([text.len()]) {
            self.record(&text[at..end], begin + at as u64);
            at = end;
        }
        self.pack(text);
    }

    fn piece(&mut self) -> Piece {
        let packed = self.take();
        let bytes = packed.bytes.len() + size_of_val(&packed.records[..]);
        Piece::new(packed, bytes)
    }
}

/// Turns offsets in the text into virtual positions: the offset of the block, and that of the text in it as the low 16 bits.
fn place(records: &mut [Record], cuts: &[Cut]) {
    let mut cuts = cuts.iter().peekable();
    let mut block = cuts.next();
    let mut position = |offset: u64| {
        while let Some(next) = cuts.next_if(|next| next.text <= offset) {
            block = Some(next);
        }
        block.map_or(0, |block| block.packed << 16 | (offset - block.text))
    };
    for record in records {
        record.from = position(record.from);
        record.to = position(record.to);
    }
}
