//! Amino acids of the mitochondrial genome, beside those that MITOMAP gives.

use super::files::{shared_data, unpacked};
use super::*;

/// MITOMAP gives the amino acids of each change in its table of coding variants: `T-A`, or `ATP8:P66A ATP6:P12R`.
#[test]
fn amino_acids_are_those_of_mitomap() {
    let Some(data) = shared_data() else { return };
    let (mut checked, mut differing) = (0, Vec::new());
    let text = unpacked(&data.join("mito/mitomap/mitomap_variants_coding.vcf.gz"));
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let columns: Vec<_> = line.split('\t').collect();
        let value = |key: &str| {
            columns[7]
                .split(';')
                .find_map(|field| field.strip_prefix(key))
                .unwrap_or_default()
        };
        let (change, codon) = (value("AminoAcidChange="), value("CodonNumber="));
        let Some((from, to)) = change.split_once('-') else {
            continue;
        };
        if columns[3].len() != 1
            || columns[4].len() != 1
            || from.len() != 1
            || to.len() != 1
            || codon.parse::<u32>().is_err()
        {
            continue;
        }
        let info = info(&format!(
            "MT\t{}\t.\t{}\t{}\t.\t.\t.",
            columns[1], columns[3], columns[4]
        ));
        let expected = if from == to {
            from.to_owned()
        } else {
            format!("{from}/{to}")
        };
        let found = info.split(['=', ',']).any(|entry| {
            let fields: Vec<_> = entry.split('|').collect();
            fields.len() > 16 && fields[14] == codon && fields[15] == expected
        });
        checked += 1;
        // MITOMAP reads the start codon of ND6 as any other; a start codon is methionine, whatever it is elsewhere.
        let is_start = codon == "1" && fields_of(&info, 1).contains("start_retained");
        if !found && !is_start {
            differing.push(format!("{} {} {change} {codon}: {info}", columns[1], columns[4]));
        }
    }
    assert!(checked > 8000, "{checked}");
    assert!(
        differing.is_empty(),
        "{} of {checked}: {:#?}",
        differing.len(),
        &differing[..differing.len().min(20)]
    );
}

fn fields_of(info: &str, field: usize) -> &str {
    info.split('|').nth(field).unwrap_or_default()
}
