//! The parts of an entry.

use vcf::encode::{self, number};

use crate::consequence::Codons;

/// Amino acids before and after, `K/Q`, or those that stay.
pub(crate) fn amino_acids(out: &mut Vec<u8>, codons: &Codons) {
    let (before, after) = (&codons.amino_acids, &codons.changed_amino_acids);
    if let ([from], [to]) = (&before[..], &after[..])
        && from != to
    {
        return out.extend_from_slice(&[*from, b'/', *to]);
    }
    let letters = |out: &mut Vec<u8>, letters: &[u8]| {
        out.extend_from_slice(if letters.is_empty() { b"-" } else { letters });
    };
    letters(out, before);
    if before != after {
        out.push(b'/');
        letters(out, after);
    }
}

/// Allele.
#[inline]
pub(super) fn append_allele(out: &mut Vec<u8>, allele: &[u8]) {
    match allele {
        [base] => out.push(*base),
        more => encode::append_bytes(out, more),
    }
    out.push(b'|');
}

/// Existing_variation, of ids separated by semicolons.
#[inline]
pub(super) fn append_existing(out: &mut Vec<u8>, ids: &[u8]) {
    if !ids.is_empty() {
        for (index, id) in ids.split(|byte| *byte == b';').enumerate() {
            if index > 0 {
                out.push(b'&');
            }
            encode::append_bytes(out, id);
        }
    }
    out.push(b'|');
}

/// A field that is known to need no encoding.
pub(super) fn plain(out: &mut Vec<u8>, value: &str) {
    out.extend_from_slice(value.as_bytes());
    out.push(b'|');
}

/// `2/5` or `2-3/5`.
pub(super) fn numbers(out: &mut Vec<u8>, numbers: Option<(usize, usize)>, count: usize) {
    if let Some((first, last)) = numbers {
        range(out, first, last);
        out.push(b'/');
        number(out, count);
    }
    out.push(b'|');
}

/// `12` or `12-14`.
pub(crate) fn place(out: &mut Vec<u8>, place: Option<(usize, usize)>) {
    if let Some((first, last)) = place {
        range(out, first, last);
    }
    out.push(b'|');
}

fn range(out: &mut Vec<u8>, first: usize, last: usize) {
    number(out, first);
    if last != first {
        out.push(b'-');
        number(out, last);
    }
}

/// A number other than 0, with a sign if it is negative.
pub(super) fn signed(out: &mut Vec<u8>, value: i64) {
    if value < 0 {
        out.push(b'-');
    }
    if value != 0 {
        number(out, value.unsigned_abs() as usize);
    }
}
