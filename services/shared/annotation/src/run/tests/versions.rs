//! Versions of VCF: which one the output has, and what becomes of what older and newer ones write.

use super::small::small;
use super::*;

const VCF_3: &str =
    "##fileformat=VCFv3.3\n##INFO=DP,1,Integer,\"Total Depth\"\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n";

#[test]
fn the_version_stays_from_4_1_on_and_is_said_first() {
    for (line, expected, has_codes) in [
        ("##fileformat=VCFv3.3\n", "##fileformat=VCFv4.2\n", true),
        ("##fileformat=VCFv4.0\n", "##fileformat=VCFv4.2\n", true),
        ("##fileformat=VCFv4.1\n", "##fileformat=VCFv4.1\n", true),
        (
            "##source=x\n##fileformat=VCFv4.2\n",
            "##fileformat=VCFv4.2\n##source=x\n",
            true,
        ),
        ("##fileformat=VCFv4.3\n", "##fileformat=VCFv4.3\n", false),
        ("##fileformat=VCFv4.5\n", "##fileformat=VCFv4.5\n", false),
        ("", "##fileformat=VCFv4.2\n", true),
        ("\u{feff}##fileformat=VCFv4.2\n", "##fileformat=VCFv4.2\n", true),
    ] {
        let columns = HEADER.lines().last().unwrap();
        let (output, _) = run(format!("{line}{columns}\nMT\t73\t.\tA\tG\t.\t.\t.\n").as_bytes()).unwrap();
        let encoding = "##GAS_encoding=In values of keys that GAS has added, %3B stands for a semicolon, ";
        assert!(output.starts_with(expected), "{line}: {output}");
        assert_eq!(output.matches("fileformat").count(), 1, "{line}");
        assert_eq!(output.contains(encoding), has_codes, "{line}");
    }
}

/// Readers compare the definitions of reserved keys with those of the file's version; of ours, one is reserved.
#[test]
fn reserved_keys_are_declared_as_vcf_has_them() {
    const RESERVED: &str = "AA AC AD ADF ADR AF AN BQ CIGAR DB DP END H2 H3 MQ MQ0 NS SB SOMATIC VALIDATED 1000G IMPRECISE \
        NOVEL SVTYPE SVLEN CIPOS CIEND HOMLEN HOMSEQ BKPTID MEINFO METRANS DGVID DBVARID DBRIPID MATEID PARID EVENT CILEN DPADJ \
        CN CNADJ CICN CICNADJ SVCLAIM EVENTTYPE RN RUS RUL RUC RB CIRUC CIRB RUB";
    let small = small(false);
    let (output, _) = small.run("1\t32\t.\tT\tC\t.\t.\t.\n", &small.options()).unwrap();
    let declared = output.lines().filter_map(|line| line.strip_prefix("##INFO=<ID="));
    let reserved: Vec<_> = declared
        .filter(|line| {
            RESERVED
                .split_whitespace()
                .any(|key| line.split(',').next() == Some(key))
        })
        .map(|line| line.split(",Description").next().unwrap())
        .collect();
    assert_eq!(reserved, ["DB,Number=0,Type=Flag"]);
}

#[test]
fn vcf_3_becomes_vcf_4() {
    for (record, expected, name) in [
        (
            "M\t309\t.\tC\tIc\t-1\t0\tDP=2",
            "M\t309\t.\tC\tCC\t.\tPASS\tDP=2;CSQ=C|",
            "m.309dup",
        ),
        (
            "M\t309\t.\tC\tD1\t9\tq10\tDP=2",
            "M\t308\t.\tCC\tC\t9\tq10\tDP=2;CSQ=-|",
            "m.309del",
        ),
        (
            "M\t309\t.\tC\tT\t0\t0\tDP=2",
            "M\t309\t.\tC\tT\t0\tPASS\tDP=2;CSQ=T|",
            "m.309C>T",
        ),
    ] {
        let (output, _) = run(format!("{VCF_3}{record}\n").as_bytes()).unwrap();
        let found = output.lines().last().unwrap();
        assert!(found.starts_with(expected), "{found}");
        assert!(found.contains(&format!("HGVSm=NC_012920.1:{name};")), "{found}");
        assert!(
            output.starts_with("##fileformat=VCFv4.2\n##INFO=<ID=DP,Number=1,Type=Integer,"),
            "{output}"
        );
    }
}

