//! The positions that a record names beside its own: mates of breakends, its end, and what callers put into INFO.

use vcf::{Alternate, Breakend, Mate, Record, StructuralKind};

use super::{Lifted, Unmapped};
use crate::bundle::Chain;
use crate::genome::Genome;
use crate::{is_mitochondrial, ucsc_name};

/// The keys of INFO that may name a position, or what depends on one.
const MOVING: [&[u8]; 6] = [b"END=", b"END2=", b"POS2=", b"CHR2=", b"SVLEN=", b"CIPOS="];

/// Moves positions from one assembly into the other.
pub struct Positions<'p, 'b> {
    /// From the file's assembly into the bundle's.
    pub chain: &'p Chain<'b>,
    /// The genome lifted into.
    pub genome: &'p Genome<'b>,
    /// Whether the file names its chromosomes `chr1`, not `1`.
    pub has_prefix: bool,
    /// Whether SVLEN decides where a structural variant ends, whatever END says.
    pub length_decides: bool,
}

/// What INFO names, read once, however often a key is there.
struct Named<'r> {
    end: Option<u64>,
    chromosome: Option<&'r [u8]>,
    mate: Option<Mate<'r>>,
    has_end2: bool,
    /// Of each allele, whether it affects a span that its length tells.
    spans: Vec<bool>,
}

impl<'r> Named<'r> {
    fn of(record: &Record<'r>) -> Self {
        let svtype = record.info(b"SVTYPE");
        let has_span = |allele| match Alternate::parse(allele, false) {
            Some(Alternate::Symbolic(symbol)) => StructuralKind::of(symbol, svtype).has_span(),
            _ => false,
        };
        Self {
            end: record.info(b"END").and_then(number),
            chromosome: record.info(b"CHR2"),
            mate: Mate::in_info(record),
            has_end2: record.has_info(b"END2"),
            spans: record.alternates().map(has_span).collect(),
        }
    }
}

/// A base in the new assembly.
struct Place {
    chromosome: usize,
    /// 1-based.
    position: u64,
    is_reverse: bool,
}

impl Positions<'_, '_> {
    /// How the file names a chromosome of the new assembly.
    pub fn name(&self, chromosome: usize) -> &[u8] {
        let name = self.genome.bundle.manifest().chromosomes[chromosome].name.as_str();
        let name = if self.has_prefix {
            name
        } else {
            name.trim_start_matches("chr")
        };
        name.as_bytes()
    }

    /// ALT with the mates of breakends where the new assembly has them; `None` if there are none.
    pub fn alternates(&self, alternates: &[u8]) -> Result<Option<Vec<u8>>, Unmapped> {
        if memchr::memchr2(b'[', b']', alternates).is_none() {
            return Ok(None);
        }
        let alleles = alternates
            .split(|byte| *byte == b',')
            .map(|allele| self.breakend(allele));
        Ok(Some(alleles.collect::<Result<Vec<_>, _>>()?.join(&b',')))
    }

    /// An allele with its mate, if it has one, in the new assembly. Where the strand of the mate differs, what went on to
    /// the right of it goes on to the left.
    fn breakend(&self, allele: &[u8]) -> Result<Vec<u8>, Unmapped> {
        let breakend = Breakend::parse(allele);
        let Some((breakend, mate)) = breakend.and_then(|breakend| Some((breakend, breakend.mate?))) else {
            return Ok(allele.to_vec());
        };
        // The contigs that a file assembles itself are in angle brackets.
        if is_mitochondrial(mate.chromosome) || mate.chromosome.starts_with(b"<") {
            return Ok(allele.to_vec());
        }
        let place = self.find(mate.chromosome, mate.position).ok_or(Unmapped::Mate)?;
        let mate = Mate {
            chromosome: self.name(place.chromosome),
            position: place.position,
            extends_right: mate.extends_right != place.is_reverse,
        };
        Ok(Breakend {
            mate: Some(mate),
            ..breakend
        }
        .text())
    }

