//! What AnnTools counted, and its count log.

use std::fmt::Write;

use reference::tracks::{AnnToolsText, REGION_TRACKS};

/// AnnTools' counts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    pub(crate) records: u64,
    /// Records that are in dbSNP.
    pub(crate) known: u64,
    pub(crate) intergenic: u64,
    pub(super) cds: u64,
    pub(super) utr_3: u64,
    pub(super) utr_5: u64,
    pub(super) intronic: u64,
    pub(super) non_coding_intronic: u64,
    pub(super) exonic: u64,
    pub(super) non_coding_exonic: u64,
    pub(super) promoters: u64,
    /// Of each track, how many rows were found in how many records.
    pub(super) tracks: [(u64, u64); REGION_TRACKS.len()],
}

impl Tally {
    /// Counts the place that the coding change told, once for each transcript, as the original did.
    pub(super) fn count_places(&mut self, position_type: Option<&[u8]>, transcripts: u64) {
        let count = match position_type {
            Some(b"intron") => &mut self.intronic,
            Some(b"non_coding_intron") => &mut self.non_coding_intronic,
            Some(b"CDS") => &mut self.cds,
            Some(b"non_coding_exon") => &mut self.non_coding_exonic,
            Some(b"utr5") => &mut self.utr_5,
            Some(b"utr3") => &mut self.utr_3,
            _ => return,
        };
        *count += transcripts;
    }

    /// These and others.
    pub(crate) fn merge(&mut self, other: &Self) {
        let mut other = other.clone();
        for (own, more) in self.numbers().into_iter().zip(other.numbers()) {
            *own += *more;
        }
        for (own, more) in self.tracks.iter_mut().zip(other.tracks) {
            *own = (own.0 + more.0, own.1 + more.1);
        }
    }

    fn numbers(&mut self) -> [&mut u64; 11] {
        [
            &mut self.records,
            &mut self.known,
            &mut self.intergenic,
            &mut self.cds,
            &mut self.utr_3,
            &mut self.utr_5,
            &mut self.intronic,
            &mut self.non_coding_intronic,
            &mut self.exonic,
            &mut self.non_coding_exonic,
            &mut self.promoters,
        ]
    }

    /// The count log, line for line.
    pub(crate) fn log(&self) -> String {
        let total = self.records + 1;
        let percent = python_float(self.known as f64 / total as f64 * 100.0);
        let mut log = String::from(
            "## Please notice that all Isoforms were counted\n## Numbers may exceed number of variants in the annotated file\n",
        );
        let places = [
            ("interGenic", self.intergenic),
            ("CDS", self.cds),
            ("'3 UTR", self.utr_3),
            ("'5 UTR", self.utr_5),
            ("Intronic", self.intronic),
            ("Non_coding_intronic", self.non_coding_intronic),
            ("Exonic", self.exonic),
            ("Non_coding_exonic", self.non_coding_exonic),
            ("Putative Promoter Region", self.promoters),
        ];
        // Writing to a string cannot fail.
        let _ = write!(
            log,
            "Total: {total}\nIn dbSNP: {} ({percent}%)\nVariants located:\n",
            self.known
        );
        for (place, count) in places {
            let _ = writeln!(log, "In {place} {count}");
        }
        let tracks = REGION_TRACKS.iter().zip(self.tracks);
        for (track, (rows, records)) in tracks.filter(|(track, _)| track.anntools != AnnToolsText::Promoter) {
            let _ = writeln!(log, "In {}: {rows} in {records} variants", track.logged);
        }
        log
    }
}

/// A number as Python prints it: the shortest digits that read back as the same number, and `.0` after whole ones.
fn python_float(number: f64) -> String {
    format!("{number:?}")
}
