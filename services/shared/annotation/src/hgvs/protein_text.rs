//! How changes of proteins are written: `p.Ala52Thr`.

use std::fmt;

use reference::genetic_code::three_letters;
use vcf::encode::number;

use super::protein::{Placed, ProteinChange};

impl ProteinChange {
    /// Appends the name as INFO may hold it, where `=` is `%3D`.
    #[inline]
    pub(crate) fn append_encoded(&self, out: &mut Vec<u8>) {
        self.append(out);
        if out.last() == Some(&b'=') {
            out.pop();
            out.extend_from_slice(b"%3D");
        }
    }

    /// Appends the name.
    fn append(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"p.");
        match self {
            Self::Unknown => out.push(b'?'),
            Self::StartLost => out.extend_from_slice(b"Met1?"),
            Self::Same { first, last } => {
                places(out, *first, last.unwrap_or(*first));
                out.push(b'=');
            }
            Self::Substitution { from, to } => {
                place(out, *from);
                letters(out, *to);
            }
            Self::Extension { from, to, stop } => {
                place(out, *from);
                letters(out, *to);
                out.extend_from_slice(b"extTer");
                number_or_unknown(out, *stop);
            }
            Self::Frameshift { from, to, stop } => {
                place(out, *from);
                letters(out, *to);
                out.extend_from_slice(b"fsTer");
                number_or_unknown(out, *stop);
            }
            Self::Deletion { first, last } => {
                places(out, *first, *last);
                out.extend_from_slice(b"del");
            }
            Self::Duplication { first, last } => {
                places(out, *first, *last);
                out.extend_from_slice(b"dup");
            }
            Self::Insertion {
                before,
                after,
                inserted,
            } => {
                places(out, *before, *after);
                out.extend_from_slice(b"ins");
                inserted.iter().for_each(|amino_acid| letters(out, *amino_acid));
            }
            Self::Replacement { first, last, inserted } => {
                places(out, *first, *last);
                out.extend_from_slice(b"delins");
                inserted.iter().for_each(|amino_acid| letters(out, *amino_acid));
            }
        }
    }
}

impl fmt::Display for ProteinChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = Vec::new();
        self.append(&mut text);
        f.write_str(&String::from_utf8_lossy(&text))
    }
}

fn number_or_unknown(out: &mut Vec<u8>, stop: Option<usize>) {
    match stop {
        Some(stop) => number(out, stop),
        None => out.push(b'?'),
    }
}

#[inline]
fn letters(out: &mut Vec<u8>, amino_acid: u8) {
    // Three bytes, so that they are stored without a call.
    let letters: Result<[u8; 3], _> = three_letters(amino_acid).as_bytes().try_into();
    out.extend_from_slice(&letters.unwrap_or(*b"Xaa"));
}

#[inline]
fn place(out: &mut Vec<u8>, (amino_acid, at): Placed) {
    letters(out, amino_acid);
    number(out, at);
}

fn places(out: &mut Vec<u8>, first: Placed, last: Placed) {
    place(out, first);
    if last != first {
        out.push(b'_');
        place(out, last);
    }
}
