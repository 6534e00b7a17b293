//! Evidence that a file was made with the rCRS, or with another sequence of the mitochondrial genome.
//!
//! UCSC's hg19 called another sequence chrM: NC_001807, 16,571 bases, of an African (Yoruba) individual. Its numbering
//! leaves that of the rCRS at position 310, so that two of three REF bases differ. Annotated silently, such a file
//! would come out wrong, not empty.

use std::fmt;

use vcf::{Contig, Header, Record, Shown, counted};

use super::{LENGTH, Sequence, is_mitochondrial};

/// Bases of NC_001807, which UCSC's hg19 calls chrM.
const HG19_LENGTH: u64 = 16_571;

/// The most mismatches that the log lists.
const MOST_LISTED: usize = 100;

/// A record whose REF is not what the reference has.
#[derive(Debug)]
pub struct Mismatch {
    /// Its line.
    pub line: u64,
    /// Its place, 1-based.
    pub place: String,
    /// Its REF.
    pub reference: Shown,
    /// What the reference has there.
    pub expected: Shown,
}

/// What the records of a file say about its genome.
#[derive(Debug, Default)]
pub struct Evidence {
    /// Records seen on the mitochondrial genome.
    pub records: u64,
    /// Records whose REF differs.
    pub mismatches: u64,
    /// The first of them.
    pub listed: Vec<Mismatch>,
    fitting_hg19: u64,
    beyond_end: Option<(u64, u64)>,
}

impl Evidence {
    /// Looks at a record; `false` if its position or REF is not the reference's.
    pub fn add(&mut self, record: &Record<'_>, line: u64, sequence: &Sequence<'_>) -> bool {
        self.records += 1;
        self.fitting_hg19 += u64::from(fits_hg19(record, sequence));
        if record.position > sequence.len() as u64 {
            self.beyond_end.get_or_insert((line, record.position));
            return false;
        }
        let start = record.position as usize - 1;
        let matches = sequence.matches(start, record.reference);
        if !matches {
            self.mismatches += 1;
            self.list(record, line, sequence, start);
        }
        matches
    }

    fn list(&mut self, record: &Record<'_>, line: u64, sequence: &Sequence<'_>, start: usize) {
        if self.listed.len() < MOST_LISTED {
            let expected: Vec<u8> = (start..start + record.reference.len().min(64))
                .map_while(|at| sequence.base(at))
                .collect();
            self.listed.push(Mismatch {
                line,
                place: format!("position {}", record.position),
                reference: Shown::new(record.reference),
                expected: Shown::new(&expected),
            });
        }
    }

    /// These and others, which come after them.
    pub fn merge(&mut self, other: Self) {
        self.records += other.records;
        self.mismatches += other.mismatches;
        self.fitting_hg19 += other.fitting_hg19;
        self.listed.extend(other.listed);
        self.listed.sort_by_key(|mismatch| mismatch.line);
        self.listed.truncate(MOST_LISTED);
        self.beyond_end = match (self.beyond_end, other.beyond_end) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
    }

    /// Mismatches in percent of all records.
    pub fn percent(&self) -> f64 {
        100.0 * self.mismatches as f64 / self.records.max(1) as f64
    }

    /// Refuses a file that was made with another sequence: the header says so, a position lies beyond the end, or more
    /// than 10 % of the REF bases differ.
    ///
    /// `is_foreign` says that the header's chrM is known to be another sequence, and none of its records was annotated.
    pub fn verdict(&self, header: &Header, is_foreign: bool) -> Result<(), MismatchedReference> {
        if self.records == 0 || is_foreign {
            return Ok(());
        }
        self.contig_verdict(header)?;
        if let Some((line, position)) = self.beyond_end {
            return Err(MismatchedReference::Position { line, position });
        }
        if self.mismatches * 10 > self.records {
            let fits_hg19 = self.fitting_hg19 * 10 >= self.records * 9;
            return Err(MismatchedReference::Bases {
                mismatches: self.mismatches,
                records: self.records,
                fits_hg19,
            });
        }
        Ok(())
    }

