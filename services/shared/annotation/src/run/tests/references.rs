//! What bundles are made from, and which of them fits a file.

use std::sync::Arc;

use reference::Bundle;
use reference::build::{ExtraTrack, Note, Plan, build};
use reference::detect::Choice;
use tempfile::TempDir;

use super::small::{CHR1, Small, small};
use super::*;

#[test]
fn another_genome_is_never_annotated_silently() {
    let small = small(true);
    let auto = Options {
        choice: Choice::Detect,
        ..small.options()
    };
    let wrong = "1\t32\t.\tA\tC\t.\t.\t.\n".repeat(20);
    let refused = small.run(&wrong, &small.options()).unwrap_err().to_string();
    assert!(
        refused.contains("100 % of the records that could be compared (20 of 20) differ"),
        "{refused}"
    );
    let beyond = small
        .run("1\t121\t.\tA\tC\t.\t.\t.\n", &small.options())
        .unwrap_err()
        .to_string();
    assert!(
        beyond.contains("line 3 has position 121, but the chromosome has 120 bases"),
        "{beyond}"
    );
    let unknown = small.run("1\t32\t.\tT\tC\t.\t.\t.\n", &auto).unwrap_err().to_string();
    assert!(
        unknown.contains("Please choose the genome. References at hand: small, rCRS"),
        "{unknown}"
    );
    let few = format!("{}1\t34\t.\tC\tG\t.\t.\t.\n", "1\t32\t.\tT\tC\t.\t.\t.\n".repeat(150));
    let (output, report) = small.run(&few, &small.options()).unwrap();
    assert!(output.ends_with("\tREF_MISMATCH\n") && !report.is_doubtful());
    assert!(report.count_log().contains("line 153, chr1:34: REF is C, small has A"));
    let missing = small.run(
        "1\t32\t.\tT\tC\t.\t.\t.\n",
        &Options {
            choice: Choice::Named("hg38".to_owned()),
            ..auto
        },
    );
    assert!(
        missing
            .unwrap_err()
            .to_string()
            .contains("GRCh38 (hg38) (chosen by the user), and there is no reference for it here")
    );
}

#[test]
fn an_older_assembly_is_lifted() {
    let small = small(true);
    let options = Options {
        choice: Choice::Named("hg18".to_owned()),
        ..small.options()
    };
    let records = "chr1\t22\trs7\tT\tC\t.\t.\tDP=1\nchr1\t111\t.\tA\tC\t.\t.\t.\nchr3\t5\t.\tA\tC\t.\t.\t.\n";
    let (output, report) = small.run(records, &options).unwrap();
    let last = output.lines().last().unwrap();
    assert!(
        last.starts_with("chr1\t32\trs7\tT\tC\t.\t.\tDP=1;CSQ=C|start_lost|")
            && last.contains(";ORIGINAL_POSITION=chr1:22"),
        "{last}"
    );
    let log = report.count_log();
    assert!(
        log.contains("line 4, chr1:111 . A>C: the position has no counterpart"),
        "{log}"
    );
    assert!(log.contains("line 5, chr3:5 . A>C: the chain does not have this chromosome"));
    assert!(report.genome.starts_with("human NCBI36 (hg18), lifted to small"));
    assert!(
        report
            .warnings
            .iter()
            .any(|warning| warning.starts_with("2 of 3 records have no place in small"))
    );
}

