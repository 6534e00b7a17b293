//! Tracks in the forms in which their makers publish them. Header lines and names of columns are theirs; the rows are ours.

mod scores;

use tempfile::TempDir;

use super::{BuildError, ExtraTrack, Plan, build};
use crate::Bundle;
use crate::bundle::{Cursor, Variants};
use crate::genome::Genome;

const VCF: &str = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n";

/// A bundle of this assembly with one track, made of files of these names and texts.
fn built(assembly: &str, key: &str, files: &[(&str, &str)], fields: &[&str]) -> Result<Bundle, BuildError> {
    let folder = TempDir::new().unwrap();
    let track = |(name, text): &(&str, &str)| {
        std::fs::write(folder.path().join(name), text).unwrap();
        ExtraTrack {
            key: key.to_owned(),
            file: folder.path().join(name),
            fields: fields.iter().map(|field| (*field).to_owned()).collect(),
        }
    };
    let plan = Plan {
        name: assembly.to_owned(),
        assembly: assembly.to_owned(),
        tables: folder.path().join("tables"),
        transcripts: Default::default(),
        sequence: None,
        tracks: files.iter().map(track).collect(),
        chains: Vec::new(),
        notes: Default::default(),
        built: "2026-01-01T00:00:00Z".to_owned(),
    };
    let path = folder.path().join("x.gasref");
    build(&plan, &path, &mut |_| {})?;
    Ok(Bundle::open(&path).unwrap())
}

fn refused(assembly: &str, key: &str, file: (&str, &str), fields: &[&str]) -> String {
    built(assembly, key, &[file], fields).unwrap_err().to_string()
}

/// The keys of the bundle's one track.
fn keys(bundle: &Bundle) -> String {
    let fields = bundle.manifest().tracks[0].fields.iter();
    fields.map(|field| field.key.as_str()).collect::<Vec<_>>().join(" ")
}

/// What the track has at a 1-based position: change, id, values.
fn at(bundle: &Bundle, chromosome: &str, position: u32) -> String {
    let track = &bundle.manifest().tracks[0];
    let (view, mut cursor) = (
        Variants::new(bundle, &track.key, track.key == "dbSNP"),
        Cursor::default(),
    );
    let place = bundle.chromosome(chromosome).unwrap();
    let row = |row: crate::bundle::Change<'_, '_>| {
        let mut text = [row.reference, b">", row.inserted].concat();
        if track.key == "dbSNP" {
            text.push(b' ');
            row.append_id(&mut text);
        }
        for field in 0..track.fields.len() {
            text.push(b' ');
            row.append_value(field, &mut text);
        }
        String::from_utf8(text).unwrap()
    };
    let rows: Vec<_> = view.at(place, position - 1, &mut cursor).map(row).collect();
    rows.join(", ")
}

fn info(id: &str, number: &str, kind: &str) -> String {
    format!("##INFO=<ID={id},Number={number},Type={kind},Description=\"{id} of gnomAD\">\n")
}

