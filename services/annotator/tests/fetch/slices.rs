//! The mirror with slices of real data: UCSC's tables of hg19 and the first million bases of chr1, ClinVar of 2016, and
//! common variants of dbSNP.

use std::fs;

use super::mirror::unpack;
use super::*;

/// `../shared/data`, or `None`, said aloud.
fn shared_data() -> Option<PathBuf> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    if data.is_dir() {
        return Some(data);
    }
    // Past the harness, which would keep it to itself.
    let told = b"SKIPPED the slices of real data: ../shared/data is not here\n";
    std::io::Write::write_all(&mut std::io::stderr(), told).unwrap();
    None
}

/// The rows of a VCF file on chr1 up to its millionth base.
fn first_million(vcf: &[u8]) -> String {
    let text = std::str::from_utf8(vcf).unwrap();
    let is_there = |line: &&str| {
        let mut columns = line.split('\t');
        let place = (
            columns.next().unwrap(),
            columns.next().and_then(|column| column.parse().ok()),
        );
        line.starts_with('#') || matches!(place, ("1" | "chr1", Some(0..=1_000_000)))
    };
    text.lines().filter(is_there).flat_map(|line| [line, "\n"]).collect()
}

fn institute(data: &Path) -> Institute {
    let institute = Institute::new();
    let mirror = &institute.mirror;
    for table in [
        "refGene",
        "cytoBand",
        "cpgIslandExt",
        "gwasCatalog",
        "genomicSuperDups",
        "hugo",
    ] {
        let bytes = fs::read(data.join(format!("goldenPath/hg19/database/{table}.txt.gz"))).unwrap();
        mirror.put(&format!("goldenPath/hg19/database/{table}.txt.gz"), &bytes);
    }
    let sizes = fs::read_to_string(data.join("goldenPath/hg19/database/chrom.sizes")).unwrap();
    mirror.put_gzip("goldenPath/hg19/database/chromInfo.txt.gz", &sizes);
    let fasta = unpack(&data.join("sequence/hg19.chr1_1-1000000.fa.gz"));
    let lines = fasta.split(|byte| *byte == b'\n').skip(1);
    let bases = lines.collect::<Vec<_>>().concat().to_ascii_uppercase();
    mirror.put(SEQUENCE, &two_bit(&[("chr1", &bases)]));
    mirror.publish(CHECKSUMS, SEQUENCE, "hg19.2bit");
    let clinvar = unpack(&data.join("variants/clinvar_2016.hg19.vcf.gz"));
    mirror.put_gzip(CLINVAR, &first_million(&clinvar));
    mirror.publish(&format!("{CLINVAR}.md5"), CLINVAR, "/export/clinvar_2016.vcf.gz");
    let common = unpack(&data.join("variants/dbsnp_common.hg19.vcf.gz"));
    mirror.put_gzip(
        "snp/organisms/human_9606_b151_GRCh37p13/VCF/00-common_all.vcf.gz",
        &first_million(&common),
    );
    institute
}

/// The program's recipe with NCBI's list of common variants instead of UCSC's.
fn recipe(institute: &Institute) -> String {
    let printed = Said::of(institute.command(&["recipe", "hg19"]).output().unwrap()).success();
    let ucsc = "address = \"https://hgdownload.soe.ucsc.edu/goldenPath/hg19/database/snp151Common.txt.gz\"";
    let ncbi =
        "address = \"https://ftp.ncbi.nih.gov/snp/organisms/human_9606_b151_GRCh37p13/VCF/00-common_all.vcf.gz\"";
    assert!(printed.output.contains(ucsc));
    let path = institute.path("ncbi.toml");
    fs::write(&path, printed.output.replace(ucsc, ncbi)).unwrap();
    path.display().to_string()
}

#[test]
fn the_slices_become_a_reference_that_tells_codons_and_what_is_known() {
    let Some(data) = shared_data() else { return };
    let institute = institute(&data);
    institute.fetch(&["--recipe", &recipe(&institute)]).success();
    let bundle = institute.bundle();
    let rows = |key: &str| bundle.manifest().track(key).map(|track| track.rows);
    assert_eq!(rows("sequence"), Some(1_000_000));
    assert_eq!((rows("ClinVar"), rows("dbSNP")), (Some(51), Some(117)));
    // rs41285790, a known missense variant of SAMD11.
    let (input, output) = (institute.path("one.vcf"), institute.path("one.annot.vcf"));
    fs::write(
        &input,
        "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\nchr1\t865628\t.\tG\tA\t.\t.\t.\n",
    )
    .unwrap();
    let annotated = Command::new(env!("CARGO_BIN_EXE_annotator"))
        .args(["annotate", "--reference", "hg19", "--output"])
        .args([&output, &input])
        .env("GAS_REFERENCE_DIR", institute.references.path())
        .output();
    Said::of(annotated.unwrap()).success();
    let annotated = fs::read_to_string(&output).unwrap();
    let record = annotated.lines().last().unwrap();
    assert!(
        record.contains("missense_variant") && record.contains("NM_152486"),
        "{record}"
    );
}
