//! What tags say of a transcript, in the words of Ensembl, GENCODE and NCBI.

use crate::bundle::{BASIC, CANONICAL, END_INCOMPLETE, START_INCOMPLETE};

/// One tag that is known.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Tag {
    /// Bits of the bundle's column `flags`.
    Flags(u32),
    /// APPRIS' annotation as VEP has it: `P1`, `A2`.
    Appris(String),
    /// MANE Select.
    ManeSelect,
    /// MANE Plus Clinical.
    ManePlusClinical,
}

impl Tag {
    /// Reads a tag: `basic` (Ensembl calls it `gencode_basic` since release 115), `appris_principal_1`; NCBI writes spaces where
    /// the others write underscores. Tags that tell nothing we keep are `None`.
    pub(super) fn parse(tag: &str) -> Option<Self> {
        Some(match tag {
            "basic" | "gencode_basic" => Self::Flags(BASIC),
            "Ensembl_canonical" | "RefSeq Select" => Self::Flags(CANONICAL),
            "MANE_Select" | "MANE Select" => Self::ManeSelect,
            "MANE_Plus_Clinical" | "MANE Plus Clinical" => Self::ManePlusClinical,
            "cds_start_NF" => Self::Flags(START_INCOMPLETE),
            "cds_end_NF" => Self::Flags(END_INCOMPLETE),
            _ => Self::Appris(appris(tag)?),
        })
    }
}

/// `P1` for `appris_principal_1`, `A2` for `appris_alternative_2`.
fn appris(tag: &str) -> Option<String> {
    let rest = tag.strip_prefix("appris_")?;
    let kinds = [("principal", 'P'), ("alternative", 'A')];
    let (rest, letter) = kinds
        .iter()
        .find_map(|(kind, letter)| Some((rest.strip_prefix(kind)?, letter)))?;
    Some(format!("{letter}{}", rest.trim_start_matches('_')))
}

/// The transcript support level, `1` to `5`, without what Ensembl adds: `1 (assigned to previous version 12)`; empty if there is
/// none, which is written `NA`.
pub(super) fn support_level(level: &str) -> &str {
    match level.as_bytes() {
        [b'1'..=b'5'] | [b'1'..=b'5', b' ', ..] => &level[..1],
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_those_of_all_three() {
        assert_eq!(Tag::parse("basic"), Some(Tag::Flags(BASIC)));
        assert_eq!(Tag::parse("gencode_basic"), Some(Tag::Flags(BASIC)));
        assert_eq!(Tag::parse("RefSeq Select"), Some(Tag::Flags(CANONICAL)));
        assert_eq!(Tag::parse("MANE Plus Clinical"), Some(Tag::ManePlusClinical));
        assert_eq!(Tag::parse("appris_principal_1"), Some(Tag::Appris("P1".into())));
        assert_eq!(Tag::parse("appris_alternative_2"), Some(Tag::Appris("A2".into())));
        assert_eq!(Tag::parse("appris_candidate_longest"), None);
        assert_eq!(Tag::parse("CCDS"), None);
    }

    #[test]
    fn a_support_level_is_a_digit_or_nothing() {
        let levels = ["1", "1 (assigned to previous version 12)", "NA", "-1", "10", ""].map(support_level);
        assert_eq!(levels, ["1", "1", "", "", "", ""]);
    }
}
