//! What the header of the results says of keys and samples.

use std::collections::HashMap;
use std::ops::Range;

use super::stretch::{Next, Stretch};
use crate::error::Error;

/// The most bytes of a header, packed.
const MOST: u64 = 16 << 20;

/// What a header declares.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Declared {
    /// What INFO keys mean, as far as their lines say it.
    pub info: HashMap<String, String>,
    /// What FORMAT keys mean.
    pub format: HashMap<String, String>,
    /// The names of the samples, in order.
    pub samples: Vec<String>,
}

/// Reads the header: [`wants`](Self::wants) and [`take`](Self::take) until it wants nothing, then [`finish`](Self::finish).
#[derive(Debug)]
pub struct HeaderSearch {
    stretch: Option<Stretch>,
    /// Bytes of the packed results.
    size: u64,
    declared: Declared,
}

impl HeaderSearch {
    /// Begins to read the header of results of `size` bytes.
    #[must_use]
    pub fn new(size: u64) -> Self {
        Self {
            stretch: Some(Stretch::whole()),
            size,
            declared: Declared::default(),
        }
    }

    /// Which bytes of the packed results it needs next (from 0, the end excluded); `None` when it is done.
    #[must_use]
    pub fn wants(&self) -> Option<Range<u64>> {
        let range = self.stretch.as_ref()?.wants(self.size)?;
        (range.start < MOST).then_some(range)
    }

    /// Reads these bytes, those of [`wants`](Self::wants).
    ///
    /// # Errors
    ///
    /// If they are no bgzip.
    pub fn take(&mut self, packed: &[u8]) -> Result<(), Error> {
        let Some(mut stretch) = self.stretch.take() else {
            return Ok(());
        };
        let declared = &mut self.declared;
        let next = stretch.take(packed, self.size, |line| declared.read(&String::from_utf8_lossy(line)))?;
        self.stretch = (next == Next::Line).then_some(stretch);
        Ok(())
    }

    /// What it declares.
    #[must_use]
    pub fn finish(self) -> Declared {
        self.declared
    }
}

impl Declared {
    fn read(&mut self, line: &str) -> Next {
        if let Some(value) = line.strip_prefix("##INFO=<") {
            self.info.extend(described(value));
        } else if let Some(value) = line.strip_prefix("##FORMAT=<") {
            self.format.extend(described(value));
        } else if !line.starts_with("##") {
            self.samples = line.split('\t').skip(9).map(str::to_owned).collect();
            return Next::Nothing;
        }
        Next::Line
    }
}

/// ID and Description of a line, if it has both: `ID=AC,Number=A,Type=Integer,Description="Allele \"count\"">`.
fn described(value: &str) -> Option<(String, String)> {
    let (mut id, mut description) = (None, None);
    let mut rest = value;
    while let Some((key, after)) = rest.split_once('=') {
        let text;
        (text, rest) = match after.strip_prefix('"') {
            Some(quoted) => unquoted(quoted),
            None => {
                let end = after.find([',', '>']).unwrap_or(after.len());
                (after[..end].to_owned(), &after[end..])
            }
        };
        match key {
            "ID" => id = Some(text),
            "Description" => description = Some(text),
            _ => {}
        }
        rest = rest.strip_prefix(',').unwrap_or_default().trim_start();
    }
    Some((id?, description?))
}

/// The text up to the quotation mark that ends it, and what is behind that.
fn unquoted(quoted: &str) -> (String, &str) {
    let mut text = String::new();
    let mut letters = quoted.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return (text, &quoted[at + 1..]),
            '\\' => text.extend(letters.next().map(|(_, escaped)| escaped)),
            _ => text.push(letter),
        }
    }
    (text, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_tells_its_key_and_its_description_in_any_order() {
        let of = |line: &str| described(line).unwrap();
        let pair = |id: &str, text: &str| (id.to_owned(), text.to_owned());
        assert_eq!(
            of(r#"ID=AC,Number=A,Type=Integer,Description="A, \"of\" ALT > 0">"#),
            pair("AC", r#"A, "of" ALT > 0"#)
        );
        assert_eq!(of(r#"ID=AC, Description="Count",Source="x">"#), pair("AC", "Count"));
        assert_eq!(of(r#"Description="=,",ID=AN>"#), pair("AN", "=,"));
        assert_eq!(
            described(r#"ID=AC,Description="not ended"#),
            Some(pair("AC", "not ended"))
        );
        assert_eq!(described("ID=AC>"), None);
    }
}