    /// INFO with what it names in the new assembly; `None` if nothing of it has moved. `lifted` is the record's own place,
    /// `None` if it stays where it is.
    ///
    /// Moved are END; SVLEN, where it is the length of a span, which may have another one in the new assembly; and CHR2,
    /// END2 and POS2, by which callers name the mate of a breakend. CIPOS and CIEND count from POS and END and stay, but that
    /// the two sides of CIPOS change places with the strands.
    pub fn info(&self, record: &Record<'_>, lifted: Option<&Lifted>) -> Result<Option<Vec<u8>>, Unmapped> {
        let fields = || record.info.split(|byte| *byte == b';');
        if !fields().any(|field| MOVING.iter().any(|key| field.starts_with(key))) {
            return Ok(None);
        }
        let named = Named::of(record);
        let (mut info, mut has_moved) = (Vec::new(), false);
        for (index, field) in fields().enumerate() {
            if index > 0 {
                info.push(b';');
            }
            let at = field
                .iter()
                .position(|byte| *byte == b'=')
                .map_or(field.len(), |at| at + 1);
            let (key, value) = field.split_at(at);
            match self.value((key, value), record, &named, lifted)? {
                Some(value) => {
                    has_moved = true;
                    info.extend_from_slice(key);
                    info.extend_from_slice(&value);
                }
                None => info.extend_from_slice(field),
            }
        }
        Ok(has_moved.then_some(info))
    }

    /// What stands for a value of INFO; `None` if it stays.
    fn value(
        &self,
        (key, value): (&[u8], &[u8]),
        record: &Record<'_>,
        named: &Named<'_>,
        lifted: Option<&Lifted>,
    ) -> Result<Option<Vec<u8>>, Unmapped> {
        match (key, lifted) {
            (b"END=", _) => self.end(value, record, named, lifted),
            (b"END2=" | b"POS2=", _) => self.on_other(record, named, number(value)),
            (b"CHR2=", _) => self.other_name(named, value),
            (b"SVLEN=", Some(lifted)) => self.lengths(value, record, named, lifted),
            (b"CIPOS=", Some(lifted)) if lifted.flipped.is_some() => Ok(turned(value)),
            _ => Ok(None),
        }
    }

    fn end(
        &self,
        value: &[u8],
        record: &Record<'_>,
        named: &Named<'_>,
        lifted: Option<&Lifted>,
    ) -> Result<Option<Vec<u8>>, Unmapped> {
        let Some(end) = number(value) else { return Ok(None) };
        let is_of_mate = named.mate.is_some_and(|mate| mate.position == end && !named.has_end2);
        if is_of_mate && named.chromosome != Some(record.chromosome) {
            return self.on_other(record, named, Some(end));
        }
        let Some(lifted) = lifted else { return Ok(None) };
        let reference = lifted
            .flipped
            .as_ref()
            .map_or(record.reference, |(reference, _)| reference);
        let is_last_of_reference = end == (record.position + record.reference.len() as u64).saturating_sub(1);
        let end = match is_last_of_reference {
            true => lifted.position + reference.len() as u64 - 1,
            false => self.own_end(record, lifted, end)?,
        };
        Ok(Some(end.to_string().into_bytes()))
    }

    /// Where the record's last base is, which must lie after POS as it did, and about as far.
    fn own_end(&self, record: &Record<'_>, lifted: &Lifted, end: u64) -> Result<u64, Unmapped> {
        let place = self.find(record.chromosome, end).ok_or(Unmapped::End)?;
        if place.chromosome != lifted.chromosome || place.is_reverse || lifted.flipped.is_some() {
            return Err(Unmapped::End);
        }
        let Some(span) = end.checked_sub(record.position) else {
            return Ok(place.position);
        };
        // The sequences in between may differ in length, but no more than that; else the end is in another chain.
        let is_like = |new: &u64| (span / 2..=span.saturating_mul(2)).contains(new);
        let new = place.position.checked_sub(lifted.position).filter(is_like);
        new.map(|_| place.position).ok_or(Unmapped::End)
    }

