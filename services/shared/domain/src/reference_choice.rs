//! Which genome a file was made with, as its owner says.

/// The owner's choice on the upload page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ReferenceChoice {
    /// Find out from the file.
    #[default]
    Detect,
    /// NCBI36, which is lifted to GRCh37.
    Hg18,
    /// GRCh37.
    Hg19,
    /// GRCh38.
    Hg38,
    /// The mitochondrial genome alone.
    Rcrs,
}

impl ReferenceChoice {
    /// All of them, in the order of the page.
    pub const ALL: [Self; 5] = [Self::Detect, Self::Hg19, Self::Hg38, Self::Hg18, Self::Rcrs];

    /// Reads what a browser sent; anything unknown is to be found out.
    #[must_use]
    pub fn from_untrusted(text: &str) -> Self {
        let mut all = Self::ALL.into_iter();
        all.find(|choice| choice.as_str() == text).unwrap_or_default()
    }

    /// The name that forms, stores and references have.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Detect => "auto",
            Self::Hg18 => "hg18",
            Self::Hg19 => "hg19",
            Self::Hg38 => "hg38",
            Self::Rcrs => "rCRS",
        }
    }

    /// What the page calls it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Detect => "Detect from the file",
            Self::Hg18 => "NCBI36 / hg18, lifted to hg19",
            Self::Hg19 => "GRCh37 / hg19",
            Self::Hg38 => "GRCh38 / hg38",
            Self::Rcrs => "Mitochondrial genome (rCRS)",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_choice_reads_back_and_nonsense_is_found_out() {
        for choice in ReferenceChoice::ALL {
            assert_eq!(ReferenceChoice::from_untrusted(choice.as_str()), choice);
        }
        assert_eq!(ReferenceChoice::from_untrusted("../../etc"), ReferenceChoice::Detect);
    }
}
