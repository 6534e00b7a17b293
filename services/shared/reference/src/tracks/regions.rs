//! The region tracks that are known by name.
//!
//! This table decides all about them: from which tables a bundle takes them, what they are called, under which key INFO has
//! them, how they are written there, and how AnnTools wrote and counted them. Other region tracks are written as they are,
//! under the key that whoever built the bundle gave them.

/// A region track that is known by name.
#[derive(Debug)]
pub struct RegionTrack {
    /// Its key in a bundle: what AnnTools called it.
    pub key: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// UCSC's tables that may hold it, without `.txt.gz`; the first one that is there is taken. A table that is called as the
    /// key comes before them.
    pub tables: &'static [&'static str],
    /// The columns of a table that make the value, counted from that of the chromosome. Most of UCSC's tables begin with a
    /// column `bin` before it; `gadAll` and `cytoBand` do not, and in `hugo` a row number stands there.
    pub columns: &'static [usize],
    /// Its key in INFO.
    pub info: &'static str,
    /// What the header says of that key.
    pub description: &'static str,
    /// How its regions are written.
    pub text: RegionText,
    /// How AnnTools wrote them.
    pub anntools: AnnToolsText,
    /// The keys that AnnTools wrote for it, and what these say.
    pub anntools_keys: &'static [(&'static str, &'static str)],
    /// How the count log names it.
    pub logged: &'static str,
}

/// How a region is written in INFO.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegionText {
    /// Its value as it is.
    Value,
    /// The columns of its value, separated by `|`.
    Columns,
    /// The place of the other copy of a duplication.
    OtherCopy,
    /// Only where it is upstream of a coding transcript.
    Promoter,
}

/// How AnnTools wrote the regions of a track.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnnToolsText {
    /// Names once each under one key, separated by `;`.
    Names,
    /// Each name once, each with its key.
    Each,
    /// PubMed id and trait of the rows that end at POS.
    Gwas,
    /// The first row, with its place.
    Site,
    /// Symbols and names, separated by commas, each with its key.
    Hugo,
    /// Whether there is a row.
    Whether,
    /// Whether there is a row, and where its other copy is.
    OtherCopy,
    /// Each row with its place.
    Tfbs,
    /// Only where it is upstream of a coding transcript, and counted with the genes.
    Promoter,
}

