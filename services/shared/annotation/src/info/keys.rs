//! The keys of INFO that are known whatever the bundle: their names, what they say, and where their values come from.

use reference::tracks::{REGION_TRACKS, RegionText};

/// A key that the annotation adds to INFO: its place in the schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Key(pub(crate) usize);

/// A fixed key: name, number, type, description, and the track without which it does not occur.
pub(super) type Fixed = (&'static str, &'static str, &'static str, &'static str, Origin);

/// Where the values of a fixed key come from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// The program itself.
    Program,
    /// The mitochondrial genome that is built in.
    Mitochondrion,
    /// MITOMAP.
    Mitomap,
    /// A track of the bundle.
    Track(&'static str),
    /// The bundle's transcripts, whatever their sources are called.
    Transcripts,
    /// Records that were lifted from another assembly.
    Lift,
    /// The program itself, if it tells of haplotypes.
    Haplotypes,
}

macro_rules! keys {
    ($list:ident after $before:expr; $($constant:ident = ($name:literal, $number:literal, $kind:literal, $origin:expr, $description:literal);)*) => {
        const _: () = {
            #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
            enum Place { $($constant),* }
            impl Key {
                $(pub(crate) const $constant: Self = Self($before + Place::$constant as usize);)*
            }
        };
        const $list: &[Fixed] = &[$(($name, $number, $kind, $description, $origin)),*];
    };
}

// The keys before those of the region tracks that are known by name.
keys! {
    FIRST after 0;
    CSQ = ("CSQ", ".", "String", Origin::Program, "");
    HGVS_M = ("HGVSm", "A", "String", Origin::Mitochondrion, "HGVS name of each allele on NC_012920.1, at its most 3' place");
    REGION = ("MT_REGION", "A", "String", Origin::Mitochondrion, "Region without a gene that each allele touches: D-loop (control region)");
    STATUS = ("MITOMAP_STATUS", "A", "String", Origin::Mitomap, "MITOMAP status of each allele's association with disease");
    DISEASE = ("MITOMAP_DISEASE", "A", "String", Origin::Mitomap, "Diseases reported to MITOMAP for each allele");
    FREQUENCY = ("MITOMAP_AF", "A", "Float", Origin::Mitomap, "Frequency of each allele among 61883 full-length sequences of GenBank, from MITOMAP");
    DB = ("DB", "0", "Flag", Origin::Track("dbSNP"), "An allele of this record is in dbSNP");
    NAME2 = ("name2", ".", "String", Origin::Transcripts, "Symbols of the genes here");
    NAME = ("name", ".", "String", Origin::Transcripts, "Accessions of the transcripts here");
    STRAND = ("transcriptStrand", ".", "String", Origin::Transcripts, "Strand of each transcript in name");
    POSITION_TYPE = ("positionType", ".", "String", Origin::Transcripts, "Where POS is in each transcript in name: CDS, utr5, utr3, intron, non_coding_exon, non_coding_intron; or interGenic");
    EXON = ("exon", ".", "String", Origin::Transcripts, "Exon of each transcript in name, from its 5' end, and how many it has: ex2/5");
    SPLICE_DISTANCE = ("spliceDist", ".", "Integer", Origin::Transcripts, "Bases from POS to the nearest splice site of each transcript in name, negative before it; . beyond 10");
}

// The keys after them.
keys! {
    LAST after FIRST.len() + REGION_TRACKS.len();
    ORIGINAL = ("ORIGINAL_POSITION", "1", "String", Origin::Lift, "Chromosome and POS of the record in the input's own assembly");
    FLIPPED = ("STRAND_FLIPPED", "0", "Flag", Origin::Lift, "The strand differs between the assemblies; REF and ALT are those of the other strand");
    CSQ_INCOMPLETE = ("CSQ_INCOMPLETE", "0", "Flag", Origin::Program, "More transcripts than the limit: CSQ lists the first of them for each allele");
    REF_MISMATCH = ("REF_MISMATCH", "0", "Flag", Origin::Program, "REF is not what the reference has at POS; the record is not annotated");
    HAPLOTYPE_CSQ = ("HAPLOTYPE_CSQ", ".", "String", Origin::Haplotypes, "");
}

impl Key {
    /// The key of a region track that is known by name, by its place in [`REGION_TRACKS`].
    pub(crate) const fn of_region(place: usize) -> Self {
        Self(FIRST.len() + place)
    }

    /// CpG islands, where they are upstream of a coding transcript.
    pub(crate) const PROMOTER: Self = {
        let mut place = 0;
        while !matches!(REGION_TRACKS[place].text, RegionText::Promoter) {
            place += 1;
        }
        Self::of_region(place)
    };
}

/// The keys that do not depend on the bundle, in the order of the header.
pub(super) fn fixed() -> impl Iterator<Item = Fixed> {
    let regions = REGION_TRACKS.iter().map(|track| {
        let origin = Origin::Track(track.key);
        (track.info, ".", "String", track.description, origin)
    });
    FIRST.iter().copied().chain(regions).chain(LAST.iter().copied())
}
