//! Which version the output has, and header lines as readers of that version take them.
//!
//! A file keeps its version: readers judge reserved keys by it. A header of VCF 4.1 that calls itself 4.3 is refused for what
//! it says of GL (noodles-vcf 0.96), and VCFtools 0.1.16 knows 4.0 to 4.2 only. Files of versions before 4.1 become 4.2.

use super::header::split_once;

/// The version of the output of files that are older than VCF 4.1, or do not say what they are.
const OLDEST_WRITTEN: &str = "VCFv4.2";

/// The longest line that is rewritten; those of VCF 3 are descriptions of a sentence.
const LONGEST: usize = 1 << 20;

/// The version of the output of a file of a version.
pub fn version_written(version: Option<&str>) -> &str {
    let is_older = |version: &str| version.starts_with("VCFv3.") || version == "VCFv4.0";
    version.filter(|version| !is_older(version)).unwrap_or(OLDEST_WRITTEN)
}

/// Whether a version gives `%3B` in a value the meaning of the character that it encodes: VCF 4.3 and later do.
pub fn has_percent_encoding(version: &str) -> bool {
    !["VCFv4.1", "VCFv4.2"].contains(&version)
}

/// A header line as readers of VCF 4 take it; `None` if it can stay.
pub fn upgraded(text: &[u8]) -> Option<Vec<u8>> {
    let (key, value) = split_once(text.strip_prefix(b"##")?, b'=');
    match key {
        b"INFO" | b"FORMAT" | b"FILTER" if !value.starts_with(b"<") && value.len() <= LONGEST => {
            upgraded_field(key, value)
        }
        b"INFO" | b"FORMAT" | b"FILTER" | b"ALT" | b"contig" if value.len() <= LONGEST => without_spaces(text),
        _ => None,
    }
}

/// VCF 3.3: `##INFO=DP,1,Integer,"Total Depth"`, `##FILTER=q10,"Quality below 10"`.
fn upgraded_field(key: &[u8], value: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(value).ok()?;
    let (before, description) = text.split_once('"')?;
    let description = description.trim_end().trim_end_matches('"').replace(['"', '\\'], "'");
    let parts: Vec<&str> = before.trim_end_matches([' ', ',']).split(',').map(str::trim).collect();
    let fields = match parts[..] {
        [id] => format!("ID={id}"),
        [id, number, kind] => {
            let number = if number.starts_with('-') { "." } else { number };
            format!("ID={id},Number={number},Type={kind}")
        }
        _ => return None,
    };
    let key = std::str::from_utf8(key).ok()?;
    Some(format!("##{key}=<{fields},Description=\"{description}\">").into_bytes())
}

/// `<ID=AC, Number=A>` without the spaces around its commas: VCFtools and noodles find no `Number` there. What stands
/// between quotes stays as it is.
fn without_spaces(text: &[u8]) -> Option<Vec<u8>> {
    let mut tidy: Vec<u8> = Vec::with_capacity(text.len());
    let (mut is_quoted, mut is_escaped) = (false, false);
    for byte in text {
        if !is_quoted && matches!(byte, b',' | b'>') {
            tidy.truncate(tidy.trim_ascii_end().len());
        }
        let begins_field = !is_quoted && matches!(tidy.last(), Some(b'<' | b','));
        if !(begins_field && *byte == b' ') {
            tidy.push(*byte);
        }
        is_quoted ^= *byte == b'"' && !is_escaped;
        is_escaped = is_quoted && *byte == b'\\' && !is_escaped;
    }
    (tidy.len() < text.len()).then_some(tidy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_keeps_its_version_unless_it_is_older_than_4_1() {
        for (version, expected) in [
            (None, "VCFv4.2"),
            (Some("VCFv3.3"), "VCFv4.2"),
            (Some("VCFv4.0"), "VCFv4.2"),
            (Some("VCFv4.1"), "VCFv4.1"),
            (Some("VCFv4.2"), "VCFv4.2"),
            (Some("VCFv4.3"), "VCFv4.3"),
            (Some("VCFv4.5"), "VCFv4.5"),
        ] {
            assert_eq!(version_written(version), expected, "{version:?}");
            let has_encoding = ["VCFv4.3", "VCFv4.5"].contains(&expected);
            assert_eq!(has_percent_encoding(expected), has_encoding, "{version:?}");
        }
    }

    #[test]
    fn lines_of_vcf_3_become_those_of_vcf_4() {
        for (line, expected) in [
            (
                "##INFO=DP,1,Integer,\"Total Depth\"",
                Some("##INFO=<ID=DP,Number=1,Type=Integer,Description=\"Total Depth\">"),
            ),
            (
                "##FORMAT=GL,-1,Float,\"a, b\"",
                Some("##FORMAT=<ID=GL,Number=.,Type=Float,Description=\"a, b\">"),
            ),
            (
                "##FILTER=q10,\"below 10\"",
                Some("##FILTER=<ID=q10,Description=\"below 10\">"),
            ),
            ("##INFO=<ID=DP,Number=1,Type=Integer,Description=\"x\">", None),
            ("##source=\"x, y\"", None),
        ] {
            check(line, expected);
        }
    }

    #[test]
    fn spaces_that_follow_commas_go_and_those_in_quotes_stay() {
        check(
            "##INFO=< ID=AC, Number=A ,  Type=Integer, Description=\"a, b \\\"c, d\\\" e\">",
            Some("##INFO=<ID=AC,Number=A,Type=Integer,Description=\"a, b \\\"c, d\\\" e\">"),
        );
        check("##contig=<ID=1, length=5>", Some("##contig=<ID=1,length=5>"));
        check(
            "##INFO=<ID=X,Description=\"ends in \\\\\", Number=1>",
            Some("##INFO=<ID=X,Description=\"ends in \\\\\",Number=1>"),
        );
        check("##FILTER=<ID=q10,Description=\"below, or at, 10\">", None);
    }

    #[track_caller]
    fn check(line: &str, expected: Option<&str>) {
        let found = upgraded(line.as_bytes()).map(|line| String::from_utf8(line).unwrap());
        assert_eq!(found.as_deref(), expected, "{line}");
    }
}
