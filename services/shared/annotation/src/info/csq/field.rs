//! The fields that CSQ may have, named and ordered as Ensembl VEP has them.
//!
//! The order is that of VEP's VCF output with `--everything`: `VCF_COLS` of OutputFactory/VCF.pm, then `FLAG_FIELDS` of
//! Constants.pm, <https://github.com/Ensembl/ensembl-vep>; fields of plugins come last.

use std::fmt;
use std::str::FromStr;

/// A field of CSQ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    Allele,
    Consequence,
    Impact,
    Symbol,
    Gene,
    FeatureType,
    Feature,
    Biotype,
    Exon,
    Intron,
    HgvsC,
    HgvsP,
    CdnaPosition,
    CdsPosition,
    ProteinPosition,
    AminoAcids,
    Codons,
    ExistingVariation,
    /// Which allele of ALT it is, counted from 1.
    AlleleNum,
    Distance,
    Strand,
    Flags,
    /// 1 for an entry that is picked.
    Pick,
    /// What kind of change the allele is, a term of the Sequence Ontology.
    VariantClass,
    SymbolSource,
    HgncId,
    Canonical,
    ManeSelect,
    ManePlusClinical,
    Tsl,
    Appris,
    Ccds,
    /// The accession of the protein, whichever database it is of.
    Ensp,
    /// Which set of transcripts the feature is from.
    Source,
    /// How many bases further right the allele stands in its names than in the file.
    HgvsOffset,
    /// The name on the chromosome.
    HgvsG,
    /// Whether the messenger escapes decay though it has a new stop.
    Nmd,
    /// How likely the gene does not bear the loss of one copy.
    Pli,
    /// The upper bound of how many of the expected losses of function are seen.
    Loeuf,
    /// How few missense variants are seen; gnomAD's name, as VEP has no plugin for it.
    MissenseZ,
}

/// Every field with its name, in order.
const FIELDS: [(Field, &str); 40] = [
    (Field::Allele, "Allele"),
    (Field::Consequence, "Consequence"),
    (Field::Impact, "IMPACT"),
    (Field::Symbol, "SYMBOL"),
    (Field::Gene, "Gene"),
    (Field::FeatureType, "Feature_type"),
    (Field::Feature, "Feature"),
    (Field::Biotype, "BIOTYPE"),
    (Field::Exon, "EXON"),
    (Field::Intron, "INTRON"),
    (Field::HgvsC, "HGVSc"),
    (Field::HgvsP, "HGVSp"),
    (Field::CdnaPosition, "cDNA_position"),
    (Field::CdsPosition, "CDS_position"),
    (Field::ProteinPosition, "Protein_position"),
    (Field::AminoAcids, "Amino_acids"),
    (Field::Codons, "Codons"),
    (Field::ExistingVariation, "Existing_variation"),
    (Field::AlleleNum, "ALLELE_NUM"),
    (Field::Distance, "DISTANCE"),
    (Field::Strand, "STRAND"),
    (Field::Flags, "FLAGS"),
    (Field::Pick, "PICK"),
    (Field::VariantClass, "VARIANT_CLASS"),
    (Field::SymbolSource, "SYMBOL_SOURCE"),
    (Field::HgncId, "HGNC_ID"),
    (Field::Canonical, "CANONICAL"),
    (Field::ManeSelect, "MANE_SELECT"),
    (Field::ManePlusClinical, "MANE_PLUS_CLINICAL"),
    (Field::Tsl, "TSL"),
    (Field::Appris, "APPRIS"),
    (Field::Ccds, "CCDS"),
    (Field::Ensp, "ENSP"),
    (Field::Source, "SOURCE"),
    (Field::HgvsOffset, "HGVS_OFFSET"),
    (Field::HgvsG, "HGVSg"),
    (Field::Nmd, "NMD"),
    (Field::Pli, "pLI_gene_value"),
    (Field::Loeuf, "LOEUF"),
    (Field::MissenseZ, "mis_z"),
];

/// Which fields CSQ has, in their order. Read from a list such as `default,HGVSg`, in which `default` and `everything`
/// stand for the fields that CSQ has without a choice, and for all there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CsqFields(Vec<Field>);

/// Why a list of fields cannot be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CsqFieldsError {
    /// A name that no field has.
    #[error(
        "CSQ has no field \"{0}\". Its fields are {all}; default stands for those up to HGNC_ID without ALLELE_NUM, PICK \
         and VARIANT_CLASS, everything for all but ALLELE_NUM and PICK",
        all = names(&FIELDS.map(|(field, _)| field), ", ")
    )]
    Unknown(String),
    /// No name at all.
    #[error("CSQ needs a field at least")]
    Empty,
}

impl Default for CsqFields {
    fn default() -> Self {
        let last = Field::HgncId as usize;
        let chosen = FIELDS[..=last].iter().map(|(field, _)| *field);
        Self(
            chosen
                .filter(|field| !matches!(field, Field::AlleleNum | Field::Pick | Field::VariantClass))
                .collect(),
        )
    }
}

impl FromStr for CsqFields {
    type Err = CsqFieldsError;

