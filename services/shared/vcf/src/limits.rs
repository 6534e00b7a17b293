//! The limits of a reader, which keep memory and time bounded whatever the input is.

/// Limits on a VCF file, so that neither memory nor time depends on who wrote it. A file beyond them is refused with a
/// reason, a [`VcfError`](crate::VcfError). The defaults are generous: real files stay far below them.
#[derive(Debug, Clone)]
pub struct Limits {
    /// The most bytes of text, unpacked where the input is compressed. Without a limit by default.
    pub unpacked_bytes: u64,
    /// How many times its own size a compressed input may unpack to, once it has unpacked to 64 MiB. Real VCF files
    /// stay under 200.
    pub expansion_ratio: u64,
    /// The longest line, in bytes; 100,000 samples need about 10 MB. A few lines of this length are held in memory.
    pub line_bytes: usize,
    /// The most bytes of the header, which is held in memory until its genome is decided.
    pub header_bytes: usize,
    /// The most lines of the header.
    pub header_lines: u64,
    /// The most `##contig` lines. GRCh38 with its HLA sequences has 3,366.
    pub contigs: usize,
    /// The most lines that define keys: `##INFO`, `##FORMAT`, `##FILTER`, `##ALT`.
    pub definitions: usize,
    /// The most samples.
    pub samples: usize,
    /// The longest name of a chromosome, in bytes.
    pub chromosome_bytes: usize,
    /// The most alleles in ALT. Joint calls of repeats have hundreds; BCF can hold 65,535.
    pub alternates: usize,
    /// The most bytes of REF, and of ALT.
    pub allele_bytes: usize,
    /// The most filters of a record.
    pub filters: usize,
    /// The most keys in INFO of a record.
    pub info_keys: usize,
    /// The most keys in FORMAT of a record.
    pub format_keys: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            unpacked_bytes: u64::MAX,
            expansion_ratio: 500,
            line_bytes: 32 << 20,
            header_bytes: 64 << 20,
            header_lines: 1_000_000,
            contigs: 200_000,
            definitions: 100_000,
            samples: 1_000_000,
            chromosome_bytes: 1000,
            alternates: 10_000,
            allele_bytes: 8 << 20,
            filters: 10_000,
            info_keys: 10_000,
            format_keys: 1000,
        }
    }
}
