//! Records of VCF 3.3, as VCF 4 writes them.
//!
//! Source: VCF 3.3, <https://vcftools.github.io/old_specs.html>: QUAL `-1` is one that is not known, FILTER `0` says that no
//! filter applies, ALT `D` and a number deletes so many bases from POS on, ALT `I` and bases inserts them after the base at POS.

use std::ops::Range;

use super::{Record, are_bases};

/// The columns of a record that differ in VCF 4.
pub struct Modern {
    position: u64,
    /// CHROM and POS, with the tabs.
    before_id: Vec<u8>,
    reference: Vec<u8>,
    alternates: Vec<u8>,
    /// QUAL and FILTER, with the tabs around them.
    quality: Vec<u8>,
}

impl Modern {
    /// The record with these columns; `record` has the others.
    pub fn record<'a>(&'a self, record: &Record<'a>) -> Record<'a> {
        Record {
            position: self.position,
            before_id: &self.before_id,
            reference: &self.reference,
            alternates: &self.alternates,
            quality: &self.quality,
            ..*record
        }
    }
}

/// An allele of VCF 3.3.
#[derive(Clone, Copy)]
enum Allele<'a> {
    /// Bases in place of REF, or anything else that both versions have.
    Same(&'a [u8]),
    /// So many bases are deleted from POS on.
    Deleted(usize),
    /// Bases after the base at POS.
    Inserted(&'a [u8]),
}

impl<'a> Allele<'a> {
    fn parse(text: &'a [u8]) -> Self {
        let count = |digits| {
            std::str::from_utf8(digits)
                .ok()?
                .parse()
                .ok()
                .filter(|count| *count > 0)
        };
        match text {
            [b'D', digits @ ..] => count(digits).map_or(Self::Same(text), Self::Deleted),
            [b'I', bases @ ..] if are_bases(bases) => Self::Inserted(bases),
            _ => Self::Same(text),
        }
    }
}

/// A record of VCF 3.3 as VCF 4 has it. `bases` gives a stretch (0-based) of the record's chromosome, if it is at hand.
/// `None` if the record deletes bases that are not, or more of them than alleles may have bytes, which is `limit`.
pub fn modern(record: &Record<'_>, limit: usize, bases: impl Fn(Range<usize>) -> Option<Vec<u8>>) -> Option<Modern> {
    let alleles: Vec<_> = record.alternates().map(Allele::parse).collect();
    let deleted = |allele: &Allele<'_>| match allele {
        Allele::Deleted(count) => *count,
        _ => 0,
    };
    let longest = alleles.iter().map(deleted).max().unwrap_or_default();
    let (before, after) = match longest {
        0 => (Vec::new(), Vec::new()),
        longest if longest.checked_mul(alleles.len())? > limit => return None,
        longest => around(record, longest, bases)?,
    };
    let own = [record.reference, &after].concat();
    let written = |allele: &Allele<'_>| match allele {
        Allele::Same(text) if are_bases(text) => [&before, *text, &after].concat(),
        Allele::Same(text) => text.to_vec(),
        Allele::Deleted(count) => [&before, &own[*count..]].concat(),
        Allele::Inserted(bases) => [&before, &own[..1], &bases.to_ascii_uppercase(), &own[1..]].concat(),
    };
    let alternates: Vec<_> = alleles.iter().map(written).collect();
    let position = record.position - before.len() as u64;
    Some(Modern {
        position,
        before_id: [record.chromosome, format!("\t{position}\t").as_bytes()].concat(),
        reference: [before, own].concat(),
        alternates: alternates.join(&b','),
        quality: quality(record.quality),
    })
}

/// The base before REF, and what follows REF to the end of a deletion of so many bases. VCF 4 has the base before a
/// deletion, and that after it where it begins with the chromosome.
fn around(
    record: &Record<'_>,
    longest: usize,
    bases: impl Fn(Range<usize>) -> Option<Vec<u8>>,
) -> Option<(Vec<u8>, Vec<u8>)> {
    let start = usize::try_from(record.position).ok()?.checked_sub(1)?;
    let first = start.saturating_sub(1);
    let end = start.checked_add(longest)?.checked_add(usize::from(start == 0))?;
    let reference_end = start + record.reference.len();
    let before = bases(first..start)?;
    let after = bases(reference_end..end.max(reference_end))?;
    Some((before, after))
}

/// QUAL and FILTER, with the tabs around them.
fn quality(text: &[u8]) -> Vec<u8> {
    let mut columns: Vec<&[u8]> = text.split(|byte| *byte == b'\t').collect();
    if let [_, quality, filter, _] = &mut columns[..] {
        let number = std::str::from_utf8(quality).ok().and_then(|text| text.parse().ok());
        if number == Some(-1.0_f64) {
            *quality = b".";
        }
        if *filter == b"0" {
            *filter = b"PASS";
        }
    }
    columns.join(&b'\t')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// POS, REF, ALT, QUAL and FILTER in VCF 4 of a record on a chromosome that begins with ACGTTTGCAN.
    fn told(line: &str) -> Option<String> {
        let text = line.replace(' ', "\t");
        let record = Record::parse(text.as_bytes(), 1, 8, false).unwrap();
        let modern = modern(&record, 20, |span| b"ACGTTTGCAN".get(span).map(<[u8]>::to_vec))?;
        let record = modern.record(&record);
        let line = [
            record.before_id,
            record.reference,
            b"\t",
            record.alternates,
            record.quality,
            record.info,
        ]
        .concat();
        assert_eq!(format!("1\t{}\t", record.position).as_bytes(), record.before_id);
        Some(String::from_utf8(line).unwrap().replace('\t', " "))
    }

    #[test]
    fn indels_of_vcf_3_get_their_bases() {
        for (line, expected) in [
            ("1 4 . T G -1 0 DP=1", "1 4 T G . PASS DP=1"),
            ("1 4 . T G 30 q10;s50 .", "1 4 T G 30 q10;s50 ."),
            ("1 4 . T . -1.0 . .", "1 4 T . . . ."),
            ("1 3 . G Iac 0 0 .", "1 3 G GAC 0 PASS ."),
            ("1 4 . T D1 9 0 .", "1 3 GT G 9 PASS ."),
            ("1 4 . T D3 9 0 .", "1 3 GTTT G 9 PASS ."),
            // The second base of REF stands after what is inserted, and all alleles have the same REF.
            ("1 4 . T G,Ica,D2,D4 9 0 .", "1 3 GTTTG GGTTG,GTCATTG,GTG,G 9 PASS ."),
            // Nothing stands before the first base.
            ("1 1 . A D2 9 0 .", "1 1 ACG G 9 PASS ."),
            ("1 2 . C <DEL> 9 0 .", "1 2 C <DEL> 9 PASS ."),
            // Bases that are known differently stay as the record has them.
            ("1 4 . A D2 9 0 .", "1 3 GAT G 9 PASS ."),
            ("1 4 . T D0 9 0 .", "1 4 T D0 9 PASS ."),
        ] {
            assert_eq!(told(line).as_deref(), Some(expected), "{line}");
        }
    }

    #[test]
    fn deletions_of_bases_that_are_not_known_or_too_many_cannot_be_written() {
        for line in [
            "1 4 . T D8 9 0 .",
            "1 12 . T D1 9 0 .",
            "1 4 . T D18446744073709551615 9 0 .",
            "1 4 . T D3,G,G,G,G,G,G 9 0 .",
        ] {
            assert_eq!(told(line), None, "{line}");
        }
    }
}
