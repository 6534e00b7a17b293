//! The entries of CSQ, as they are read from the text of a record.

use super::header::Header;
use super::swar::separators;

/// The entries of a record.
#[derive(Default)]
pub(super) struct Entries<'l> {
    found: Vec<Found>,
    /// The fields of all that are not empty, in order.
    fields: Vec<&'l [u8]>,
}

struct Found {
    /// Of which allele it is, counted from 0.
    allele: usize,
    filled: u64,
    /// Where its fields begin among those of all.
    start: usize,
}

/// An entry. Most of its fields are empty.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Entry<'e, 'l> {
    /// A bit for each place whose field is not empty, the lowest for the first. CSQ has at most 64 fields.
    filled: u64,
    /// Those fields, in order.
    fields: &'e [&'l [u8]],
}

impl<'l> Entries<'l> {
    pub(super) fn clear(&mut self) {
        self.found.clear();
        self.fields.clear();
    }

    /// Reads the value of CSQ.
    pub(super) fn read(&mut self, csq: &'l [u8], header: &Header) {
        let places = u64::MAX
            .checked_shr(64_u32.saturating_sub(header.told.fields.len() as u32))
            .unwrap_or_default();
        let (mut start, mut filled, mut bit, mut from) = (0, 0, 1, 0);
        let mut end_field = |at: usize, ends_entry: bool| {
            if at > from && bit & places != 0 {
                self.fields.push(&csq[from..at]);
                filled |= bit;
            }
            (from, bit) = (at + 1, bit << 1);
            if ends_entry {
                let allele = 0;
                self.found.push(Found { allele, filled, start });
                (start, filled, bit) = (self.fields.len(), 0, 1);
            }
        };
        separators(csq, |at| end_field(at, csq[at] == b','));
        end_field(csq.len(), true);
        let Some(number) = header.allele_number else { return };
        for at in 0..self.found.len() {
            let number = self.entry(&self.found[at]).get(number);
            self.found[at].allele = number.map_or(0, |text| digits(text).saturating_sub(1));
        }
    }

    /// Those of an allele, counted from 0.
    pub(super) fn of(&self, allele: usize) -> impl Iterator<Item = Entry<'_, 'l>> {
        let own = self.found.iter().filter(move |found| found.allele == allele);
        own.map(|found| self.entry(found))
    }

    fn entry(&self, found: &Found) -> Entry<'_, 'l> {
        let end = found.start + found.filled.count_ones() as usize;
        Entry {
            filled: found.filled,
            fields: &self.fields[found.start..end],
        }
    }
}

impl<'e, 'l> Entry<'e, 'l> {
    /// The field at this place, if it is not empty.
    #[inline]
    pub(super) fn get(&self, place: usize) -> Option<&'l [u8]> {
        let bit = 1_u64.checked_shl(place as u32)?;
        let before = self.filled & (bit - 1);
        let field = (self.filled & bit != 0).then(|| before.count_ones() as usize)?;
        self.fields.get(field).copied()
    }

    /// Its fields that are not empty, each with its place.
    #[inline]
    pub(super) fn fields(&self) -> impl Iterator<Item = (usize, &'l [u8])> + use<'e, 'l> {
        let mut left = self.filled;
        self.fields.iter().map(move |field| {
            let place = left.trailing_zeros() as usize;
            left &= left.wrapping_sub(1);
            (place, *field)
        })
    }
}

fn digits(text: &[u8]) -> usize {
    std::str::from_utf8(text)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A header whose CSQ has so many fields, the second of which is the number of the allele.
    fn header(fields: usize) -> Header {
        let mut header = Header::default();
        header.told.fields = (0..fields).map(|at| at.to_string()).collect();
        header.allele_number = Some(1);
        header
    }

    #[test]
    fn an_entry_has_its_fields_at_their_places() {
        let mut entries = Entries::default();
        entries.read(b"A|1|||x,G|2,|1|yy||,A|1|b|c|d|one|too|many", &header(5));
        let of = |allele| entries.of(allele).collect::<Vec<_>>();
        let (first, second) = (of(0), of(1));
        assert_eq!((first.len(), second.len()), (3, 1));
        let places = [0, 1, 2, 3, 4, 5, 64].map(|place| first[0].get(place));
        assert_eq!(
            places,
            [Some(&b"A"[..]), Some(b"1"), None, None, Some(b"x"), None, None]
        );
        assert_eq!(first[1].fields().collect::<Vec<_>>(), [(1, &b"1"[..]), (2, b"yy")]);
        assert_eq!(first[2].fields().last(), Some((4, &b"d"[..])));
        assert_eq!(second[0].fields().collect::<Vec<_>>(), [(0, &b"G"[..]), (1, b"2")]);
        entries.clear();
        assert_eq!(entries.of(0).count(), 0);
    }

    #[test]
    fn sixty_four_fields_have_a_place() {
        let mut entries = Entries::default();
        let csq = vec!["1"; 64].join("|");
        entries.read(csq.as_bytes(), &header(64));
        let entry = entries.of(0).next().unwrap();
        assert_eq!((entry.get(63), entry.fields().count()), (Some(&b"1"[..]), 64));
    }
}
