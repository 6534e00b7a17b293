//! How far the structural variants of a record reach, by what INFO says: END, SVLEN, IMPRECISE.
//!
//! Until VCF 4.3, END is the record's last base and SVLEN a difference of lengths, which is that of the span for deletions
//! alone. From VCF 4.4 on, SVLEN has the length of the span for each allele, of either sign, and decides; END is computed
//! from it (<https://samtools.github.io/hts-specs/VCFv4.4.pdf>, sections 1.6.1 and 3).

use crate::{Mate, Record, StructuralKind};

/// What INFO says of how far the structural variants of a record reach: read once, whatever the number of alleles.
pub struct Extent<'a> {
    /// POS, 1-based.
    pub position: u64,
    /// The last base of REF, 1-based.
    last_base: u64,
    alleles: usize,
    end: Option<u64>,
    /// The values of SVLEN: one for each allele, or one for all; empty if they are neither.
    lengths: Vec<&'a [u8]>,
    svtype: Option<&'a [u8]>,
    /// The mate of a symbolic breakend.
    pub mate: Option<Mate<'a>>,
    /// Whether the ends are not known to the base.
    pub is_imprecise: bool,
    /// Whether SVLEN decides whatever END says.
    length_decides: bool,
    /// Where the allele that reaches furthest ends by SVLEN.
    end_by_length: Option<u64>,
    lacks_length: bool,
}

/// What is doubtful about the lengths of a record's structural variants.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Doubts {
    /// END is not where SVLEN ends.
    pub contradict: bool,
    /// An allele has no length that can be used, so that it is told at POS alone.
    pub lack: bool,
}

impl<'a> Extent<'a> {
    /// END, SVLEN, SVTYPE and IMPRECISE of a record. `length_decides` says that its file is VCF 4.4 or later.
    pub fn of(record: &Record<'a>, length_decides: bool) -> Self {
        let (alleles, lengths) = (record.alternates().count(), record.info(b"SVLEN").unwrap_or_default());
        let values = memchr::memchr_iter(b',', lengths).count() + 1;
        let lengths = lengths.split(|byte| *byte == b',');
        Self {
            position: record.position,
            last_base: (record.position + record.reference.len() as u64).saturating_sub(1),
            alleles,
            end: record.info(b"END").and_then(number),
            lengths: if values == 1 || values == alleles {
                lengths.collect()
            } else {
                Vec::new()
            },
            svtype: record.info(b"SVTYPE"),
            mate: Mate::in_info(record),
            is_imprecise: record.has_info(b"IMPRECISE"),
            length_decides,
            end_by_length: None,
            lacks_length: false,
        }
    }

    /// The kind of a symbolic allele, given without its angle brackets.
    pub fn kind(&self, symbol: &[u8]) -> StructuralKind {
        StructuralKind::of(symbol, self.svtype)
    }

    /// The last base (1-based) of an allele that affects a span, number `allele` of ALT from 0; `None` if neither END nor
    /// SVLEN says it. `length` is that of the chromosome.
    pub fn end_of(&mut self, kind: StructuralKind, allele: usize, length: usize) -> Option<usize> {
        let length = length as u64;
        // One base beyond the last is the telomere.
        let is_place = |end: &u64| (self.position + 1..=length + 1).contains(end);
        let by_end = self.end.filter(is_place);
        let stated = self.length_of(allele).map(|bases| self.position.saturating_add(bases));
        let by_length = stated.filter(is_place);
        let decides = self.length_decides || self.has_one_for_each();
        let end = match decides {
            true => by_length.or(by_end),
            false => by_end.or(by_length),
        };
        if decides || by_end.is_none() || kind == StructuralKind::Deletion {
            self.end_by_length = self.end_by_length.max(stated);
        }
        self.lacks_length |= end.is_none();
        end.map(|end| end.min(length) as usize)
    }

    /// What is doubtful, once all alleles were looked at.
    pub fn doubts(&self) -> Doubts {
        let by_length = self.end_by_length.map(|end| end.max(self.last_base));
        // Callers count SVLEN of old with and without the base at POS.
        let most = u64::from(!self.length_decides);
        Doubts {
            contradict: self
                .end
                .zip(by_length)
                .is_some_and(|(end, by_length)| end.abs_diff(by_length) > most),
            lack: self.lacks_length,
        }
    }

    /// The length that SVLEN gives an allele, whatever its sign.
    fn length_of(&self, allele: usize) -> Option<u64> {
        let value = match self.lengths[..] {
            [value] => value,
            _ => self.lengths.get(allele)?,
        };
        number(value.strip_prefix(b"-").unwrap_or(value)).filter(|length| *length > 0)
    }

