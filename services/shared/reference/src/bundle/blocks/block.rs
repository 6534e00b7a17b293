//! A block.
//!
//! ```text
//! rows (u16) · columns of texts (u16) · where each part begins (u32 each) · parts · eight bytes
//! ```
//!
//! The parts are: the start of every [`GROUP`]th row, counted from the block's first; how much further each row starts than
//! the one before; the change of each row, which is empty where rows are no variants, and the changes that are no substitution of one
//! base; then the columns of texts.

use super::numbers::{Numbers, SPARE_BYTES};
use super::text_packer::{Distinct, TextPacker};
use super::texts::{Dictionary, Texts};

/// The most rows of a block: as many as make what every block has small beside them.
pub(crate) const MOST_ROWS: usize = 4096;

/// So many rows are found together: their starts are unpacked at once.
pub(crate) const GROUP: usize = 64;

/// Parts before the columns of texts: starts of groups, steps, changes.
const PARTS: usize = 3;

const BASES: &[u8; 4] = b"ACGT";

/// Changes below this are substitutions of one base: the replaced one in the upper two bits, the other in the lower two.
const SUBSTITUTIONS: u64 = 16;

/// A block, read where it lies.
#[derive(Debug)]
pub(crate) struct Block<'b> {
    rows: usize,
    first: u32,
    groups: Numbers<'b>,
    steps: Numbers<'b>,
    changes: Numbers<'b>,
    others: Dictionary<'b>,
    columns: Vec<Texts<'b>>,
}

impl<'b> Block<'b> {
    /// The block of these bytes, whose first row starts at `first`; `None` if it is damaged.
    pub(crate) fn parse(bytes: &'b [u8], first: u32) -> Option<Self> {
        let (rows, rest) = bytes.split_first_chunk()?;
        let (columns, rest) = rest.split_first_chunk()?;
        let rows = usize::from(u16::from_le_bytes(*rows));
        let parts = PARTS + usize::from(u16::from_le_bytes(*columns));
        let parts: &[[u8; 4]] = rest.get(..4 * parts)?.as_chunks().0;
        let part = |part: usize| bytes.get(u32::from_le_bytes(parts[part]) as usize..);
        let (changes, others) = Numbers::parse(part(2)?, rows)?;
        let block = Self {
            rows,
            first,
            groups: Numbers::parse(part(0)?, rows.div_ceil(GROUP))?.0,
            steps: Numbers::parse(part(1)?, rows)?.0,
            changes,
            others: Dictionary::parse(others)?.0,
            columns: (PARTS..parts.len())
                .map(|column| Texts::parse(part(column)?, rows))
                .collect::<Option<_>>()?,
        };
        (rows > 0).then_some(block)
    }

    /// How many groups of rows there are.
    pub(crate) fn groups(&self) -> usize {
        self.rows.div_ceil(GROUP)
    }

    /// The last group that begins before `start`, or the first.
    pub(crate) fn group_before(&self, start: u32) -> usize {
        let (mut low, mut high) = (0, self.groups());
        while high - low > 1 {
            let middle = (low + high) / 2;
            match self.group_start(middle) < start {
                true => low = middle,
                false => high = middle,
            }
        }
        low
    }

    /// Where the first row of a group starts.
    pub(crate) fn group_start(&self, group: usize) -> u32 {
        self.first.wrapping_add(self.groups.get(group) as u32)
    }

    /// Unpacks the starts of a group; gives how many there are.
    pub(crate) fn starts(&self, group: usize, starts: &mut [u32; GROUP]) -> usize {
        let rows = group * GROUP..self.rows.min((group + 1) * GROUP);
        let (count, mut start) = (rows.len(), self.group_start(group));
        let starts = &mut starts[..count];
        self.steps.read(rows.start, starts);
        if let Some(first) = starts.first_mut() {
            *first = 0;
        }
        for own in starts {
            start = start.wrapping_add(*own);
            *own = start;
        }
        count
    }

