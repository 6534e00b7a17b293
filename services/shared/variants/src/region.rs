//! Stretches of chromosomes, as people write them, and as files of BED have them.

use std::fmt;

use crate::error::Wrong;

/// The most regions of one filter.
pub(crate) const MOST_REGIONS: usize = 5_000;
/// The longest name of a chromosome.
const LONGEST_NAME: usize = 255;

/// A stretch of a chromosome, or all of it. 1-based, both ends included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// The chromosome, with or without `chr`: both find both.
    pub chromosome: String,
    /// The first base.
    pub start: i64,
    /// The last base; `i64::MAX` if it goes on to the end.
    pub end: i64,
}

impl Region {
    /// Reads `chr7`, `7:117559590`, `chr7:117,120,000-117,130,000` or `X:1000-`, which goes on to the end.
    ///
    /// # Errors
    ///
    /// If it is none of these.
    pub fn parse(text: &str) -> Result<Self, Wrong> {
        let text = text.trim();
        let (chromosome, places) = match text.rsplit_once(':') {
            Some((name, places)) if places.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b',' | b'-')) => {
                (name, Some(places))
            }
            _ => (text, None),
        };
        // What is left of a colon is a mistake in the places, or the name of a contig: those of HLA's alleles, HLA-A*01:01N, have some.
        let has_colon = chromosome.contains(':') && !chromosome.starts_with("HLA-");
        let sound = !chromosome.is_empty() && chromosome.len() <= LONGEST_NAME && !has_colon;
        if !sound || chromosome.contains(|letter: char| letter.is_whitespace() || letter == ',' || letter == ';') {
            let why = format!(
                "“{}” is no region. Write chr7, or chr7:117,120,000-117,130,000.",
                shown(text)
            );
            return Err(Wrong::new("region", why));
        }
        let (start, end) = match places {
            None => (1, i64::MAX),
            Some(places) => ends(places, text)?,
        };
        Ok(Self {
            chromosome: chromosome.to_owned(),
            start,
            end,
        })
    }

    /// The regions of a file in BED, whose coordinates are 0-based and half-open. Comments, `track` and `browser` lines and empty
    /// ones are left out, and so are all columns but the first three.
    ///
    /// # Errors
    ///
    /// If a line is no region, or there are more than 5,000. It says which line.
    pub fn of_bed(text: &str) -> Result<Vec<Self>, Wrong> {
        let mut regions = Vec::new();
        for region in bed_lines(text) {
            if regions.len() == MOST_REGIONS {
                let why = format!("The BED file has more than {} regions.", thousands(MOST_REGIONS as i64));
                return Err(Wrong::new("region", why));
            }
            regions.push(region?);
        }
        Ok(regions)
    }

    /// As it is read again, without thousands separators.
    pub(crate) fn plain(&self) -> String {
        match (self.start, self.end) {
            (1, i64::MAX) => self.chromosome.clone(),
            (start, i64::MAX) => format!("{}:{start}-", self.chromosome),
            (start, end) => format!("{}:{start}-{end}", self.chromosome),
        }
    }
}

/// The regions of a file in BED, line by line; of a line that is none, which one it is.
pub(crate) fn bed_lines(text: &str) -> impl Iterator<Item = Result<Region, Wrong>> {
    let lines = text.trim_start_matches('\u{feff}').lines().zip(1..);
    let data = lines.filter(|(line, _)| {
        let is_data = !line.trim().is_empty() && !line.starts_with('#');
        is_data && !line.starts_with("track") && !line.starts_with("browser")
    });
    data.map(|(line, number)| {
        of_bed_line(line).ok_or_else(|| {
            let why = "has no chromosome, start and end with tabs between them, the start before the end";
            Wrong::new("region", format!("Line {number} of the BED file {why}."))
        })
    })
}

fn of_bed_line(line: &str) -> Option<Region> {
    let mut columns = line.split(['\t', ' ']).filter(|column| !column.is_empty());
    let is_name = |name: &&str| name.len() <= LONGEST_NAME && !name.contains(char::is_control);
    let chromosome = columns.next().filter(is_name)?;
    let start: i64 = columns.next()?.parse().ok()?;
    let end: i64 = columns.next()?.trim().parse().ok()?;
    (0 <= start && start < end).then(|| Region {
        chromosome: chromosome.to_owned(),
        start: start + 1,
        end,
    })
}

