//! Cases about INFO and alleles of single records; see `cases`.

use super::cases::case;

#[test]
fn alleles_of_csq_are_in_upper_case() {
    let Some(case) = case("lower_case_alleles.vcf") else {
        return;
    };
    for (id, columns, allele, expected) in [
        (
            "snv",
            ["c", "g"],
            "G",
            ["missense_variant", "NM_005101:c.45C>G", "NP_005092:p.Phe15Leu"],
        ),
        (
            "del",
            ["Gtcc", "g"],
            "-",
            ["inframe_deletion", "NM_005101:c.52_54del", "NP_005092:p.Ser18del"],
        ),
    ] {
        assert_eq!(case.record(id)[3..5], columns);
        assert!(case.entries(id).iter().all(|entry| entry[0] == allele), "{id}");
        let entry = case.entry(id, "NM_005101");
        let change = |name: &str| name.split(':').next_back().unwrap().to_owned();
        assert_eq!(
            [entry[1].clone(), entry[10].clone(), change(&entry[11])],
            [expected[0], expected[1], &change(expected[2])]
        );
    }
}

#[test]
fn odd_info_stays_as_it_was() {
    let Some(case) = case("pass-info_oddities.vcf") else {
        return;
    };
    let own = [
        "AC=1;;AN=2;",
        "",
        "AC=1;",
        "",
        "NOTE=a b c;",
        "AC=1;AC=2;",
        "NOTE=50%;AC=1;",
        "NOTE=x%3By;AC=1;",
        "NOTE=CL=3,a=b;",
        "FLAGX;",
        ";AC=1;",
        "DB;DB;",
    ];
    for (columns, own) in case.records().iter().zip(own) {
        assert!(columns[7].starts_with(&format!("{own}CSQ=")), "{own}: {}", columns[7]);
    }
}

#[test]
fn alleles_of_thousands_of_bases_are_named() {
    let Some(case) = case("pass-long_alleles.vcf") else {
        return;
    };
    let whole = case.entry("delwhole", "NM_005101");
    assert_eq!(whole[1], "transcript_ablation");
    let inserted = case.entry("ins3k", "NM_005101");
    assert!(
        inserted[10].contains(":c.") && inserted[10].contains("ins"),
        "{}",
        &inserted[10][..60]
    );
    assert!(case.entries("del5k").iter().any(|entry| entry[10].ends_with("del")));
    assert_eq!(case.records().len(), 16);
}

#[test]
fn keys_that_the_input_declares_otherwise_are_the_inputs() {
    let Some(case) = case("pass-our_keys_of_other_types.vcf") else {
        return;
    };
    for key in ["DB", "name", "exon", "cytoBand"] {
        let theirs = format!("##INFO=<ID={key},Number=1,");
        assert_eq!(case.output.matches(&theirs).count(), 1, "{key}");
        assert!(case.output.contains(&format!("##INFO=<ID=GAS_{key},")), "{key}");
        assert!(case.report.count_log().contains(key));
    }
    for columns in case.records() {
        assert!(
            columns[7].starts_with("DB=5;name=foo%20bar;exon=3;cytoBand=7;CSQ="),
            "{}",
            columns[7]
        );
        assert!(columns[7].contains(";GAS_cytoBand=p36.33"), "{}", columns[7]);
    }
}

#[test]
fn records_whose_ref_is_another_are_marked_and_not_annotated() {
    let Some(case) = case("pass-reference_differs_between_alleles.vcf") else {
        return;
    };
    for id in ["swap", "third"] {
        assert_eq!(case.record(id)[7], "REF_MISMATCH");
    }
    let annotated = case
        .records()
        .iter()
        .filter(|columns| columns[7].starts_with("CSQ="))
        .count();
    assert_eq!((annotated, case.records().len()), (60, 62));
}

#[test]
fn stars_pass_and_have_no_entry() {
    let Some(case) = case("pass-star_alleles.vcf") else {
        return;
    };
    let alleles = |id: &str| {
        let mut alleles: Vec<_> = case.entries(id).into_iter().map(|entry| entry[0].clone()).collect();
        alleles.dedup();
        alleles
    };
    assert_eq!(alleles("star_only"), [""; 0]);
    assert_eq!(alleles("star_snv"), ["C"]);
    assert_eq!(alleles("star_ins"), ["GC"]);
    assert_eq!(alleles("star_del"), ["-", "TT"]);
    assert_eq!(alleles("star_mixed"), ["TGC", "A"]);
    assert_eq!(case.record("star_mixed")[4], "*,TGC,A");
}
