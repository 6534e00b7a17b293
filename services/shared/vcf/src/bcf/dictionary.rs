//! The names that records refer to by number: of contigs, and of filters and keys together.

use std::collections::HashMap;

use memchr::memchr;

use super::BcfFault;

/// Numbers beyond this are none of a header that is read: its lines are limited far below.
const MOST_NUMBER: usize = 1 << 20;

/// Both dictionaries.
#[derive(Default)]
pub(super) struct Dictionaries {
    pub(super) contigs: Dictionary,
    /// `PASS` is 0, whatever the header says.
    pub(super) keys: Dictionary,
}

/// Names by their numbers: those that `IDX` gives them, or their places among the lines that define one.
#[derive(Default)]
pub(super) struct Dictionary {
    names: Vec<Box<[u8]>>,
    numbers: HashMap<Box<[u8]>, usize>,
}

impl Dictionary {
    /// The name of a number.
    #[inline]
    pub(super) fn name(&self, number: i32) -> Option<&[u8]> {
        let number = usize::try_from(number).ok()?;
        let name = self.names.get(number).map(AsRef::as_ref);
        name.filter(|name| !name.is_empty())
    }

    /// Gives a name its number. Filters and keys of one name have one number, that of the first line.
    fn add(&mut self, name: &[u8], number: Option<usize>) -> Result<(), BcfFault> {
        if self.numbers.contains_key(name) {
            return Ok(());
        }
        let number = number.unwrap_or(self.names.len());
        if number > MOST_NUMBER {
            return Err(BcfFault::new("an IDX that is too great a number"));
        }
        if number >= self.names.len() {
            self.names.resize(number + 1, Box::default());
        }
        self.names[number] = name.into();
        self.numbers.insert(name.into(), number);
        Ok(())
    }
}

impl Dictionaries {
    /// Reads a line of the header, and appends it as VCF has it, without `IDX`.
    pub(super) fn read_line(&mut self, line: &[u8], text: &mut Vec<u8>) -> Result<(), BcfFault> {
        let defined = ["##contig=<", "##INFO=<", "##FORMAT=<", "##FILTER=<"]
            .into_iter()
            .find_map(|start| Some((start, line.strip_prefix(start.as_bytes())?)));
        let Some((start, rest)) = defined else {
            text.extend_from_slice(line);
            return Ok(());
        };
        let dictionary = match start {
            "##contig=<" => &mut self.contigs,
            _ => {
                self.keys.add(b"PASS", Some(0))?;
                &mut self.keys
            }
        };
        text.extend_from_slice(start.as_bytes());
        let (mut name, mut number, mut is_first, mut done) = (None, None, true, 0);
        for (from, to) in attributes(rest) {
            let (key, value) = rest[from..to].split_at(memchr(b'=', &rest[from..to]).map_or(to - from, |at| at + 1));
            match key {
                b"IDX=" => {
                    let read = std::str::from_utf8(value).ok().and_then(|value| value.parse().ok());
                    number = Some(read.ok_or(BcfFault::new("an IDX that is no number"))?);
                }
                _ => {
                    if key == b"ID=" {
                        name = Some(value);
                    }
                    text.extend_from_slice(if is_first { b"" } else { b"," });
                    text.extend_from_slice(&rest[from..to]);
                    is_first = false;
                }
            }
            done = to;
        }
        text.extend_from_slice(&rest[done..]);
        name.map_or(Ok(()), |name| dictionary.add(name, number))
    }
}

/// Where the attributes of a line of the header are, up to `>` or the end of the line; commas in quotes separate nothing.
fn attributes(rest: &[u8]) -> impl Iterator<Item = (usize, usize)> + '_ {
    let mut from = Some(0);
    std::iter::from_fn(move || {
        let begin = from?;
        let (mut is_quoted, mut is_escaped) = (false, false);
        let end = rest[begin..].iter().position(|byte| {
            let ends = !is_quoted && matches!(byte, b',' | b'>' | b'\r' | b'\n');
            match byte {
                _ if is_escaped => is_escaped = false,
                b'\\' => is_escaped = is_quoted,
                b'"' => is_quoted = !is_quoted,
                _ => {}
            }
            ends
        });
        let end = end.map_or(rest.len(), |at| begin + at);
        from = (rest.get(end) == Some(&b',')).then_some(end + 1);
        Some((begin, end))
    })
}
