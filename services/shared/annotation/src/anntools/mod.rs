//! The compatible mode: key for key what AnnTools wrote, quirks and all.
//!
//! AnnTools (V. Makarov et al., Bioinformatics 28, 724, 2012; <https://github.com/mpcs-cc/anntools>) looked every record
//! up in fourteen tables and appended what it found to INFO. What it did is kept where it is well defined:
//!
//! - lines are stripped of white space at both ends and end with LF; the header is copied and declares no key;
//! - `MT` is not `chrM`, so that mitochondrial records are between genes; `chrM` is that of the tables;
//! - ID is emptied, and filled with dbSNP's ids by position and REF, or the complement of REF, whatever ALT is;
//! - only POS is looked up, never a span; UCSC's 0-based starts are compared as if they were 1-based, so that the base
//!   before a region is in it;
//! - `exon` is given inside the coding region only, `positionType=interGenic` more than 500 bases from any transcript,
//!   and a record with transcripts and no such place gets a trailing `;`;
//! - the count log's total is one more than there are records.
//!
//! It deviates only where the original was random or corrupt:
//!
//! - transcripts come in the order of their table, and regions in that of their starts, where the original had the order
//!   of a hash table or an index;
//! - of the tables that are read for one row only, the row with the lowest start and end is taken;
//! - columns are separated by single tabs, where the original put a space after those that follow `gadAll`;
//! - records in which an INFO flag crashed the original are written;
//! - a record whose REF is not the sequence's is written without annotation.
//!
//! [`Options::declares_keys`](crate::Options) writes the same as VCF has it: the module `declared`.

mod coding_change;
mod declared;
mod genes;
mod tally;
mod tracks;

pub(crate) use declared::header as declared_header;
pub(crate) use tally::Tally;

use std::rc::Rc;

use reference::Genome;
use reference::bundle::Cursor;
use vcf::Record;

use crate::modern::{NearbyTranscripts, Transcripts};
use crate::transcript::Transcript;
use tracks::Tracks;

/// Writes records as AnnTools did.
pub(crate) struct AnnTools<'c, 'b> {
    genome: Option<&'c Genome<'b>>,
    /// Whether INFO is written as VCF has it, for keys that are declared.
    is_declared: bool,
    tracks: Tracks<'b>,
    transcripts: Transcripts<'b>,
    near: NearbyTranscripts<'b>,
    /// The transcripts of the record at hand.
    found: Vec<Rc<Transcript<'b>>>,
    /// INFO of the record at hand.
    info: Vec<u8>,
    /// The name of the last chromosome, and what it is.
    last: (Vec<u8>, Option<usize>),
    /// Where the last look-up in dbSNP ended.
    cursor: Cursor<'b>,
}

impl<'c, 'b> AnnTools<'c, 'b> {
    pub(crate) fn new(genome: Option<&'c Genome<'b>>, is_declared: bool) -> Self {
        Self {
            genome,
            is_declared,
            tracks: Tracks::new(genome),
            transcripts: Transcripts::default(),
            near: NearbyTranscripts::new(usize::MAX),
            found: Vec::new(),
            info: Vec::new(),
            last: (Vec::new(), None),
            cursor: Cursor::default(),
        }
    }

    /// Appends a record, and counts what was found.
    pub(crate) fn record(&mut self, record: &Record<'_>, tally: &mut Tally, out: &mut Vec<u8>) {
        tally.records += 1;
        // The telomere before the first base is in no table.
        let place = self.place(record.chromosome).filter(|_| record.position > 0);
        let mut info = std::mem::take(&mut self.info);
        info.clear();
        info.extend_from_slice(record.info);
        out.extend_from_slice(record.chromosome);
        out.push(b'\t');
        vcf::encode::number(out, record.position as usize);
        out.push(b'\t');
        self.dbsnp(record, place, &mut info, tally, out);
        out.push(b'\t');
        out.extend_from_slice(record.reference);
        out.push(b'\t');
        out.extend_from_slice(record.alternates);
        out.extend_from_slice(record.quality);
        self.coding_change(record, place, &mut info);
        self.genes(record, place, &mut info, tally);
        self.tracks.append(place, record.position, &mut info, tally);
        match self.is_declared {
            true => declared::append(record.info, &info, out),
            false => out.extend_from_slice(&info),
        }
        out.extend_from_slice(record.after_info);
        out.truncate(out.trim_ascii_end().len());
        out.push(b'\n');
        self.info = info;
    }

    /// Appends a record of whose alleles nothing is told, and counts it.
    pub(crate) fn pass(&mut self, record: &Record<'_>, tally: &mut Tally, out: &mut Vec<u8>) {
        tally.records += 1;
        out.extend_from_slice(record.chromosome);
        out.push(b'\t');
        vcf::encode::number(out, record.position as usize);
        out.push(b'\t');
        for column in [record.id, record.reference, record.alternates] {
            out.extend_from_slice(column);
            out.push(b'\t');
        }
        // QUAL and FILTER have the tabs around them.
        out.pop();
        for columns in [record.quality, record.info, record.after_info] {
            out.extend_from_slice(columns);
        }
        out.truncate(out.trim_ascii_end().len());
        out.push(b'\n');
    }

    /// The chromosome by AnnTools' rule: `chr` is put before the name, and nothing else is known of names.
    fn place(&mut self, name: &[u8]) -> Option<usize> {
        if self.last.0 != name {
            self.last = (name.to_vec(), self.find(name));
        }
        self.last.1
    }

    fn find(&self, name: &[u8]) -> Option<usize> {
        let name = std::str::from_utf8(name).ok()?;
        let bundle = self.genome?.bundle;
        match name.starts_with("chr") {
            true => bundle.chromosome(name),
            false => bundle.chromosome(&format!("chr{name}")),
        }
    }

    /// Writes dbSNP's ids into ID, and `DB` and the frequencies into INFO.
    fn dbsnp(
        &mut self,
        record: &Record<'_>,
        place: Option<usize>,
        info: &mut Vec<u8>,
        tally: &mut Tally,
        out: &mut Vec<u8>,
    ) {
        let mut ids: Vec<Vec<u8>> = Vec::new();
        let mut frequencies = Vec::new();
        let track = self.genome.and_then(Genome::dbsnp);
        if let (Some(track), Some(place), [base]) = (track, place, record.reference) {
            let (mut id, mut frequency) = (Vec::new(), Vec::new());
            let known = [
                base.to_ascii_uppercase(),
                reference::complement(base.to_ascii_uppercase()),
            ];
            let rows = track.view.at(place, record.position as u32 - 1, &mut self.cursor);
            for row in rows
                .filter(|row| row.reference.len() == 1 && row.inserted.len() == 1 && known.contains(&row.reference[0]))
            {
                id.clear();
                row.append_id(&mut id);
                // An allele of a row that was read already.
                if ids.contains(&id) {
                    continue;
                }
                ids.push(id.clone());
                frequency.clear();
                if let Some(gmaf) = track.gmaf {
                    row.append_value(gmaf, &mut frequency);
                }
                if !frequency.is_empty() && frequency != b"." {
                    frequencies.extend_from_slice(b";GMAF=");
                    frequencies.extend_from_slice(&frequency);
                }
            }
        }
        if ids.is_empty() {
            out.push(b'.');
            return;
        }
        tally.known += 1;
        match info.as_slice() {
            b"." => *info = b"DB".to_vec(),
            _ => info.extend_from_slice(b";DB;VC=SNV"),
        }
        info.extend_from_slice(&frequencies);
        out.extend_from_slice(&ids.join(&b';'));
    }
}