fn ends(places: &str, text: &str) -> Result<(i64, i64), Wrong> {
    let number = |digits: &str| digits.replace(',', "").parse::<i64>().ok().filter(|place| *place >= 0);
    let found = match places.split_once('-') {
        Some((start, "")) => number(start).map(|start| (start, i64::MAX)),
        Some((start, end)) => number(start).zip(number(end)),
        None => number(places).map(|place| (place, place)),
    };
    match found {
        Some((start, end)) if start <= end => Ok((start, end)),
        Some(_) => Err(Wrong::new(
            "region",
            format!("The region “{}” ends before it starts.", shown(text)),
        )),
        None => Err(Wrong::new(
            "region",
            format!("The places of “{}” are no numbers.", shown(text)),
        )),
    }
}

/// With thousands separators, `chr7:117,120,000-117,130,000`.
impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.chromosome)?;
        match (self.start, self.end) {
            (1, i64::MAX) => Ok(()),
            (start, i64::MAX) => write!(f, ":{}-", thousands(start)),
            (start, end) if start == end => write!(f, ":{}", thousands(start)),
            (start, end) => write!(f, ":{}-{}", thousands(start), thousands(end)),
        }
    }
}

fn thousands(number: i64) -> String {
    domain::with_commas(number.unsigned_abs())
}

/// What somebody typed, short enough for a sentence.
pub(crate) fn shown(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// The name that all spellings of a chromosome share: `chr7`, `Chr7` and `7`; `chrM` and `MT`.
pub(crate) fn canonical(chromosome: &str) -> String {
    let lower = chromosome.to_ascii_lowercase();
    let short = lower
        .strip_prefix("chr")
        .filter(|rest| !rest.is_empty())
        .unwrap_or(&lower);
    match short {
        "mt" => "m".to_owned(),
        other => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region(chromosome: &str, start: i64, end: i64) -> Region {
        Region {
            chromosome: chromosome.to_owned(),
            start,
            end,
        }
    }

    #[test]
    fn regions_are_read_as_people_write_them() {
        for (text, expected) in [
            ("chr7:117,120,000-117,130,000", region("chr7", 117_120_000, 117_130_000)),
            (" 7 ", region("7", 1, i64::MAX)),
            ("7:117559590", region("7", 117_559_590, 117_559_590)),
            ("X:1000-", region("X", 1_000, i64::MAX)),
            ("HLA-A*01:01N", region("HLA-A*01:01N", 1, i64::MAX)),
        ] {
            assert_eq!(Region::parse(text).unwrap(), expected);
            assert_eq!(Region::parse(&expected.plain()).unwrap(), expected);
            assert_eq!(Region::parse(&expected.to_string()).unwrap(), expected);
        }
    }

    #[test]
    fn what_is_no_region_is_refused_in_a_sentence() {
        for (text, why) in [
            ("chr7:20-10", "The region “chr7:20-10” ends before it starts."),
            ("chr7:1-2-3", "The places of “chr7:1-2-3” are no numbers."),
            (
                "7,8",
                "“7,8” is no region. Write chr7, or chr7:117,120,000-117,130,000.",
            ),
            (
                "chr7:117,559,OOO",
                "“chr7:117,559,OOO” is no region. Write chr7, or chr7:117,120,000-117,130,000.",
            ),
            ("", "“” is no region. Write chr7, or chr7:117,120,000-117,130,000."),
        ] {
            assert_eq!(Region::parse(text).unwrap_err().why, why);
        }
    }

    #[test]
    fn a_bed_file_is_half_open_and_has_lines_that_are_no_regions() {
        let bed = "track name=x\n#chrom\tstart\tend\nchr1\t0\t10\tname\t0\t+\r\n\n2 99 100\r\n";
        assert_eq!(
            Region::of_bed(bed).unwrap(),
            [region("chr1", 1, 10), region("2", 100, 100)]
        );
        let wrong = Region::of_bed("chr1\t10\t10\n").unwrap_err();
        assert!(
            wrong.why.starts_with("Line 1 of the BED file has no chromosome"),
            "{wrong}"
        );
        let many = "1\t0\t1\n".repeat(MOST_REGIONS + 1);
        assert_eq!(
            Region::of_bed(&many).unwrap_err().why,
            "The BED file has more than 5,000 regions."
        );
    }

    #[test]
    fn spellings_of_a_chromosome_are_one() {
        assert_eq!(canonical("chr7"), canonical("7"));
        assert_eq!(canonical("chrM"), canonical("MT"));
        assert_ne!(canonical("7"), canonical("17"));
    }
}
