//! Values as Parquet has them one after the other, in a dictionary or without one.

use parquet::basic::Type;
use parquet::schema::types::ColumnDescPtr;

use super::strings::text;

/// Appends a value as Parquet has it: a text after its length, a number of four bytes or, with a fraction, of eight.
pub(super) fn append(leaf: &ColumnDescPtr, value: &[u8], out: &mut Vec<u8>) {
    match leaf.physical_type() {
        Type::INT32 => out.extend_from_slice(&integer(value).to_le_bytes()),
        Type::DOUBLE => out.extend_from_slice(&number(value).to_le_bytes()),
        _ => {
            out.extend_from_slice(&(value.len() as u32).to_le_bytes());
            out.extend_from_slice(value);
        }
    }
}

/// The number that a text is.
pub(super) fn integer(value: &[u8]) -> i32 {
    text(value).parse().unwrap_or_default()
}

/// The same, of one that may have a fraction.
pub(super) fn number(value: &[u8]) -> f64 {
    text(value).parse().unwrap_or_default()
}

/// Appends so many flags that are true, a bit each.
pub(super) fn append_flags(count: usize, out: &mut Vec<u8>) {
    out.resize(out.len() + count / 8, u8::MAX);
    out.extend((!count.is_multiple_of(8)).then_some((1 << (count % 8)) - 1));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_take_a_bit_each() {
        let flags = [0, 3, 8, 10].map(|count| {
            let mut out = Vec::new();
            append_flags(count, &mut out);
            out
        });
        assert_eq!(flags, [vec![], vec![0b111], vec![0xff], vec![0xff, 0b11]]);
    }
}