    /// Whether SVLEN has a value for each of several alleles, which END cannot have.
    fn has_one_for_each(&self) -> bool {
        self.alleles > 1 && self.lengths.len() == self.alleles
    }
}

/// Digits alone.
fn number(text: &[u8]) -> Option<u64> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LENGTH: usize = 1000;

    /// Ends of the alleles of a record at POS 100, and what is doubtful.
    fn read(alternates: &str, info: &str, length_decides: bool) -> (Vec<Option<usize>>, Doubts) {
        let text = format!("1\t100\t.\tA\t{alternates}\t.\t.\t{info}");
        let record = Record::parse(text.as_bytes(), 1, 8, false).unwrap();
        let mut extent = Extent::of(&record, length_decides);
        let mut ends = Vec::new();
        for (allele, text) in record.alternates().enumerate() {
            if let [b'<', symbol @ .., b'>'] = text {
                let kind = extent.kind(symbol);
                ends.push(extent.end_of(kind, allele, LENGTH));
            }
        }
        (ends, extent.doubts())
    }

    const NONE: Doubts = Doubts {
        contradict: false,
        lack: false,
    };
    const CONTRADICT: Doubts = Doubts {
        contradict: true,
        lack: false,
    };
    const LACK: Doubts = Doubts {
        contradict: false,
        lack: true,
    };

    #[test]
    fn svlen_has_one_value_for_each_allele_of_either_sign() {
        for (alternates, info, ends, doubts) in [
            ("<DEL>", "SVLEN=50", vec![Some(150)], NONE),
            ("<DEL>", "SVLEN=-50", vec![Some(150)], NONE),
            ("<DEL>,<DUP>", "SVLEN=-50,20", vec![Some(150), Some(120)], NONE),
            ("A,<DEL>", "SVLEN=.,50", vec![Some(150)], NONE),
            ("<DEL>,<DUP>", "SVLEN=50,20;END=150", vec![Some(150), Some(120)], NONE),
            (
                "<DEL>,<DUP>",
                "SVLEN=50,20;END=120",
                vec![Some(150), Some(120)],
                CONTRADICT,
            ),
            ("<DEL>,<DUP>", "SVLEN=50", vec![Some(150), Some(150)], NONE),
            ("<DEL>", "SVLEN=900", vec![Some(1000)], NONE),
            ("<DEL>", "SVLEN=901", vec![Some(1000)], NONE),
            ("<DEL>", "SVLEN=902", vec![None], LACK),
            ("<DEL>", "SVLEN=0", vec![None], LACK),
            ("<DEL>", "SVLEN=long", vec![None], LACK),
            ("<DEL>", "SVLEN=99999999999999999999", vec![None], LACK),
            ("<DEL>,<DUP>,<INV>", "SVLEN=50,20", vec![None, None, None], LACK),
            ("<DEL>", ".", vec![None], LACK),
        ] {
            for length_decides in [false, true] {
                assert_eq!(
                    read(alternates, info, length_decides),
                    (ends.clone(), doubts),
                    "{alternates} {info}"
                );
            }
        }
    }

    #[test]
    fn end_decides_before_vcf_4_4_and_svlen_from_then_on() {
        for (alternate, info, before, since) in [
            (
                "<DEL>",
                "SVLEN=50;END=120",
                (Some(120), CONTRADICT),
                (Some(150), CONTRADICT),
            ),
            ("<DEL>", "SVLEN=-50;END=149", (Some(149), NONE), (Some(150), CONTRADICT)),
            // Before, SVLEN of a duplication was the difference of lengths, and that of an inversion 0.
            ("<DUP>", "SVLEN=100;END=150", (Some(150), NONE), (Some(200), CONTRADICT)),
            ("<INV>", "SVLEN=0;END=150", (Some(150), NONE), (Some(150), NONE)),
            (
                "<DEL>",
                "SVLEN=-50;END=100",
                (Some(150), CONTRADICT),
                (Some(150), CONTRADICT),
            ),
            (
                "<DEL>",
                "SVLEN=-50;END=90",
                (Some(150), CONTRADICT),
                (Some(150), CONTRADICT),
            ),
            ("<DEL>", "END=90", (None, LACK), (None, LACK)),
            (
                "<CNV>",
                "SVLEN=50;END=1002",
                (Some(150), CONTRADICT),
                (Some(150), CONTRADICT),
            ),
        ] {
            let told = |length_decides| {
                let (ends, doubts) = read(alternate, info, length_decides);
                (ends[0], doubts)
            };
            assert_eq!((told(false), told(true)), (before, since), "{alternate} {info}");
        }
    }
}
