//! One column of a block: the texts of one field, byte for byte as the source wrote them.
//!
//! Most texts are a number among letters that repeat: `6.57843e-06`, `rs1489251879`, `0.25`, `152312`. A text is taken apart
//! into its longest run of digits, which becomes a number, and the form around it, of which a block has few. Texts whose
//! forms do not repeat are kept whole, each distinct one once; `.` is such a one, too. For each column of a block that is
//! chosen which takes less room.
//!
//! ```text
//! forms (u32) · their bytes (u32) · ends of the forms · forms · form of each row · number of each row
//! ```
//!
//! A form is 0 and a whole text, or 1 and so many digits as there are before the decimal point (0 if there is none), the
//! length of what precedes the digits, that, and what follows them.

use super::number_packer::Packer;
use super::numbers::Numbers;

/// The first byte of a form that is a whole text.
pub(super) const WHOLE: u8 = 0;

/// Distinct texts, each of which is read by its place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dictionary<'b> {
    count: usize,
    ends: Numbers<'b>,
    bytes: &'b [u8],
}

impl<'b> Dictionary<'b> {
    /// The dictionary that begins here, and what follows it.
    pub(super) fn parse(bytes: &'b [u8]) -> Option<(Self, &'b [u8])> {
        let (count, bytes) = bytes.split_first_chunk()?;
        let (length, bytes) = bytes.split_first_chunk()?;
        let count = u32::from_le_bytes(*count) as usize;
        let (ends, bytes) = Numbers::parse(bytes, count)?;
        let (bytes, rest) = bytes.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        Some((Self { count, ends, bytes }, rest))
    }

    /// The text at a place.
    pub(super) fn get(&self, place: u64) -> Option<&'b [u8]> {
        let place = usize::try_from(place).ok().filter(|place| *place < self.count)?;
        let start = match place {
            0 => 0,
            _ => self.ends.get(place - 1),
        };
        self.bytes.get(start as usize..self.ends.get(place) as usize)
    }

    /// Appends a dictionary.
    pub(super) fn append<'t>(texts: impl Iterator<Item = &'t [u8]>, packer: &mut Packer, out: &mut Vec<u8>) {
        let (mut ends, mut bytes) = (Vec::new(), Vec::new());
        for text in texts {
            bytes.extend_from_slice(text);
            ends.push(bytes.len() as u64);
        }
        out.extend_from_slice(&(ends.len() as u32).to_le_bytes());
        out.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
        packer.append(&ends, out);
        out.extend_from_slice(&bytes);
    }
}

/// A column, read where it lies.
#[derive(Debug, Clone, Copy)]
pub(super) struct Texts<'b> {
    forms: Dictionary<'b>,
    form: Numbers<'b>,
    number: Numbers<'b>,
}

impl<'b> Texts<'b> {
    /// The column of `rows` texts that begins here.
    pub(super) fn parse(bytes: &'b [u8], rows: usize) -> Option<Self> {
        let (forms, bytes) = Dictionary::parse(bytes)?;
        let (form, bytes) = Numbers::parse(bytes, rows)?;
        let (number, _) = Numbers::parse(bytes, rows)?;
        Some(Self { forms, form, number })
    }

    /// Appends the text of a row; `None` if the column is damaged.
    pub(super) fn append(&self, row: usize, out: &mut Vec<u8>) -> Option<()> {
        match self.forms.get(self.form.get(row))?.split_first()? {
            (&WHOLE, text) => out.extend_from_slice(text),
            (point, form) => {
                let (length, form) = form.split_first()?;
                let (before, after) = form.split_at_checked(usize::from(*length))?;
                let mut digits = itoa::Buffer::new();
                let digits = digits.format(self.number.get(row)).as_bytes();
                out.extend_from_slice(before);
                match usize::from(point - 1) {
                    0 => out.extend_from_slice(digits),
                    point => {
                        let (whole, fraction) = digits.split_at_checked(point)?;
                        out.extend_from_slice(whole);
                        out.push(b'.');
                        out.extend_from_slice(fraction);
                    }
                }
                out.extend_from_slice(after);
            }
        }
        Some(())
    }
}
