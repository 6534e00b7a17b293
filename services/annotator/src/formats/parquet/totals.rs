//! What was written of a column.

use parquet::basic::{Encoding, PageType};
use parquet::file::metadata::PageEncodingStats;

/// What was written.
#[derive(Default)]
pub(super) struct Totals {
    pub(super) rows: usize,
    pub(super) levels: usize,
    pub(super) values: usize,
    pub(super) unpacked: usize,
    /// Pages of numbers in the dictionary, and others.
    pub(super) keyed: i32,
    pub(super) plain: i32,
}

impl Totals {
    /// How many pages of each kind there are.
    pub(super) fn pages(&self) -> Vec<PageEncodingStats> {
        let of = |page_type, encoding, count| PageEncodingStats {
            page_type,
            encoding,
            count,
        };
        let dictionary = i32::from(self.keyed > 0);
        let mut pages = vec![
            of(PageType::DICTIONARY_PAGE, Encoding::PLAIN, dictionary),
            of(PageType::DATA_PAGE, Encoding::RLE_DICTIONARY, self.keyed),
            of(PageType::DATA_PAGE, Encoding::PLAIN, self.plain),
        ];
        pages.retain(|pages| pages.count > 0);
        pages
    }
}
