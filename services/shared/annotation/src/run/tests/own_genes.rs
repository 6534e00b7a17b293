//! Small genomes with a transcript that is not as they are: its own sequence, its alignment in NCBI's words, and the chromosome that
//! follows from both.

use tempfile::TempDir;

use super::small::of_transcripts;
use super::*;

/// A part of an alignment: first and last base on the chromosome, and in the transcript, from 1, and the attribute Gap.
pub(super) type Part<'p> = (usize, usize, usize, usize, Option<&'p str>);

/// A transcript that differs from its chromosome.
pub(super) struct OwnGene<'p> {
    pub(super) is_reverse: bool,
    pub(super) parts: &'p [Part<'p>],
    /// The features `exon`, if they are not the parts.
    pub(super) exons: &'p [(usize, usize)],
    /// First and last coding base on the chromosome, from 1.
    pub(super) cds: Option<(usize, usize)>,
    /// The transcript's own bases.
    pub(super) own: Vec<u8>,
    /// Bases of the chromosome that are not the transcript's, by position from 1, on the forward strand.
    pub(super) others: &'p [(usize, u8)],
}

/// What a test says of a transcript, and the chromosome.
pub(super) struct Built {
    pub(super) chromosome: Vec<u8>,
    options: Options,
}

pub(super) fn reversed(bases: &[u8]) -> Vec<u8> {
    bases.iter().rev().map(|base| reference::complement(*base)).collect()
}

/// Bases in no order, always the same for a seed.
pub(super) fn bases(count: usize, seed: u64) -> Vec<u8> {
    let mut state = seed;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        b"ACGT"[(state >> 60) as usize & 3]
    };
    (0..count).map(|_| next()).collect()
}

impl OwnGene<'_> {
    /// The chromosome: the transcript's bases where it is aligned, any others elsewhere.
    pub(super) fn chromosome(&self) -> Vec<u8> {
        let end = self.parts.iter().map(|part| part.1).max().unwrap();
        let mut chromosome = bases(end + 60, 7);
        for (start, end, first, _, gap) in self.parts {
            let whole = format!("M{}", end + 1 - start);
            let (mut at, mut own) = (0, first - 1);
            for run in gap.unwrap_or(&whole).split(' ') {
                let count: usize = run[1..].parse().unwrap();
                if run.starts_with('M') {
                    let read = &self.own[own..own + count];
                    let (from, read) = match self.is_reverse {
                        false => (start - 1 + at, read.to_vec()),
                        true => (end - at - count, reversed(read)),
                    };
                    chromosome[from..from + count].copy_from_slice(&read);
                }
                at += if run.starts_with('I') { 0 } else { count };
                own += if run.starts_with('D') { 0 } else { count };
            }
        }
        for (position, base) in self.others {
            chromosome[position - 1] = *base;
        }
        chromosome
    }

    fn gff3(&self, with_alignment: bool) -> String {
        let strand = if self.is_reverse { '-' } else { '+' };
        let line = |kind: &str, start: usize, end: usize, attributes: &str| {
            format!("chr1\tBestRefSeq\t{kind}\t{start}\t{end}\t.\t{strand}\t.\t{attributes}\n")
        };
        let mut exons: Vec<(usize, usize)> = match self.exons {
            [] => self.parts.iter().map(|part| (part.0, part.1)).collect(),
            exons => exons.to_vec(),
        };
        exons.sort_unstable();
        let (start, end) = (exons[0].0, exons[exons.len() - 1].1);
        let kind = if self.cds.is_some() { "mRNA" } else { "lnc_RNA" };
        let mut text = line(kind, start, end, "ID=rna-NM_1.2;gbkey=mRNA;transcript_id=NM_1.2");
        for (start, end) in &exons {
            text += &line("exon", *start, *end, "Parent=rna-NM_1.2");
            let part = self.cds.map(|cds| (cds.0.max(*start), cds.1.min(*end)));
            if let Some(part) = part.filter(|part| part.0 <= part.1) {
                text += &line("CDS", part.0, part.1, "Parent=rna-NM_1.2;gbkey=CDS;protein_id=NP_1.1");
            }
        }
        for (start, end, first, last, gap) in self.parts.iter().filter(|_| with_alignment) {
            let gap = gap.map(|gap| format!(";Gap={gap}")).unwrap_or_default();
            text += &line(
                "cDNA_match",
                *start,
                *end,
                &format!("ID=aln0;Target=NM_1.2 {first} {last} +{gap}"),
            );
        }
        text
    }

    /// The bundle with the alignment and the transcript's own sequence, or without.
    pub(super) fn built_with(&self, with_alignment: bool, with_sequence: bool) -> Built {
        let folder = TempDir::new().unwrap();
        let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
        let chromosome = self.chromosome();
        write("chrom.sizes", b"");
        write("a.gff", self.gff3(with_alignment).as_bytes());
        write("small.fa", &[b">chr1\n", &chromosome[..], b"\n"].concat());
        write("rna.fna", &[b">NM_1.2 Homo sapiens\n", &self.own[..], b"\n"].concat());
        let files: &[&str] = if with_sequence {
            &["a.gff", "rna.fna"]
        } else {
            &["a.gff"]
        };
        let options = of_transcripts(folder.path(), files);
        Built { chromosome, options }
    }

    pub(super) fn built(&self) -> Built {
        self.built_with(true, true)
    }
}

