//! What the attributes of a feature say about a gene or a transcript.

use std::io;

use super::feature::Attribute;
use super::tags::{self, Tag};
use crate::bundle::{CANONICAL, END_INCOMPLETE, GENOME_DIFFERS, PoolBuilder, START_INCOMPLETE};

/// Offsets of texts in the pool, as the attributes have them; 0 for what none has said. What was said first stays.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Facts {
    /// `transcript_id`.
    pub(super) transcript: u32,
    /// `transcript_version`, or `version` of a transcript.
    pub(super) version: u32,
    /// `Name` of GFF3.
    pub(super) name: u32,
    /// `gene_name`, or `gene` of NCBI.
    pub(super) symbol: u32,
    /// `gene_id`.
    pub(super) gene: u32,
    /// `GeneID` of `Dbxref`.
    pub(super) gene_number: u32,
    /// `transcript_type`, `transcript_biotype`, `biotype`.
    pub(super) biotype: u32,
    /// `gene_type`, `gene_biotype`.
    pub(super) gene_biotype: u32,
    /// `protein_id` of a coding part.
    pub(super) protein: u32,
    /// `protein_version`, or `version` of a coding part.
    pub(super) protein_version: u32,
    pub(super) ccds: u32,
    pub(super) tsl: u32,
    pub(super) appris: u32,
    /// Ensembl's transcript that NCBI says is the same.
    pub(super) partner: u32,
    /// Bits of the bundle's column `flags`.
    pub(super) flags: u32,
    /// MANE Select, MANE Plus Clinical.
    pub(super) mane: (bool, bool),
    /// NCBI made it: it has `gbkey`.
    pub(super) is_ncbi: bool,
    /// It says something of its ends.
    pub(super) states_ends: bool,
    /// The ribosome slips in its coding sequence.
    pub(super) slips: bool,
}

/// On which line attributes stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum On {
    /// A gene, a transcript, or a part of GTF, which repeats what its transcript says.
    Whole,
    /// A coding part.
    Coding,
}

impl Facts {
    /// Reads an attribute. `is_reverse` is the strand of its feature.
    pub(super) fn add(
        &mut self,
        attribute: Attribute<'_>,
        on: On,
        is_reverse: bool,
        pool: &mut PoolBuilder,
    ) -> io::Result<()> {
        match attribute.key {
            "tag" => return attribute.values().try_for_each(|tag| self.tag(&tag, pool)),
            "Dbxref" | "db_xref" => return attribute.values().try_for_each(|id| self.other_id(&id, on, pool)),
            "gbkey" => (self.is_ncbi, self.states_ends) = (true, true),
            "Note" | "note" => self.flags |= of_note(&attribute.value()),
            "exception" => self.slips |= attribute.value().contains("ribosomal slippage"),
            // A transcript that is not whole may have a coding sequence that is.
            "start_range" | "end_range" if on == On::Coding => {
                self.flags |= cut_end(attribute.key == "start_range", is_reverse);
            }
            _ => {}
        }
        let Some(text) = self.text(attribute.key, on).filter(|text| **text == 0) else {
            return Ok(());
        };
        let value = attribute.value();
        let value: &str = if attribute.key == "transcript_support_level" {
            tags::support_level(&value)
        } else {
            &value
        };
        *text = pool.add(value.as_bytes())?;
        Ok(())
    }

    /// The text that a key is about.
    fn text(&mut self, key: &str, on: On) -> Option<&mut u32> {
        Some(match (key, on) {
            ("transcript_id", On::Whole) => &mut self.transcript,
            ("transcript_version", _) | ("version", On::Whole) => &mut self.version,
            ("Name", On::Whole) => &mut self.name,
            ("gene_name" | "gene", _) => &mut self.symbol,
            ("gene_id", On::Whole) => &mut self.gene,
            ("transcript_type" | "transcript_biotype" | "biotype", On::Whole) => &mut self.biotype,
            ("gene_type" | "gene_biotype", On::Whole) => &mut self.gene_biotype,
            ("protein_id", _) => &mut self.protein,
            ("protein_version", _) | ("version", On::Coding) => &mut self.protein_version,
            ("ccdsid" | "ccds_id" | "ccds", _) => &mut self.ccds,
            ("transcript_support_level", _) => &mut self.tsl,
            _ => return None,
        })
    }

    fn tag(&mut self, tag: &str, pool: &mut PoolBuilder) -> io::Result<()> {
        match Tag::parse(tag) {
            Some(Tag::Flags(flags)) => {
                self.flags |= flags;
                self.states_ends |= flags & (START_INCOMPLETE | END_INCOMPLETE) != 0;
            }
            Some(Tag::Appris(appris)) => self.appris = pool.add(appris.as_bytes())?,
            Some(Tag::ManeSelect) => {
                self.mane.0 = true;
                self.flags |= CANONICAL;
            }
            Some(Tag::ManePlusClinical) => self.mane.1 = true,
            None => {}
        }
        Ok(())
    }

    /// `GeneID:6414`, `CCDS:CCDS43311.1`, `Ensembl:ENST00000514985.6`.
    fn other_id(&mut self, id: &str, on: On, pool: &mut PoolBuilder) -> io::Result<()> {
        let text = match id.split_once(':') {
            Some(("GeneID", number)) => Some((&mut self.gene_number, number)),
            Some(("CCDS", ccds)) => Some((&mut self.ccds, ccds)),
            Some(("Ensembl", other)) if on == On::Whole && other.starts_with("ENST") => {
                Some((&mut self.partner, other))
            }
            _ => None,
        };
        if let Some((text, id)) = text.filter(|(text, _)| **text == 0) {
            *text = pool.add(id.as_bytes())?;
        }
        Ok(())
    }

    /// The text that is there: the first of these that is not empty.
    pub(super) fn first(texts: &[u32]) -> u32 {
        texts.iter().copied().find(|text| *text != 0).unwrap_or_default()
    }
}

/// Which end is cut off where NCBI has written `start_range=.,123` or `end_range=123,.`, which count by position.
fn cut_end(is_left: bool, is_reverse: bool) -> u32 {
    if is_left == is_reverse {
        END_INCOMPLETE
    } else {
        START_INCOMPLETE
    }
}

/// NCBI notes of transcripts and proteins that they differ from the genome: `The RefSeq transcript has 2 substitutions, 1
/// frameshift compared to this genomic sequence`.
fn of_note(note: &str) -> u32 {
    match note.contains("compared to this genomic sequence") {
        true => GENOME_DIFFERS,
        false => 0,
    }
}
