//! Typed values: a byte with type and number, and as many values.

use super::{BcfFault, float};
use crate::encode;

/// The bytes of a record that are not read yet.
pub(super) struct Bytes<'b>(pub(super) &'b [u8]);

/// What values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    Missing,
    Int8,
    Int16,
    Int32,
    Float,
    Char,
}

/// A type, and how many values there are of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Typed {
    pub(super) of: Type,
    pub(super) count: usize,
}

/// One number of a vector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Integer {
    Missing,
    /// Nothing, nor is there anything behind it.
    End,
    Known(i32),
}

const CUT: BcfFault = BcfFault::Damaged {
    record: 0,
    what: "fewer bytes than its values need",
};

/// The bits of a float that is missing, and of one that ends a vector.
const FLOAT_MISSING: u32 = 0x7f80_0001;
const FLOAT_END: u32 = 0x7f80_0002;

impl Type {
    /// How many bytes a value has.
    pub(super) fn size(self) -> usize {
        match self {
            Self::Missing => 0,
            Self::Int8 | Self::Char => 1,
            Self::Int16 => 2,
            Self::Int32 | Self::Float => 4,
        }
    }
}

impl Typed {
    /// How many bytes all values have.
    pub(super) fn bytes(self) -> usize {
        self.count.saturating_mul(self.of.size())
    }
}

impl<'b> Bytes<'b> {
    pub(super) fn take(&mut self, count: usize) -> Result<&'b [u8], BcfFault> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(CUT)?;
        self.0 = rest;
        Ok(taken)
    }

    pub(super) fn i32(&mut self) -> Result<i32, BcfFault> {
        let bytes = self.take(4)?;
        Ok(i32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
    }

    /// Reads what values follow.
    pub(super) fn typed(&mut self) -> Result<Typed, BcfFault> {
        let byte = self.take(1)?[0];
        let of = match byte & 15 {
            0 => Type::Missing,
            1 => Type::Int8,
            2 => Type::Int16,
            3 => Type::Int32,
            5 => Type::Float,
            7 => Type::Char,
            _ => return Err(BcfFault::new("a value of a type that BCF does not have")),
        };
        let count = match byte >> 4 {
            15 => usize::try_from(self.integer()?).map_err(|_| BcfFault::new("a vector of less than no values"))?,
            count => usize::from(count),
        };
        Ok(Typed { of, count })
    }

    /// Reads one number with its type.
    pub(super) fn integer(&mut self) -> Result<i32, BcfFault> {
        let byte = self.take(1)?[0];
        let of = match byte {
            0x11 => Type::Int8,
            0x12 => Type::Int16,
            0x13 => Type::Int32,
            _ => return Err(BcfFault::new("something else where a whole number must be")),
        };
        match integer(of, self.take(of.size())?) {
            Integer::Known(number) => Ok(number),
            _ => Err(BcfFault::new("nothing where a whole number must be")),
        }
    }

    /// Reads values of a type.
    pub(super) fn values(&mut self, typed: Typed) -> Result<&'b [u8], BcfFault> {
        self.take(typed.bytes())
    }

    /// Reads a text, which zero bytes end.
    pub(super) fn text(&mut self) -> Result<&'b [u8], BcfFault> {
        let typed = self.typed()?;
        let bytes = self.values(typed)?;
        match (typed.of, typed.count) {
            (Type::Char, _) | (_, 0) => Ok(until_zero(bytes)),
            _ => Err(BcfFault::new("something else where a text must be")),
        }
    }
}

/// A text without the zero bytes after it.
pub(super) fn until_zero(bytes: &[u8]) -> &[u8] {
    &bytes[..memchr::memchr(0, bytes).unwrap_or(bytes.len())]
}

/// A number of one of the types of whole numbers, of as many bytes.
#[inline]
pub(super) fn integer(of: Type, bytes: &[u8]) -> Integer {
    let (number, least) = match (of, bytes) {
        (Type::Int8, [byte]) => (i32::from(*byte as i8), i32::from(i8::MIN)),
        (Type::Int16, [low, high]) => (i32::from(i16::from_le_bytes([*low, *high])), i32::from(i16::MIN)),
        (Type::Int32, [a, b, c, d]) => (i32::from_le_bytes([*a, *b, *c, *d]), i32::MIN),
        _ => return Integer::Missing,
    };
    match number.wrapping_sub(least) {
        0 => Integer::Missing,
        1 => Integer::End,
        _ => Integer::Known(number),
    }
}

/// Appends values with commas between them, as htslib does. Of version 2.1, which `has_ends` tells from 2.2, missing values at the
/// end of a sample's are none.
pub(super) fn append(typed: Typed, bytes: &[u8], has_ends: bool, most: usize, out: &mut Vec<u8>) {
    match typed.of {
        Type::Missing => out.push(b'.'),
        Type::Char if typed.count == 0 => out.push(b'.'),
        Type::Char => out.extend_from_slice(until_zero(bytes)),
        of => {
            let size = of.size();
            let mut values = bytes.chunks_exact(size);
            if !has_ends {
                let is_missing = |value: &[u8]| match of {
                    Type::Float => bits(value) == FLOAT_MISSING,
                    of => integer(of, value) == Integer::Missing,
                };
                let known = bytes.chunks_exact(size).rposition(|value| !is_missing(value));
                values = bytes[..size * known.map_or(1, |last| last + 1).min(typed.count)].chunks_exact(size);
            }
            for (place, value) in values.enumerate() {
                let begin = out.len();
                if place > 0 {
                    out.push(b',');
                }
                if !append_one(of, value, out) {
                    out.truncate(begin);
                    break;
                }
                if out.len() > most {
                    return;
                }
            }
        }
    }
}

/// Appends a number; `false` if it is the end.
fn append_one(of: Type, value: &[u8], out: &mut Vec<u8>) -> bool {
    if of == Type::Float {
        match bits(value) {
            FLOAT_END => return false,
            FLOAT_MISSING => out.push(b'.'),
            bits => float::append(out, f32::from_bits(bits)),
        }
        return true;
    }
    match integer(of, value) {
        Integer::End => return false,
        Integer::Missing => out.push(b'.'),
        Integer::Known(number) => append_integer(out, number),
    }
    true
}

fn append_integer(out: &mut Vec<u8>, number: i32) {
    if number < 0 {
        out.push(b'-');
    }
    encode::number(out, number.unsigned_abs() as usize);
}

fn bits(value: &[u8]) -> u32 {
    value.try_into().map_or(FLOAT_MISSING, u32::from_le_bytes)
}

/// Appends a quality: one float.
pub(super) fn append_quality(out: &mut Vec<u8>, bytes: &[u8]) {
    append_one(Type::Float, bytes, out);
}