/// The tracks, in the order in which AnnTools looked them up.
pub static REGION_TRACKS: [RegionTrack; 12] = [
    RegionTrack {
        key: "cpgIslandExt",
        label: "CpG islands",
        tables: &["cpgIslandExt"],
        columns: &[3],
        info: "putativePromoterRegion",
        description: "CpG islands that have POS, within 500 bases upstream of a coding transcript",
        text: RegionText::Promoter,
        anntools: AnnToolsText::Promoter,
        anntools_keys: &[("putativePromoterRegion", "CpG islands upstream of coding transcripts")],
        logged: "Putative Promoter Region",
    },
    RegionTrack {
        key: "cytoBand",
        label: "Cytogenetic bands",
        tables: &["cytoBand"],
        columns: &[3],
        info: "cytoBand",
        description: "Cytogenetic bands",
        text: RegionText::Value,
        anntools: AnnToolsText::Names,
        anntools_keys: &[("cytoBand", "Cytogenetic bands")],
        logged: "cytoBand",
    },
    RegionTrack {
        key: "gadAll",
        label: "Genetic Association Database",
        tables: &["gadAll", "gad"],
        columns: &[3],
        info: "gadAll",
        description: "Phenotypes of the Genetic Association Database",
        text: RegionText::Value,
        anntools: AnnToolsText::Each,
        anntools_keys: &[("gadAll", "Phenotypes of the Genetic Association Database")],
        logged: "gadAll",
    },
    RegionTrack {
        key: "gwasCatalog",
        label: "GWAS catalog",
        tables: &["gwasCatalog"],
        columns: &[4, 9],
        info: "gwasCatalog",
        description: "GWAS catalog: PubMed id and trait, separated by |",
        text: RegionText::Columns,
        anntools: AnnToolsText::Gwas,
        anntools_keys: &[("gwasCatalog", "GWAS catalog: PubMed ids and traits")],
        logged: "gwasCatalog",
    },
    RegionTrack {
        key: "targetScanS",
        label: "TargetScanS microRNA sites",
        tables: &["targetScanS"],
        columns: &[3],
        info: "miRNAsites",
        description: "MicroRNA target sites predicted by TargetScanS",
        text: RegionText::Value,
        anntools: AnnToolsText::Site,
        anntools_keys: &[("miRNAsites", "MicroRNA target sites predicted by TargetScanS")],
        logged: "miRNAsites",
    },
    RegionTrack {
        key: "hugo",
        label: "HGNC gene names",
        tables: &["hugo"],
        columns: &[4, 5],
        info: "HGNC_GeneAnnotation",
        description: "Symbols and names of HGNC, separated by |",
        text: RegionText::Columns,
        anntools: AnnToolsText::Hugo,
        anntools_keys: &[("HGNC_GeneAnnotation", "Symbols and names of HGNC")],
        logged: "hugo",
    },
    RegionTrack {
        key: "dgv_Cnv",
        label: "Database of Genomic Variants",
        tables: &["dgvMerged", "dgv"],
        columns: &[3],
        info: "dgv_Cnv",
        description: "Variants of the Database of Genomic Variants",
        text: RegionText::Value,
        anntools: AnnToolsText::Whether,
        anntools_keys: &[(
            "dgv_Cnv",
            "Whether a variant of the Database of Genomic Variants is here",
        )],
        logged: "dgv_Cnv",
    },
    RegionTrack {
        key: "abParts_IG_T_CelReceptors",
        label: "Parts of antibodies and T cell receptors",
        tables: &["abParts"],
        columns: &[3],
        info: "abParts_IG_T_CelReceptors",
        description: "Parts of antibodies and T cell receptors",
        text: RegionText::Value,
        anntools: AnnToolsText::Whether,
        anntools_keys: &[(
            "abParts_IG_T_CelReceptors",
            "Whether a part of antibodies or T cell receptors is here",
        )],
        logged: "abParts_IG_T_CelReceptors",
    },
    RegionTrack {
        key: "mcCarroll_Cnv",
        label: "Copy number variants, McCarroll et al. 2008",
        tables: &["mcCarroll"],
        columns: &[3],
        info: "mcCarroll_Cnv",
        description: "Copy number variants of McCarroll et al. 2008",
        text: RegionText::Value,
        anntools: AnnToolsText::Whether,
        anntools_keys: &[(
            "mcCarroll_Cnv",
            "Whether a copy number variant of McCarroll et al. 2008 is here",
        )],
        logged: "mcCarroll_Cnv",
    },
    RegionTrack {
        key: "conrad_Cnv",
        label: "Copy number variants, Conrad et al. 2010",
        tables: &["conrad"],
        columns: &[3],
        info: "conrad_Cnv",
        description: "Copy number variants of Conrad et al. 2010",
        text: RegionText::Value,
        anntools: AnnToolsText::Whether,
        anntools_keys: &[(
            "conrad_Cnv",
            "Whether a copy number variant of Conrad et al. 2010 is here",
        )],
        logged: "conrad_Cnv",
    },
    RegionTrack {
        key: "genomicSuperDups",
        label: "Segmental duplications",
        tables: &["genomicSuperDups"],
        columns: &[6, 7, 8],
        info: "genomicSuperDups",
        description: "Segmental duplications: where the other copy is, or the duplication itself if that is not known (1-based, closed)",
        text: RegionText::OtherCopy,
        anntools: AnnToolsText::OtherCopy,
        anntools_keys: &[
            ("genomicSuperDups", "Whether a segmental duplication is here"),
            ("otherChrom", "Where the other copy of the duplication is"),
        ],
        logged: "genomicSuperDups",
    },
    RegionTrack {
        key: "tfbsConsSites",
        label: "Conserved binding sites of transcription factors",
        tables: &["tfbsConsSites"],
        columns: &[3],
        info: "tfbsRegion",
        description: "Conserved binding sites of transcription factors",
        text: RegionText::Value,
        anntools: AnnToolsText::Tfbs,
        anntools_keys: &[("tfbsRegion", "Conserved binding sites of transcription factors")],
        logged: "tfbsConsSites",
    },
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_tracks_share_a_key_of_the_bundle_or_of_info() {
        for name in [|track: &RegionTrack| track.key, |track: &RegionTrack| track.info] {
            let names: BTreeSet<_> = REGION_TRACKS.iter().map(name).collect();
            assert_eq!(names.len(), REGION_TRACKS.len());
        }
        let promoters = REGION_TRACKS.iter().filter(|track| track.text == RegionText::Promoter);
        assert_eq!(promoters.count(), 1, "what is told of them is told with the genes");
    }
}
