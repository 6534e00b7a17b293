//! The fields of CSQ that a caller chooses.

use std::sync::Arc;

use reference::Bundle;
use reference::build::{Plan, build};
use reference::detect::Choice;

use super::oracles::hg19;
use super::small::{Small, small};
use super::*;
use crate::CsqFields;

/// The small genome under the name of an assembly whose chromosomes have accessions.
fn as_hg19(small: &Small) -> Options {
    let path = small.folder.path().join("hg19.gasref");
    let plan = Plan {
        name: "hg19".to_owned(),
        assembly: "hg19".to_owned(),
        ..small.plan()
    };
    build(&plan, &path, &mut |_| {}).unwrap();
    Options {
        references: vec![Arc::new(Bundle::open(&path).unwrap())],
        choice: Choice::Named("hg19".to_owned()),
        ..Options::default()
    }
}

fn with_fields(options: Options, list: &str) -> Options {
    Options {
        fields: list.parse().unwrap(),
        ..options
    }
}

/// CSQ of the last record, and the names of its fields as the header has them.
fn csq(output: &str) -> (&str, &str) {
    let info = output.lines().last().unwrap().split('\t').nth(7).unwrap();
    let csq = info.split(';').find_map(|field| field.strip_prefix("CSQ=")).unwrap();
    let line = output.lines().find(|line| line.starts_with("##INFO=<ID=CSQ,")).unwrap();
    let format = line.split("Format: ").nth(1).unwrap().split('"').next().unwrap();
    (csq, format)
}

/// CSQ of one change of the small genome, `1 34 A C`.
fn told(small: &Small, options: &Options, change: &str) -> String {
    let words: Vec<_> = change.split(' ').collect();
    let info = words.get(4).unwrap_or(&".");
    let record = format!(
        "{}\t{}\t.\t{}\t{}\t.\t.\t{info}\n",
        words[0], words[1], words[2], words[3]
    );
    let (output, _) = small.run(&record, options).unwrap();
    csq(&output).0.to_owned()
}

#[test]
fn without_a_choice_csq_has_the_fields_that_it_had() {
    let small = small(true);
    let (output, _) = small.run("1\t34\t.\tA\tC\t.\t.\t.\n", &small.options()).unwrap();
    assert_eq!(
        csq(&output),
        (
            "C|missense_variant|MODERATE|GENEchr1|GENEchr1|Transcript|NM_1|protein_coding|1/2||NM_1:c.4A>C|NM_1:p.Lys2Gln|\
             14|4|2|K/Q|Aaa/Caa|||1||RefSeq|",
            "Allele|Consequence|IMPACT|SYMBOL|Gene|Feature_type|Feature|BIOTYPE|EXON|INTRON|HGVSc|HGVSp|cDNA_position|\
             CDS_position|Protein_position|Amino_acids|Codons|Existing_variation|DISTANCE|STRAND|FLAGS|SYMBOL_SOURCE|HGNC_ID"
        )
    );
    assert!(output.contains("terms, those of splice sites too, and impacts as Ensembl VEP 116 has them. Format: "));
}

#[test]
fn a_list_chooses_fields_and_their_order() {
    let small = small(true);
    let options = with_fields(
        small.options(),
        "Consequence,Feature,STRAND,Allele,SYMBOL,Amino_acids,DISTANCE,IMPACT",
    );
    for (change, expected) in [
        ("1 34 A C", "missense_variant|NM_1|1|C|GENEchr1|K/Q||MODERATE"),
        ("1 5 T A", "upstream_gene_variant|NM_1|1|A|GENEchr1||16|MODIFIER"),
        (
            "1 10 T <DEL> END=115",
            "transcript_ablation|NM_1|1|deletion|GENEchr1|||HIGH",
        ),
        (
            "MT 3243 A G",
            "non_coding_transcript_exon_variant|MT-TL1|1|G|MT-TL1|||MODIFIER",
        ),
        ("MT 73 A G", "intergenic_variant|||G||||MODIFIER"),
    ] {
        assert_eq!(told(&small, &options, change), expected, "{change}");
    }
    let (output, _) = small.run("1\t34\t.\tA\tC\t.\t.\t.\n", &options).unwrap();
    assert_eq!(
        csq(&output).1,
        "Consequence|Feature|STRAND|Allele|SYMBOL|Amino_acids|DISTANCE|IMPACT"
    );
}