#[test]
fn a_deletion_of_vcf_3_whose_bases_are_not_known_is_left_out_with_its_reason() {
    let with_and_without = [small(true), small(false)];
    let records = "1\t34\t.\tA\tD3\t-1\t0\t.\n1\t34\t.\tA\tIGG\t-1\t0\t.\n";
    let [(whole, _), (poor, report)] = with_and_without.map(|small| {
        let mut output = Vec::new();
        let input = format!("{VCF_3}{records}");
        let report = annotate(input.as_bytes(), &mut output, &small.options(), &mut |_| {}).unwrap();
        (String::from_utf8(output).unwrap(), report)
    });
    assert!(
        whole.contains("1\t33\t.\tGAAA\tG\t.\tPASS\tCSQ=-|inframe_deletion|"),
        "{whole}"
    );
    let kept: Vec<_> = poor.lines().filter(|line| !line.starts_with('#')).collect();
    assert!(
        kept.len() == 1 && kept[0].starts_with("1\t34\t.\tA\tAGG\t.\tPASS\t"),
        "{poor}"
    );
    assert!(
        report
            .warnings
            .iter()
            .any(|warning| warning.starts_with("1 records delete bases by their number alone")),
        "{:?}",
        report.warnings
    );
    let log = report.count_log();
    assert!(
        log.contains("Records of VCF 3 that delete bases which are not known"),
        "{log}"
    );
    assert!(log.contains("\nline 4, 1:34 A>D3\n"), "{log}");
    assert_eq!(report.records, 2);
}

#[test]
fn header_lines_with_spaces_around_commas_are_read_and_written_without() {
    let header = "##fileformat=VCFv4.2\n##contig=<ID=MT, length=16569>\n##INFO=<ID=CSQ, Number=1, Type=String, Description=\"a, b\">\n\
        #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n";
    let (output, _) = run(format!("{header}MT\t73\t.\tA\tG\t.\t.\tCSQ=theirs\n").as_bytes()).unwrap();
    assert!(
        output.starts_with(
            "##fileformat=VCFv4.2\n##contig=<ID=MT,length=16569>\n\
             ##INFO=<ID=CSQ,Number=1,Type=String,Description=\"a, b\">\n##GAS_encoding="
        ),
        "{output}"
    );
    assert!(output.contains("\tCSQ=theirs;GAS_CSQ=G|"), "{output}");
}

#[test]
fn phases_of_vcf_4_5_pass() {
    let header = HEADER
        .replace("v4.3", "v4.5")
        .replace("INFO\n", "INFO\tFORMAT\tS1\tS2\tS3\n");
    let record = "MT\t73\t.\tA\tG\t.\t.\t.\tGT\t/0/1\t|0|1\t/0|1";
    let (output, _) = run(format!("{header}{record}\n").as_bytes()).unwrap();
    assert!(
        output.starts_with("##fileformat=VCFv4.5\n") && output.ends_with("\tGT\t/0/1\t|0|1\t/0|1\n"),
        "{output}"
    );
}

#[test]
fn what_anntools_wrote_is_declared_and_there_once_when_asked() {
    let small = small(false);
    let options = Options {
        mode: crate::Mode::AnnTools,
        declares_keys: true,
        ..small.options()
    };
    let records = "chr1\t32\trs0\tT\tG\t.\t.\t.\r\nchr1\t50\t.\tA\tG\t.\t.\tAC=1 \r\n";
    let (output, _) = small.run(records, &options).unwrap();
    let lines: Vec<_> = output.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(
        lines[0],
        "chr1\t32\trs1\tT\tG\t.\t.\tDB;GMAF=0.25;name2=GENEchr1;name=NM_1;transcriptStrand=+;exon=ex1/2;cytoBand=p1;\
         gwasCatalog=pubMedID%3D123,trait%3DTall,or%20%3D%20not"
    );
    assert!(
        lines[1].contains("\tAC=1;") && lines[1].ends_with(";cytoBand=p1,q1"),
        "{}",
        lines[1]
    );
    for line in [
        "##fileformat=VCFv4.3",
        "##contig=<ID=chr1,length=120,assembly=small>",
        "##INFO=<ID=DB,Number=0,Type=Flag,Description=\"AnnTools: POS and REF, or the complement of REF, are in dbSNP\">",
    ] {
        assert!(output.lines().any(|own| own == line), "{line}: {output}");
    }
    assert!(!output.contains('\r') && !output.contains("ID=CSQ,"), "{output}");
}
