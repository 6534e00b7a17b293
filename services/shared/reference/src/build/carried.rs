//! What a track carries of its source: fields, and which part of a field's value belongs to an allele.

use crate::bundle::Field;

/// A field that a track carries, and what of its value belongs to an allele.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Carried {
    pub(super) field: Field,
    pub(super) number: Number,
}

/// Of what a field has a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Number {
    /// Of the record: every allele has the whole value.
    Record,
    /// Of each ALT allele: VCF's `A`.
    Alternates,
    /// Of REF and each ALT allele: VCF's `R`.
    Alleles,
    /// Of REF and each ALT allele, by study, as dbSNP has its FREQ: `1000Genomes:0.98,0.02|TOPMED:0.97,0.03`.
    Studies,
    /// A column of entries which begin with their allele, as SpliceAI has them: `T|GENE1|0.01|0.00`.
    Entries(usize),
}

impl Number {
    /// Appends what belongs to an ALT allele, which is counted from 0; `.` if there is nothing.
    pub(super) fn append(self, value: &[u8], place: usize, alternate: &[u8], out: &mut Vec<u8>) {
        let begin = out.len();
        let mut parts = value.split(|byte| *byte == b',');
        match self {
            Self::Record => out.extend_from_slice(value),
            Self::Alternates => out.extend_from_slice(parts.nth(place).unwrap_or_default()),
            Self::Alleles => out.extend_from_slice(parts.nth(place + 1).unwrap_or_default()),
            Self::Studies => {
                for study in value.split(|byte| *byte == b'|') {
                    let Some(at) = study.iter().position(|byte| *byte == b':') else {
                        continue;
                    };
                    let (name, own) = study.split_at(at + 1);
                    let own = own.split(|byte| *byte == b',').nth(place + 1);
                    if let Some(own) = own.filter(|own| !own.is_empty() && *own != b".") {
                        separate(begin, b'|', out);
                        out.extend_from_slice(name);
                        out.extend_from_slice(own);
                    }
                }
            }
            Self::Entries(column) => {
                for entry in parts {
                    let mut columns = entry.split(|byte| *byte == b'|');
                    if columns.next() == Some(alternate)
                        && let Some(own) = columns.nth(column - 1)
                    {
                        // Of several genes the values follow each other, as VEP's plugins write them.
                        separate(begin, b'&', out);
                        out.extend_from_slice(own);
                    }
                }
            }
        }
        if out.len() == begin {
            out.push(b'.');
        }
    }
}

/// Separates a value from the one before.
fn separate(begin: usize, separator: u8, out: &mut Vec<u8>) {
    if out.len() > begin {
        out.push(separator);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_allele_gets_its_own_part_of_a_value() {
        let freq = "1000Genomes:0.9843,.,0.01571|TOPMED:0.98,0.01,0.02|GoNL:0.9,0.1";
        let splice = "T|OR4F5|0.01|0.00,G|OR4F5|0.91|0.10,T|OR4F6|0.02|0.00";
        for (number, value, place, alternate, expected) in [
            (Number::Record, "a,b", 1, "T", "a,b"),
            (Number::Alternates, "1,2", 1, "T", "2"),
            (Number::Alternates, "1", 1, "T", "."),
            (Number::Alleles, "9,1,2", 0, "T", "1"),
            (Number::Studies, freq, 0, "A", "TOPMED:0.01|GoNL:0.1"),
            (Number::Studies, freq, 1, "C", "1000Genomes:0.01571|TOPMED:0.02"),
            (Number::Studies, "", 0, "C", "."),
            (Number::Entries(2), splice, 0, "T", "0.01&0.02"),
            (Number::Entries(1), splice, 1, "G", "OR4F5"),
            (Number::Entries(9), splice, 1, "G", "."),
            (Number::Entries(1), splice, 2, "C", "."),
        ] {
            let mut out = b"\t".to_vec();
            number.append(value.as_bytes(), place, alternate.as_bytes(), &mut out);
            assert_eq!(String::from_utf8_lossy(&out[1..]), expected, "{number:?} of {value}");
        }
    }
}