#[test]
fn a_bundle_says_what_it_is_and_whether_it_is_whole() {
    let small = small(true);
    let manifest = small.bundle.manifest();
    let genes = manifest.tracks.iter().find(|track| track.key == "refGene").unwrap();
    assert_eq!(
        (genes.rows, genes.skipped, genes.provenance.source.as_str()),
        (2, 1, "refGene.txt")
    );
    assert!(
        manifest.missing.contains(&"tfbsConsSites".to_owned()) && !manifest.missing.contains(&"cytoBand".to_owned())
    );
    small.bundle.verify(&mut |_| {}).unwrap();
    let copy = small.folder.path().join("copy.gasref");
    let mut bytes = std::fs::read(small.path()).unwrap();
    bytes[40] ^= 1;
    std::fs::write(&copy, &bytes).unwrap();
    assert!(
        Bundle::open(&copy)
            .unwrap()
            .verify(&mut |_| {})
            .unwrap_err()
            .to_string()
            .contains("is damaged in section")
    );
    bytes.truncate(bytes.len() / 2);
    std::fs::write(&copy, &bytes).unwrap();
    assert!(
        Bundle::open(&copy)
            .unwrap_err()
            .to_string()
            .contains("is not a reference bundle, or was cut off")
    );
    std::fs::write(&copy, b"GASREF00 of the future").unwrap();
    assert!(
        Bundle::open(&copy)
            .unwrap_err()
            .to_string()
            .contains("has format 00; this program reads 01 to 04")
    );
}

/// A bundle as version 0.1 of the program wrote it: days of files, no labels, sizes and releases.
fn in_format_01(bytes: &[u8]) -> Vec<u8> {
    let trailer = bytes.len() - 24;
    let number = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap()) as usize;
    let (offset, length) = (number(trailer), number(trailer + 8));
    let mut manifest: serde_json::Value = serde_json::from_slice(&bytes[offset..offset + length]).unwrap();
    for list in ["tracks", "chains"] {
        for entry in manifest[list].as_array_mut().unwrap() {
            let entry = entry.as_object_mut().unwrap();
            for key in ["label", "release", "bytes"] {
                entry.remove(key).unwrap();
            }
            match list {
                "tracks" => drop(entry.insert("date".to_owned(), "2026-03-01".into())),
                _ => drop(entry.remove("key").unwrap()),
            }
        }
    }
    let text = serde_json::to_vec(&manifest).unwrap();
    let mut old = [b"GASREF01", &bytes[8..offset], &text].concat();
    old.extend_from_slice(&(offset as u64).to_le_bytes());
    old.extend_from_slice(&(text.len() as u64).to_le_bytes());
    old.extend_from_slice(b"GASREF01");
    old
}

#[test]
fn a_bundle_of_version_0_1_is_read_and_the_day_of_its_files_is_no_release() {
    let mut small = small(true);
    let records = "chr1\t32\t.\tT\tC\t.\t.\t.\n";
    let (now, _) = small.run(records, &small.options()).unwrap();
    let path = small.folder.path().join("old.gasref");
    std::fs::write(&path, in_format_01(&std::fs::read(small.path()).unwrap())).unwrap();
    small.bundle = Arc::new(Bundle::open(&path).unwrap());
    let genes = &small.bundle.manifest().track("refGene").unwrap().provenance;
    assert_eq!((genes.label.as_str(), genes.release.as_deref()), ("RefSeq genes", None));
    let chain = &small.bundle.manifest().chains[0];
    assert_eq!(
        (chain.key.as_str(), chain.provenance.label.as_str()),
        ("oldToNew", "Liftover chain oldToNew")
    );
    let (old, _) = small.run(records, &small.options()).unwrap();
    assert_eq!(old, now);
}

