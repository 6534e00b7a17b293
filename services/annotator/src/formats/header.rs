//! What a format needs of the header: what the keys of INFO and FORMAT are, and who the samples are.

use std::collections::HashMap;

use annotation::Told;

/// The header of the output.
#[derive(Debug, Default)]
pub(crate) struct Header {
    /// Keys of INFO.
    pub(super) info: HashMap<Vec<u8>, Kind>,
    /// Keys of FORMAT.
    pub(super) format: HashMap<Vec<u8>, Kind>,
    pub(super) samples: Vec<String>,
    /// What the annotation adds.
    pub(super) told: Told,
    /// Where CSQ has the number of the allele.
    pub(super) allele_number: Option<usize>,
}

/// What the values of a key are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kind {
    pub(super) of: Type,
    /// Whether there is one at most.
    pub(super) is_single: bool,
}

/// The types of VCF.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    Flag,
    Integer,
    Float,
    Text,
}

impl Kind {
    /// What is taken for the kind of a key that is not declared.
    pub(super) const UNKNOWN: Self = Self {
        of: Type::Text,
        is_single: true,
    };
}

impl Header {
    /// Reads the text of a header.
    pub(super) fn read(text: &[u8], told: Told) -> Self {
        let mut header = Self {
            allele_number: told.fields.iter().position(|field| field == "ALLELE_NUM"),
            told,
            ..Self::default()
        };
        for line in text.split(|byte| *byte == b'\n') {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if let Some(definition) = line.strip_prefix(b"##INFO=<") {
                header.info.extend(define(definition));
            } else if let Some(definition) = line.strip_prefix(b"##FORMAT=<") {
                header.format.extend(define(definition));
            } else if line.starts_with(b"#CHROM") {
                let names = line.split(|byte| *byte == b'\t').skip(9);
                header.samples = names.map(|name| String::from_utf8_lossy(name).into_owned()).collect();
            }
        }
        header
    }
}

/// The key that is defined by `ID=DP,Number=1,Type=Integer,…`, in whatever order.
fn define(definition: &[u8]) -> Option<(Vec<u8>, Kind)> {
    let value = |name: &[u8]| {
        let mut fields = definition.split(|byte| *byte == b',').map(|field| field.trim_ascii());
        let value = fields.find_map(|field| field.strip_prefix(name))?;
        Some(value.strip_suffix(b">").unwrap_or(value))
    };
    let of = match value(b"Type=")? {
        b"Flag" => Type::Flag,
        b"Integer" => Type::Integer,
        b"Float" => Type::Float,
        _ => Type::Text,
    };
    let is_single = value(b"Number=")? == b"1";
    Some((value(b"ID=")?.to_vec(), Kind { of, is_single }))
}
