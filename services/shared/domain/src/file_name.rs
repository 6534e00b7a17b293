//! The name a person's file had, made safe to store, show and send back.

use std::fmt;

use crate::ResultsFormat;

/// The original name of an uploaded file: one to 200 characters, no path, nothing that cannot be seen.
///
/// It is shown and sent back in `Content-Disposition`, never used as a path.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FileName(String);

impl FileName {
    const MAX_CHARS: usize = 200;
    /// File systems take names of 255 bytes, and results add an ending.
    const MAX_BYTES: usize = 230;

    /// Takes whatever a browser sent. Folders are cut off, characters that are not seen or turn the others around dropped,
    /// and what is too long; what is then empty is called `input.vcf`.
    #[must_use]
    pub fn from_untrusted(raw: &str) -> Self {
        let last = raw.rsplit(['/', '\\']).next().unwrap_or_default();
        let mut visible: String = last.chars().filter(|c| is_visible(*c)).take(Self::MAX_CHARS).collect();
        visible.truncate(visible.floor_char_boundary(Self::MAX_BYTES));
        match visible.trim().trim_start_matches('.') {
            "" => Self("input.vcf".to_owned()),
            name => Self(name.to_owned()),
        }
    }

    /// The name as it is shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `<name>.annot.vcf.gz`, or `<name>.annot.vcf` if it is plain, where `<name>` is the file name without `.vcf`,
    /// `.vcf.gz` or `.bcf`.
    #[must_use]
    pub fn results(&self, format: ResultsFormat) -> Self {
        let ending = match format {
            ResultsFormat::Plain => "annot.vcf",
            ResultsFormat::Bgzip => "annot.vcf.gz",
        };
        Self(format!("{}.{ending}", self.stem()))
    }

    /// `<name>.annot.vcf.gz.tbi`: programs look for the index beside the results, under this name.
    #[must_use]
    pub fn index(&self) -> Self {
        Self(format!("{}.tbi", self.results(ResultsFormat::Bgzip)))
    }

    /// `<name>.annot.parquet`: the variants of the results as a table.
    #[must_use]
    pub fn variants(&self) -> Self {
        Self(format!("{}.annot.parquet", self.stem()))
    }

    /// `<name>.vcf.count.log`, where `<name>` is the file name without `.vcf`, `.vcf.gz` or `.bcf`.
    #[must_use]
    pub fn log(&self) -> Self {
        Self(format!("{}.vcf.count.log", self.stem()))
    }

    /// The name in the alphabet that S3 calls safe for keys: letters, digits, `.`, `_` and `-`
    /// (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html>).
    #[must_use]
    pub fn to_key_segment(&self) -> String {
        let safe = |c: char| {
            if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-') {
                c
            } else {
                '_'
            }
        };
        self.0.chars().map(safe).collect()
    }

    fn stem(&self) -> &str {
        let ends = |ending: &str| {
            let at = self.0.len().checked_sub(ending.len())?;
            let tail = self.0.get(at..)?;
            (at > 0 && tail.eq_ignore_ascii_case(ending)).then(|| &self.0[..at])
        };
        [".vcf.gz", ".vcf.bgz", ".vcf", ".bcf"]
            .iter()
            .find_map(|ending| ends(ending))
            .unwrap_or(&self.0)
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// No controls, no separators of lines, and none of the marks that turn text around or have no width.
pub(crate) fn is_visible(c: char) -> bool {
    let unseen = matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}');
    !c.is_control() && !unseen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_names_lose_paths_and_controls() {
        for (raw, kept) in [
            ("test.vcf", "test.vcf"),
            ("../../etc/passwd", "passwd"),
            ("C:\\data\\my file.vcf", "my file.vcf"),
            ("a\r\nSet-Cookie: x.vcf", "aSet-Cookie: x.vcf"),
            ("\u{202e}fcv.exe", "fcv.exe"),
            ("  ..  ", "input.vcf"),
            ("", "input.vcf"),
            ("пример.vcf", "пример.vcf"),
        ] {
            assert_eq!(FileName::from_untrusted(raw).as_str(), kept, "{raw:?}");
        }
    }

    #[test]
    fn odd_names_become_plain_ones() {
        for (raw, kept) in [
            ("a\u{1}b\u{7f}c\u{85}.vcf", "abc.vcf"),
            ("a\tb\0c.vcf", "abc.vcf"),
            ("line\u{2028}and\u{2029}page.vcf", "lineandpage.vcf"),
            ("\u{200f}\u{2067}right\u{2069}.vcf", "right.vcf"),
            ("no\u{200b}width\u{2060}.vcf", "nowidth.vcf"),
            ("100%.vcf", "100%.vcf"),
            ("%0d%0a.vcf", "%0d%0a.vcf"),
            ("\"quoted\" 'twice'.vcf", "\"quoted\" 'twice'.vcf"),
            ("a/b\\c.vcf", "c.vcf"),
            ("/", "input.vcf"),
            ("\u{202e}\u{feff}\r\n", "input.vcf"),
        ] {
            assert_eq!(FileName::from_untrusted(raw).as_str(), kept, "{raw:?}");
        }
    }

    #[test]
    fn long_names_fit_into_a_file_system_whatever_is_added() {
        let length = |raw: &str| FileName::from_untrusted(raw).as_str().len();
        assert_eq!(length(&"x".repeat(3000)), 200);
        assert_eq!(length(&"é".repeat(500)), 230);
        assert_eq!(length(&"😀".repeat(500)), 228);
    }

    #[test]
    fn results_and_log_are_named_after_the_input() {
        for (input, results, log) in [
            ("test.vcf", "test.annot.vcf", "test.vcf.count.log"),
            ("TEST.VCF", "TEST.annot.vcf", "TEST.vcf.count.log"),
            ("a.vcf.gz", "a.annot.vcf", "a.vcf.count.log"),
            ("a.bcf", "a.annot.vcf", "a.vcf.count.log"),
            ("my.txt", "my.txt.annot.vcf", "my.txt.vcf.count.log"),
            ("é.vcf", "é.annot.vcf", "é.vcf.count.log"),
        ] {
            let name = FileName::from_untrusted(input);
            let plain = name.results(ResultsFormat::Plain);
            assert_eq!((plain.as_str(), name.log().as_str()), (results, log));
            assert_eq!(name.results(ResultsFormat::Bgzip).as_str(), format!("{results}.gz"));
            assert_eq!(name.index().as_str(), format!("{results}.gz.tbi"));
            let stem = results.strip_suffix(".vcf").unwrap();
            assert_eq!(name.variants().as_str(), format!("{stem}.parquet"));
        }
    }

    #[test]
    fn key_segments_are_plain_ascii() {
        assert_eq!(
            FileName::from_untrusted("my file é.vcf").to_key_segment(),
            "my_file__.vcf"
        );
    }
}
