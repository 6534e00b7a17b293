//! Alignments of transcripts with their chromosome, as NCBI has them in features `cDNA_match`.
//!
//! An alignment has a feature for each exon, `Target=NM_015120.4 1 438 +;Gap=M185 I3 M250`: bases of the transcript, counted
//! from 1, and runs of bases in the transcript's direction, which both have (M), or the transcript alone (I), or the
//! chromosome alone (D), <https://github.com/The-Sequence-Ontology/Specifications/blob/master/gff3.md#the-gap-attribute>. The features
//! `exon` of the same transcript are not that: where the frame would not go on, NCBI leaves bases of the chromosome out, two for
//! one that it lacks, and makes two exons of one.

use super::model::{Span, are_in_order};

/// Introns of fewer bases are gaps of an alignment: nothing is spliced there.
pub(super) const SHORTEST_INTRON: u32 = 13;

/// One alignment.
#[derive(Debug)]
pub(super) struct Alignment {
    pub(super) id: Box<str>,
    pub(super) is_reverse: bool,
    /// `None` once a part of it could not be read.
    blocks: Option<Vec<Block>>,
    differs: bool,
}

/// What of a transcript is aligned with one exon. Spans are 0-based and half-open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    span: Span,
    /// Its bases in the transcript.
    own: Span,
    runs: Vec<(Run, u32)>,
}

/// Which of both has bases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Run {
    Both,
    Transcript,
    Chromosome,
}

/// Bases that a transcript and its chromosome both have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) span: Span,
    /// Its first base in the transcript, from 0.
    pub(super) at: u32,
    /// Whether it goes on with the exon of the piece before.
    pub(super) goes_on: bool,
}

impl Alignment {
    pub(super) fn new(id: &str, is_reverse: bool) -> Self {
        Self {
            id: id.into(),
            is_reverse,
            blocks: Some(Vec::new()),
            differs: false,
        }
    }

    /// Adds a part, `None` for one that cannot be read; `differs` if it has bases that are not the same.
    pub(super) fn add(&mut self, block: Option<Block>, differs: bool) {
        self.differs |= differs || block.as_ref().is_none_or(|block| block.runs.len() > 1);
        match (&mut self.blocks, block) {
            (Some(blocks), Some(block)) => blocks.push(block),
            (blocks, _) => *blocks = None,
        }
    }

    /// Whether not every base is aligned with the same one.
    pub(super) fn differs(&self) -> bool {
        self.differs || self.has_hole()
    }

    /// Whether the transcript has bases between two parts that are not aligned.
    fn has_hole(&self) -> bool {
        let mut own: Vec<Span> = self.blocks.iter().flatten().map(|block| block.own).collect();
        own.sort_unstable();
        own.windows(2).any(|pair| pair[0].1 != pair[1].0)
    }

    /// Whether it is that of a transcript at this place.
    pub(super) fn is_of(&self, span: Span, is_reverse: bool) -> bool {
        let blocks = || self.blocks.iter().flatten();
        let (start, end) = (
            blocks().map(|block| block.span.0).min(),
            blocks().map(|block| block.span.1).max(),
        );
        self.is_reverse == is_reverse && (start, end) == (Some(span.0), Some(span.1))
    }

    pub(super) fn blocks(&self) -> Vec<Block> {
        self.blocks.clone().unwrap_or_default()
    }
}

impl Block {
    /// Reads the attributes of a part that lies on this span of the chromosome; `None` if they make no sense, or have runs
    /// that only proteins have, or if the transcript is told against its direction.
    pub(super) fn parse(span: Span, target: &str, gap: Option<&str>) -> Option<Self> {
        let mut words = target.split(' ').skip(1);
        let (first, last): (u32, u32) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
        if words.next() == Some("-") {
            return None;
        }
        let own = (first.checked_sub(1)?, last);
        let runs: Vec<(Run, u32)> = match gap {
            None => vec![(Run::Both, span.1 - span.0)],
            Some(gap) => gap.split_ascii_whitespace().map(run).collect::<Option<_>>()?,
        };
        let length = |other: Run| {
            let runs = runs.iter().filter(|(run, _)| *run != other);
            runs.map(|(_, length)| u64::from(*length)).sum::<u64>()
        };
        let fits = length(Run::Transcript) == u64::from(span.1 - span.0)
            && length(Run::Chromosome) == u64::from(own.1.checked_sub(own.0)?);
        fits.then_some(Self { span, own, runs })
    }
}

fn run(text: &str) -> Option<(Run, u32)> {
    let run = match text.as_bytes().first()? {
        b'M' => Run::Both,
        b'I' => Run::Transcript,
        b'D' => Run::Chromosome,
        _ => return None,
    };
    Some((run, text[1..].parse().ok()?))
}

/// The pieces of an alignment in the transcript's direction; `None` if its parts do not follow each other.
pub(super) fn pieces(blocks: &[Block], is_reverse: bool) -> Option<Vec<Piece>> {
    let mut blocks: Vec<&Block> = blocks.iter().collect();
    blocks.sort_by_key(|block| block.own);
    let mut pieces: Vec<Piece> = Vec::new();
    for block in blocks {
        let (mut at, mut done, mut goes_on) = (block.own.0, 0, false);
        if pieces.last().is_some_and(|last| at < last.end()) {
            return None;
        }
        for (run, length) in block.runs.iter().copied().filter(|(_, length)| *length > 0) {
            if run == Run::Both {
                let span = match is_reverse {
                    false => (block.span.0 + done, block.span.0 + done + length),
                    true => (block.span.1 - done - length, block.span.1 - done),
                };
                push(&mut pieces, Piece { span, at, goes_on }, is_reverse);
                goes_on = true;
            }
            at += if run == Run::Chromosome { 0 } else { length };
            done += if run == Run::Transcript { 0 } else { length };
        }
    }
    are_ordered(&pieces, is_reverse).then_some(pieces)
}