    /// A field that is listed more than once keeps its first place. Case does not matter.
    fn from_str(list: &str) -> Result<Self, CsqFieldsError> {
        let mut fields = Vec::new();
        for name in list.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            for field in named(name)? {
                if !fields.contains(&field) {
                    fields.push(field);
                }
            }
        }
        match fields.is_empty() {
            true => Err(CsqFieldsError::Empty),
            false => Ok(Self(fields)),
        }
    }
}

/// The fields that a word of a list stands for.
fn named(name: &str) -> Result<Vec<Field>, CsqFieldsError> {
    match name.to_ascii_lowercase().as_str() {
        "default" => return Ok(CsqFields::default().0),
        "everything" => {
            let all = FIELDS.iter().map(|(field, _)| *field);
            return Ok(all
                .filter(|field| !matches!(field, Field::AlleleNum | Field::Pick))
                .collect());
        }
        _ => {}
    }
    let found = FIELDS.iter().find(|(_, own)| own.eq_ignore_ascii_case(name));
    found
        .map(|(field, _)| vec![*field])
        .ok_or_else(|| CsqFieldsError::Unknown(name.to_owned()))
}

impl CsqFields {
    /// Whether CSQ has ALLELE_NUM.
    #[must_use]
    pub fn has_allele_number(&self) -> bool {
        self.0.contains(&Field::AlleleNum)
    }

    /// Whether CSQ has PICK.
    #[must_use]
    pub fn has_pick(&self) -> bool {
        self.0.contains(&Field::Pick)
    }

    /// The same with ALLELE_NUM, by which a reader finds the allele of an entry: after Existing_variation, as VEP has it, or
    /// else at the end.
    #[must_use]
    pub fn with_allele_number(mut self) -> Self {
        if !self.has_allele_number() {
            let existing = self.0.iter().position(|field| *field == Field::ExistingVariation);
            self.0
                .insert(existing.map_or(self.0.len(), |at| at + 1), Field::AlleleNum);
        }
        self
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Field> + '_ {
        self.0.iter().copied()
    }

    /// The same with PICK: after FLAGS, as VEP has it, or else at the end.
    pub(super) fn with_pick(mut self) -> Self {
        if !self.has_pick() {
            let flags = self.0.iter().position(|field| *field == Field::Flags);
            self.0.insert(flags.map_or(self.0.len(), |at| at + 1), Field::Pick);
        }
        self
    }
}

impl fmt::Display for CsqFields {
    /// As the header has them: `Allele|Consequence`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&names(&self.0, "|"))
    }
}

fn names(fields: &[Field], separator: &str) -> String {
    let names: Vec<_> = fields.iter().map(|field| FIELDS[*field as usize].1).collect();
    names.join(separator)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(list: &str) -> String {
        list.parse::<CsqFields>().unwrap().to_string()
    }

    #[test]
    fn a_list_of_fields_is_read_in_its_own_order() {
        assert_eq!(read("SYMBOL,Consequence, hgvsg"), "SYMBOL|Consequence|HGVSg");
        assert_eq!(read("HGVSp,Allele,HGVSp"), "HGVSp|Allele");
        assert!(read("default,NMD").ends_with("|FLAGS|SYMBOL_SOURCE|HGNC_ID|NMD"));
        assert_eq!(read("default").split('|').count(), 23);
        assert_eq!(read("everything").split('|').count(), 38);
        assert!(read("everything").ends_with("|NMD|pLI_gene_value|LOEUF|mis_z"));
        assert!(FIELDS.iter().enumerate().all(|(at, (field, _))| at == *field as usize));
    }

    #[test]
    fn pick_stands_where_vep_has_it() {
        let fields = |list: &str| list.parse::<CsqFields>().unwrap().with_pick().to_string();
        assert_eq!(fields("FLAGS,HGVSc"), "FLAGS|PICK|HGVSc");
        assert_eq!(fields("SYMBOL,HGVSc"), "SYMBOL|HGVSc|PICK");
        assert_eq!(fields("PICK,FLAGS"), "PICK|FLAGS");
    }

    #[test]
    fn the_number_of_the_allele_stands_where_vep_has_it() {
        let fields = |list: &str| list.parse::<CsqFields>().unwrap().with_allele_number().to_string();
        assert!(fields("default").contains("|Existing_variation|ALLELE_NUM|DISTANCE|"));
        assert_eq!(fields("SYMBOL"), "SYMBOL|ALLELE_NUM");
        assert_eq!(fields("ALLELE_NUM,SYMBOL"), "ALLELE_NUM|SYMBOL");
    }

    #[test]
    fn a_name_that_no_field_has_is_refused_with_those_there_are() {
        let message = "Allele,SIFT".parse::<CsqFields>().unwrap_err().to_string();
        assert!(
            message.starts_with("CSQ has no field \"SIFT\". Its fields are Allele, Consequence, IMPACT, SYMBOL, Gene,"),
            "{message}"
        );
        assert_eq!(
            " , ".parse::<CsqFields>().unwrap_err().to_string(),
            "CSQ needs a field at least"
        );
    }
}
