//! Proteins, read from the genome in the plainest way, and what a name of HGVS makes of them: written apart from the
//! engine, to judge it.

use std::collections::HashMap;
use std::ops::Range;

/// A coding transcript of refGene: exons and coding sequence by position, 0-based and half-open.
pub(super) struct Gene {
    pub(super) name: String,
    pub(super) is_reverse: bool,
    pub(super) exons: Vec<Range<usize>>,
    pub(super) cds: Range<usize>,
}

impl Gene {
    /// Reads a row of refGene; `None` for what does not code, or does not in frames that continue.
    pub(super) fn parse(row: &str) -> Option<Self> {
        let columns: Vec<&str> = row.split('\t').collect();
        let list = |text: &str| -> Vec<usize> { text.split(',').filter_map(|number| number.parse().ok()).collect() };
        let cds: Range<usize> = columns[6].parse().ok()?..columns[7].parse().ok()?;
        let exons: Vec<Range<usize>> = list(columns[9])
            .into_iter()
            .zip(list(columns[10]))
            .map(|(start, end)| start..end)
            .collect();
        let coding: usize = exons
            .iter()
            .map(|exon| exon.end.min(cds.end).saturating_sub(exon.start.max(cds.start)))
            .sum();
        let is_whole = columns[13] == "cmpl" && columns[14] == "cmpl";
        (is_whole && coding > 0 && coding.is_multiple_of(3)).then(|| Self {
            name: columns[1].to_owned(),
            is_reverse: columns[3] == "-",
            exons,
            cds,
        })
    }

    /// The messenger, and how many bases of it come before the coding sequence and after it.
    fn messenger(&self, bases: &[u8]) -> (Vec<u8>, usize, usize) {
        let (mut messenger, mut left, mut right) = (Vec::new(), 0, 0);
        for exon in &self.exons {
            messenger.extend_from_slice(&bases[exon.clone()]);
            left += exon.end.min(self.cds.start).saturating_sub(exon.start);
            right += exon.end.saturating_sub(exon.start.max(self.cds.end));
        }
        match self.is_reverse {
            false => (messenger, left, right),
            true => (reverse(&messenger), right, left),
        }
    }

    /// The protein up to its first stop.
    pub(super) fn protein(&self, bases: &[u8]) -> String {
        let (messenger, before, _) = self.messenger(bases);
        translated(&messenger[before..])
    }

    /// The places of the coding sequence on the chromosome, in its order.
    pub(super) fn coding(&self) -> Vec<usize> {
        let exons = self.exons.iter().cloned().flatten();
        exons.filter(|at| self.cds.contains(at)).collect()
    }

    /// The codons of the coding sequence that an edit touches, from 0, in the chromosome's order. One that is put in between two codons
    /// touches none.
    pub(super) fn codons(&self, edit: &Range<usize>) -> Vec<usize> {
        let codon = |at: usize| self.coding().iter().position(|own| *own == at).map(|place| place / 3);
        match edit.is_empty() {
            true => {
                let beside = [codon(edit.start - 1), codon(edit.start)];
                beside[0].filter(|_| beside[0] == beside[1]).into_iter().collect()
            }
            false => edit.clone().filter_map(codon).collect(),
        }
    }

    /// The protein after edits behind the start codon, none of which overlap, by position.
    pub(super) fn protein_with(&self, bases: &[u8], edits: &[(Range<usize>, Vec<u8>)]) -> String {
        let mut messenger = Vec::new();
        for exon in &self.exons {
            let mut at = exon.start;
            for (edit, inserted) in edits
                .iter()
                .filter(|(edit, _)| edit.start >= exon.start && edit.end <= exon.end)
            {
                messenger.extend_from_slice(&bases[at..edit.start]);
                messenger.extend_from_slice(inserted);
                at = edit.end;
            }
            messenger.extend_from_slice(&bases[at..exon.end]);
        }
        let (_, before, _) = self.messenger(bases);
        match self.is_reverse {
            false => translated(&messenger[before..]),
            true => translated(&reverse(&messenger)[before..]),
        }
    }

