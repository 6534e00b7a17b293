//! What is odd about a file that was read all the same.

use vcf::{Header, counted};

use super::Findings;

/// What was noticed while a file was read.
pub(crate) struct Oddities<'a> {
    pub(crate) header: &'a Header,
    pub(crate) findings: &'a Findings,
    /// Whether a bgzip file lacks the block that marks its end.
    pub(crate) lacks_bgzip_end: bool,
}

/// A sentence for each oddity.
pub(crate) fn warnings(odd: &Oddities<'_>) -> Vec<String> {
    let Findings {
        records,
        blank_lines,
        left_out,
        replaced,
        without_bases_count,
        lacks_line_end,
        ..
    } = odd.findings;
    let (has_header, has_records) = (odd.header.columns > 0, *records > 0);
    let mut warnings = Vec::new();
    let mut warn = |holds: bool, text: &dyn Fn() -> String| warnings.extend(holds.then(text));
    warn(has_header && !has_records, &|| {
        "The file has a header, but no records.".to_owned()
    });
    warn(has_header && odd.header.version.is_none(), &|| {
        "The file does not say its version (##fileformat); it was read as VCF 4.".to_owned()
    });
    let crossmap = odd.header.lifted_with.as_ref();
    if let Some(program) = crossmap.filter(|program| is_crossmap(program.bytes())) {
        // Tried with CrossMap 0.7.4, which writes 0.7.3; findings/crossmap_loses_deletions.sh.
        warn(true, &|| {
            format!(
                "The header says that CrossMap lifted this file from another assembly ({program}). CrossMap 0.7.4 keeps one base \
                 of REF: deletions are lost or become insertions, and END becomes POS. Check indels and structural variants, or \
                 lift the original file with another program."
            )
        });
    }
    warn(*lacks_line_end && has_records, &|| {
        "The last line has no line break. If the file was cut off there, records are missing.".to_owned()
    });
    warn(odd.lacks_bgzip_end, &|| {
        "The file is bgzip, but the block that marks its end is missing. If it was cut off there, records are missing."
            .to_owned()
    });
    warn(*blank_lines > 0, &|| {
        format!(
            "{} blank or comment lines stand among the records; they were passed on.",
            counted(*blank_lines)
        )
    });
    warn(*without_bases_count > 0, &|| {
        format!(
            "{} records delete bases by their number alone (VCF 3.3: D1), and the sequence that has the bases is not at hand; \
             they are not in the result; the log lists them.",
            counted(*without_bases_count)
        )
    });
    warn(*replaced > 0, &|| {
        format!(
            "{} records have a CSQ in INFO that the header does not declare; it was replaced by ours.",
            counted(*replaced)
        )
    });
    warn(*left_out > 0, &|| {
        format!(
            "{} records have a key of ours in INFO that the header does not declare; theirs was kept, ours left out.",
            counted(*left_out)
        )
    });
    warnings
}

/// Whether a program that lifts files over is CrossMap.
fn is_crossmap(program: &[u8]) -> bool {
    program.to_ascii_lowercase().windows(8).any(|word| word == b"crossmap")
}
