//! Which INFO fields of a VCF file a track carries, and under which keys: by the key of the track, and by what the file's own
//! header declares.

use std::collections::BTreeMap;

use super::ExtraTrack;
use super::carried::{Carried, Number};
use crate::bundle::{Field, NON_COMMERCIAL_ONLY};

/// Fields that tracks of these keys carry unless others are asked for: the track's key, the field in the source, the key in
/// INFO. gnomAD's are those of the headers of 2.1.1 (popmax), 3.1.2, 4.1 (grpmax) and 4.1's joint file. ClinVar: <https://ftp.ncbi.nlm.nih.gov/pub/clinvar/vcf_GRCh38/README_VCF.txt>.
const KNOWN: [(&str, &str, &str); 38] = [
    ("dbSNP", "GMAF", "GMAF"),
    ("dbSNP", "VC", "VC"),
    ("dbSNP", "FREQ", "dbSNP_FREQ"),
    ("ClinVar", "CLNSIG", "CLNSIG"),
    ("ClinVar", "CLINICAL_SIGNIFICANCE", "CLNSIG"),
    ("ClinVar", "CLNSIGCONF", "CLNSIGCONF"),
    ("ClinVar", "CLNREVSTAT", "CLNREVSTAT"),
    ("ClinVar", "REVIEW_STATUS", "CLNREVSTAT"),
    ("ClinVar", "CLNDN", "CLNDN"),
    ("ClinVar", "CLNDBN", "CLNDN"),
    ("ClinVar", "ALL_TRAITS", "CLNDN"),
    ("ClinVar", "ALLELEID", "CLNALLELEID"),
    ("ClinVar", "MEASURESET_ID", "CLNVARID"),
    ("ClinVar", "CLNHGVS", "CLNHGVS"),
    ("ClinVar", "SCI", "CLNSCI"),
    ("ClinVar", "SCIDN", "CLNSCIDN"),
    ("ClinVar", "SCIREVSTAT", "CLNSCIREVSTAT"),
    ("ClinVar", "ONC", "CLNONC"),
    ("ClinVar", "ONCDN", "CLNONCDN"),
    ("ClinVar", "ONCREVSTAT", "CLNONCREVSTAT"),
    ("ClinVar", "ONCCONF", "CLNONCCONF"),
    ("gnomAD", "AC", "gnomAD_AC"),
    ("gnomAD", "AN", "gnomAD_AN"),
    ("gnomAD", "AF", "gnomAD_AF"),
    ("gnomAD", "nhomalt", "gnomAD_nhomalt"),
    ("gnomAD", "popmax", "gnomAD_popmax"),
    ("gnomAD", "AF_popmax", "gnomAD_AF_popmax"),
    ("gnomAD", "grpmax", "gnomAD_grpmax"),
    ("gnomAD", "AF_grpmax", "gnomAD_AF_grpmax"),
    ("gnomAD", "fafmax_faf95_max", "gnomAD_fafmax_faf95_max"),
    ("gnomAD", "AC_joint", "gnomAD_AC_joint"),
    ("gnomAD", "AN_joint", "gnomAD_AN_joint"),
    ("gnomAD", "AF_joint", "gnomAD_AF_joint"),
    ("gnomAD", "nhomalt_joint", "gnomAD_nhomalt_joint"),
    ("gnomAD", "grpmax_joint", "gnomAD_grpmax_joint"),
    ("gnomAD", "AF_grpmax_joint", "gnomAD_AF_grpmax_joint"),
    ("gnomAD", "fafmax_faf95_max_joint", "gnomAD_fafmax_faf95_max_joint"),
    ("SpliceAI", "SpliceAI", "SpliceAI"),
];

/// Scores that whoever earns money with them may not use freely, by the key of their track, and where their terms are.
const NON_COMMERCIAL: [(&str, &str); 4] = [
    ("CADD", "https://cadd.gs.washington.edu"),
    ("SpliceAI", "https://github.com/Illumina/SpliceAI"),
    ("REVEL", "https://sites.google.com/site/revelgenomics"),
    ("dbNSFP", "https://www.dbnsfp.org"),
];

/// What a header declares of a field.
struct Declared {
    number: String,
    kind: String,
    description: String,
}

