//! How changes of proteins are written: `p.Ala52Thr`.

use std::fmt;

use reference::genetic_code::three_letters;

use super::protein::{Placed, ProteinChange};

impl fmt::Display for ProteinChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("p.")?;
        match self {
            Self::Unknown => f.write_str("?"),
            Self::StartLost => f.write_str("Met1?"),
            Self::Same { first, last } => {
                place(f, *first, last.unwrap_or(*first))?;
                f.write_str("=")
            }
            Self::Substitution { from, to } => {
                place(f, *from, *from)?;
                f.write_str(three_letters(*to))
            }
            Self::Extension { from, to, stop } => {
                place(f, *from, *from)?;
                write!(f, "{}extTer", three_letters(*to))?;
                number_or_unknown(f, *stop)
            }
            Self::Frameshift { from, to, stop } => {
                place(f, *from, *from)?;
                write!(f, "{}fsTer", three_letters(*to))?;
                number_or_unknown(f, *stop)
            }
            Self::Deletion { first, last } => {
                place(f, *first, *last)?;
                f.write_str("del")
            }
            Self::Duplication { first, last } => {
                place(f, *first, *last)?;
                f.write_str("dup")
            }
            Self::Insertion {
                before,
                after,
                inserted,
            } => {
                place(f, *before, *after)?;
                f.write_str("ins")?;
                chain(f, inserted)
            }
            Self::Replacement { first, last, inserted } => {
                place(f, *first, *last)?;
                f.write_str("delins")?;
                chain(f, inserted)
            }
        }
    }
}

fn number_or_unknown(f: &mut fmt::Formatter<'_>, number: Option<usize>) -> fmt::Result {
    match number {
        Some(number) => write!(f, "{number}"),
        None => f.write_str("?"),
    }
}

fn place(f: &mut fmt::Formatter<'_>, first: Placed, last: Placed) -> fmt::Result {
    write!(f, "{}{}", three_letters(first.0), first.1)?;
    if last == first {
        Ok(())
    } else {
        write!(f, "_{}{}", three_letters(last.0), last.1)
    }
}

fn chain(f: &mut fmt::Formatter<'_>, amino_acids: &[u8]) -> fmt::Result {
    amino_acids
        .iter()
        .try_for_each(|amino_acid| f.write_str(three_letters(*amino_acid)))
}
