//! Which INFO fields of a VCF file a track carries, and under which keys.

use std::collections::BTreeMap;

use super::ExtraTrack;
use crate::bundle::Field;

/// Fields that are carried under a name of their own: the track's key, the field in the source, the key in INFO.
const RENAMED: [(&str, &str, &str); 12] = [
    ("dbSNP", "GMAF", "GMAF"),
    ("dbSNP", "VC", "VC"),
    ("ClinVar", "CLNSIG", "CLNSIG"),
    ("ClinVar", "CLINICAL_SIGNIFICANCE", "CLNSIG"),
    ("ClinVar", "CLNREVSTAT", "CLNREVSTAT"),
    ("ClinVar", "REVIEW_STATUS", "CLNREVSTAT"),
    ("ClinVar", "CLNDN", "CLNDN"),
    ("ClinVar", "CLNDBN", "CLNDN"),
    ("ClinVar", "ALL_TRAITS", "CLNDN"),
    ("ClinVar", "ALLELEID", "CLNALLELEID"),
    ("ClinVar", "MEASURESET_ID", "CLNVARID"),
    ("ClinVar", "CLNHGVS", "CLNHGVS"),
];

/// A field that a track carries, and what of its value belongs to an allele.
pub(super) struct Carried {
    pub(super) field: Field,
    pub(super) number: Number,
}

/// Of what a field of INFO has a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Number {
    /// Of the record: every allele has the whole value.
    Record,
    /// Of each ALT allele: VCF's `A`.
    Alternates,
    /// Of REF and each ALT allele: VCF's `R`.
    Alleles,
}

impl Number {
    /// What belongs to an ALT allele, which is counted from 0; `None` if the value has too few parts.
    pub(super) fn part(self, value: &[u8], alternate: usize) -> Option<&[u8]> {
        let mut parts = value.split(|byte| *byte == b',');
        match self {
            Self::Record => Some(value),
            Self::Alternates => parts.nth(alternate),
            Self::Alleles => parts.nth(alternate + 1),
        }
    }
}

/// What a header declares of a field: number, type, description.
type Declared = BTreeMap<String, (String, String, String)>;

/// The INFO fields that a header declares.
#[derive(Default)]
pub(super) struct Declarations(Declared);

impl Declarations {
    /// Keeps what follows `##INFO=<` in a header line.
    pub(super) fn add(&mut self, text: &str) {
        let value = |key: &str| {
            let at = text.find(&format!("{key}="))? + key.len() + 1;
            let rest = &text[at..];
            match rest.strip_prefix('"') {
                Some(quoted) => quoted.split('"').next(),
                None => rest.split([',', '>']).next(),
            }
        };
        if let Some(id) = value("ID") {
            let part = |key| value(key).unwrap_or(".").to_owned();
            self.0
                .insert(id.to_owned(), (part("Number"), part("Type"), part("Description")));
        }
    }

    /// Which fields the track carries: those that were asked for, those that are known by name, or frequencies.
    pub(super) fn choose(&self, extra: &ExtraTrack) -> Vec<Carried> {
        let known = |id: &str| {
            let own = RENAMED.iter().find(|(key, field, _)| *key == extra.key && *field == id);
            own.map(|(_, _, renamed)| (*renamed).to_owned())
        };
        let is_named = RENAMED.iter().any(|(key, ..)| *key == extra.key);
        let is_frequency = |id: &str| id == "AF" || id.starts_with("AF_") || id.ends_with("_AF");
        let mut fields: Vec<Carried> = Vec::new();
        for (id, (number, kind, description)) in &self.0 {
            let wanted = match (extra.fields.is_empty(), is_named) {
                (false, _) => extra.fields.contains(id),
                (true, true) => known(id).is_some(),
                (true, false) => is_frequency(id),
            };
            let key = known(id).unwrap_or_else(|| format!("{}_{id}", extra.key));
            if wanted && !fields.iter().any(|known| known.field.key == key) {
                let field = Field {
                    source: id.clone(),
                    key,
                    kind: match kind.as_str() {
                        "Float" | "Integer" => kind.clone(),
                        _ => "String".to_owned(),
                    },
                    description: description.clone(),
                    per_allele: number == "A",
                };
                let number = match number.as_str() {
                    "A" => Number::Alternates,
                    "R" => Number::Alleles,
                    _ => Number::Record,
                };
                fields.push(Carried { field, number });
            }
        }
        fields
    }
}
