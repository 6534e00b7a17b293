//! What alleles of one haplotype do together, on a small genome of both strands.

use super::small::{CHR1, of_table};
use super::*;
use reference::complement;

/// The columns before the samples.
pub(super) const COLUMNS: &str = "##fileformat=VCFv4.4\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT";

/// The small genome, whose one transcript, NM_1, is read from this strand: exons 21..60 and 81..110 of the forward one, ATG AAA CCC
/// GGG TTT ACG TAC GAT CAG AAT, CTG CTA TAA from 31 and 81 on.
pub(super) fn genome(is_reverse: bool) -> (String, Options) {
    let forward = "0\tNM_1\tchr1\t+\t20\t110\t30\t89\t2\t20,80,\t60,110,\t0\tGENE\tcmpl\tcmpl\t0,0,\n";
    let reverse = "0\tNM_1\tchr1\t-\t10\t100\t31\t90\t2\t10,60,\t40,100,\t0\tGENE\tcmpl\tcmpl\t0,0,\n";
    let (bases, table) = match is_reverse {
        false => (CHR1.to_owned(), forward),
        true => (turned(CHR1), reverse),
    };
    let options = Options {
        phased: true,
        ..of_table(&bases, table)
    };
    (bases, options)
}

fn turned(bases: &str) -> String {
    bases.bytes().rev().map(|base| char::from(complement(base))).collect()
}

/// A record of an edit of the forward strand: what stands from a base (1-based) on, and what instead of it; `-` is nothing.
pub(super) fn record(bases: &str, is_reverse: bool, edit: &str, genotypes: &str) -> (usize, String) {
    let words: Vec<_> = edit.split(' ').collect();
    let [from, to] = [words[1], words[2]].map(|word| if word == "-" { "" } else { word });
    let start: usize = words[0].parse::<usize>().unwrap() - 1;
    let (start, from, to) = match is_reverse {
        false => (start, from.to_owned(), to.to_owned()),
        true => (bases.len() - start - from.len(), turned(from), turned(to)),
    };
    assert_eq!(bases[start..start + from.len()], from, "{edit}");
    let (start, anchor) = match from.is_empty() || to.is_empty() {
        true => (start - 1, &bases[start - 1..start]),
        false => (start, ""),
    };
    let format = if genotypes.contains(':') { "GT:PS" } else { "GT" };
    let (position, genotypes) = (start + 1, genotypes.replace(' ', "\t"));
    let text = format!("1\t{position}\t.\t{anchor}{from}\t{anchor}{to}\t.\t.\t.\t{format}\t{genotypes}");
    (position, text)
}

/// Annotates records; the entries of HAPLOTYPE_CSQ by the record's POS, and the report.
pub(super) fn annotated(records: &[String], options: &Options) -> (Vec<(usize, Vec<String>)>, Report) {
    let samples = records[0].split('\t').count() - 9;
    let names = (1..=samples).fold(String::new(), |names, sample| format!("{names}\tS{sample}"));
    let input = format!("{COLUMNS}{names}\n{}\n", records.join("\n"));
    let mut output = Vec::new();
    let report = annotate(input.as_bytes(), &mut output, options, &mut |_| {}).unwrap();
    let output = String::from_utf8(output).unwrap();
    let mut told = Vec::new();
    for line in output.lines().filter(|line| !line.starts_with('#')) {
        let columns: Vec<_> = line.split('\t').collect();
        let entries = columns[7]
            .split(';')
            .find_map(|field| field.strip_prefix("HAPLOTYPE_CSQ="));
        let entries = entries.map_or(Vec::new(), |text| text.split(',').map(str::to_owned).collect());
        told.push((columns[1].parse().unwrap(), entries));
    }
    (told, report)
}

/// Terms, c., p., codons, copies and samples of an entry.
pub(super) fn short(entry: &str) -> String {
    let fields: Vec<_> = entry.split('|').collect();
    let name = |at: usize| {
        fields[at]
            .split(':')
            .next_back()
            .unwrap()
            .replace("%3D", "=")
            .replace("%3B", ";")
    };
    format!("{} {} {} {} {}", fields[1], name(6), name(7), fields[11], fields[14])
}

