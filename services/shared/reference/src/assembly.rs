//! Human assemblies: their names and the lengths of their chromosomes.
//!
//! Lengths: UCSC's `chromInfo` of hg18, hg19 and hg38, <https://hgdownload.soe.ucsc.edu/goldenPath/>.

use super::Accession;

/// A human assembly.
#[derive(Debug, PartialEq, Eq)]
pub struct Assembly {
    /// UCSC's name.
    pub name: &'static str,
    /// The name that NCBI and the Genome Reference Consortium give it.
    pub(crate) other_name: &'static str,
    /// How files speak of it, in lower case.
    hints: &'static [&'static str],
    /// Bases of chromosomes 1 to 22, X and Y.
    lengths: [u32; 24],
}

/// The assemblies that can be told apart, newest first.
pub(crate) const ASSEMBLIES: [Assembly; 3] = [
    Assembly {
        name: "hg38",
        other_name: "GRCh38",
        hints: &["hg38", "grch38", "hs38", "b38", "build38", "build 38"],
        lengths: HG38,
    },
    Assembly {
        name: "hg19",
        other_name: "GRCh37",
        hints: &[
            "hg19", "grch37", "hs37", "b37", "build37", "build 37", "g1k_v37", "ncbi37",
        ],
        lengths: HG19,
    },
    Assembly {
        name: "hg18",
        other_name: "NCBI36",
        hints: &["hg18", "ncbi36", "b36", "build36", "build 36"],
        lengths: HG18,
    },
];

const HG38: [u32; 24] = [
    248_956_422,
    242_193_529,
    198_295_559,
    190_214_555,
    181_538_259,
    170_805_979,
    159_345_973,
    145_138_636,
    138_394_717,
    133_797_422,
    135_086_622,
    133_275_309,
    114_364_328,
    107_043_718,
    101_991_189,
    90_338_345,
    83_257_441,
    80_373_285,
    58_617_616,
    64_444_167,
    46_709_983,
    50_818_468,
    156_040_895,
    57_227_415,
];
const HG19: [u32; 24] = [
    249_250_621,
    243_199_373,
    198_022_430,
    191_154_276,
    180_915_260,
    171_115_067,
    159_138_663,
    146_364_022,
    141_213_431,
    135_534_747,
    135_006_516,
    133_851_895,
    115_169_878,
    107_349_540,
    102_531_392,
    90_354_753,
    81_195_210,
    78_077_248,
    59_128_983,
    63_025_520,
    48_129_895,
    51_304_566,
    155_270_560,
    59_373_566,
];
const HG18: [u32; 24] = [
    247_249_719,
    242_951_149,
    199_501_827,
    191_273_063,
    180_857_866,
    170_899_992,
    158_821_424,
    146_274_826,
    140_273_252,
    135_374_737,
    134_452_384,
    132_349_534,
    114_142_980,
    106_368_585,
    100_338_915,
    88_827_254,
    78_774_742,
    76_117_153,
    63_811_651,
    62_435_964,
    46_944_323,
    49_691_432,
    154_913_754,
    57_772_954,
];

/// The assembly that UCSC, or NCBI, calls so.
pub fn assembly(name: &str) -> Option<&'static Assembly> {
    let is_it = |known: &str| known.eq_ignore_ascii_case(name);
    ASSEMBLIES
        .iter()
        .find(|assembly| is_it(assembly.name) || is_it(assembly.other_name))
}

/// The place of a chromosome, by UCSC's name, among 1 to 22, X and Y.
pub(super) fn index(name: &str) -> Option<usize> {
    match name.strip_prefix("chr")? {
        "X" => Some(22),
        "Y" => Some(23),
        number => {
            let index = number.parse::<usize>().ok()?.checked_sub(1)?;
            Some(index).filter(|index| *index < 22)
        }
    }
}

impl Assembly {
    /// Names and lengths of its chromosomes.
    pub(crate) fn chromosomes(&self) -> impl Iterator<Item = (&'static str, u32)> + '_ {
        NAMES.into_iter().zip(self.lengths.iter().copied())
    }

    /// The length of a chromosome by UCSC's name.
    pub(crate) fn length(&self, name: &str) -> Option<u32> {
        Some(self.lengths[index(name)?])
    }

    /// Whether a text, such as that of `##reference`, speaks of it.
    pub(crate) fn is_named_in(&self, text: &str) -> bool {
        let text = text.to_ascii_lowercase();
        self.hints.iter().any(|hint| text.contains(hint))
    }

    /// Both of its names: `GRCh37 (hg19)`.
    pub(crate) fn names(&self) -> String {
        format!("{} ({})", self.other_name, self.name)
    }
}

/// UCSC's names of the nuclear chromosomes.
const NAMES: [&str; 24] = [
    "chr1", "chr2", "chr3", "chr4", "chr5", "chr6", "chr7", "chr8", "chr9", "chr10", "chr11", "chr12", "chr13",
    "chr14", "chr15", "chr16", "chr17", "chr18", "chr19", "chr20", "chr21", "chr22", "chrX", "chrY",
];

/// UCSC's name of a chromosome that a file may call `1`, `chr1`, `Chr1`, `NC_000001.10` or `CM000663.1`; other names as
/// they are.
pub fn ucsc_name(name: &str) -> &str {
    let short = match name.get(..3) {
        Some(prefix) if prefix.eq_ignore_ascii_case("chr") => &name[3..],
        _ => name,
    };
    let index = match short {
        "X" | "x" => Some(22),
        "Y" | "y" => Some(23),
        "M" | "MT" | "m" | "mt" => return "chrM",
        number => number
            .parse::<usize>()
            .ok()
            .and_then(|number| number.checked_sub(1))
            .or_else(|| Accession::parse(name).map(|accession| accession.index)),
    };
    match index {
        Some(index) if index < NAMES.len() && !short.starts_with(['0', '+']) => NAMES[index],
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chromosomes_have_one_name_however_a_file_calls_them() {
        for (name, expected) in [
            ("1", "chr1"),
            ("chr22", "chr22"),
            ("CHR7", "chr7"),
            ("X", "chrX"),
            ("NC_000024.9", "chrY"),
            ("CM000685.2", "chrX"),
            ("MT", "chrM"),
            ("23", "chrX"),
            ("GL000191.1", "GL000191.1"),
            ("chrUn_gl000211", "chrUn_gl000211"),
            ("chr", "chr"),
            ("01", "01"),
        ] {
            assert_eq!(ucsc_name(name), expected);
        }
    }

    #[test]
    fn assemblies_are_told_by_length_and_by_name() {
        let lengths = ASSEMBLIES.map(|assembly| assembly.length("chr1"));
        assert_eq!(lengths, [Some(248_956_422), Some(249_250_621), Some(247_249_719)]);
        for (text, expected) in [
            ("1000GenomesPilot-NCBI36", "hg18"),
            ("human_b36_both.fasta", "hg18"),
            ("file:///data/hs37d5.fa", "hg19"),
            ("GRCh38.p13", "hg38"),
        ] {
            let named: Vec<_> = ASSEMBLIES
                .iter()
                .filter(|assembly| assembly.is_named_in(text))
                .collect();
            assert_eq!((named.len(), named[0].name), (1, expected), "{text}");
        }
    }
}
