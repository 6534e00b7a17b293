//! What is kept of a job: which files there are, in which form, and how many bytes they have.

use crate::FileName;

/// What is kept of a job. A row of version 0.1 says nothing of this: its results are plain, and no sizes are known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stored {
    /// How the results are written.
    pub format: ResultsFormat,
    /// Bytes of the input, as it was uploaded.
    pub input: Option<u64>,
    /// Bytes of the results, as they are stored.
    pub results: Option<u64>,
    /// Bytes of the results, once they are unpacked.
    pub unpacked: Option<u64>,
    /// The tabix index of the results.
    pub index: Index,
    /// Bytes of the table of variants, while there is one: jobs of before it was made have none, nor have results in the form
    /// of AnnTools, nor those that are or were archived.
    pub variants: Option<u64>,
    /// Bytes of the log.
    pub log: Option<u64>,
}

/// How results are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ResultsFormat {
    /// A plain VCF, as version 0.1 wrote them.
    #[default]
    Plain,
    /// Bgzip: gzip in blocks of 64 KB, of which programs read those that they need
    /// (<https://samtools.github.io/hts-specs/SAMv1.pdf>, 4.1).
    Bgzip,
}

/// The tabix index (`.tbi`) of results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Index {
    /// It is there, and has so many bytes.
    Here(u64),
    /// It is not there, and why.
    Absent(NoIndex),
}

/// Why results have no index.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum NoIndex {
    /// The results are plain: only bgzip can be indexed.
    #[default]
    Plain,
    /// Records are not in the order of their positions, or those of a chromosome do not stand together.
    Unsorted,
    /// The name of a chromosome is no text, or endless.
    UnreadableName,
    /// A record lies where tabix has no bins.
    OutOfRange,
    /// The index would be larger than that of any genome.
    TooLarge,
}

impl Stored {
    /// Bytes of the results and of what was made beside them.
    #[must_use]
    pub fn results_and_beside(&self) -> u64 {
        self.results.unwrap_or(0) + self.index.size().unwrap_or(0) + self.variants.unwrap_or(0)
    }

    /// Bytes of everything.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.input.unwrap_or(0) + self.results_and_beside() + self.log.unwrap_or(0)
    }

    /// What the results of this input are called when they are downloaded as they are stored.
    #[must_use]
    pub fn results_name(&self, input: &FileName) -> FileName {
        input.results(self.format)
    }
}

impl ResultsFormat {
    /// The name that stores keep.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Bgzip => "bgzip",
        }
    }

    /// The format of this name; rows of version 0.1 name none.
    #[must_use]
    pub fn of_name(name: Option<&str>) -> Self {
        match name {
            Some("bgzip") => Self::Bgzip,
            _ => Self::Plain,
        }
    }
}

impl Index {
    /// Bytes, if it is there.
    #[must_use]
    pub const fn size(self) -> Option<u64> {
        match self {
            Self::Here(size) => Some(size),
            Self::Absent(_) => None,
        }
    }
}

impl Default for Index {
    fn default() -> Self {
        Self::Absent(NoIndex::default())
    }
}

impl NoIndex {
    const ALL: [Self; 5] = [
        Self::Plain,
        Self::Unsorted,
        Self::UnreadableName,
        Self::OutOfRange,
        Self::TooLarge,
    ];

    /// The name that stores keep.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Unsorted => "unsorted",
            Self::UnreadableName => "unreadable_name",
            Self::OutOfRange => "out_of_range",
            Self::TooLarge => "too_large",
        }
    }

    /// The reason of this name; rows of version 0.1 name none.
    #[must_use]
    pub fn of_name(name: Option<&str>) -> Self {
        let named = Self::ALL.into_iter().find(|reason| Some(reason.as_str()) == name);
        named.unwrap_or_default()
    }

    /// Why there is no index, after "There is no index, because", and what to do.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Plain => "these results were written before we compressed them; bgzip and tabix make both",
            Self::Unsorted => "the records are not sorted by chromosome and position; bcftools sort does that",
            Self::UnreadableName => "the name of a chromosome is no UTF-8 text, or longer than 4,096 letters",
            Self::OutOfRange => {
                "a record has position 0 or reaches beyond 536,870,912, where tabix ends; bcftools index --csi can do more"
            }
            Self::TooLarge => {
                "the records are spread over more chromosomes, or more unevenly, than those of any genome"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_row_of_version_0_1_leaves_out_is_plain_and_of_no_known_size() {
        let stored = Stored::default();
        assert_eq!((stored.format, stored.total()), (ResultsFormat::Plain, 0));
        assert_eq!(ResultsFormat::of_name(None), ResultsFormat::Plain);
        assert_eq!(NoIndex::of_name(None), NoIndex::Plain);
        let name = stored.results_name(&FileName::from_untrusted("a.vcf"));
        assert_eq!(name.as_str(), "a.annot.vcf");
    }

    #[test]
    fn names_read_back_and_bytes_add_up() {
        for reason in NoIndex::ALL {
            assert_eq!(NoIndex::of_name(Some(reason.as_str())), reason);
        }
        assert_eq!(ResultsFormat::of_name(Some("bgzip")), ResultsFormat::Bgzip);
        let stored = Stored {
            format: ResultsFormat::Bgzip,
            input: Some(1000),
            results: Some(200),
            unpacked: Some(5000),
            index: Index::Here(30),
            variants: Some(70),
            log: Some(4),
        };
        assert_eq!((stored.results_and_beside(), stored.total()), (300, 1304));
    }
}