/// What the haplotypes of edits are told to do, with genotypes behind each edit; the same at each of their records, and on both
/// strands.
pub(super) fn together(edits: &[(&str, &str)]) -> Vec<String> {
    let mut answers = Vec::new();
    for is_reverse in [false, true] {
        let (bases, options) = genome(is_reverse);
        let mut records: Vec<_> = edits
            .iter()
            .map(|(edit, genotypes)| record(&bases, is_reverse, edit, genotypes))
            .collect();
        records.sort();
        let records: Vec<_> = records.into_iter().map(|(_, text)| text).collect();
        let (told, _) = annotated(&records, &options);
        let mut entries: Vec<String> = told
            .iter()
            .flat_map(|(_, entries)| entries)
            .map(|entry| short(entry))
            .collect();
        entries.sort();
        entries.dedup();
        answers.push(entries);
    }
    assert_eq!(answers[0], answers[1], "{edits:?}");
    answers.remove(0)
}

/// The only entry of edits that all are on the second copy of one sample.
fn joined(edits: &[&str]) -> String {
    let edits: Vec<_> = edits.iter().map(|edit| (*edit, "0|1")).collect();
    let entries = together(&edits);
    assert!(entries.len() <= 1, "{entries:?}");
    entries.into_iter().next().unwrap_or_default()
}

#[test]
fn substitutions_in_one_codon_are_told_together() {
    for (edits, expected) in [
        (
            &["34 A C", "36 A T"][..],
            "missense_variant c.4_6delinsCAT p.Lys2His AAA/CAT S1:2",
        ),
        (
            &["34 A C", "35 A T"],
            "missense_variant c.4_5delinsCT p.Lys2Leu AAa/CTa S1:2",
        ),
        (
            &["34 A C", "35 A G", "36 A T"],
            "missense_variant c.4_6delinsCGT p.Lys2Arg AAA/CGT S1:2",
        ),
        // Alone TAT and TTA; together TAA.
        (&["44 T A", "45 T A"], "stop_gained c.14_15inv p.Phe5Ter tTT/tAA S1:2"),
        // TAG alone; together TAT.
        (
            &["55 C T", "57 G T"],
            "missense_variant c.25_27delinsTAT p.Gln9Tyr CAG/TAT S1:2",
        ),
        // TGA and TAG are stops, TGG is none.
        (
            &["88 A G", "89 A G"],
            "stop_lost c.38_39delinsGG p.Ter13TrpextTer? tAA/tGG S1:2",
        ),
        (&["31 A G", "33 G A"], "start_lost c.1_3delinsGTA p.Met1? ATG/GTA S1:2"),
        // CTG and TTA: leucine by either way, and together.
        (
            &["81 C T", "83 G A"],
            "splice_region_variant&synonymous_variant c.31_33delinsTTA p.Leu11= CTG/TTA S1:2",
        ),
        (&["34 A C", "37 C T"], ""),
    ] {
        assert_eq!(joined(edits), expected, "{edits:?}");
    }
}

#[test]
fn a_frame_that_is_lost_and_restored_is_no_frameshift() {
    for (edits, expected) in [
        (
            &["40 G -", "50 - T"][..],
            "missense_variant c.[12del;19dup] p.Phe5_Thr6delinsLeuArg ggGTTTACG/ggTTTACGT S1:2",
        ),
        (
            &["40 G -", "44 T A", "50 - T"],
            "missense_variant c.[12del;14T>A;19dup] p.Phe5_Thr6delinsIleArg ggGTTTACG/ggTATACGT S1:2",
        ),
        // Across the intron.
        (
            &["58 A -", "84 - G"],
            "missense_variant&splice_region_variant c.[29del;33dup] p.Asn10_Leu11delinsIleTrp aATCTg/aTCTGg S1:2",
        ),
        // Two bases and one.
        (
            &["40 GG -", "46 A -"],
            "protein_altering_variant c.[11_12del;16del] p.Gly4_Thr6delinsValSer gGGTTTAcg/gTTTcg S1:2",
        ),
    ] {
        assert_eq!(joined(edits), expected, "{edits:?}");
    }
}

