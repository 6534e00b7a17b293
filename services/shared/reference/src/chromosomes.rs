//! Names of chromosomes: which mean the mitochondrial genome, and which others a file has.

use std::collections::BTreeSet;
use std::fmt;

use vcf::{Shown, counted};

/// The most different names that are kept.
const MOST_NAMES: usize = 200;

/// The most names that a message lists.
const MOST_LISTED: usize = 8;

/// Whether a name is one that people give the rCRS.
#[inline]
pub fn is_mitochondrial(name: &[u8]) -> bool {
    const NAMES: [&str; 7] = ["MT", "chrM", "M", "chrMT", "NC_012920.1", "NC_012920", "J01415.2"];
    NAMES.iter().any(|known| name.eq_ignore_ascii_case(known.as_bytes()))
}

/// Chromosomes of a file that cannot be annotated.
#[derive(Default)]
pub struct Chromosomes {
    names: BTreeSet<Box<[u8]>>,
    records: u64,
    first_line: u64,
    has_more: bool,
}

impl Chromosomes {
    /// Counts a record.
    pub fn add(&mut self, name: &[u8], line: u64) {
        if self.records == 0 {
            self.first_line = line;
        }
        self.records += 1;
        // A name is cut where a message would cut it, so that a hostile file cannot fill the memory with names.
        let name = &name[..name.len().min(64)];
        if self.names.contains(name) {
            return;
        }
        match self.names.len() < MOST_NAMES {
            true => drop(self.names.insert(name.into())),
            false => self.has_more = true,
        }
    }

    /// These and others.
    pub fn merge(&mut self, other: Self) {
        self.first_line = match (self.records, other.records) {
            (0, _) => other.first_line,
            (_, 0) => self.first_line,
            _ => self.first_line.min(other.first_line),
        };
        self.records += other.records;
        self.has_more |= other.has_more;
        for name in other.names {
            match self.names.len() < MOST_NAMES || self.names.contains(&name) {
                true => drop(self.names.insert(name)),
                false => self.has_more = true,
            }
        }
    }

    /// How many records were counted.
    pub fn records(&self) -> u64 {
        self.records
    }

    /// The first names, in their natural order.
    pub fn listed(&self) -> String {
        let mut names: Vec<_> = self.names.iter().collect();
        names.sort_by_key(|name| natural_key(name));
        let mut listed: Vec<_> = names
            .iter()
            .take(MOST_LISTED)
            .map(|name| Shown::new(name).to_string())
            .collect();
        if names.len() > MOST_LISTED || self.has_more {
            listed.push("others".to_owned());
        }
        listed.join(", ")
    }

    /// What to tell of them; `None` if there was none. `supported` counts the records on supported ones.
    pub fn verdict(&self, supported: u64) -> Option<ForeignChromosomes> {
        let mut names: Vec<_> = self.names.iter().collect();
        names.sort_by_key(|name| natural_key(name));
        let listed: Vec<_> = names.iter().take(MOST_LISTED).map(|name| Shown::new(name)).collect();
        let unlisted = names.len() - listed.len();
        (self.records > 0).then_some(ForeignChromosomes {
            names: listed,
            unlisted,
            has_more: self.has_more,
            records: self.records,
            first_line: self.first_line,
            supported,
        })
    }
}

/// Sorts 2 before 10, and numbers before letters, with or without `chr`.
pub fn natural_key(name: &[u8]) -> (u64, Vec<u8>) {
    let short = if name.len() > 3 && name[..3].eq_ignore_ascii_case(b"chr") {
        &name[3..]
    } else {
        name
    };
    let number = std::str::from_utf8(short).ok().and_then(|text| text.parse().ok());
    (number.unwrap_or(u64::MAX), short.to_vec())
}

/// The file has variants on chromosomes for which there is no reference.
#[derive(Debug)]
pub struct ForeignChromosomes {
    names: Vec<Shown>,
    unlisted: usize,
    has_more: bool,
    records: u64,
    first_line: u64,
    supported: u64,
}

impl fmt::Display for ForeignChromosomes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.names.iter().map(ToString::to_string).collect();
        let (noun, records) = (
            if names.len() == 1 { "chromosome" } else { "chromosomes" },
            counted(self.records),
        );
        write!(f, "This file has variants on {noun} {}", names.join(", "))?;
        match (self.unlisted, self.has_more) {
            (0, _) => {}
            (more, false) => write!(f, " and {more} others")?,
            (_, true) => write!(f, " and many others")?,
        }
        let plural = if self.records == 1 { "record" } else { "records" };
        write!(f, " ({records} {plural}; the first on line {}). ", self.first_line)?;
        f.write_str("The reference has no chromosome of that name.")?;
        match self.supported {
            0 => Ok(()),
            more => write!(f, " {} other records could be annotated.", counted(more)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rcrs_goes_by_many_names() {
        for (name, expected) in [
            ("MT", true),
            ("M", true),
            ("chrM", true),
            ("chrMT", true),
            ("mt", true),
            ("NC_012920.1", true),
            ("chr1", false),
            ("NC_001807.4", false),
        ] {
            assert_eq!(is_mitochondrial(name.as_bytes()), expected, "{name}");
        }
    }

    #[test]
    fn the_message_names_what_was_found_and_what_is_supported() {
        let mut chromosomes = Chromosomes::default();
        for index in 0..3000 {
            chromosomes.add([&b"chr10"[..], b"chr2", b"chrX"][index % 3], 18 + index as u64);
        }
        assert_eq!(
            chromosomes.verdict(0).unwrap().to_string(),
            "This file has variants on chromosomes chr2, chr10, chrX (3,000 records; the first on line 18). \
             The reference has no chromosome of that name."
        );
        assert!(
            chromosomes
                .verdict(12)
                .unwrap()
                .to_string()
                .ends_with("12 other records could be annotated.")
        );
    }

    #[test]
    fn a_hostile_number_of_names_stays_bounded() {
        let mut chromosomes = Chromosomes::default();
        for index in 0..100_000 {
            chromosomes.add(format!("scaffold_{index}").as_bytes(), 2);
        }
        assert_eq!(chromosomes.names.len(), MOST_NAMES);
        assert!(
            chromosomes
                .verdict(0)
                .unwrap()
                .to_string()
                .contains("and many others (100,000 records")
        );
    }
}
