//! UCSC's `snp` tables: dbSNP as the genome browser has it.
//!
//! Columns: <https://genome.ucsc.edu/cgi-bin/hgTables?db=hg19&hgta_group=varRep&hgta_track=snp151Common&hgta_doSchema=1>.

use std::io;

use super::carried::{Carried, Number};
use super::found::Found;
use super::regions::number;
use crate::bundle::Field;
use crate::gene::Strand;

/// What a row carries besides its id.
pub(super) fn fields() -> Vec<Carried> {
    let field = |source: &str, key: &str, kind: &str, description: &str| Carried {
        field: Field {
            source: source.to_owned(),
            key: key.to_owned(),
            kind: kind.to_owned(),
            description: description.to_owned(),
            per_allele: false,
        },
        number: Number::Record,
    };
    vec![
        field(
            "alleleFreqs",
            "GMAF",
            "Float",
            "Frequency of the second most frequent allele",
        ),
        field("class", "VC", "String", "Class of the variant in dbSNP"),
    ]
}

/// Adds the alleles of one row. `observed` has them as the row's strand reads, the reference's among them.
pub(super) fn add(line: &[u8], found: &mut Found<'_, '_>) -> io::Result<()> {
    let columns: Vec<&[u8]> = line.split(|byte| *byte == b'\t').collect();
    let [
        _,
        name,
        start,
        _,
        id,
        _,
        strand,
        _,
        reference,
        observed,
        _,
        class,
        rest @ ..,
    ] = &columns[..]
    else {
        return Ok(());
    };
    let (Some(place), Some(start)) = (found.chromosomes.place(name), number(start)) else {
        return Ok(());
    };
    let strand = if *strand == b"-" {
        Strand::Reverse
    } else {
        Strand::Forward
    };
    let reference = bases(reference);
    let frequency = rest.get(12).and_then(|frequencies| minor(frequencies));
    let values = [b"\t", frequency.as_deref().unwrap_or(b"."), b"\t", class].concat();
    let alleles = observed.split(|byte| *byte == b'/').map(bases);
    for allele in alleles.filter(|allele| allele.is_empty() || vcf::are_bases(allele)) {
        found.add(place, start, reference, &strand.read(allele), id, &values)?;
    }
    Ok(())
}

/// `-` stands for no base.
fn bases(allele: &[u8]) -> &[u8] {
    if allele == b"-" { b"" } else { allele }
}

/// The second greatest of numbers separated by commas, with at most four decimals.
fn minor(frequencies: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(frequencies).ok()?;
    let mut numbers: Vec<f64> = text.split(',').filter_map(|number| number.parse().ok()).collect();
    numbers.sort_by(|one, other| other.total_cmp(one));
    let rounded = (numbers.get(1)? * 10_000.0).round() / 10_000.0;
    Some(rounded.to_string().into_bytes())
}
