//! The name a person's file had, made safe to store, show and send back.

use std::fmt;

use crate::ResultsFormat;

/// The original name of an uploaded file: one to 200 characters, no path, no control characters.
///
/// It is shown and sent back in `Content-Disposition`, never used as a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileName(String);

impl FileName {
    const MAX_CHARS: usize = 200;

    /// Takes whatever a browser sent. Folders are cut off, control and bidirectional-override characters dropped;
    /// what is then empty is called `input.vcf`.
    #[must_use]
    pub fn from_untrusted(raw: &str) -> Self {
        let last = raw.rsplit(['/', '\\']).next().unwrap_or_default();
        let visible: String = last.chars().filter(|c| is_visible(*c)).take(Self::MAX_CHARS).collect();
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

    /// `<name>.annot.vcf.gz`, or `<name>.annot.vcf` if it is plain, where `<name>` is the file name without `.vcf` or
    /// `.vcf.gz`.
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

    /// `<name>.vcf.count.log`, where `<name>` is the file name without `.vcf` or `.vcf.gz`.
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
        [".vcf.gz", ".vcf.bgz", ".vcf"]
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

fn is_visible(c: char) -> bool {
    let reorders =
        matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    !c.is_control() && !reorders
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
        assert_eq!(FileName::from_untrusted(&"é".repeat(500)).as_str().chars().count(), 200);
    }

    #[test]
    fn results_and_log_are_named_after_the_input() {
        for (input, results, log) in [
            ("test.vcf", "test.annot.vcf", "test.vcf.count.log"),
            ("TEST.VCF", "TEST.annot.vcf", "TEST.vcf.count.log"),
            ("a.vcf.gz", "a.annot.vcf", "a.vcf.count.log"),
            ("my.txt", "my.txt.annot.vcf", "my.txt.vcf.count.log"),
            ("é.vcf", "é.annot.vcf", "é.vcf.count.log"),
        ] {
            let name = FileName::from_untrusted(input);
            let plain = name.results(ResultsFormat::Plain);
            assert_eq!((plain.as_str(), name.log().as_str()), (results, log));
            assert_eq!(name.results(ResultsFormat::Bgzip).as_str(), format!("{results}.gz"));
            assert_eq!(name.index().as_str(), format!("{results}.gz.tbi"));
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