    /// The protein after bases `edit` of one exon are replaced by `inserted`: that of before, if all from the start codon
    /// on is there; else read from an ATG as far from the messenger's 5' end as before or, else, as far from its 3' end;
    /// `None` if there is none.
    pub(super) fn changed_protein(&self, bases: &[u8], edit: &Range<usize>, inserted: &[u8]) -> Option<String> {
        let (old, before, _) = self.messenger(bases);
        let exon = self
            .exons
            .iter()
            .position(|exon| exon.start <= edit.start && exon.end >= edit.end)?;
        let mut parts: Vec<Vec<u8>> = self.exons.iter().map(|exon| bases[exon.clone()].to_vec()).collect();
        let offset = edit.start - self.exons[exon].start;
        parts[exon].splice(offset..offset + edit.len(), inserted.iter().copied());
        let mut messenger = parts.concat();
        if self.is_reverse {
            messenger = reverse(&messenger);
        }
        // What lies behind the start codon leaves it as it is.
        let is_behind = match self.is_reverse {
            false => edit.start >= self.cds.start + 3,
            true => edit.end + 3 <= self.cds.end,
        };
        let from_end = (messenger.len() + before).checked_sub(old.len());
        let starts = |at: &usize| messenger.get(*at..*at + 3) == Some(b"ATG");
        let whole = from_end.filter(|at| !is_behind && messenger[*at..] == old[before..]);
        // An edit that begins before the start codon leaves a place for it if it puts in as much.
        let begins_at: usize = self
            .exons
            .iter()
            .map(|exon| match self.is_reverse {
                false => exon.end.min(edit.start).saturating_sub(exon.start),
                true => exon.end.saturating_sub(exon.start.max(edit.end)),
            })
            .sum();
        let has_place = begins_at >= before || before + 3 <= begins_at + inserted.len();
        let front = Some(before).filter(|_| has_place).filter(starts);
        let start = whole.or(front).or(from_end.filter(starts))?;
        Some(translated(&messenger[start..]))
    }
}

fn reverse(bases: &[u8]) -> Vec<u8> {
    let pair = |base: &u8| match base {
        b'A' => b'T',
        b'T' => b'A',
        b'C' => b'G',
        b'G' => b'C',
        other => *other,
    };
    bases.iter().rev().map(pair).collect()
}

pub(super) fn translated(bases: &[u8]) -> String {
    let mut protein = String::new();
    for codon in bases.chunks_exact(3) {
        let amino_acid = match codon {
            [b'T', b'T', b'T' | b'C'] => 'F',
            [b'T', b'T', _] | [b'C', b'T', _] => 'L',
            [b'A', b'T', b'G'] => 'M',
            [b'A', b'T', _] => 'I',
            [b'G', b'T', _] => 'V',
            [b'T', b'C', _] | [b'A', b'G', b'T' | b'C'] => 'S',
            [b'C', b'C', _] => 'P',
            [b'A', b'C', _] => 'T',
            [b'G', b'C', _] => 'A',
            [b'T', b'A', b'T' | b'C'] => 'Y',
            [b'T', b'A', _] | [b'T', b'G', b'A'] => '*',
            [b'T', b'G', b'G'] => 'W',
            [b'T', b'G', _] => 'C',
            [b'C', b'A', b'T' | b'C'] => 'H',
            [b'C', b'A', _] => 'Q',
            [b'A', b'A', b'T' | b'C'] => 'N',
            [b'A', b'A', _] => 'K',
            [b'G', b'A', b'T' | b'C'] => 'D',
            [b'G', b'A', _] => 'E',
            [b'C', b'G', _] | [b'A', b'G', _] => 'R',
            [b'G', b'G', _] => 'G',
            _ => 'X',
        };
        protein.push(amino_acid);
        if amino_acid == '*' {
            break;
        }
    }
    protein
}

