//! Any bytes are annotated or refused, never a panic, and what is none of ours comes out as it went in.
//!
//! The first byte chooses the mode, the threads, whether a header comes before the rest, whether the limits are such as
//! few bytes meet, the fields of CSQ and which of its entries are picked. Run in this folder:
//! `cargo +nightly fuzz run vcf -- -dict=vcf.dict -max_total_time=600`
#![no_main]

use std::path::Path;
use std::sync::{Arc, LazyLock};

use annotation::{CsqFields, Limits, Mode, Options, Others, Pick, PickOf, PickOrder, annotate};
use libfuzzer_sys::fuzz_target;
use reference::Bundle;
use reference::build::{Plan, build};
use reference::detect::Choice;

const HEADER: &[u8] = b"##fileformat=VCFv4.3\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n";

static BUNDLE: LazyLock<Arc<Bundle>> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = small(folder.path());
    let bundle = Arc::new(Bundle::open(&path).expect("the bundle that was just built"));
    drop(folder);
    bundle
});

/// Builds a bundle of one chromosome with one transcript of two exons.
fn small(folder: &Path) -> std::path::PathBuf {
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).expect("a writable folder");
    let bases = "ACGTTGCAAC".repeat(12);
    write("chrom.sizes", "chr1\t120\n");
    write("chr1.fa", &format!(">chr1\n{bases}\n"));
    write("cytoBand.txt", "chr1\t0\t50\tp1\tgneg\n");
    write(
        "refGene.txt",
        "0\tNM_1\tchr1\t-\t20\t110\t30\t89\t2\t20,80,\t60,110,\t0\tG\tcmpl\tcmpl\t0,0,\n",
    );
    let plan = Plan {
        name: "small".to_owned(),
        assembly: "small".to_owned(),
        tables: folder.to_owned(),
        transcripts: Default::default(),
        sequence: Some(folder.join("chr1.fa")),
        tracks: Vec::new(),
        chains: Vec::new(),
        notes: Default::default(),
        built: "2026-01-01T00:00:00Z".to_owned(),
    };
    let path = folder.join("small.gasref");
    build(&plan, &path, &mut |_| {}).expect("tables that are right");
    path
}

/// Limits that are met by chance.
fn tight() -> Limits {
    Limits {
        reader: vcf::Limits {
            line_bytes: 512,
            header_lines: 8,
            contigs: 2,
            definitions: 2,
            samples: 2,
            chromosome_bytes: 8,
            alternates: 3,
            allele_bytes: 16,
            filters: 2,
            info_keys: 3,
            format_keys: 2,
            ..vcf::Limits::default()
        },
        records: 8,
        transcripts: 1,
        annotation_bytes: 200,
        chromosomes: 2,
        ..Limits::default()
    }
}

fuzz_target!(|input: &[u8]| {
    let Some((choices, rest)) = input.split_first() else { return };
    let has_header = choices & 1 != 0;
    let vcf = if has_header { [HEADER, rest].concat() } else { rest.to_vec() };
    let options = Options {
        mode: if choices & 2 != 0 { Mode::AnnTools } else { Mode::Modern },
        threads: 1 + usize::from(choices & 4 != 0),
        choice: if choices & 8 != 0 { Choice::Detect } else { Choice::Named("small".to_owned()) },
        references: vec![Arc::clone(&BUNDLE)],
        limits: if choices & 16 != 0 { tight() } else { Limits::default() },
        fields: if choices & 32 != 0 { "everything".parse().expect("a word for fields") } else { CsqFields::default() },
        pick: (choices & 64 != 0).then(|| Pick {
            of: PickOf::AlleleAndGene,
            others: if choices & 128 != 0 { Others::Unflagged } else { Others::LeftOut },
            order: PickOrder::default(),
        }),
        phased: true,
        ..Options::default()
    };
    let mut output = Vec::new();
    let Ok(report) = annotate(&vcf[..], &mut output, &options, &mut |_| {}) else { return };
    let _ = (report.count_log(), report.to_json());
    if has_header && options.mode == Mode::Modern {
        let (before, after) = (records(&vcf), records(&output));
        assert_eq!(before, after, "columns that are not ours have changed");
    }
});

/// The records of a file without ID and INFO.
fn records(vcf: &[u8]) -> Vec<Vec<&[u8]>> {
    let lines = vcf.split(|byte| *byte == b'\n').filter(|line| !line.is_empty() && line[0] != b'#');
    let columns = lines.map(|line| line.split(|byte| *byte == b'\t').enumerate());
    columns
        .map(|columns| columns.filter(|(index, _)| ![2, 7].contains(index)).map(|(_, column)| column).collect())
        .collect()
}
