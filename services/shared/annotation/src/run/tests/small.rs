//! A small genome of two chromosomes, whose every base and table is in sight.

use std::path::Path;
use std::sync::Arc;

use reference::Bundle;
use reference::build::{ExtraTrack, Plan, TranscriptSource, Transcripts, build};
use reference::detect::Choice;
use tempfile::TempDir;

use super::*;

/// 120 bases. A transcript has two exons, 21..60 and 81..110 (1-based, closed); its coding sequence is 31..60 and 81..89:
/// ATG AAA CCC GGG TTT ACG TAC GAT CAG AAT, CTG CTA TAA.
pub(super) const CHR1: &str = "TTTTTTTTTTCCCCCCCCCCAAAAAAAAAAATGAAACCCGGGTTTACGTACGATCAGAATGTAAGTCCCCCCCCTTTTAGCTGCTATAAGGGGGGGGGGTTTTTTTTTTTCCCCCCCCCC";

pub(super) struct Small {
    pub(super) folder: TempDir,
    pub(super) bundle: Arc<Bundle>,
}

/// Builds the bundle `small`, with or without a sequence.
pub(super) fn small(with_sequence: bool) -> Small {
    let folder = TempDir::new().unwrap();
    let database = folder.path().join("database");
    std::fs::create_dir(&database).unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("database/chrom.sizes", "chr1\t120\nchr2\t500\n");
    let row = |name: &str, chromosome: &str, strand: &str| {
        format!(
            "0\t{name}\t{chromosome}\t{strand}\t20\t110\t30\t89\t2\t20,80,\t60,110,\t0\tGENE{chromosome}\tcmpl\tcmpl\t0,0,\n"
        )
    };
    write(
        "database/refGene.txt",
        &(row("NM_1", "chr1", "+") + &row("NM_2", "chr2", "-") + "broken\n"),
    );
    write(
        "database/cytoBand.txt",
        "chr1\t0\t50\tp1\tgneg\nchr1\t50\t120\tq1\tgneg\n",
    );
    write(
        "database/gwasCatalog.txt",
        "0\tchr1\t31\t32\trs9\t123\tA\tB\tC\tD\tTall; or = not\n",
    );
    write(
        "snps.vcf",
        "##INFO=<ID=GMAF,Number=1,Type=Float,Description=\"x\">\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n1\t32\trs1\tT\tC,G\t.\t.\tGMAF=0.25\n1\t70\trs2\tCCC\tCC\t.\t.\t.\n",
    );
    write("peaks.bed", "chr1\t30\t40\tpeak 1\n");
    write(
        "oldToNew.chain",
        "chain 9 chr1 110 + 0 110 chr1 120 + 10 120 1\n110\n\nchain 8 chr2 100 + 0 100 chr1 120 - 0 100 2\n100\n\n",
    );
    write(
        "hg18ToSmall.chain",
        "chain 9 chr1 110 + 0 110 chr1 120 + 10 120 1\n110\n\n",
    );
    write("small.fa", &format!(">chr1\n{CHR1}\n"));
    let bundle = built(&plan(folder.path(), with_sequence), folder.path());
    Small { folder, bundle }
}

/// Builds a bundle into a folder. It is mapped, so that it can be read when its file is gone.
pub(super) fn built(plan: &Plan, folder: &Path) -> Arc<Bundle> {
    let path = folder.join(&plan.name).with_extension("gasref");
    build(plan, &path, &mut |_| {}).unwrap();
    Arc::new(Bundle::open(&path).unwrap())
}

/// The bundle `small` of one chromosome with these bases and the rows of a refGene, and nothing else, chosen by name.
pub(super) fn of_table(chromosome: &str, table: &str) -> Options {
    let folder = TempDir::new().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("chrom.sizes", &format!("chr1\t{}\n", chromosome.len()));
    write("small.fa", &format!(">chr1\n{chromosome}\n"));
    write("refGene.txt", table);
    of_genes(folder.path(), Transcripts::default())
}

/// The bundle `small` of the sequence in a folder and the transcripts in these files there, and nothing else, chosen by name.
pub(super) fn of_transcripts(folder: &Path, files: &[&str]) -> Options {
    let source = |file: &&str| TranscriptSource {
        label: None,
        file: folder.join(file),
    };
    let sources = files.iter().map(source).collect();
    of_genes(folder, Transcripts { sources, mane: None })
}

fn of_genes(folder: &Path, transcripts: Transcripts) -> Options {
    let plan = Plan {
        transcripts,
        tracks: Vec::new(),
        chains: Vec::new(),
        ..plan(folder, true)
    };
    Options {
        references: vec![built(&plan, folder)],
        choice: Choice::Named("small".to_owned()),
        ..Options::default()
    }
}

/// What a bundle is built from whose files are in a folder.
pub(super) fn plan(folder: &Path, with_sequence: bool) -> Plan {
    let track = |key: &str, file: &str| ExtraTrack {
        key: key.to_owned(),
        file: folder.join(file),
        fields: Vec::new(),
    };
    Plan {
        name: "small".to_owned(),
        assembly: "small".to_owned(),
        tables: folder.to_owned(),
        transcripts: Default::default(),
        sequence: with_sequence.then(|| folder.join("small.fa")),
        tracks: vec![track("dbSNP", "snps.vcf"), track("peaks", "peaks.bed")],
        chains: vec![folder.join("oldToNew.chain"), folder.join("hg18ToSmall.chain")],
        notes: Default::default(),
        built: "2026-01-01T00:00:00Z".to_owned(),
    }
}

impl Small {
    pub(super) fn path(&self) -> &Path {
        self.bundle.path()
    }

    /// What it was built from, with the sequence.
    pub(super) fn plan(&self) -> Plan {
        plan(self.folder.path(), true)
    }

    pub(super) fn options(&self) -> Options {
        Options {
            references: vec![Arc::clone(&self.bundle)],
            choice: Choice::Named("small".to_owned()),
            ..Options::default()
        }
    }

    pub(super) fn run(&self, records: &str, options: &Options) -> Result<(String, Report), AnnotateError> {
        let mut output = Vec::new();
        let report = annotate(
            format!("{HEADER}{records}").as_bytes(),
            &mut output,
            options,
            &mut |_| {},
        )?;
        Ok((String::from_utf8(output).unwrap(), report))
    }

    /// Transcript, consequences, HGVS c. and p. of one allele.
    pub(super) fn told(&self, change: &str) -> String {
        let words: Vec<_> = change.split(' ').collect();
        let record = format!("{}\t{}\t.\t{}\t{}\t.\t.\t.\n", words[0], words[1], words[2], words[3]);
        let (output, _) = self.run(&record, &self.options()).unwrap();
        let info = output.lines().last().unwrap().split('\t').nth(7).unwrap();
        let csq = info
            .split(';')
            .find_map(|field| field.strip_prefix("CSQ="))
            .unwrap_or(info);
        let fields: Vec<_> = csq.split('|').collect();
        let words = [fields[1], fields[10], fields[11].split(':').next_back().unwrap()];
        words
            .into_iter()
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }
}
