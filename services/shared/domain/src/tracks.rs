//! Which tracks of a reference are told of variants: all, or those that a job's owner has chosen.

/// Some of the tracks that a reference may have. What it does not have is not told, whatever is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tracks(u32);

/// The tracks that have a name here, by their keys in a reference and the results: regions first, then variants. `other` are tracks
/// of variants that whoever runs the service has made under a name of their own.
const KEYS: [&str; 20] = [
    "cpgIslandExt",
    "cytoBand",
    "gadAll",
    "gwasCatalog",
    "targetScanS",
    "hugo",
    "dgv_Cnv",
    "abParts_IG_T_CelReceptors",
    "mcCarroll_Cnv",
    "conrad_Cnv",
    "genomicSuperDups",
    "tfbsConsSites",
    "dbSNP",
    "ClinVar",
    "gnomAD",
    "SpliceAI",
    "CADD",
    "AlphaMissense",
    "REVEL",
    "other",
];
/// How many of them are regions.
const REGION_KEYS: u32 = 12;
/// The place of `other`.
const OTHER: usize = KEYS.len() - 1;

/// Several at once: a word, what pages call it, and which they are.
const GROUPS: [(&str, &str, Tracks); 4] = [
    ("all", "All tracks", Tracks::ALL),
    ("variants", "Known variants, frequencies and scores", Tracks::VARIANTS),
    ("regions", "Regions of the genome", Tracks::REGIONS),
    ("none", "No tracks", Tracks::NONE),
];

impl Tracks {
    /// Whatever the reference has.
    pub const ALL: Self = Self((1 << KEYS.len()) - 1);
    /// Regions of the genome: bands, islands, duplications.
    pub const REGIONS: Self = Self((1 << REGION_KEYS) - 1);
    /// What is known of alleles: ids, frequencies, significance, scores.
    pub const VARIANTS: Self = Self(Self::ALL.0 & !Self::REGIONS.0);
    /// None.
    pub const NONE: Self = Self(0);

    /// What pages offer: words and their labels, the default first.
    #[must_use]
    pub fn groups() -> [(&'static str, &'static str); 4] {
        GROUPS.map(|(word, label, _)| (word, label))
    }

    /// Reads what a browser sent, or a store keeps: keys and groups with commas between. What is unknown is left out; if nothing is
    /// left, all are meant.
    #[must_use]
    pub fn from_untrusted(text: &str) -> Self {
        let words = text.split(',').map(str::trim).filter_map(Self::named);
        words.reduce(Self::and).unwrap_or_default()
    }

    /// The track or the group of this name.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        let group = GROUPS.iter().find(|(name, ..)| *name == word);
        let key = || KEYS.iter().position(|key| *key == word).map(|place| Self(1 << place));
        group.map(|(.., tracks)| *tracks).or_else(key)
    }

    /// Those of both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether a reference's track with this key is one of them.
    #[must_use]
    pub fn has(self, key: &str) -> bool {
        let place = KEYS.iter().position(|known| *known == key).unwrap_or(OTHER);
        self.0 & (1 << place) != 0
    }

    /// The words by which stores, forms and the API have them: that of a group, or the key of each.
    #[must_use]
    pub fn words(self) -> Vec<&'static str> {
        match self.group() {
            Some((word, _)) => vec![word],
            None => self.keys().collect(),
        }
    }

    /// The same in one text.
    #[must_use]
    pub fn to_text(self) -> String {
        self.words().join(",")
    }

    /// What pages call them.
    #[must_use]
    pub fn label(self) -> String {
        match self.group() {
            Some((_, label)) => label.to_owned(),
            None => self.keys().collect::<Vec<_>>().join(", "),
        }
    }

    fn group(self) -> Option<(&'static str, &'static str)> {
        let found = GROUPS.iter().find(|(.., tracks)| *tracks == self);
        found.map(|(word, label, _)| (*word, *label))
    }

    fn keys(self) -> impl Iterator<Item = &'static str> {
        let own = move |(place, key): (usize, &'static str)| (self.0 & (1 << place) != 0).then_some(key);
        KEYS.into_iter().enumerate().filter_map(own)
    }
}

impl Default for Tracks {
    fn default() -> Self {
        Self::ALL
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_chosen_reads_back_and_nonsense_means_all() {
        for (text, words) in [
            ("all", "all"),
            ("", "all"),
            ("' OR 1", "all"),
            ("none", "none"),
            ("ClinVar, dbSNP,dbSNP", "dbSNP,ClinVar"),
            ("regions,variants", "all"),
            (
                "regions,dbSNP",
                "cpgIslandExt,cytoBand,gadAll,gwasCatalog,targetScanS,hugo,dgv_Cnv,abParts_IG_T_CelReceptors,mcCarroll_Cnv,conrad_Cnv,genomicSuperDups,tfbsConsSites,dbSNP",
            ),
            ("dbSNP,nothing", "dbSNP"),
        ] {
            let tracks = Tracks::from_untrusted(text);
            assert_eq!(tracks.to_text(), words);
            assert_eq!(Tracks::from_untrusted(&tracks.to_text()), tracks, "{text}");
        }
        assert_eq!(Tracks::from_untrusted("ClinVar,dbSNP").label(), "dbSNP, ClinVar");
        assert_eq!(Tracks::default().label(), "All tracks");
    }

    #[test]
    fn a_track_that_has_no_name_here_is_another_one_of_variants() {
        assert!(Tracks::ALL.has("mine") && Tracks::VARIANTS.has("mine") && !Tracks::REGIONS.has("mine"));
        assert!(Tracks::REGIONS.has("cytoBand") && !Tracks::VARIANTS.has("cytoBand"));
        assert!(!Tracks::NONE.has("mine") && !Tracks::from_untrusted("dbSNP").has("mine"));
    }
}