    /// What a row replaces, and by what; `None` if the block is damaged.
    pub(crate) fn change(&self, row: usize) -> Option<(&'b [u8], &'b [u8])> {
        let change = self.changes.get(row);
        if change < SUBSTITUTIONS {
            let base = |bits: u64| {
                let base = (bits & 3) as usize;
                &BASES[base..=base]
            };
            return Some((base(change >> 2), base(change)));
        }
        let text = self.others.get(change - SUBSTITUTIONS)?;
        let at = memchr::memchr(b'>', text)?;
        Some((&text[..at], &text[at + 1..]))
    }

    /// Appends the text of a column and row; `None` if the block is damaged.
    pub(crate) fn append(&self, column: usize, row: usize, out: &mut Vec<u8>) -> Option<()> {
        self.columns.get(column)?.append(row, out)
    }
}

/// A row of a block in the making.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// 0-based.
    pub(crate) start: u32,
    /// The replaced bases, `>`, what stands there instead, or nothing of these, and a text for each column after a tab.
    pub(crate) text: Box<[u8]>,
}

/// Writes blocks.
#[derive(Debug, Default)]
pub(crate) struct BlockPacker {
    texts: TextPacker,
    /// Changes that are no substitution of one base.
    others: Distinct,
    numbers: Vec<u64>,
}

impl BlockPacker {
    /// The block of sorted rows, at most [`MOST_ROWS`], which have `columns` texts each.
    pub(crate) fn pack(&mut self, rows: &[Row], columns: usize) -> Vec<u8> {
        let mut out = Vec::new();
        out.extend_from_slice(&(rows.len() as u16).to_le_bytes());
        out.extend_from_slice(&(columns as u16).to_le_bytes());
        let places = out.len();
        out.resize(places + 4 * (PARTS + columns), 0);
        let begin = |part: usize, out: &mut Vec<u8>| {
            let at = (out.len() as u32).to_le_bytes();
            out[places + 4 * part..places + 4 * part + 4].copy_from_slice(&at);
        };
        begin(0, &mut out);
        let first = rows.first().map_or(0, |row| row.start);
        let groups = rows.iter().step_by(GROUP).map(|row| u64::from(row.start - first));
        self.append(groups, &mut out);
        begin(1, &mut out);
        let before = std::iter::once(first).chain(rows.iter().map(|row| row.start));
        let steps = rows
            .iter()
            .zip(before)
            .map(|(row, before)| u64::from(row.start - before));
        self.append(steps, &mut out);
        begin(2, &mut out);
        let mut texts: Vec<_> = rows.iter().map(|row| row.text.split(|byte| *byte == b'\t')).collect();
        let mut column = Vec::with_capacity(rows.len());
        column.extend(texts.iter_mut().map(|texts| texts.next().unwrap_or_default()));
        self.append_changes(&column, &mut out);
        for part in 0..columns {
            begin(PARTS + part, &mut out);
            column.clear();
            column.extend(texts.iter_mut().map(|texts| texts.next().unwrap_or(b".")));
            self.texts.append(&column, &mut out);
        }
        out.extend_from_slice(&[0; SPARE_BYTES]);
        out
    }

    fn append(&mut self, numbers: impl Iterator<Item = u64>, out: &mut Vec<u8>) {
        self.numbers.clear();
        self.numbers.extend(numbers);
        self.texts.numbers.append(&self.numbers, out);
    }

    fn append_changes(&mut self, changes: &[&[u8]], out: &mut Vec<u8>) {
        self.others.clear();
        let others = changes.iter().filter(|change| substitution(change).is_none());
        others.for_each(|change| self.others.add(change));
        let (others, ranks) = self.others.ranked();
        let mut ranks = ranks.iter().copied();
        let numbers = changes.iter().map(|change| match substitution(change) {
            Some(number) => number,
            None => SUBSTITUTIONS + ranks.next().unwrap_or_default(),
        });
        self.numbers.clear();
        self.numbers.extend(numbers);
        self.texts.numbers.append(&self.numbers, out);
        Dictionary::append(others.into_iter(), &mut self.texts.numbers, out);
    }
}

/// The number of a substitution of one base; `None` of other changes.
fn substitution(change: &[u8]) -> Option<u64> {
    let bits = |base: u8| BASES.iter().position(|own| *own == base).map(|bits| bits as u64);
    match change {
        [from, b'>', to] => Some(bits(*from)? << 2 | bits(*to)?),
        _ => None,
    }
}