/// The INFO fields that a header declares.
#[derive(Default)]
pub(super) struct Declarations(BTreeMap<String, Declared>);

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
            let declared = Declared {
                number: part("Number"),
                kind: part("Type"),
                description: part("Description"),
            };
            self.0.insert(id.to_owned(), declared);
        }
    }

    /// Which fields the track carries: those that were asked for, those that are known by name, or frequencies.
    ///
    /// # Errors
    /// If one that was asked for is not declared, or none of those by which such a file is known.
    pub(super) fn choose(&self, extra: &ExtraTrack) -> Result<Vec<Carried>, String> {
        let known = |id: &str| {
            let own = KNOWN.iter().find(|(key, field, _)| *key == extra.key && *field == id);
            own.map(|(_, _, renamed)| (*renamed).to_owned())
        };
        let is_named = KNOWN.iter().any(|(key, ..)| *key == extra.key);
        let is_frequency = |id: &str| id == "AF" || id.starts_with("AF_") || id.ends_with("_AF");
        let mut fields: Vec<Carried> = Vec::new();
        for (id, declared) in &self.0 {
            let wanted = match (extra.fields.is_empty(), is_named) {
                (false, _) => extra.fields.contains(id),
                (true, true) => known(id).is_some(),
                (true, false) => is_frequency(id),
            };
            let key = known(id).unwrap_or_else(|| format!("{}_{id}", extra.key));
            if wanted && !fields.iter().any(|known| known.field.key == key) {
                fields.extend(carried(id, key, declared, &extra.key));
            }
        }
        self.check(extra, is_named, &fields)?;
        Ok(fields)
    }

    fn check(&self, extra: &ExtraTrack, is_named: bool, fields: &[Carried]) -> Result<(), String> {
        if let Some(lacking) = extra.fields.iter().find(|field| !self.0.contains_key(*field)) {
            let declared: Vec<_> = self.0.keys().map(String::as_str).collect();
            return Err(match declared[..] {
                [] => format!("the header declares no INFO field, and so not {lacking}"),
                _ => format!(
                    "the header declares no INFO field {lacking}; it declares {}",
                    declared.join(", ")
                ),
            });
        }
        // Of dbSNP the ids are told, whatever fields there are.
        if is_named && fields.is_empty() && extra.key != "dbSNP" {
            let expected = KNOWN.iter().filter(|(key, ..)| *key == extra.key);
            let expected: Vec<_> = expected.map(|(_, field, _)| *field).collect();
            return Err(format!(
                "the header declares none of the INFO fields by which {} is known: {}; other fields can be named after a colon",
                extra.key,
                expected.join(", ")
            ));
        }
        Ok(())
    }
}

/// The columns of SpliceAI's entries that are carried, after that of the allele: the gene, four scores, and where they are.
/// Several genes have several scores, separated by `&`, so that none of them is a number.
/// <https://github.com/Illumina/SpliceAI#readme>
const SPLICE_AI: [(&str, &str); 9] = [
    ("SYMBOL", "Gene symbol"),
    ("DS_AG", "Delta score of an acceptor gain"),
    ("DS_AL", "Delta score of an acceptor loss"),
    ("DS_DG", "Delta score of a donor gain"),
    ("DS_DL", "Delta score of a donor loss"),
    ("DP_AG", "Delta position of the acceptor gain"),
    ("DP_AL", "Delta position of the acceptor loss"),
    ("DP_DG", "Delta position of the donor gain"),
    ("DP_DL", "Delta position of the donor loss"),
];

/// The field of a header, or, of SpliceAI's, one for each column of its entries.
fn carried(id: &str, key: String, declared: &Declared, track: &str) -> Vec<Carried> {
    let field = |key: String, kind: &str, description: &str| Field {
        source: id.to_owned(),
        key,
        kind: match kind {
            "Float" | "Integer" => kind.to_owned(),
            _ => "String".to_owned(),
        },
        description: with_terms(description, track),
        per_allele: declared.number == "A",
    };
    if track == "SpliceAI" && id == "SpliceAI" {
        let columns = SPLICE_AI.iter().enumerate();
        let columns = columns.map(|(index, (name, description))| Carried {
            field: field(format!("SpliceAI_{name}"), "String", description),
            number: Number::Entries(index + 1),
        });
        return columns.collect();
    }
    let number = match declared.number.as_str() {
        _ if track == "dbSNP" && id == "FREQ" => Number::Studies,
        "A" => Number::Alternates,
        "R" => Number::Alleles,
        _ => Number::Record,
    };
    let field = field(key, &declared.kind, &declared.description);
    vec![Carried { field, number }]
}

/// A description that says if a score may not be used freely by everybody.
pub(super) fn with_terms(description: &str, track: &str) -> String {
    match NON_COMMERCIAL.iter().find(|(key, _)| *key == track) {
        Some((_, address)) => format!("{description}; {NON_COMMERCIAL_ONLY}, see {address}"),
        None => description.to_owned(),
    }
}
