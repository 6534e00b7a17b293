//! Genotypes: each number is the allele and whether it is phased with the one before.

use super::values::{Integer, Type, Typed, integer};
use crate::encode;

/// Appends GT of a sample. `is_4_4` says that the header is of VCF 4.4 or later, in which the first allele may be said to be
/// phased, too; earlier versions have nothing to write it with.
pub(super) fn append(typed: Typed, bytes: &[u8], is_4_4: bool, has_ends: bool, out: &mut Vec<u8>) {
    // Nearly all are two alleles below ten of one byte each.
    if let (Type::Int8, [first @ 2..22, second @ 2..22], false) = (typed.of, bytes, is_4_4) {
        let digit = |allele: u8| b'0' + (allele >> 1) - 1;
        out.extend_from_slice(&[digit(*first), separator(i32::from(*second)), digit(*second)]);
        return;
    }
    let size = typed.of.size();
    let numbers = || bytes.chunks_exact(size.max(1)).map(|value| integer(typed.of, value));
    let begin = out.len();
    if is_4_4 {
        prefix(numbers(), out);
    }
    let first = out.len();
    for (place, number) in numbers().enumerate() {
        let number = match number {
            Integer::End => break,
            // Version 2.1 has no other end.
            Integer::Missing if !has_ends && place > 0 => break,
            Integer::Missing => 0,
            Integer::Known(number) => number,
        };
        if place > 0 {
            out.push(separator(number));
        }
        match number >> 1 {
            allele @ 1.. => encode::number(out, allele as usize - 1),
            _ => out.push(b'.'),
        }
    }
    if out.len() == first {
        out.truncate(begin);
        out.push(b'.');
    }
}

/// Writes that the first allele is phased where the others do not imply it (VCF 4.4, 1.6.2). That it is not phased is never
/// written: programs of before 4.4 leave that bit unset in every genotype.
fn prefix(mut numbers: impl Iterator<Item = Integer>, out: &mut Vec<u8>) {
    let is_phased = |number: &Integer| matches!(number, Integer::Known(number) if number & 1 == 1);
    let first = numbers.next().is_some_and(|first| is_phased(&first));
    let mut others = numbers.take_while(|number| matches!(number, Integer::Known(_)));
    if first && !others.all(|number| is_phased(&number)) {
        out.push(b'|');
    }
}

fn separator(number: i32) -> u8 {
    if number & 1 == 1 { b'|' } else { b'/' }
}