/// Whether a name (`p.Ala5del`) is what turns a protein into another, each up to its stop.
pub(super) fn describes(name: &str, protein: &str, changed: &str) -> bool {
    let one = one_letter(name.strip_prefix("p.").unwrap());
    if let Some(place) = one.strip_suffix('=') {
        return changed == protein && placed(place, protein).is_some();
    }
    named(&one, protein, changed).unwrap_or(false)
}

fn named(one: &str, protein: &str, changed: &str) -> Option<bool> {
    for kind in ["delins", "del", "dup", "ins", "fs*", "ext*"] {
        let Some((place, rest)) = one.split_once(kind) else {
            continue;
        };
        return Some(match kind {
            "fs*" | "ext*" => {
                let (at, to) = (place.get(..place.len() - 1)?, place.chars().last()?);
                let (first, _) = placed(at, protein)?;
                let reads =
                    changed.starts_with(protein.get(..first - 1)?) && changed.get(first - 1..first)? == to.to_string();
                let stop = if kind == "fs*" { first - 1 } else { first };
                let ends = match rest {
                    "?" => !changed.ends_with('*'),
                    _ => changed.ends_with('*') && changed.len() == stop + rest.parse::<usize>().ok()?,
                };
                reads && ends && protein.get(first - 1..first)? != to.to_string()
            }
            _ => {
                let (first, last) = placed(place, protein)?;
                let (before, there, after) = (&protein[..first - 1], &protein[first - 1..last], &protein[last..]);
                let made = match kind {
                    "delins" => [before, rest, after].concat(),
                    "del" => [before, after].concat(),
                    "dup" => [before, there, there, after].concat(),
                    _ => [before, &there[..1], rest, &there[1..], after].concat(),
                };
                made.split_inclusive('*').next()? == changed
            }
        });
    }
    let (place, to) = one.split_at(one.len() - 1);
    let (first, _) = placed(place, protein)?;
    let made = [&protein[..first - 1], to, &protein[first..]].concat();
    Some(made.split_inclusive('*').next()? == changed)
}

/// First and last place, from 1; `None` if the protein has other amino acids there.
fn placed(place: &str, protein: &str) -> Option<(usize, usize)> {
    let one = |text: &str| -> Option<usize> {
        let at: usize = text.get(1..)?.parse().ok()?;
        (protein.get(at - 1..at)? == &text[..1]).then_some(at)
    };
    match place.split_once('_') {
        Some((first, last)) => Some((one(first)?, one(last)?)),
        None => Some((one(place)?, one(place)?)),
    }
}

/// Three letters as one, `Ala5_Ter9del` as `A5_*9del`.
pub(super) fn one_letter(name: &str) -> String {
    let letters: HashMap<&str, &str> = [
        ("Ala", "A"),
        ("Arg", "R"),
        ("Asn", "N"),
        ("Asp", "D"),
        ("Cys", "C"),
        ("Gln", "Q"),
        ("Glu", "E"),
        ("Gly", "G"),
        ("His", "H"),
        ("Ile", "I"),
        ("Leu", "L"),
        ("Lys", "K"),
        ("Met", "M"),
        ("Phe", "F"),
        ("Pro", "P"),
        ("Ser", "S"),
        ("Thr", "T"),
        ("Trp", "W"),
        ("Tyr", "Y"),
        ("Val", "V"),
        ("Ter", "*"),
        ("Xaa", "X"),
    ]
    .into();
    let (mut out, mut rest) = (String::new(), name);
    while let Some(letter) = rest.chars().next() {
        match rest.get(..3).and_then(|three| letters.get(three)) {
            Some(one) => {
                out += one;
                rest = &rest[3..];
            }
            None => {
                out.push(letter);
                rest = &rest[1..];
            }
        }
    }
    out
}
