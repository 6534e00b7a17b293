//! Header lines of older versions, as VCF 4.3 writes them, so that the whole header is of one version.

use super::header::split_once;

/// The version that annotated files have at least.
pub(crate) const VERSION: &str = "VCFv4.3";

/// The longest line that is rewritten; those of VCF 3 are descriptions of a sentence.
const LONGEST: usize = 1 << 20;

/// Whether a version is older than [`VERSION`].
fn is_older(version: &[u8]) -> bool {
    version.trim_ascii() < VERSION.as_bytes()
}

/// A header line as VCF 4.3 writes it; `None` if it can stay.
pub(crate) fn upgraded(text: &[u8]) -> Option<Vec<u8>> {
    let (key, value) = split_once(text.strip_prefix(b"##")?, b'=');
    match key {
        b"fileformat" | b"format" if is_older(value) => Some(format!("##fileformat={VERSION}").into_bytes()),
        b"INFO" | b"FORMAT" | b"FILTER" if !value.starts_with(b"<") && value.len() <= LONGEST => {
            upgraded_field(key, value)
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_vcf_3_become_those_of_vcf_4() {
        for (line, expected) in [
            ("##fileformat=VCFv3.3", Some("##fileformat=VCFv4.3")),
            ("##fileformat=VCFv4.0", Some("##fileformat=VCFv4.3")),
            ("##fileformat=VCFv4.5", None),
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
            ("##source=\"x\"", None),
        ] {
            assert_eq!(
                upgraded(line.as_bytes())
                    .map(|line| String::from_utf8(line).unwrap())
                    .as_deref(),
                expected,
                "{line}"
            );
        }
    }
}
