//! A line of GFF3 or GTF: a feature with its attributes.
//!
//! Both have the same nine columns, <https://github.com/The-Sequence-Ontology/Specifications/blob/master/gff3.md> and
//! <https://www.ensembl.org/info/website/upload/gff.html>; only the last differs. The lines are read here and not by a library
//! because an error has to name its line, a line has to have a limit, and the dialects differ where libraries are strict:
//! quotes that hold semicolons, values without quotes, commas that are not encoded, keys that occur twice.

use std::borrow::Cow;

/// A feature. Its span is 0-based and half-open.
#[derive(Debug)]
pub(super) struct Feature<'l> {
    pub(super) chromosome: &'l str,
    pub(super) kind: &'l str,
    pub(super) span: (u32, u32),
    /// Whether it begins on the chromosome, and not before it, as features do in files of a region that was cut out.
    pub(super) is_inside: bool,
    /// `None` if it has none, or if it is not known.
    pub(super) is_reverse: Option<bool>,
    /// How many of its bases come before the first one of a codon.
    pub(super) phase: Option<u8>,
    /// Whether its attributes are those of GFF3, `key=value`, and not those of GTF, `key "value"`.
    pub(super) is_gff3: bool,
    attributes: &'l str,
}

/// One attribute: its key and value as they are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Attribute<'l> {
    pub(super) key: &'l str,
    value: &'l str,
    /// GFF3 encodes characters, and separates values by commas.
    is_gff3: bool,
}

impl<'l> Feature<'l> {
    /// Reads a line.
    ///
    /// # Errors
    /// What is wrong with it, in a sentence.
    pub(super) fn parse(line: &'l str) -> Result<Self, String> {
        let columns: Vec<&str> = line.splitn(10, '\t').collect();
        let [chromosome, _, kind, start, end, _, strand, phase, attributes] = columns[..] else {
            return Err(format!(
                "a line of GFF3 or GTF has nine columns, separated by tabs; this one has {}",
                if columns.len() > 9 {
                    "more".to_owned()
                } else {
                    columns.len().to_string()
                }
            ));
        };
        let number = |text: &str, what: &str| {
            let number = text.parse::<i64>().ok().filter(|number| *number <= i64::from(u32::MAX));
            number.ok_or_else(|| format!("the {what} of the feature is no position: {}", shown(text)))
        };
        let (start, end) = (number(start, "start")?, number(end, "end")?);
        if start > end {
            return Err(format!("the feature starts at {start}, after its end at {end}"));
        }
        let span = ((start - 1).max(0) as u32, end.max(0) as u32);
        let is_reverse = match strand {
            "+" => Some(false),
            "-" => Some(true),
            "." | "?" => None,
            other => return Err(format!("the strand is none of +, -, . and ?: {}", shown(other))),
        };
        let phase = match phase {
            "." => None,
            "0" | "1" | "2" => Some(phase.as_bytes()[0] - b'0'),
            other => {
                return Err(format!(
                    "the phase is none of 0, 1, 2 and a full stop: {}",
                    shown(other)
                ));
            }
        };
        let attributes = attributes.trim_start();
        let separator = attributes.find(['=', '"', ' ']);
        let is_gff3 = separator.is_some_and(|at| attributes[at..].starts_with('='));
        Ok(Self {
            chromosome,
            kind,
            span,
            is_inside: start > 0,
            is_reverse,
            phase,
            is_gff3,
            attributes,
        })
    }

    /// Its attributes, in order.
    pub(super) fn attributes(&self) -> impl Iterator<Item = Attribute<'l>> + use<'l> {
        let (mut rest, is_gff3) = (self.attributes, self.is_gff3);
        std::iter::from_fn(move || {
            loop {
                rest = rest.trim_start_matches([' ', ';']);
                if rest.is_empty() {
                    return None;
                }
                let (one, after) = if is_gff3 { gff3(rest) } else { gtf(rest) };
                rest = after;
                if one.is_some() {
                    return one;
                }
            }
        })
    }

    /// The value of an attribute; of its first occurrence.
    pub(super) fn get(&self, key: &str) -> Option<Attribute<'l>> {
        self.attributes().find(|attribute| attribute.key == key)
    }
}

/// The first attribute of GFF3, and what follows it.
fn gff3(text: &str) -> (Option<Attribute<'_>>, &str) {
    let (one, rest) = text.split_once(';').unwrap_or((text, ""));
    let pair = one.split_once('=');
    let one = pair.map(|(key, value)| Attribute {
        key: key.trim(),
        value: value.trim(),
        is_gff3: true,
    });
    (one, rest)
}

