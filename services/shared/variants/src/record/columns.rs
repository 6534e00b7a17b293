//! The columns of a line that say which variants it has.

use crate::export::Place;

/// The columns of a line that say which variants it has.
pub(super) struct Columns<'a> {
    pub(super) chromosome: &'a [u8],
    pub(super) position: i64,
    pub(super) reference: &'a [u8],
    alternates: &'a [u8],
}

impl<'a> Columns<'a> {
    /// Those of a record; `None` of a line of the header.
    pub(super) fn of(line: &'a [u8]) -> Option<Self> {
        let mut columns = line.splitn(6, |byte| *byte == b'\t');
        let chromosome = columns.next().filter(|name| !name.starts_with(b"#"))?;
        let position = std::str::from_utf8(columns.next()?).ok()?.parse().ok()?;
        let (reference, alternates) = (columns.nth(1)?, columns.next()?);
        Some(Self {
            chromosome,
            position,
            reference,
            alternates,
        })
    }

    /// The alleles of ALT, each of which is a row of the table; `None`, once, if there are none.
    pub(super) fn alternates(&self) -> impl Iterator<Item = Option<&'a [u8]>> {
        let alleles = self.alternates.split(|byte| *byte == b',');
        alleles.map(|allele| (allele != b".").then_some(allele))
    }

    /// Whether one of its variants is that of `place`.
    pub(super) fn has(&self, place: &Place) -> bool {
        let wanted = place.alternate.as_deref().map(str::as_bytes);
        self.position == place.position
            && self.chromosome == place.chromosome.as_bytes()
            && self.reference == place.reference.as_bytes()
            && self.alternates().any(|allele| allele == wanted)
    }
}
