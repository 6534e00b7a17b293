//! Random edits of every coding transcript of the slice, each written in every way that a file may write it: one answer
//! for all of them, and a protein that is what a translation written apart from the engine reads.

use std::ops::Range;
use std::path::Path;

use super::chr1::{Chr1, Told, name};
use super::files::{shared_data, unpacked};
use super::translation::{Gene, describes};

/// So many edits are tried; GAS_PLACEMENTS chooses another number.
const EDITS: usize = 20_000;

/// How far an edit is moved to either side.
const SHIFTS: usize = 40;

pub(super) struct Slice {
    pub(super) bases: Vec<u8>,
    pub(super) genes: Vec<Gene>,
}

impl Slice {
    pub(super) fn read(data: &Path) -> Self {
        let fasta = unpacked(&data.join("sequence/hg19.chr1_1-1000000.fa.gz"));
        let bases: Vec<u8> = fasta
            .lines()
            .skip(1)
            .flat_map(str::bytes)
            .map(|base| base.to_ascii_uppercase())
            .collect();
        let table = unpacked(&data.join("goldenPath/hg19/database/refGene.txt.gz"));
        let rows = table.lines().filter(|row| row.split('\t').nth(2) == Some("chr1"));
        let is_inside = |gene: &Gene| gene.exons.iter().all(|exon| exon.end + 6000 < bases.len());
        let genes: Vec<Gene> = rows.filter_map(Gene::parse).filter(is_inside).collect();
        Self { bases, genes }
    }
}

/// Bases `span` (0-based, half-open) replaced by `inserted`.
struct Edit {
    gene: usize,
    span: Range<usize>,
    inserted: Vec<u8>,
}

/// Numbers that look random and are the same every time (xorshift, G. Marsaglia 2003).
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }

    /// An edit near an end of a gene's coding sequence, near an exon's end, or anywhere in an exon.
    fn edit(&mut self, slice: &Slice) -> Option<Edit> {
        let gene = self.below(slice.genes.len());
        let own = &slice.genes[gene];
        let exon = &own.exons[self.below(own.exons.len())];
        let near = match self.below(5) {
            0 => own.cds.start,
            1 => own.cds.end,
            2 => exon.start,
            3 => exon.end,
            _ => exon.start + self.below(exon.len()),
        };
        let start = (near + self.below(16)).checked_sub(8)?;
        let most = if self.below(8) == 0 { 40 } else { 9 };
        let length = 1 + self.below(most);
        let (deleted, inserted) = match self.below(4) {
            0 => (length, 0),
            1 => (0, length),
            2 => (length, length),
            _ => (length, 1 + self.below(9)),
        };
        let span = start..start + deleted;
        // Half of what is put in is what stands beside it, so that there are repeats.
        let inserted = match self.below(2) {
            0 => slice.bases[span.end..span.end + inserted].to_vec(),
            _ => (0..inserted).map(|_| b"ACGT"[self.below(4)]).collect(),
        };
        let (span, inserted) = trimmed(&slice.bases, span, inserted);
        let is_known = !slice.bases[start - 100..span.end + 100].contains(&b'N');
        let changes = slice.bases[span.clone()] != inserted[..];
        (is_known && changes).then_some(Edit { gene, span, inserted })
    }
}

impl Edit {
    /// The same edit at every place where it can be, some steps to either side.
    fn places(&self, bases: &[u8]) -> Vec<(Range<usize>, Vec<u8>)> {
        let result = |span: &Range<usize>, inserted: &[u8]| {
            let (left, right) = (self.span.start - 50, self.span.end + 50);
            [&bases[left..span.start], inserted, &bases[span.end..right]].concat()
        };
        let wanted = result(&self.span, &self.inserted);
        let (deleted, count) = (self.span.len(), self.inserted.len());
        if deleted > 0 && count > 0 {
            return vec![(self.span.clone(), self.inserted.clone())];
        }
        let starts = self.span.start - SHIFTS..=self.span.start + SHIFTS;
        let place = |start: usize| {
            let at = start - (self.span.start - 50);
            let span = start..start + deleted;
            let inserted = wanted[at..at + count].to_vec();
            (result(&span, &inserted) == wanted).then_some((span, inserted))
        };
        starts.filter_map(place).collect()
    }

    /// Records of all ways to write it: at each of its places, with a base before it, and with bases on both sides.
    fn records(&self, bases: &[u8]) -> Vec<String> {
        let write = |(span, inserted): &(Range<usize>, Vec<u8>), left: usize, right: usize| {
            let (before, after) = (
                &bases[span.start - left..span.start],
                &bases[span.end..span.end + right],
            );
            let text = |middle: &[u8]| String::from_utf8([before, middle, after].concat()).unwrap();
            let (reference, alternate) = (text(&bases[span.clone()]), text(inserted));
            format!(
                "chr1\t{}\t.\t{reference}\t{alternate}\t.\t.\t.\n",
                span.start - left + 1
            )
        };
        let places = self.places(bases);
        let mut records: Vec<String> = places.iter().take(6).map(|place| write(place, 1, 0)).collect();
        let (first, last) = (places.first().unwrap(), places.last().unwrap());
        records.extend([
            write(first, 1, 2),
            write(last, 0, 1),
            write(last, 7, 0),
            write(first, 3, 9),
        ]);
        records
    }
}

