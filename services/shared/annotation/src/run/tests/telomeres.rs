//! Records at POS 0, or one beyond a chromosome's last base.

use super::told::{Told, case, hg19, with_records};
use super::*;
use crate::Mode;

#[test]
fn telomeres_are_positions() {
    let Some(options) = hg19() else { return };
    let told = Told::new(&case("position_after_the_end"), &options);
    assert_eq!(told.entries["telomere"], ["N. intergenic_variant MODIFIER"]);
    assert!(told.line("telomere").starts_with("chr1\t249250622\ttelomere\tN\tN.\t"));
    let records = [
        "chr1 0 joined N .[chr1:955600[ . . SVTYPE=BND",
        "chr1 0 arm N <DEL> . . SVTYPE=DEL;END=20000",
        "chr1 0 alone N .N . . SVTYPE=BND",
        "chr1 949405 snv C T . . .",
        "chr1 249250622 bases N NACGT . . .",
    ];
    let told = Told::new(&with_records("position_after_the_end", &records), &options);
    assert!(told.of("joined", "NM_198576")[0].starts_with(".[chr1:955600[ feature_truncation&"));
    assert_eq!(
        told.of("arm", "NR_046018"),
        ["deletion transcript_ablation HIGH DDX11L1 NR_046018"]
    );
    assert_eq!(told.entries["alone"], [".N intergenic_variant MODIFIER"]);
    assert_eq!(told.entries["bases"], [""; 0]);
    assert_eq!(told.of("snv", "NM_005101").len(), 1);
    let anntools = Options {
        mode: Mode::AnnTools,
        ..options.clone()
    };
    let plain = Told::new(&with_records("position_after_the_end", &records), &anntools);
    assert!(
        plain
            .output
            .contains("chr1\t0\t.\tN\t.[chr1:955600[\t.\t.\tSVTYPE=BND;positionType=interGenic\n")
    );
    // What lies beyond is another genome's.
    for record in [
        "chr1 249250623 far N N. . . .",
        "chr1 249250622 long NN N . . .",
        "chr1 249250622 base A C . . .",
    ] {
        let input = with_records("position_after_the_end", &["chr1 949405 snv C T . . .", record]);
        let refused = annotate(input.as_bytes(), std::io::sink(), &options, &mut |_| {}).unwrap_err();
        let refused = refused.to_string();
        assert!(
            refused.contains("but the chromosome has 249,250,621 bases"),
            "{refused}"
        );
    }
}

#[test]
fn a_circle_has_no_telomeres() {
    let records = "MT\t0\t.\tN\t]MT:500]N\t.\t.\t.\nMT\t73\t.\tA\tG\t.\t.\t.\nMT\t16570\t.\tN\tN.\t.\t.\t.\n";
    let (output, report) = run(format!("{HEADER}{records}").as_bytes()).unwrap();
    assert!(output.contains("\nMT\t0\t.\tN\t]MT:500]N\t.\t.\t.\nMT\t73\t.\tA\tG\t.\t.\tCSQ="));
    assert!(output.ends_with("\nMT\t16570\t.\tN\tN.\t.\t.\t.\n") && report.records == 3);
    let refused = run(format!("{HEADER}MT\t16570\t.\tA\tG\t.\t.\t.\n").as_bytes())
        .unwrap_err()
        .to_string();
    assert!(
        refused.starts_with("Line 3 has position 16,570, beyond the end of the rCRS"),
        "{refused}"
    );
}
