//! Start and stop codons, new stops, and exons' edges: small inputs from public reports of other programs' faults.

use super::chr1::{Chr1, name};

/// Of each input its records, and what is to be told of them: ID, transcript, consequence, HGVSc, HGVSp.
const CASES: [(&str, &str); 10] = [
    (
        include_str!("cases/start_next_base_plus.vcf"),
        include_str!("cases/ends.tsv"),
    ),
    (
        include_str!("cases/start_repeat_before_minus.vcf"),
        include_str!("cases/ends.tsv"),
    ),
    (
        include_str!("cases/stop_span_retained.vcf"),
        include_str!("cases/ends.tsv"),
    ),
    (
        include_str!("cases/mnv_padded_over_start_stop.vcf"),
        include_str!("cases/ends.tsv"),
    ),
    (
        include_str!("cases/gene_end_deletions.vcf"),
        include_str!("cases/ends.tsv"),
    ),
    (
        include_str!("cases/stop_codon_deleted_in_frame.vcf"),
        include_str!("cases/ends.tsv"),
    ),
    (
        include_str!("cases/exon_edges_minus.vcf"),
        include_str!("cases/exon_edges_minus.tsv"),
    ),
    (include_str!("cases/new_stops.vcf"), include_str!("cases/new_stops.tsv")),
    (
        include_str!("cases/start_changes.vcf"),
        include_str!("cases/start_changes.tsv"),
    ),
    (
        include_str!("cases/stop_changes.vcf"),
        include_str!("cases/stop_changes.tsv"),
    ),
];

#[test]
fn starts_and_stops_are_judged_by_the_sequence_that_results() {
    let Some(chr1) = Chr1::here() else { return };
    let (mut seen, mut wrong) = (0, Vec::new());
    for (input, expected) in CASES {
        let records: Vec<&str> = input.lines().filter(|line| !line.starts_with('#')).collect();
        let told = chr1.told(&(records.join("\n") + "\n"));
        for row in expected.lines().skip(1) {
            let row: Vec<&str> = row.split('\t').collect();
            let [id, transcript, rest @ ..] = &row[..] else {
                panic!("{row:?}")
            };
            let record = records.iter().position(|line| line.split('\t').nth(2) == Some(id));
            let Some(record) = record else { continue };
            let fields = &told[record][*transcript];
            let got = [fields[0].clone(), name(&fields[9]), name(&fields[10])];
            seen += 1;
            if got != rest[..3] {
                wrong.push(format!("{id}: {got:?}, not {rest:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(seen, 24 + 24 + 15 + 22 + 32);
}
