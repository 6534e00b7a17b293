//! One record, as a line of VCF.

use super::dictionary::{Dictionaries, Dictionary};
use super::values::{Bytes, Type, Typed, append as append_values, append_quality};
use super::{BcfFault, genotype};
use crate::encode;

/// What the header says of how records are read.
#[derive(Debug, Default)]
pub(super) struct Shape {
    /// Whether short vectors have ends of their own: version 2.2.
    pub(super) has_ends: bool,
    samples: usize,
    is_4_4: bool,
}

/// A field of the samples: its values of each.
struct Field<'b> {
    typed: Typed,
    is_genotype: bool,
    values: &'b [u8],
}

impl Shape {
    /// Reads a line of the header.
    pub(super) fn read_line(&mut self, line: &[u8]) {
        if let Some(version) = line.strip_prefix(b"##fileformat=VCFv") {
            self.is_4_4 = matches!(version.get(..3), Some(b"4.4" | b"4.5"));
        } else if line.starts_with(b"#CHROM") {
            let columns = line.split(|byte| *byte == b'\t').count();
            self.samples = columns.saturating_sub(9);
        }
    }
}

/// Appends a record, without a line break. Its text may be cut off where the text as a whole has more than `most` bytes, which is
/// longer than any line may be.
///
/// # Errors
/// If it is not as BCF has it.
pub(super) fn append(
    shared: &[u8],
    of_samples: &[u8],
    names: &Dictionaries,
    shape: &Shape,
    most: usize,
    out: &mut Vec<u8>,
) -> Result<(), BcfFault> {
    let mut bytes = Bytes(shared);
    let contig = names.contigs.name(bytes.i32()?);
    let contig = contig.ok_or(BcfFault::new("a contig that the header does not have"))?;
    let position = i64::from(bytes.i32()?) + 1;
    let position = usize::try_from(position).map_err(|_| BcfFault::new("a position before the telomere"))?;
    bytes.take(4)?;
    let quality = bytes.take(4)?;
    let (alleles, fields) = (bytes.i32()? as u32, bytes.i32()? as u32);
    let (info_count, allele_count) = (alleles & 0xffff, alleles >> 16);
    let (sample_count, format_count) = ((fields & 0xff_ffff) as usize, fields >> 24);
    if sample_count != shape.samples {
        return Err(BcfFault::new("another number of samples than the header has"));
    }
    out.extend_from_slice(contig);
    out.push(b'\t');
    encode::number(out, position);
    out.push(b'\t');
    append_text(bytes.text()?, out);
    append_alleles(&mut bytes, allele_count, out)?;
    out.push(b'\t');
    append_quality(out, quality);
    out.push(b'\t');
    append_filters(&mut bytes, &names.keys, most, out)?;
    out.push(b'\t');
    append_info(&mut bytes, info_count, &names.keys, most, out)?;
    match shape.samples {
        0 => Ok(()),
        _ => append_samples(of_samples, format_count, &names.keys, shape, most, out),
    }
}

fn append_text(text: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(if text.is_empty() { b"." } else { text });
}

/// REF and ALT, each with a tab before it.
fn append_alleles(bytes: &mut Bytes<'_>, count: u32, out: &mut Vec<u8>) -> Result<(), BcfFault> {
    for place in 0..count.max(2) {
        out.push(if place < 2 { b'\t' } else { b',' });
        append_text(if place < count { bytes.text()? } else { b"" }, out);
    }
    Ok(())
}

fn append_filters(bytes: &mut Bytes<'_>, names: &Dictionary, most: usize, out: &mut Vec<u8>) -> Result<(), BcfFault> {
    let typed = bytes.typed()?;
    let values = bytes.values(typed)?;
    if values.is_empty() {
        out.push(b'.');
        return Ok(());
    }
    for (place, value) in values.chunks_exact(typed.of.size()).enumerate() {
        if place > 0 {
            out.push(b';');
        }
        let super::values::Integer::Known(number) = super::values::integer(typed.of, value) else {
            return Err(BcfFault::new("a filter without a number"));
        };
        let name = names
            .name(number)
            .ok_or(BcfFault::new("a filter that the header does not have"))?;
        out.extend_from_slice(name);
        if out.len() > most {
            break;
        }
    }
    Ok(())
}

fn append_info(
    bytes: &mut Bytes<'_>,
    count: u32,
    names: &Dictionary,
    most: usize,
    out: &mut Vec<u8>,
) -> Result<(), BcfFault> {
    if count == 0 {
        out.push(b'.');
    }
    for place in 0..count {
        if place > 0 {
            out.push(b';');
        }
        let name = names.name(bytes.integer()?);
        out.extend_from_slice(name.ok_or(BcfFault::new("a key of INFO that the header does not have"))?);
        let typed = bytes.typed()?;
        let values = bytes.values(typed)?;
        if typed.count > 0 {
            out.push(b'=');
            // Of a record there is one vector, as long as it is.
            append_values(typed, values, true, most, out);
        }
        if out.len() > most {
            break;
        }
    }
    Ok(())
}

/// FORMAT and the samples, each with a tab before it.
fn append_samples(
    bytes: &[u8],
    count: u32,
    names: &Dictionary,
    shape: &Shape,
    most: usize,
    out: &mut Vec<u8>,
) -> Result<(), BcfFault> {
    let (mut bytes, mut fields) = (Bytes(bytes), Vec::with_capacity(count as usize));
    for place in 0..count {
        let name = names.name(bytes.integer()?);
        let name = name.ok_or(BcfFault::new("a key of FORMAT that the header does not have"))?;
        let typed = bytes.typed()?;
        out.push(if place == 0 { b'\t' } else { b':' });
        out.extend_from_slice(name);
        fields.push(Field {
            typed,
            is_genotype: name == b"GT" && matches!(typed.of, Type::Int8 | Type::Int16 | Type::Int32),
            values: bytes.take(typed.bytes().saturating_mul(shape.samples))?,
        });
    }
    if fields.is_empty() {
        out.extend_from_slice(b"\t.");
    }
    for sample in 0..shape.samples {
        out.push(b'\t');
        if fields.is_empty() {
            out.push(b'.');
        }
        for (place, field) in fields.iter().enumerate() {
            if place > 0 {
                out.push(b':');
            }
            let size = field.typed.bytes();
            let values = &field.values[sample * size..(sample + 1) * size];
            match field.is_genotype {
                true => genotype::append(field.typed, values, shape.is_4_4, shape.has_ends, out),
                false => append_values(field.typed, values, shape.has_ends, most, out),
            }
        }
        if out.len() > most {
            break;
        }
    }
    Ok(())
}