/// Fields that depend on nothing else tell the same whether they are chosen one by one or not at all.
#[test]
fn every_field_is_the_same_chosen_or_not() {
    let small = small(true);
    let records = "1\t5\t.\tT\tA\t.\t.\t.\n1\t34\t.\tA\tC,T\t.\t.\t.\n1\t33\t.\tGAAA\tG\t.\t.\t.\n1\t60\t.\tTG\tA\t.\t.\t.\n\
        1\t39\t.\tC\tCGGG\t.\t.\t.\n1\t32\trs7\tT\tC\t.\t.\t.\n2\t45\t.\tA\tG\t.\t.\t.\n1\t40\t.\tG\t<DEL>\t.\t.\tEND=70\n\
        MT\t3243\t.\tA\tG\t.\t.\t.\nMT\t73\t.\tA\tG\t.\t.\t.\nMT\t7445\t.\tA\tG\t.\t.\t.\n";
    let entries = |options: &Options| -> Vec<Vec<String>> {
        let (output, _) = small.run(records, options).unwrap();
        let lines = output.lines().filter(|line| !line.starts_with('#'));
        let values = lines.filter_map(|line| line.split(['\t', ';']).find_map(|field| field.strip_prefix("CSQ=")));
        let entries = values.flat_map(|value| value.split(','));
        entries
            .map(|entry| entry.split('|').map(str::to_owned).collect())
            .collect()
    };
    let plain = entries(&small.options());
    // Another order, so that nothing is written as it is without a choice.
    let names: Vec<String> = CsqFields::default().to_string().split('|').map(str::to_owned).collect();
    let turned: Vec<_> = names.iter().rev().cloned().collect();
    let chosen = entries(&with_fields(small.options(), &turned.join(",")));
    assert_eq!(plain.len(), chosen.len());
    for (plain, chosen) in plain.iter().zip(&chosen) {
        let turned: Vec<_> = chosen.iter().rev().collect();
        assert_eq!(plain.iter().collect::<Vec<_>>(), turned);
    }
    for (index, name) in names.iter().enumerate() {
        let alone = entries(&with_fields(small.options(), name));
        let missing = |value: &str| {
            if value.is_empty() {
                ".".to_owned()
            } else {
                value.to_owned()
            }
        };
        let expected: Vec<_> = plain.iter().map(|entry| vec![missing(&entry[index])]).collect();
        assert_eq!(alone, expected, "{name}");
    }
}

#[test]
fn alleles_have_a_class_and_a_name_on_the_chromosome() {
    let small = small(true);
    let options = with_fields(as_hg19(&small), "VARIANT_CLASS,HGVSg");
    for (change, expected) in [
        ("1 34 A C", "SNV|NC_000001.10:g.34A>C"),
        // One of eight Cs, wherever it is written.
        ("1 66 TC T", "deletion|NC_000001.10:g.74del"),
        ("1 70 CC C", "deletion|NC_000001.10:g.74del"),
        ("1 39 C CGGG", "insertion|NC_000001.10:g.40_42dup"),
        ("1 34 A AT", "insertion|NC_000001.10:g.34_35insT"),
        ("1 37 CC GG", "substitution|NC_000001.10:g.37_38inv"),
        ("1 37 CC TA", "substitution|NC_000001.10:g.37_38delinsTA"),
        ("1 37 CC T", "indel|NC_000001.10:g.37_38delinsT"),
        ("1 40 G <DUP:TANDEM> END=70", "tandem_duplication|"),
        ("1 40 G G[2:300[", "chromosome_breakpoint|"),
        ("MT 3243 A G", "SNV|NC_012920.1:m.3243A>G"),
        ("MT 8270 CACCCCCTCT C", "deletion|NC_012920.1:m.8281_8289del"),
    ] {
        let entries = told(&small, &options, change);
        assert!(entries.split(',').all(|entry| entry == expected), "{change}: {entries}");
    }
    // Of two alleles each has its own.
    let told = told(&small, &options, "1 34 A C,AT");
    assert_eq!(told, "SNV|NC_000001.10:g.34A>C,insertion|NC_000001.10:g.34_35insT");
}

