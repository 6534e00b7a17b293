//! Which genome a file was made with, as its owner says.

use crate::choice::choice;

choice! {
    /// The owner's choice on the upload page.
    ReferenceChoice, 5:
    /// Find out from the file.
    #[default]
    Detect = "auto", "Detect from the file";
    /// GRCh37.
    Hg19 = "hg19", "GRCh37 / hg19";
    /// GRCh38.
    Hg38 = "hg38", "GRCh38 / hg38";
    /// NCBI36, which is lifted to GRCh37.
    Hg18 = "hg18", "NCBI36 / hg18, lifted to hg19";
    /// The mitochondrial genome alone.
    Rcrs = "rCRS", "Mitochondrial genome (rCRS)";
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