/// The first attribute of GTF, and what follows it.
fn gtf(text: &str) -> (Option<Attribute<'_>>, &str) {
    let end = text.find([' ', ';', '=']).unwrap_or(text.len());
    let (key, rest) = (&text[..end], text[end..].trim_start_matches([' ', '=']));
    let (value, rest) = match rest.strip_prefix('"') {
        Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
        None => rest.split_at(rest.find(';').unwrap_or(rest.len())),
    };
    let one = Attribute {
        key,
        value: value.trim(),
        is_gff3: false,
    };
    // A full stop stands for none.
    ((!key.is_empty() && key != ".").then_some(one), rest)
}

impl<'l> Attribute<'l> {
    /// Its value.
    pub(super) fn value(self) -> Cow<'l, str> {
        self.decode(self.value)
    }

    /// Its values, of which GFF3 may have several.
    pub(super) fn values(self) -> impl Iterator<Item = Cow<'l, str>> {
        let separator = if self.is_gff3 { ',' } else { '\0' };
        self.value.split(separator).map(move |value| self.decode(value.trim()))
    }

    /// A value whose characters GFF3 may have written as `%` and two digits.
    fn decode(self, value: &'l str) -> Cow<'l, str> {
        if !self.is_gff3 || !value.contains('%') {
            return Cow::Borrowed(value);
        }
        let mut bytes = Vec::with_capacity(value.len());
        let mut rest = value.as_bytes();
        while let [first, after @ ..] = rest {
            let encoded = after.get(..2).filter(|_| *first == b'%').and_then(|digits| {
                let digits = std::str::from_utf8(digits).ok()?;
                u8::from_str_radix(digits, 16).ok()
            });
            bytes.push(encoded.unwrap_or(*first));
            rest = if encoded.is_some() { &after[2..] } else { after };
        }
        Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// A text as a message may show it.
fn shown(text: &str) -> String {
    vcf::Shown::new(text.as_bytes()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attributes(text: &str) -> Vec<(String, Vec<String>)> {
        let line = format!("1\tsource\texon\t1\t2\t.\t+\t.\t{text}");
        let feature = Feature::parse(&line).unwrap();
        let pair = |one: Attribute<'_>| (one.key.to_owned(), one.values().map(Cow::into_owned).collect());
        feature.attributes().map(pair).collect()
    }

    fn pairs(expected: &[(&str, &[&str])]) -> Vec<(String, Vec<String>)> {
        let owned = |values: &&[&str]| values.iter().map(|value| (*value).to_owned()).collect();
        expected
            .iter()
            .map(|(key, values)| ((*key).to_owned(), owned(values)))
            .collect()
    }

    #[test]
    fn gff3_separates_by_commas_and_encodes_what_is_none() {
        let text =
            "ID=rna-NM_1.2;Dbxref=GeneID:6414,HGNC:HGNC:10751;transl_except=(pos:1..3%2Caa:Sec); Note=50%25 ; ;last=";
        let expected: &[(&str, &[&str])] = &[
            ("ID", &["rna-NM_1.2"]),
            ("Dbxref", &["GeneID:6414", "HGNC:HGNC:10751"]),
            ("transl_except", &["(pos:1..3,aa:Sec)"]),
            ("Note", &["50%"]),
            ("last", &[""]),
        ];
        assert_eq!(attributes(text), pairs(expected));
        assert_eq!(attributes("."), []);
    }

    #[test]
    fn gtf_has_quotes_or_none_and_keys_that_occur_twice() {
        let text = r#"gene_id "ENSG1"; level 2; tag "basic"; tag "CCDS"; note "a; b=c, d";description "open"#;
        let expected: &[(&str, &[&str])] = &[
            ("gene_id", &["ENSG1"]),
            ("level", &["2"]),
            ("tag", &["basic"]),
            ("tag", &["CCDS"]),
            ("note", &["a; b=c, d"]),
            ("description", &["open"]),
        ];
        assert_eq!(attributes(text), pairs(expected));
    }

    #[test]
    fn a_line_that_is_no_feature_says_why() {
        let refused = |line: &str| Feature::parse(&line.replace(' ', "\t")).unwrap_err();
        assert_eq!(
            refused("1 a exon 5"),
            "a line of GFF3 or GTF has nine columns, separated by tabs; this one has 4"
        );
        assert_eq!(
            refused("1 a exon 5x 9 . + . x"),
            "the start of the feature is no position: 5x"
        );
        assert_eq!(
            refused("1 a exon 9 5 . + . x"),
            "the feature starts at 9, after its end at 5"
        );
        assert_eq!(
            refused("1 a exon 5 9 . x . x"),
            "the strand is none of +, -, . and ?: x"
        );
        assert_eq!(
            refused("1 a exon 5 9 . + 3 x"),
            "the phase is none of 0, 1, 2 and a full stop: 3"
        );
    }
}