#[test]
fn a_chromosome_without_an_accession_gives_no_name() {
    let small = small(true);
    let options = with_fields(small.options(), "HGVSg,SYMBOL");
    assert_eq!(told(&small, &options, "1 34 A C"), "|GENEchr1");
}

#[test]
fn without_a_sequence_only_a_single_base_has_a_name_on_the_chromosome() {
    let small = small(false);
    let mut plan = small.plan();
    (plan.assembly, plan.sequence) = ("hg19".to_owned(), None);
    let path = small.folder.path().join("bare.gasref");
    build(&plan, &path, &mut |_| {}).unwrap();
    let options = Options {
        references: vec![Arc::new(Bundle::open(&path).unwrap())],
        ..small.options()
    };
    let options = with_fields(options, "HGVSg,SYMBOL");
    assert_eq!(told(&small, &options, "1 34 A C"), "NC_000001.10:g.34A>C|GENEchr1");
    assert_eq!(told(&small, &options, "1 36 AC A"), "|GENEchr1");
}

/// The offset counts bases of the chromosome to the right, as VEP has it: negative for transcripts of the reverse strand.
#[test]
fn the_offset_says_how_far_a_name_is_from_the_file() {
    let small = small(true);
    let options = with_fields(small.options(), "HGVSc,HGVS_OFFSET");
    for (change, expected) in [
        ("1 34 A C", "NM_1:c.4A>C|"),
        ("1 36 AC A", "NM_1:c.9del|2"),
        ("1 38 CC C", "NM_1:c.9del|"),
        ("1 30 A AA", "NM_1:c.1dup|1"),
    ] {
        assert_eq!(told(&small, &options, change), expected, "{change}");
    }
}

#[test]
fn every_field_is_there_by_one_word() {
    let small = small(true);
    let (output, _) = small
        .run("1\t34\t.\tA\tC\t.\t.\t.\n", &with_fields(as_hg19(&small), "everything"))
        .unwrap();
    assert_eq!(
        csq(&output),
        (
            "C|missense_variant|MODERATE|GENEchr1|GENEchr1|Transcript|NM_1|protein_coding|1/2||NM_1:c.4A>C|NM_1:p.Lys2Gln|\
             14|4|2|K/Q|Aaa/Caa|||1||SNV|RefSeq|||||||||RefSeq||NC_000001.10:g.34A>C||||",
            "Allele|Consequence|IMPACT|SYMBOL|Gene|Feature_type|Feature|BIOTYPE|EXON|INTRON|HGVSc|HGVSp|cDNA_position|\
             CDS_position|Protein_position|Amino_acids|Codons|Existing_variation|DISTANCE|STRAND|FLAGS|VARIANT_CLASS|\
             SYMBOL_SOURCE|HGNC_ID|CANONICAL|MANE_SELECT|MANE_PLUS_CLINICAL|TSL|APPRIS|CCDS|ENSP|SOURCE|HGVS_OFFSET|HGVSg|NMD|\
             pLI_gene_value|LOEUF|mis_z"
        )
    );
    let (mitochondrial, _) = small
        .run(
            "MT\t7445\t.\tA\tG\t.\t.\t.\n",
            &with_fields(small.options(), "SYMBOL,ENSP,SOURCE,HGNC_ID"),
        )
        .unwrap();
    assert_eq!(csq(&mitochondrial).0, "MT-CO1|YP_003024028.1|RefSeq|HGNC:7419");
}

/// On real transcripts.
#[test]
fn real_variants_have_their_names_on_the_chromosome() {
    let Some(data) = super::files::shared_data() else {
        return;
    };
    let (_folder, bundle) = hg19(&data, true);
    let options = Options {
        references: vec![bundle],
        fields: "Feature,VARIANT_CLASS,HGVSg,HGVSc,HGVS_OFFSET".parse().unwrap(),
        ..Options::default()
    };
    let header = HEADER.replace("#CHROM", "##contig=<ID=1,length=249250621>\n#CHROM");
    let record = "1\t69091\t.\tA\tC\t.\t.\t.\n";
    let mut output = Vec::new();
    annotate((header + record).as_bytes(), &mut output, &options, &mut |_| {}).unwrap();
    let output = String::from_utf8(output).unwrap();
    assert_eq!(
        csq(&output).0,
        "NM_001005484|SNV|NC_000001.10:g.69091A>C|NM_001005484:c.1A>C|"
    );
}