#[test]
fn gnomad_is_read_from_version_2_to_4_1_one_file_a_chromosome() {
    let common = info("AC", "A", "Integer") + &info("AN", "1", "Integer") + &info("AF", "A", "Float");
    let subset = info("AF_afr", "A", "Float");
    let v2 = common.clone() + &subset + &info("popmax", "A", "String") + &info("AF_popmax", "A", "Float");
    let v2 = format!(
        "{v2}{VCF}1\t10\trs1\tC\tT\t9\tPASS\tAC=2;AN=251000;AF=7.96813e-06;AF_afr=0.00000e+00;popmax=nfe;AF_popmax=1.75000e-05\n"
    );
    let bundle = built("hg19", "gnomAD", &[("gnomad.exomes.r2.1.1.sites.vcf", &v2)], &[]).unwrap();
    assert_eq!(
        keys(&bundle),
        "gnomAD_AC gnomAD_AF gnomAD_AF_popmax gnomAD_AN gnomAD_popmax"
    );
    assert_eq!(at(&bundle, "chr1", 10), "C>T 2 7.96813e-06 1.75000e-05 251000 nfe");

    let v4 = common
        + &subset
        + &info("grpmax", "A", "String")
        + &info("AF_grpmax", "A", "Float")
        + &info("fafmax_faf95_max", "A", "Float");
    let of = |chromosome: &str| {
        format!(
            "{v4}{VCF}{chromosome}\t10\t.\tC\tT\t.\tAC0\tAC=0;AN=152310;AF=0.00000e+00\n{chromosome}\t12\t.\tCA\tC\t.\tPASS\tAC=1;AN=2;AF=5.00000e-01;grpmax=afr;AF_grpmax=2.41546e-05;fafmax_faf95_max=0.00\n"
        )
    };
    let files = [
        ("gnomad.genomes.v4.1.sites.chr10.vcf", of("chr10")),
        ("gnomad.genomes.v4.1.sites.chr2.vcf", of("chr2")),
    ];
    let files: Vec<_> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let bundle = built("hg38", "gnomAD", &files, &[]).unwrap();
    for chromosome in ["chr2", "chr10"] {
        assert_eq!(at(&bundle, chromosome, 10), "C>T 0 0.00000e+00 . 152310 . .");
        assert_eq!(at(&bundle, chromosome, 13), "A> 1 5.00000e-01 2.41546e-05 2 0.00 afr");
    }
    let track = &bundle.manifest().tracks[0];
    assert_eq!(
        (track.rows, track.provenance.source.as_str()),
        (4, "gnomad.genomes.v4.1.sites.chr10.vcf and 1 more")
    );

    let joint = info("AF_exomes", "A", "Float")
        + &info("AC_joint", "A", "Integer")
        + &info("AF_joint", "A", "Float")
        + &info("AF_grpmax_joint", "A", "Float");
    let joint =
        format!("{joint}{VCF}chrY\t10\t.\tC\tT\t.\tPASS\tAF_exomes=0.1;AC_joint=3;AF_joint=0.2;AF_grpmax_joint=0.3\n");
    let bundle = built("hg38", "gnomAD", &[("gnomad.joint.v4.1.sites.chrY.vcf", &joint)], &[]).unwrap();
    assert_eq!(keys(&bundle), "gnomAD_AC_joint gnomAD_AF_grpmax_joint gnomAD_AF_joint");
    assert_eq!(at(&bundle, "chrY", 10), "C>T 3 0.3 0.2");

    let other = info("DP", "1", "Integer") + VCF;
    let error = refused("hg38", "gnomAD", ("x.vcf", &other), &[]);
    assert!(
        error.contains("declares none of the INFO fields by which gnomAD is known: AC, AN, AF,"),
        "{error}"
    );
    let error = refused("hg38", "gnomAD", ("x.vcf", &other), &["AFF"]);
    assert!(
        error.ends_with("the header declares no INFO field AFF; it declares DP"),
        "{error}"
    );
    let mixed = [("a.vcf", v2.as_str()), ("b.vcf", joint.as_str())];
    let error = built("hg38", "gnomAD", &mixed, &[]).unwrap_err().to_string();
    assert!(
        error.ends_with("the fields of gnomAD are others than those of the file before"),
        "{error}"
    );
}

#[test]
fn clinvar_has_germline_somatic_and_oncogenic_classifications() {
    let fields = [
        "ALLELEID",
        "CLNDN",
        "CLNREVSTAT",
        "CLNSIG",
        "CLNSIGCONF",
        "ONC",
        "ONCREVSTAT",
        "SCI",
        "SCIREVSTAT",
    ];
    let header: String = fields.iter().map(|field| info(field, ".", "String")).collect();
    let text = format!(
        "##fileformat=VCFv4.1\n##fileDate=2026-11-15\n##source=ClinVar\n##reference=GRCh38\n{header}{VCF}\
         1\t100\t1\tA\tG\t.\t.\tALLELEID=7;CLNDN=Cancer|not_provided;CLNREVSTAT=criteria_provided,_conflicting_classifications;\
         CLNSIG=Conflicting_classifications_of_pathogenicity;CLNSIGCONF=Pathogenic(1)|Uncertain_significance(2)\n\
         1\t101\t2\tA\tG\t.\t.\tALLELEID=8;CLNSIG=Pathogenic,_low_penetrance|risk_factor;ONC=Oncogenic;\
         ONCREVSTAT=criteria_provided,_single_submitter;SCI=Tier_I_-_Strong;SCIREVSTAT=no_assertion_criteria_provided\n"
    );
    let bundle = built("hg38", "ClinVar", &[("clinvar.vcf", &text)], &[]).unwrap();
    assert_eq!(
        keys(&bundle),
        "CLNALLELEID CLNDN CLNREVSTAT CLNSIG CLNSIGCONF CLNONC CLNONCREVSTAT CLNSCI CLNSCIREVSTAT"
    );
    assert_eq!(
        at(&bundle, "chr1", 100),
        "A>G 7 Cancer|not_provided criteria_provided,_conflicting_classifications \
         Conflicting_classifications_of_pathogenicity Pathogenic(1)|Uncertain_significance(2) . . . ."
    );
    assert_eq!(
        at(&bundle, "chr1", 101),
        "A>G 8 . . Pathogenic,_low_penetrance|risk_factor . Oncogenic criteria_provided,_single_submitter \
         Tier_I_-_Strong no_assertion_criteria_provided"
    );
}

