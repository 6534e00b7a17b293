//! What an answer lacks is said, and each track is counted for itself.

use super::small::small;
use super::*;

#[test]
fn without_a_sequence_the_impact_of_coding_alleles_is_empty_and_everything_says_so() {
    // A codon, a codon beside a splice site, a splice site, an untranslated base.
    let records =
        "1\t34\t.\tA\tC,G\t.\t.\t.\n1\t60\t.\tT\tC\t.\t.\t.\n1\t61\t.\tG\tC\t.\t.\t.\n1\t25\t.\tA\tC\t.\t.\t.\n";
    let poor = small(false);
    let (output, report) = poor.run(records, &poor.options()).unwrap();
    for expected in [
        "CSQ=C|coding_sequence_variant||GENEchr1|",
        ",G|coding_sequence_variant||GENEchr1|",
        "CSQ=C|splice_region_variant&coding_sequence_variant||GENEchr1|",
        "CSQ=C|splice_donor_variant|HIGH|GENEchr1|",
        "CSQ=C|5_prime_UTR_variant|MODIFIER|GENEchr1|",
        "\n##GAS_without_sequence=The reference small has no sequence. Without it, codons",
    ] {
        assert!(output.contains(expected), "{expected}: {output}");
    }
    assert!(report.warnings[0].starts_with("ANNOTATED WITHOUT CODONS: 3 coding alleles were told without codons. "));
    assert!(report.warnings[0].contains("annotator reference build small --assembly small --sequence small.2bit"));
    let json = report.to_json();
    assert_eq!(
        json["impacts"],
        serde_json::json!({"HIGH": 1, "LOW": 0, "MODERATE": 0, "MODIFIER": 1})
    );
    // The allele that has two terms is counted by the more severe.
    assert_eq!(
        json["most_severe"],
        serde_json::json!({
            "splice_donor_variant": 1, "splice_region_variant": 1, "coding_sequence_variant": 2, "5_prime_UTR_variant": 1,
        })
    );
    assert_eq!(
        (&json["without_codons"], &json["impact_unknown"]),
        (&3.into(), &3.into())
    );
    assert_eq!(
        json["reference"],
        serde_json::json!({"name": "small", "assembly": "small", "sequence": "none"})
    );
    let log = report.count_log();
    for expected in [
        "reference small of small, WITHOUT A SEQUENCE\n",
        "coding, told without codons                 3\n",
        "\nMost severe consequence (alleles)\n---------------------------------\nsplice_donor_variant                        1\n",
        "not known without codons                    3\n",
    ] {
        assert!(log.contains(expected), "{expected}: {log}");
    }
    let (_, report) = poor.run("1\t70\t.\tC\tG\t.\t.\t.\n", &poor.options()).unwrap();
    assert!(report.warnings[0].starts_with("NO SEQUENCE: "), "{:?}", report.warnings);
}

#[test]
fn with_a_part_of_the_sequence_only_alleles_beyond_it_lack_their_codons() {
    let part = small(true);
    let (output, report) = part
        .run("1\t34\t.\tA\tC\t.\t.\t.\n2\t45\t.\tA\tG\t.\t.\t.\n", &part.options())
        .unwrap();
    assert!(output.contains("|missense_variant|MODERATE|") && output.contains("|coding_sequence_variant||GENEchr2|"));
    assert!(report.warnings[0].starts_with(
        "ANNOTATED WITHOUT CODONS: 1 coding allele was told without codons. The reference small has only a part of its sequence"
    ));
}

#[test]
fn each_track_counts_what_it_lists_and_none_counts_where_it_is_not() {
    let small = small(true);
    let records = "1\t32\t.\tT\tC,A\t.\t.\t.\n1\t70\t.\tC\tG\t.\t.\t.\n1\t10\t.\tT\t<DEL>\t.\t.\tEND=12\n";
    let (_, report) = small.run(records, &small.options()).unwrap();
    let log = report.count_log();
    assert!(
        log.contains("listed in dbSNP                             1\nnot listed in dbSNP                         2\n"),
        "{log}"
    );
    assert!(!log.contains("MITOMAP"), "{log}");
    let json = report.to_json();
    let track = json["tracks"]
        .as_array()
        .unwrap()
        .iter()
        .find(|track| track["key"] == "dbSNP")
        .unwrap();
    assert_eq!(
        (&track["alleles"], &track["listed"], &track["kind"]),
        (&3.into(), &1.into(), &"variants".into())
    );
    let (_, report) = run(format!("{HEADER}MT\t73\t.\tA\tG\t.\t.\t.\n").as_bytes()).unwrap();
    let log = report.count_log();
    assert!(
        log.contains("listed in MITOMAP                           1\nnot listed in MITOMAP                       0\n"),
        "{log}"
    );
    assert!(!log.contains("listed in dbSNP"), "{log}");
}
