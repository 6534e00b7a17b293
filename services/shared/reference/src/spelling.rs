//! How files spell the names of chromosomes: `chr1`, `1`, `Chr1`, `NC_000001.10`, `NC_000001`, `CM000663.1`.

use super::{Accession, is_mitochondrial, ucsc_name};

/// The rCRS as RefSeq has it, and as GenBank does.
const MITOCHONDRIAL: [&str; 2] = ["NC_012920", "J01415"];

/// One way to spell the chromosomes 1 to 22, X, Y and MT.
#[derive(Debug)]
pub enum Spelling {
    /// A prefix, which may be empty, and the chromosome.
    Prefix(String),
    /// An accession, of any chromosome.
    Accession(Accession),
}

impl Spelling {
    /// How a name is spelled; `None` if it is that of no such chromosome, or, for the mitochondrial one, says nothing of
    /// the others.
    pub fn of(name: &str) -> Option<Self> {
        if let Some(accession) = Accession::parse(name) {
            return Some(Self::Accession(accession));
        }
        let is_chromosome = is_mitochondrial(name.as_bytes()) || ucsc_name(name) != name || is_ucsc(name);
        let is_accession = MITOCHONDRIAL.iter().any(|known| name.starts_with(known));
        let prefix = name.get(..3).filter(|prefix| prefix.eq_ignore_ascii_case("chr"));
        (is_chromosome && !is_accession).then(|| Self::Prefix(prefix.unwrap_or_default().to_owned()))
    }

    /// Whether two spellings are one.
    pub fn is_that_of(&self, other: &Self) -> bool {
        self.name("chr1") == other.name("chr1")
    }

    /// How a chromosome is spelled so, by UCSC's name; `None` for others than chr1 to chr22, chrX, chrY and chrM.
    pub fn name(&self, ucsc: &str) -> Option<String> {
        let short = ucsc.strip_prefix("chr").filter(|_| is_ucsc(ucsc))?;
        match (self, short) {
            (Self::Prefix(prefix), "M") if prefix.is_empty() => Some("MT".to_owned()),
            (Self::Prefix(prefix), _) => Some(format!("{prefix}{short}")),
            (Self::Accession(accession), "M") => match (accession.is_genbank, accession.has_version()) {
                (false, true) => Some("NC_012920.1".to_owned()),
                (false, false) => Some("NC_012920".to_owned()),
                (true, true) => Some("J01415.2".to_owned()),
                (true, false) => None,
            },
            (Self::Accession(accession), "X") => accession.of(22),
            (Self::Accession(accession), "Y") => accession.of(23),
            (Self::Accession(accession), number) => accession.of(number.parse::<usize>().ok()? - 1),
        }
    }
}

/// Whether a name is UCSC's of chromosome 1 to 22, X, Y or M.
fn is_ucsc(name: &str) -> bool {
    let number = |short: &str| {
        short
            .parse::<usize>()
            .is_ok_and(|number| (1..=22).contains(&number) && number.to_string() == short)
    };
    name.strip_prefix("chr")
        .is_some_and(|short| ["X", "Y", "M"].contains(&short) || number(short))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_tells_how_the_others_are_spelled() {
        for (name, expected) in [
            ("1", ["1", "X", "MT"]),
            ("MT", ["1", "X", "MT"]),
            ("chrY", ["chr1", "chrX", "chrM"]),
            ("chrM", ["chr1", "chrX", "chrM"]),
            ("CHR7", ["CHR1", "CHRX", "CHRM"]),
            ("Chr22", ["Chr1", "ChrX", "ChrM"]),
            ("NC_000007.13", ["NC_000001.10", "NC_000023.10", "NC_012920.1"]),
            ("NC_000007.14", ["NC_000001.11", "NC_000023.11", "NC_012920.1"]),
            ("NC_000007", ["NC_000001", "NC_000023", "NC_012920"]),
            ("CM000664.1", ["CM000663.1", "CM000685.1", "J01415.2"]),
        ] {
            let spelling = Spelling::of(name).unwrap();
            let names = ["chr1", "chrX", "chrM"].map(|ucsc| spelling.name(ucsc).unwrap());
            assert_eq!(names, expected, "{name}");
            assert!(spelling.is_that_of(&Spelling::of(expected[0]).unwrap()), "{name}");
        }
        let spelling = Spelling::of("chr1").unwrap();
        assert_eq!(spelling.name("chr6_cox_hap2"), None);
        assert!(!spelling.is_that_of(&Spelling::of("1").unwrap()));
    }

    #[test]
    fn names_of_other_sequences_are_no_spelling() {
        for name in [
            "GL000191.1",
            "chr6_cox_hap2",
            "HLA-A*01:01:01:01",
            "chrEBV",
            "NC_012920.1",
            "J01415.2",
            "",
            "chr",
        ] {
            assert!(Spelling::of(name).is_none(), "{name}");
        }
    }
}