    /// SVLEN, where it says how far symbolic alleles reach.
    fn lengths(
        &self,
        value: &[u8],
        record: &Record<'_>,
        named: &Named<'_>,
        lifted: &Lifted,
    ) -> Result<Option<Vec<u8>>, Unmapped> {
        let count = memchr::memchr_iter(b',', value).count() + 1;
        if count != 1 && count != named.spans.len() || !named.spans.contains(&true) {
            return Ok(None);
        }
        // One value may be that of all alleles.
        let is_span = |index: usize| count == 1 || named.spans[index];
        let may_be_end = |old: &u64| self.length_decides || named.end.is_none_or(|end| end == *old);
        let mut moved = Vec::new();
        for (index, value) in value.split(|byte| *byte == b',').enumerate() {
            let sign = if value.starts_with(b"-") { "-" } else { "" };
            let length = number(value.strip_prefix(b"-").unwrap_or(value)).filter(|length| *length > 0);
            let old = length.and_then(|length| record.position.checked_add(length));
            match old.filter(|old| is_span(index) && may_be_end(old)) {
                Some(old) => {
                    let length = self.own_end(record, lifted, old)?.saturating_sub(lifted.position);
                    moved.push(format!("{sign}{length}").into_bytes());
                }
                None => moved.push(value.to_vec()),
            }
        }
        let moved = moved.join(&b',');
        Ok((moved != value).then_some(moved))
    }

    /// A position on the chromosome that CHR2 names.
    fn on_other(
        &self,
        record: &Record<'_>,
        named: &Named<'_>,
        position: Option<u64>,
    ) -> Result<Option<Vec<u8>>, Unmapped> {
        let chromosome = named.chromosome.unwrap_or(record.chromosome);
        match position.filter(|_| !is_mitochondrial(chromosome)) {
            Some(position) => {
                let place = self.find(chromosome, position).ok_or(Unmapped::Mate)?;
                Ok(Some(place.position.to_string().into_bytes()))
            }
            None => Ok(None),
        }
    }

    fn other_name(&self, named: &Named<'_>, name: &[u8]) -> Result<Option<Vec<u8>>, Unmapped> {
        match named.mate.filter(|_| !is_mitochondrial(name)) {
            Some(mate) => {
                let place = self.find(name, mate.position).ok_or(Unmapped::Mate)?;
                Ok(Some(self.name(place.chromosome).to_vec()))
            }
            None => Ok(None),
        }
    }

    /// The counterpart of a base (1-based).
    fn find(&self, chromosome: &[u8], position: u64) -> Option<Place> {
        let name = std::str::from_utf8(chromosome).ok()?;
        let start = u32::try_from(position.checked_sub(1)?).ok()?;
        let block = self.chain.block(self.chain.chromosome(ucsc_name(name))?, start)?;
        let (start, _) = block.lift(start, start.checked_add(1)?)?;
        Some(Place {
            chromosome: block.target,
            position: u64::from(start) + 1,
            is_reverse: block.is_reverse,
        })
    }
}

/// Intervals around POS as the other strand has them: `-10,20` is `-20,10`.
fn turned(intervals: &[u8]) -> Option<Vec<u8>> {
    let numbers = std::str::from_utf8(intervals)
        .ok()?
        .split(',')
        .map(|number| number.parse::<i64>().ok());
    let numbers = numbers.collect::<Option<Vec<_>>>()?;
    let pairs = numbers.chunks(2).map(|pair| {
        let turned = pair.iter().rev().map(|number| number.saturating_neg().to_string());
        turned.collect::<Vec<_>>().join(",")
    });
    Some(pairs.collect::<Vec<_>>().join(",").into_bytes())
}

fn number(text: &[u8]) -> Option<u64> {
    std::str::from_utf8(text).ok()?.parse().ok()
}