/// Without the bases that are the same before and after.
fn trimmed(bases: &[u8], mut span: Range<usize>, mut inserted: Vec<u8>) -> (Range<usize>, Vec<u8>) {
    while !span.is_empty() && inserted.last() == Some(&bases[span.end - 1]) {
        span.end -= 1;
        inserted.pop();
    }
    while !span.is_empty() && inserted.first() == Some(&bases[span.start]) {
        span.start += 1;
        inserted.remove(0);
    }
    (span, inserted)
}

#[test]
fn what_is_told_does_not_depend_on_how_an_edit_is_written() {
    let (Some(data), Some(chr1)) = (shared_data(), Chr1::here()) else {
        return;
    };
    let slice = Slice::read(&data);
    let wanted = std::env::var("GAS_PLACEMENTS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(EDITS);
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let mut edits: Vec<Edit> = std::iter::from_fn(|| Some(random.edit(&slice)))
        .flatten()
        .take(wanted)
        .collect();
    edits.sort_by_key(|edit| edit.span.start);
    let (mut wrong, mut judged, mut forms) = (Vec::new(), 0, 0);
    for some in edits.chunks(2000) {
        let records: Vec<Vec<String>> = some.iter().map(|edit| edit.records(&slice.bases)).collect();
        let told = chr1.told(&records.concat().concat());
        let mut told = told.into_iter();
        for (edit, records) in some.iter().zip(&records) {
            let answers: Vec<_> = told.by_ref().take(records.len()).collect();
            forms += records.len();
            if let Some(other) = answers.iter().position(|answer| answer != &answers[0]) {
                let names = answers[0]
                    .keys()
                    .filter(|name| answers[0].get(*name) != answers[other].get(*name));
                let differ: Vec<_> = names
                    .map(|name| (&answers[0][name], answers[other].get(name)))
                    .collect();
                wrong.push(format!("{}{}{differ:?}", records[0], records[other]));
            }
            let gene = &slice.genes[edit.gene];
            if let Some(trouble) = answers[0]
                .get(&gene.name)
                .and_then(|told| judge(&slice, gene, edit, told))
            {
                wrong.push(format!("{}{}: {trouble}", records[0], gene.name));
            }
            judged += usize::from(answers[0].get(&gene.name).is_some_and(|told| !told[10].is_empty()));
        }
    }
    println!("{wanted} edits in {forms} forms, {judged} proteins judged");
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong[..wrong.len().min(40)].join("\n")
    );
    assert!(judged * 5 > wanted, "{judged}");
}

/// What is wrong with what is told of a protein: it is not what is read, or the terms say something else.
fn judge(slice: &Slice, gene: &Gene, edit: &Edit, told: &Told) -> Option<String> {
    let (terms, coding, protein) = (&told[0], name(&told[9]), name(&told[10]));
    let has = |term: &str| terms.split('&').any(|one| one == term);
    if protein.is_empty() {
        let speaks = [
            "missense_variant",
            "frameshift_variant",
            "synonymous_variant",
            "stop_gained",
            "inframe_insertion",
        ];
        return speaks
            .iter()
            .any(|term| has(term))
            .then(|| format!("{terms} {coding} without p."));
    }
    let whole = gene.exons.first()?.start..gene.exons.last()?.end;
    let mut places = edit.places(&slice.bases);
    places.retain(|(span, _)| match span.is_empty() {
        true => span.start > whole.start && span.end < whole.end,
        false => span.start >= whole.start && span.end <= whole.end,
    });
    let (span, inserted) = if gene.is_reverse {
        places.first()?
    } else {
        places.last()?
    };
    let changed = gene.changed_protein(&slice.bases, span, inserted);
    let before = gene.protein(&slice.bases);
    let found = format!("{terms} {coding} {protein}");
    let Some(changed) = changed else {
        return (!has("start_lost") || protein != "p.Met1?").then_some(found);
    };
    // Without a stop behind the lost one, or with another one in frame far away, there may be no name.
    let has_no_name = protein == "p.?" && !changed.ends_with('*');
    let is_named = has_no_name || protein != "p.?" && describes(&protein, &before, &changed);
    let is_lost = changed.len() > before.len() && changed.starts_with(before.trim_end_matches('*'));
    let contradicts = has("start_lost")
        || (protein.contains("fsTer") && !has("frameshift_variant"))
        || (protein.ends_with('=') && (has("missense_variant") || has("frameshift_variant") || has("stop_lost")))
        || (has("stop_lost") && !is_lost && !protein.contains("Ter") && !has_no_name)
        || (has("synonymous_variant") && !protein.ends_with('='));
    let tail = |protein: &str| protein[protein.len().saturating_sub(12)..].to_owned();
    (!is_named || contradicts).then(|| {
        let same = before
            .bytes()
            .zip(changed.bytes())
            .take_while(|(one, other)| one == other)
            .count();
        let (was, is) = (before.len(), changed.len());
        format!(
            "{found}: {same} of {was} same, now {is}, …{} …{}",
            tail(&before),
            tail(&changed)
        )
    })
}
