//! Accessions, as sources write them and as everybody else does.

/// The accession in a name that says more: which of several places a transcript is mapped to, as in GENCODE's
/// `ENST00000381192.10_PAR_Y` and `ENST00000456328.2_1` (lifted to GRCh37), NCBI's GTF `NM_000451.4_1`, or UCSC's
/// `NM_000451_dup1`; or, as GENCODE up to version 24, with an `R` instead of the first zero, `ENSTR0000381192.3`.
pub(super) fn plain(name: &str) -> String {
    let name = match name.strip_prefix("ENSTR").or_else(|| name.strip_prefix("ENSGR")) {
        Some(digits) if digits.starts_with('0') => format!("{}0{digits}", &name[..4]),
        _ => name.to_owned(),
    };
    let head = match name.starts_with("ENS") {
        true => name.find(|letter: char| letter.is_ascii_digit()),
        false => is_refseq(&name).then_some(3),
    };
    let Some(head) = head else { return name };
    let is_number = |letter: char| letter.is_ascii_digit() || letter == '.';
    let end = name[head..]
        .find(|letter| !is_number(letter))
        .map_or(name.len(), |end| head + end);
    match name[end..].starts_with(['_', '-']) {
        true => name[..end].to_owned(),
        false => name,
    }
}

/// Whether a name is an accession of RefSeq's transcripts or proteins: `NM_`, `NR_`, `XM_`, `XR_`, `NP_`, `XP_`.
pub(super) fn is_refseq(name: &str) -> bool {
    ["NM_", "NR_", "XM_", "XR_", "NP_", "XP_"]
        .iter()
        .any(|prefix| name.starts_with(prefix))
}

/// An id without its version: `ENSG00000187634` of `ENSG00000187634.11`. Other names keep their full stops.
pub(super) fn without_version(id: &str) -> &str {
    match id.rsplit_once('.') {
        Some((id, version)) if id.starts_with("ENS") && is_digits(version) => id,
        _ => id,
    }
}

/// An id with its version, which some sources have in a field of its own.
pub(super) fn with_version(id: &str, version: &str) -> String {
    match is_digits(version) && !id.contains('.') {
        true => format!("{id}.{version}"),
        false => id.to_owned(),
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_says_its_place_too_is_reduced_to_the_accession() {
        for (name, expected) in [
            ("ENST00000381192.10_PAR_Y", "ENST00000381192.10"),
            ("ENST00000456328.2_1", "ENST00000456328.2"),
            ("ENSTR0000381192.3", "ENST00000381192.3"),
            ("ENSMUST00000121418.2", "ENSMUST00000121418.2"),
            ("NM_000451.4_1", "NM_000451.4"),
            ("NM_000451_dup1", "NM_000451"),
            ("NM_000451.4-2", "NM_000451.4"),
            ("NM_000451.4", "NM_000451.4"),
            ("uc001aaa.3", "uc001aaa.3"),
            ("my_transcript-2", "my_transcript-2"),
            ("ENS", "ENS"),
        ] {
            assert_eq!(plain(name), expected);
        }
    }

    #[test]
    fn versions_are_added_once_and_taken_from_ensembls_ids_alone() {
        assert_eq!(with_version("ENST00000641515", "2"), "ENST00000641515.2");
        assert_eq!(with_version("ENST00000641515.2", "2"), "ENST00000641515.2");
        assert_eq!(with_version("ENST00000641515", ""), "ENST00000641515");
        assert_eq!(without_version("ENSG00000187634.11"), "ENSG00000187634");
        assert_eq!(without_version("RP11-206L10.9"), "RP11-206L10.9");
    }
}