impl Built {
    /// The fields of CSQ of each of these alleles: position from 1, REF and ALT.
    pub(super) fn annotated(&self, alleles: &[(usize, String, String)]) -> Vec<Vec<String>> {
        let mut input = HEADER.to_owned();
        for (position, reference, alternate) in alleles {
            input += &format!("chr1\t{position}\t.\t{reference}\t{alternate}\t.\t.\t.\n");
        }
        let mut output = Vec::new();
        annotate(input.as_bytes(), &mut output, &self.options, &mut |_| {}).unwrap();
        let output = String::from_utf8(output).unwrap();
        let records = output.lines().filter(|line| !line.starts_with('#'));
        let fields = |record: &str| {
            let csq = record.split("CSQ=").nth(1).unwrap_or_default();
            csq.split('|').map(str::to_owned).collect()
        };
        records.map(fields).collect()
    }

    /// An allele that replaces bases of the chromosome from a position (from 1) on, with the base before it.
    pub(super) fn allele(&self, position: usize, count: usize, inserted: &str) -> (usize, String, String) {
        let bases = |from: usize, to: usize| String::from_utf8_lossy(&self.chromosome[from..to]).into_owned();
        match count == inserted.len() {
            true => (position, bases(position - 1, position - 1 + count), inserted.to_owned()),
            false => {
                let anchor = bases(position - 2, position - 1);
                (
                    position - 1,
                    bases(position - 2, position - 1 + count),
                    anchor + inserted,
                )
            }
        }
    }

    /// Consequence, and names of HGVS without accessions, of an allele that replaces bases from a position on.
    pub(super) fn told(&self, position: usize, count: usize, inserted: &str) -> String {
        let fields = self.annotated(&[self.allele(position, count, inserted)]).remove(0);
        let name = |field: &str| field.split(':').next_back().unwrap_or_default().to_owned();
        [fields[1].clone(), name(&fields[10]), name(&fields[11])]
            .join(" ")
            .trim_end()
            .replace("%3D", "=")
    }

    /// What alleles on one chromosome copy do together: the alleles, and names of HGVS without accessions; once for each set.
    pub(super) fn together(&self, alleles: &[(usize, String, String)]) -> Vec<String> {
        let mut input = HEADER.trim_end().replace("#CHROM", "##contig=<ID=chr1>\n#CHROM") + "\tFORMAT\tNA1\n";
        for (position, reference, alternate) in alleles {
            input += &format!("chr1\t{position}\t.\t{reference}\t{alternate}\t.\t.\t.\tGT\t0|1\n");
        }
        let options = Options {
            phased: true,
            ..self.options.clone()
        };
        let mut output = Vec::new();
        annotate(input.as_bytes(), &mut output, &options, &mut |_| {}).unwrap();
        let output = String::from_utf8(output).unwrap();
        let entries = output.lines().filter(|line| !line.starts_with('#'));
        let entries = entries.filter_map(|line| line.split("HAPLOTYPE_CSQ=").nth(1)?.split([';', '\t']).next());
        let name = |field: &str| field.split(':').next_back().unwrap_or_default().to_owned();
        let told = entries.flat_map(|entries| entries.split(',')).map(|entry| {
            let fields: Vec<&str> = entry.split('|').collect();
            [fields[1].to_owned(), name(fields[6]), name(fields[7])].join(" ")
        });
        let mut told: Vec<String> = told.collect();
        told.dedup();
        told
    }

    /// A field of CSQ.
    pub(super) fn field(&self, position: usize, count: usize, inserted: &str, field: usize) -> String {
        self.annotated(&[self.allele(position, count, inserted)])[0][field].clone()
    }
}
