//! Which of several entries are picked, and what becomes of the others.

use proptest::prelude::*;

use super::small::{CHR1, of_table};
use super::*;
use crate::{Others, Pick, PickOf};

/// Two genes on the small chromosome: ALPHA with a long and a short coding transcript and one that does not code, and BETA
/// further on.
fn genes() -> Options {
    let table = "0\tNM_1\tchr1\t+\t20\t110\t30\t89\t2\t20,80,\t60,110,\t0\tALPHA\tcmpl\tcmpl\t0,0,\n\
         0\tNM_2\tchr1\t+\t20\t60\t30\t60\t1\t20,\t60,\t0\tALPHA\tcmpl\tcmpl\t0,\n\
         0\tNR_3\tchr1\t+\t20\t110\t110\t110\t1\t20,\t110,\t0\tALPHA\tunk\tunk\t-1,\n\
         0\tNR_4\tchr1\t-\t95\t115\t115\t115\t1\t95,\t115,\t0\tBETA\tunk\tunk\t-1,\n";
    Options {
        fields: "Allele,Consequence,Feature".parse().unwrap(),
        ..of_table(CHR1, table)
    }
}

fn picking(options: &Options, of: PickOf, others: Others, order: Option<&str>) -> Options {
    let order = order.map_or_else(Default::default, |order| order.parse().unwrap());
    Options {
        pick: Some(Pick { of, others, order }),
        ..options.clone()
    }
}

fn csq(options: &Options, record: &str) -> String {
    let mut output = Vec::new();
    annotate(
        format!("{HEADER}{record}").as_bytes(),
        &mut output,
        options,
        &mut |_| {},
    )
    .unwrap();
    let output = String::from_utf8(output).unwrap();
    let info = output.lines().last().unwrap().split('\t').nth(7).unwrap();
    info.split(';')
        .find_map(|field| field.strip_prefix("CSQ="))
        .unwrap_or("")
        .to_owned()
}

const ONE: &str = "1\t34\t.\tA\tC\t.\t.\t.\n";
const TWO: &str = "1\t34\t.\tA\tC,T\t.\t.\t.\n";

#[test]
fn one_entry_is_left_of_each_record_allele_or_gene() {
    let options = genes();
    assert_eq!(
        csq(&options, ONE),
        "C|missense_variant|NM_2,C|missense_variant|NM_1,C|non_coding_transcript_exon_variant|NR_3,\
         C|downstream_gene_variant|NR_4"
    );
    for (of, record, expected) in [
        // Both code and change an amino acid; the longer one is picked.
        (PickOf::Record, ONE, "C|missense_variant|NM_1"),
        (
            PickOf::Gene,
            ONE,
            "C|missense_variant|NM_1,C|downstream_gene_variant|NR_4",
        ),
        // The second allele makes a stop.
        (PickOf::Record, TWO, "T|stop_gained|NM_1"),
        (PickOf::Allele, TWO, "C|missense_variant|NM_1,T|stop_gained|NM_1"),
        // Of what is the same for both alleles the first one's is picked.
        (PickOf::Gene, TWO, "C|downstream_gene_variant|NR_4,T|stop_gained|NM_1"),
        (
            PickOf::AlleleAndGene,
            TWO,
            "C|missense_variant|NM_1,C|downstream_gene_variant|NR_4,T|stop_gained|NM_1,T|downstream_gene_variant|NR_4",
        ),
    ] {
        let options = picking(&options, of, Others::LeftOut, None);
        assert_eq!(csq(&options, record), expected, "{of:?}");
    }
}

#[test]
fn an_order_of_ones_own_picks_otherwise() {
    let options = genes();
    for (order, expected) in [
        // 91 bases of a transcript that does not code against 39 and 30 of coding sequence.
        ("length", "C|non_coding_transcript_exon_variant|NR_3"),
        // Of equal ones the first.
        ("rank", "C|missense_variant|NM_2"),
        ("biotype,length", "C|missense_variant|NM_1"),
        // No transcript is from Ensembl, none has labels.
        (
            "ensembl,mane_select,canonical,tsl,appris,ccds,length",
            "C|non_coding_transcript_exon_variant|NR_3",
        ),
    ] {
        let options = picking(&options, PickOf::Record, Others::LeftOut, Some(order));
        assert_eq!(csq(&options, ONE), expected, "{order}");
    }
}

#[test]
fn a_flag_leaves_the_others_there() {
    let options = genes();
    for (of, expected) in [
        (
            PickOf::Record,
            "C|missense_variant|NM_2|,C|missense_variant|NM_1|,C|non_coding_transcript_exon_variant|NR_3|,\
             C|downstream_gene_variant|NR_4|,T|stop_gained|NM_2|,T|stop_gained|NM_1|1,\
             T|non_coding_transcript_exon_variant|NR_3|,T|downstream_gene_variant|NR_4|",
        ),
        (
            PickOf::AlleleAndGene,
            "C|missense_variant|NM_2|,C|missense_variant|NM_1|1,C|non_coding_transcript_exon_variant|NR_3|,\
             C|downstream_gene_variant|NR_4|1,T|stop_gained|NM_2|,T|stop_gained|NM_1|1,\
             T|non_coding_transcript_exon_variant|NR_3|,T|downstream_gene_variant|NR_4|1",
        ),
    ] {
        let options = picking(&options, of, Others::Unflagged, None);
        assert_eq!(csq(&options, TWO), expected, "{of:?}");
    }
    // Among the fields that CSQ has without a choice, PICK comes after FLAGS.
    let options = Options {
        fields: Default::default(),
        ..picking(&options, PickOf::Allele, Others::Unflagged, None)
    };
    let told = csq(&options, ONE);
    let entries: Vec<_> = told.split(',').collect();
    assert!(entries[0].ends_with("|K/Q|Aaa/Caa|||1|||RefSeq|"), "{told}");
    assert!(entries[1].ends_with("|K/Q|Aaa/Caa|||1||1|RefSeq|"), "{told}");
}