#[test]
fn each_key_says_what_it_is_from_which_release_and_the_checksum() {
    let mut small = small(true);
    let folder = small.folder.path().to_owned();
    let snps = std::fs::read_to_string(folder.join("snps.vcf")).unwrap();
    std::fs::write(folder.join("common.vcf"), format!("##dbSNP_BUILD_ID=151\n{snps}")).unwrap();
    let note = |label: Option<&str>, release: &str| Note {
        label: label.map(str::to_owned),
        release: Some(release.to_owned()),
        source: None,
    };
    let plan = |keys: &[(&str, Note)]| Plan {
        tracks: vec![ExtraTrack {
            key: "dbSNP".to_owned(),
            file: folder.join("common.vcf"),
            fields: Vec::new(),
        }],
        notes: keys
            .iter()
            .map(|(key, note)| ((*key).to_owned(), note.clone()))
            .collect(),
        ..small.plan()
    };
    let notes = [
        ("tables", note(None, "2026-11-01")),
        ("refGene", note(Some("RefSeq genes of UCSC"), "2026-11-09")),
    ];
    let path = folder.join("noted.gasref");
    build(&plan(&notes), &path, &mut |_| {}).unwrap();
    let misspelt = build(&plan(&[("refgene", note(None, "1"))]), &path, &mut |_| {}).unwrap_err();
    assert!(misspelt.to_string().starts_with("there is no source refgene of which"));
    small.bundle = Arc::new(Bundle::open(&path).unwrap());
    let (output, _) = small.run("chr1\t32\t.\tT\tC\t.\t.\t.\n", &small.options()).unwrap();
    let line = |key: &str| {
        output
            .lines()
            .find(|line| line.starts_with(&format!("##INFO=<ID={key},")))
            .unwrap()
    };
    for (key, expected) in [
        (
            "DB",
            "Source=\"dbSNP, common: common.vcf\",Version=\"build 151\",SHA256=\"",
        ),
        (
            "GMAF",
            "Source=\"dbSNP, common: common.vcf\",Version=\"build 151\",SHA256=\"",
        ),
        (
            "name",
            "Source=\"RefSeq genes of UCSC: refGene.txt\",Version=\"2026-11-09\",SHA256=\"",
        ),
        (
            "cytoBand",
            "Source=\"Cytogenetic bands: cytoBand.txt\",Version=\"2026-11-01\",SHA256=\"",
        ),
    ] {
        assert!(line(key).contains(expected), "{}", line(key));
    }
}

#[test]
fn dbsnp_is_read_from_ucscs_tables() {
    let folder = TempDir::new().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("chrom.sizes", "chr1\t120\n");
    write("small.fa", &format!(">chr1\n{CHR1}\n"));
    let row = |start: u32, end: u32, id: &str, strand: &str, reference: &str, observed: &str, class: &str| {
        format!(
            "585\tchr1\t{start}\t{end}\t{id}\t0\t{strand}\t{reference}\t{reference}\t{observed}\tgenomic\t{class}\tunknown\t0\t0\t\
             missense\texact\t1\t\t1\tX,\t2\tC,T,\t1,3,\t0.250011,0.749989,\t\n"
        )
    };
    let rows = [
        row(31, 32, "rs1", "+", "T", "C/T", "single"),
        row(33, 34, "rs2", "-", "A", "G/T", "single"),
        row(69, 70, "rs3", "+", "C", "-/C", "deletion"),
        row(70, 70, "rs4", "+", "-", "-/(LARGEINSERTION)/C", "insertion"),
    ];
    write("snp151Common.txt", &rows.concat());
    write("snp150.txt", &rows[0]);
    let plan = Plan {
        name: "small".to_owned(),
        assembly: "small".to_owned(),
        tables: folder.path().to_owned(),
        transcripts: Default::default(),
        sequence: Some(folder.path().join("small.fa")),
        tracks: Vec::new(),
        chains: Vec::new(),
        notes: Default::default(),
        built: "2026-01-01T00:00:00Z".to_owned(),
    };
    let path = folder.path().join("small.gasref");
    let manifest = build(&plan, &path, &mut |_| {}).unwrap();
    let track = manifest.tracks.last().unwrap();
    assert_eq!(
        (track.key.as_str(), track.provenance.name().as_str(), track.rows),
        ("dbSNP", "dbSNP, common, build 151", 4)
    );
    let small = Small {
        bundle: Arc::new(Bundle::open(&path).unwrap()),
        folder,
    };
    let records = "1\t32\t.\tT\tC\t.\t.\t.\n1\t34\t.\tA\tC\t.\t.\t.\n1\t66\t.\tTC\tT\t.\t.\t.\n1\t66\t.\tT\tTC\t.\t.\t.\n1\t34\t.\tA\tG\t.\t.\t.\n";
    let (output, _) = small.run(records, &small.options()).unwrap();
    let ids: Vec<_> = output
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split('\t').nth(2).unwrap())
        .collect();
    assert_eq!(ids, ["rs1", "rs2", "rs3", "rs4", "."]);
    assert!(output.contains("GMAF=0.25;VC=single"), "{output}");
}