    /// Refuses a file whose header gives the mitochondrial genome another length.
    pub fn contig_verdict(&self, header: &Header) -> Result<(), MismatchedReference> {
        if let Some((contig, length)) = mitochondrial_contig(header).filter(|(_, length)| *length != LENGTH as u64) {
            let (name, line) = (contig.name.clone(), contig.line);
            return Err(MismatchedReference::Contig { name, length, line });
        }
        Ok(())
    }
}

/// Whether the header says that the mitochondrial genome is another sequence than the rCRS.
pub fn has_foreign_mitochondrion(header: &Header) -> bool {
    mitochondrial_contig(header).is_some_and(|(_, length)| length != LENGTH as u64)
}

/// The ##contig line of the mitochondrial genome, if it gives a length.
pub fn mitochondrial_contig(header: &Header) -> Option<(&Contig, u64)> {
    let mut contigs = header
        .contigs
        .iter()
        .filter(|contig| is_mitochondrial(contig.name.bytes()));
    contigs.find_map(|contig| Some((contig, contig.length?)))
}

/// Whether a record's REF is what NC_001807 has at its position: the rCRS's base, after the shift between the two. The
/// two differ in about forty single bases besides.
fn fits_hg19(record: &Record<'_>, sequence: &Sequence<'_>) -> bool {
    let position = record.position;
    let own = match position {
        0..=309 => position,
        310..=312 => position - 1,
        313..=3108 => position - 2,
        3109..=16_183 => position - 1,
        16_184..=16_188 => position,
        16_189..=16_191 => 16_189,
        16_192..=HG19_LENGTH => position - 2,
        _ => return false,
    };
    sequence.matches(own as usize - 1, &record.reference[..1])
}

/// The file was made with another sequence than the rCRS.
#[derive(Debug)]
pub enum MismatchedReference {
    /// The header gives another length.
    Contig {
        /// The contig's name.
        name: Shown,
        /// The length it gives.
        length: u64,
        /// The header line.
        line: u64,
    },
    /// A position lies beyond the end.
    Position {
        /// The first such line.
        line: u64,
        /// Its position.
        position: u64,
    },
    /// Too many REF bases differ.
    Bases {
        /// Records whose REF differs.
        mismatches: u64,
        /// All records.
        records: u64,
        /// Whether they fit the chrM of hg19.
        fits_hg19: bool,
    },
}

impl fmt::Display for MismatchedReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const RCRS: &str = "the rCRS (NC_012920.1, 16,569 bases)";
        const HG19: &str = "NC_001807, the chrM of UCSC hg19 (16,571 bases)";
        const ADVICE: &str = "Please align or lift the data to the rCRS, the MT of GRCh37 and GRCh38.";
        match self {
            Self::Contig {
                name,
                length: HG19_LENGTH,
                line,
            } => {
                write!(
                    f,
                    "The header (line {line}) gives {name} 16,571 bases: that is {HG19}, not {RCRS}. {ADVICE}"
                )
            }
            Self::Contig { name, length, line } => {
                write!(
                    f,
                    "The header (line {line}) gives {name} {} bases, so it is not {RCRS}. {ADVICE}",
                    counted(*length)
                )
            }
            Self::Position { line, position } => {
                write!(
                    f,
                    "Line {line} has position {}, beyond the end of {RCRS}. ",
                    counted(*position)
                )?;
                write!(f, "The file may have been made with {HG19}. {ADVICE}")
            }
            Self::Bases {
                mismatches,
                records,
                fits_hg19,
            } => {
                let (percent, records) = (100.0 * *mismatches as f64 / *records as f64, counted(*records));
                write!(
                    f,
                    "{percent:.0} % of the REF bases ({} of {records}) differ from {RCRS}; ",
                    counted(*mismatches)
                )?;
                match fits_hg19 {
                    true => write!(f, "the positions fit {HG19}. {ADVICE}"),
                    false => write!(
                        f,
                        "they do not fit {HG19}, either. Please check which reference the file was made with."
                    ),
                }
            }
        }
    }
}