#[test]
fn picked_entries_have_the_fields_that_csq_has_without_a_choice() {
    let options = genes();
    let plain = Options {
        fields: Default::default(),
        ..options
    };
    let all = csq(&plain, TWO);
    let first: Vec<_> = all.split(',').collect();
    let picked = csq(&picking(&plain, PickOf::AlleleAndGene, Others::LeftOut, None), TWO);
    assert_eq!(picked, [first[1], first[3], first[5], first[7]].join(","));
}

#[test]
fn what_is_picked_is_said_where_pick_is_asked_for() {
    let options = genes();
    let options = Options {
        fields: "PICK,Feature".parse().unwrap(),
        ..options
    };
    assert_eq!(csq(&options, ONE), "|NM_2,|NM_1,|NR_3,|NR_4");
    let picked = |others| picking(&options, PickOf::Record, others, None);
    assert_eq!(csq(&picked(Others::LeftOut), ONE), "1|NM_1");
    let alone = |others| Options {
        fields: "PICK".parse().unwrap(),
        ..picked(others)
    };
    assert_eq!(csq(&alone(Others::Unflagged), ONE), ".,1,.,.");
    assert_eq!(csq(&alone(Others::LeftOut), ONE), "1");
}

#[test]
fn alleles_between_genes_and_genes_of_mitochondria_are_picked_from_too() {
    let options = genes();
    let record = picking(&options, PickOf::Record, Others::LeftOut, None);
    let gene = picking(&options, PickOf::Gene, Others::LeftOut, None);
    // MT-ATP8 and MT-ATP6 overlap; the second is longer.
    let overlap = "MT\t8540\t.\tT\tC\t.\t.\t.\n";
    assert_eq!(csq(&gene, overlap), csq(&options, overlap));
    assert_eq!(csq(&options, overlap).split(',').count(), 2);
    assert_eq!(csq(&record, overlap).split(',').count(), 1);
    // What is of no gene stays when one entry of each gene does.
    let between = "MT\t73\t.\tA\tG,C\t.\t.\t.\n";
    assert_eq!(csq(&gene, between), "G|intergenic_variant|,C|intergenic_variant|");
    assert_eq!(csq(&record, between), "G|intergenic_variant|");
    // Whose REF is another has nothing to pick from.
    assert_eq!(csq(&record, &format!("{ONE}1\t34\t.\tC\tA\t.\t.\t.\n")), "");
}

#[test]
fn structural_variants_are_picked_from_as_well() {
    let options = genes();
    let record = "1\t10\t.\tT\t<DEL>\t.\t.\tEND=112\n";
    let gene = picking(&options, PickOf::Gene, Others::LeftOut, None);
    assert_eq!(
        csq(&gene, record),
        "deletion|transcript_ablation|NM_1,deletion|feature_truncation&non_coding_transcript_exon_variant|NR_4"
    );
}

#[test]
fn threads_do_not_change_what_is_picked() {
    let options = genes();
    let records = [ONE, TWO, "1\t61\t.\tG\tA\t.\t.\t.\n"].concat().repeat(20_000);
    let options = picking(&options, PickOf::AlleleAndGene, Others::Unflagged, Some("length,rank"));
    let run = |threads: usize| {
        let options = Options {
            threads,
            ..options.clone()
        };
        let mut output = Vec::new();
        annotate(
            format!("{HEADER}{records}").as_bytes(),
            &mut output,
            &options,
            &mut |_| {},
        )
        .unwrap();
        output
    };
    assert!(run(1) == run(2));
}

proptest! {
    #[test]
    fn of_any_record_one_entry_is_picked_and_it_is_the_one_that_is_left(
        position in 1_usize..=120, length in 1_usize..20,
        alternates in prop::collection::vec("(<(DEL|DUP|X)>|[ACGT]{1,9})", 1..4),
    ) {
        let options = GENES.get_or_init(genes);
        let reference = &CHR1[position - 1..(position - 1 + length).min(120)];
        let record = format!("1\t{position}\t.\t{reference}\t{}\t.\t.\t.\n", alternates.join(","));
        let options = Options { fields: "everything".parse().unwrap(), ..options.clone() };
        let flagged = csq(&picking(&options, PickOf::Record, Others::Unflagged, None), &record);
        let entries: Vec<Vec<&str>> = flagged.split(',').map(|entry| entry.split('|').collect()).collect();
        let is_told = !flagged.is_empty();
        prop_assert!(!is_told || entries.iter().all(|entry| entry.len() == 39), "{flagged}");
        let picked: Vec<_> = entries.iter().filter(|entry| entry.get(21) == Some(&"1")).collect();
        prop_assert_eq!(picked.len(), usize::from(is_told), "{}", flagged);
        let left = csq(&picking(&options, PickOf::Record, Others::LeftOut, None), &record);
        let without_pick = |entry: &[&str]| [&entry[..21], &entry[22..]].concat().join("|");
        prop_assert_eq!(left, picked.first().map_or_else(String::new, |entry| without_pick(entry)));
        // Without the flag nothing else is told.
        let all: Vec<_> = if is_told { entries.iter().map(|entry| without_pick(entry)).collect() } else { Vec::new() };
        prop_assert_eq!(csq(&options, &record), all.join(","));
    }
}

static GENES: std::sync::OnceLock<Options> = std::sync::OnceLock::new();