#[test]
fn what_follows_a_shift_is_read_in_its_frame_up_to_the_next_stop() {
    for (edits, expected) in [
        (
            &["40 G -", "47 C A"][..],
            "frameshift_variant c.[12del;17C>A] p.Phe5LeufsTer? ggGTTTACg/ggTTTAAg S1:2",
        ),
        // The shift makes TAA of the next codon.
        (&["34 - T", "47 C A"], ""),
        (
            &["34 A -", "84 - G"],
            "missense_variant c.[6del;33dup] p.Lys2_Leu11delinsAsnProGlyLeuArgThrIleArgIleTrp \
             aaACCCGGGTTTACGTACGATCAGAATCTg/aaCCCGGGTTTACGTACGATCAGAATCTGg S1:2",
        ),
        // A whole codon that goes shifts nothing.
        (&["37 CCC -", "47 C A"], ""),
        (
            &["38 CCG -", "41 G A"],
            "protein_altering_variant c.8_11delinsA p.Pro3_Gly4delinsGln cCCGGg/cAg S1:2",
        ),
    ] {
        assert_eq!(joined(edits), expected, "{edits:?}");
    }
}

#[test]
fn an_entry_tells_of_the_allele_of_its_record_that_is_in_the_set() {
    let (_, options) = genome(false);
    let records = ["1\t34\t.\tA\tC,T\t.\t.\t.\tGT\t1|2", "1\t36\t.\tA\tT\t.\t.\t.\tGT\t1|1"].map(str::to_owned);
    let (told, report) = annotated(&records, &options);
    let entry = |allele: &str, terms: &str, c: &str, p: &str, codons: &str, variants: &str, sample: &str| {
        format!("{allele}|{terms}|GENE|GENE|NM_1|NM_1:c.{c}|NM_1:p.{p}|4-6|2|{codons}|{variants}|1|{sample}")
    };
    let first = |allele: &str| {
        entry(
            allele,
            "missense_variant|MODERATE",
            "4_6delinsCAT",
            "Lys2His",
            "K/H|AAA/CAT",
            "34A>C&36A>T",
            "S1:1",
        )
    };
    let second = |allele: &str| {
        entry(
            allele,
            "missense_variant|MODERATE",
            "4_6delinsTAT",
            "Lys2Tyr",
            "K/Y|AAA/TAT",
            "34A>T&36A>T",
            "S1:2",
        )
    };
    assert_eq!(told[0], (34, vec![first("C"), second("T")]));
    assert_eq!(told[1], (36, vec![first("T"), second("T")]));
    assert!(report.warnings.is_empty(), "{:?}", report.warnings);
    assert!(
        report
            .count_log()
            .contains("Haplotypes\n----------\n2 sets of alleles, once for each transcript\n")
    );
    assert_eq!(report.to_json()["haplotype_sets"], 2);
}

#[test]
fn codons_on_both_sides_of_an_intron_are_one() {
    // The last base of the first exon moves behind the intron: AA, T CTG CTA TAA.
    let bases = [&CHR1[..59], &CHR1[60..80], "T", &CHR1[80..]].concat();
    let table = "0\tNM_1\tchr1\t+\t20\t110\t30\t89\t2\t20,79,\t59,110,\t0\tGENE\tcmpl\tcmpl\t0,2,\n";
    let options = Options {
        phased: true,
        ..of_table(&bases, table)
    };
    let records = ["1\t58\t.\tA\tG\t.\t.\t.\tGT\t1", "1\t80\t.\tT\tA\t.\t.\t.\tGT\t1"].map(str::to_owned);
    let (told, _) = annotated(&records, &options);
    assert_eq!(
        short(&told[0].1[0]),
        "missense_variant&splice_region_variant c.[28A>G;30T>A] p.Asn10Glu AAT/GAA S1:1"
    );
}

#[test]
fn what_takes_another_back_changes_nothing() {
    assert_eq!(joined(&["45 T -", "46 - T"]), "synonymous_variant  p.Phe5=  S1:2");
}