#[test]
fn dbsnp_has_refseqs_names_and_frequencies_by_study() {
    let header = info("VC", "1", "String") + &info("FREQ", ".", "String") + &info("RS", "1", "Integer");
    let text = format!(
        "##dbSNP_BUILD_ID=157\n##reference=GRCh38.p14\n{header}{VCF}\
         NC_000024.10\t10\trs9\tA\tC,G\t.\t.\tRS=9;VC=SNV;FREQ=1000Genomes:0.9,.,0.1|TOPMED:0.97,0.02,0.01\n\
         NT_187361.1\t10\trs8\tA\tC\t.\t.\tRS=8\n"
    );
    let bundle = built("hg38", "dbSNP", &[("GCF_000001405.40.vcf", &text)], &[]).unwrap();
    let track = &bundle.manifest().tracks[0];
    assert_eq!(
        (track.rows, track.skipped, track.provenance.release.as_deref()),
        (2, 1, Some("build 157"))
    );
    assert_eq!(keys(&bundle), "dbSNP_FREQ VC");
    assert_eq!(
        at(&bundle, "chrY", 10),
        "A>C rs9 TOPMED:0.02 SNV, A>G rs9 1000Genomes:0.1|TOPMED:0.01 SNV"
    );
}

#[test]
fn spliceai_has_a_gene_and_four_scores_for_each_allele() {
    let text = format!(
        "##INFO=<ID=SpliceAI,Number=.,Type=String,Description=\"SpliceAIv1.3 variant annotation. Format: \
         ALLELE|SYMBOL|DS_AG|DS_AL|DS_DG|DS_DL|DP_AG|DP_AL|DP_DG|DP_DL\">\n{VCF}\
         1\t20\t.\tA\tC,G\t.\t.\tSpliceAI=C|GENE1|0.00|0.01|0.91|0.00|-2|12|0|.,G|GENE1|0.10|0.00|0.00|0.00|1|2|3|4,G|GENE2|0.20|0.00|0.00|0.00|5|6|7|8\n"
    );
    let bundle = built(
        "hg38",
        "SpliceAI",
        &[("spliceai_scores.masked.snv.hg38.vcf", &text)],
        &[],
    )
    .unwrap();
    assert!(keys(&bundle).starts_with("SpliceAI_SYMBOL SpliceAI_DS_AG SpliceAI_DS_AL SpliceAI_DS_DG SpliceAI_DS_DL "));
    assert_eq!(
        at(&bundle, "chr1", 20),
        "A>C GENE1 0.00 0.01 0.91 0.00 -2 12 0 ., A>G GENE1&GENE2 0.10&0.20 0.00&0.00 0.00&0.00 0.00&0.00 1&5 2&6 3&7 4&8"
    );
    let description = &bundle.manifest().tracks[0].fields[1].description;
    assert_eq!(
        description,
        "Delta score of an acceptor gain; free for non-commercial use only, see https://github.com/Illumina/SpliceAI"
    );
    assert!(bundle.manifest().tracks[0].is_non_commercial());
    let (rest, left_out) = bundle.without_non_commercial();
    assert_eq!(left_out, ["SpliceAI"]);
    assert!(rest.manifest().track("SpliceAI").is_none() && Genome::new(&rest).variants.is_empty());
}