/// The pieces of exons that are aligned base by base.
pub(super) fn of_exons(exons: &[Span], is_reverse: bool) -> Vec<Piece> {
    let (mut pieces, mut at) = (Vec::new(), 0);
    let mut add = |span: &Span| {
        let goes_on = false;
        push(
            &mut pieces,
            Piece {
                span: *span,
                at,
                goes_on,
            },
            is_reverse,
        );
        at += span.1 - span.0;
    };
    match is_reverse {
        false => exons.iter().for_each(&mut add),
        true => exons.iter().rev().for_each(&mut add),
    }
    pieces
}

/// Adds a piece; one that is near the last goes on with its exon, and one between whose bases there is none is the same.
fn push(pieces: &mut Vec<Piece>, mut piece: Piece, is_reverse: bool) {
    if let Some(last) = pieces.last_mut() {
        let (left, right) = if is_reverse {
            (piece.span, last.span)
        } else {
            (last.span, piece.span)
        };
        let between = right.0.wrapping_sub(left.1);
        piece.goes_on |= between < SHORTEST_INTRON;
        if between == 0 && piece.at == last.end() {
            last.span = (left.0, right.1);
            return;
        }
    }
    pieces.push(piece);
}

fn are_ordered(pieces: &[Piece], is_reverse: bool) -> bool {
    let mut spans: Vec<Span> = pieces.iter().map(|piece| piece.span).collect();
    if is_reverse {
        spans.reverse();
    }
    !spans.is_empty() && are_in_order(&spans)
}

impl Piece {
    /// One past its last base in the transcript.
    pub(super) fn end(&self) -> u32 {
        self.at + (self.span.1 - self.span.0)
    }

    /// The base of the transcript that a base of the chromosome is.
    pub(super) fn own(&self, place: u32, is_reverse: bool) -> Option<u32> {
        let is_inside = (self.span.0..self.span.1).contains(&place);
        let within = match is_reverse {
            false => place.wrapping_sub(self.span.0),
            true => self.span.1.wrapping_sub(1).wrapping_sub(place),
        };
        is_inside.then(|| self.at + within)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(span: Span, target: &str, gap: &str) -> Block {
        Block::parse(span, target, Some(gap)).unwrap()
    }

    fn told(pieces: &[Piece]) -> Vec<(u32, u32, u32, bool)> {
        let told = |piece: &Piece| (piece.span.0, piece.span.1, piece.at, piece.goes_on);
        pieces.iter().map(told).collect()
    }

    #[test]
    fn runs_are_counted_in_the_transcripts_direction() {
        // ALMS1 and FOXI3 on GRCh37, as NCBI has them (github.com/SACGF/hgvs, tests of alignment gaps).
        let alms1 = block((73_612_885, 73_613_320), "NM_015120.4 1 438 +", "M185 I3 M250");
        let pieces = pieces(&[alms1], false).unwrap();
        assert_eq!(
            told(&pieces),
            [(73_612_885, 73_613_070, 0, false), (73_613_070, 73_613_320, 188, true)]
        );
        let foxi3 = [
            Block::parse((88_746_305, 88_748_348), "NM_001135649.3 799 2841 +", None).unwrap(),
            block((88_751_414, 88_752_211), "NM_001135649.3 1 798 +", "M460 I1 M337"),
        ];
        assert_eq!(
            told(&super::pieces(&foxi3, true).unwrap()),
            [
                (88_751_751, 88_752_211, 0, false),
                (88_751_414, 88_751_751, 461, true),
                (88_746_305, 88_748_348, 798, false),
            ]
        );
    }

    #[test]
    fn what_makes_no_sense_is_no_part() {
        let parse = |target: &str, gap: &str| Block::parse((100, 200), target, Some(gap));
        assert!(parse("NM_1.1 1 100 +", "M100").is_some());
        assert!(parse("NM_1.1 1 98 +", "M50 D2 M48").is_some());
        assert!(parse("NM_1.1 1 98", "M50 D2 M48").is_some());
        for (target, gap) in [
            ("NM_1.1 1 100 -", "M100"),
            ("NM_1.1 1 101 +", "M100"),
            ("NM_1.1 0 100 +", "M100"),
            ("NM_1.1 9 1 +", "M100"),
            ("NM_1.1 1", "M100"),
            ("NM_1.1 1 100 +", "M50 F1 M49"),
            ("NM_1.1 1 100 +", "M4294967295 M4294967295"),
            ("NM_1.1 1 100 +", "M50 Ü1"),
        ] {
            assert_eq!(parse(target, gap), None, "{target} {gap}");
        }
        let (one, same) = (
            block((100, 200), "N 1 100 +", "M100"),
            block((150, 250), "N 101 200 +", "M100"),
        );
        assert_eq!(pieces(&[one, same], false), None, "they overlap");
    }

    #[test]
    fn an_intron_of_few_bases_goes_on_with_its_exon() {
        let told = |exons: &[Span], is_reverse| told(&of_exons(exons, is_reverse));
        assert_eq!(
            told(&[(10, 20), (21, 40), (60, 70)], false),
            [(10, 20, 0, false), (21, 40, 10, true), (60, 70, 29, false)]
        );
        assert_eq!(
            told(&[(10, 20), (21, 40), (60, 70)], true),
            [(60, 70, 0, false), (21, 40, 10, false), (10, 20, 29, true)]
        );
    }
}
