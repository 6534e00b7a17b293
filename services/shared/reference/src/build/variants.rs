//! Tracks of variants, from VCF files and UCSC's `snp` tables: dbSNP, ClinVar, population frequencies, or any other.

use std::io;
use std::path::Path;

use super::blocks::BlockWriter;
use super::chromosomes::Chromosomes;
use super::fields::{Carried, Declarations};
use super::order::Order;
use super::release::{self, HeaderRelease};
use super::sequence::Bases;
use super::source::{BuildError, Source};
use super::{BuildProgress, ExtraTrack, Plan, Told, snp, tables, track};
use crate::Sequence;
use crate::bundle::{Kind, Row, Track, Writer, has_ids};
use crate::edit::{Edit, Inserted};

/// Compiles a VCF file or a `snp` table into the bundle whose file is `path`.
pub(super) fn build(
    plan: &Plan,
    extra: &ExtraTrack,
    path: &Path,
    chromosomes: &Chromosomes,
    bases: Option<&Bases>,
    writer: &mut Writer,
    told: Told<'_>,
) -> Result<Track, BuildError> {
    let blocks = BlockWriter::new(&extra.key, writer);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut found = Found {
        chromosomes,
        bases,
        has_ids: has_ids(&extra.key),
        rows: 0,
        order: Order::new(blocks, folder.unwrap_or(Path::new(".")).to_owned()),
        is_unsorted: false,
    };
    let mut read = read(plan, extra, &mut found, told)?;
    if found.is_unsorted {
        found.sort().map_err(BuildError::writing(path))?;
        read = self::read(plan, extra, &mut found, told)?;
    }
    let index = found.order.end().map_err(BuildError::writing(path))?;
    let rows = index.rows;
    let written = index.write(&extra.key, chromosomes.len(), writer);
    written.map_err(BuildError::writing(path))?;
    told(BuildProgress {
        what: &extra.key,
        rows,
        done: true,
    });
    let provenance = match tables::is_snp_table(&extra.file) {
        true => release::of_table(&extra.key, &read.source, &plan.notes),
        false => release::provenance(&extra.key, &read.source, &plan.notes, read.header.release()),
    };
    let mut track = track(&extra.key, Kind::Variants, provenance, rows, read.source.skipped());
    track.fields = read.fields.into_iter().map(|carried| carried.field).collect();
    Ok(track)
}

/// A file that was read.
struct Read {
    source: Source,
    header: HeaderRelease,
    fields: Vec<Carried>,
}

/// Reads a file to its end, or to the first row that is not where a sorted file would have it.
fn read(plan: &Plan, extra: &ExtraTrack, found: &mut Found<'_, '_>, told: Told<'_>) -> Result<Read, BuildError> {
    let mut source = Source::open(&extra.file)?;
    let is_table = tables::is_snp_table(&extra.file);
    let (mut declared, mut header) = (Declarations::default(), HeaderRelease::default());
    let mut fields = if is_table { snp::fields() } else { Vec::new() };
    found.order.set_columns(usize::from(found.has_ids) + fields.len());
    while let Some(line) = source.next_line()? {
        if let Some(info) = line.strip_prefix(b"##INFO=<") {
            declared.add(&String::from_utf8_lossy(info));
        } else if line.starts_with(b"##") {
            let read = header.line(line, &plan.assembly);
            read.map_err(|reason| source.error(reason))?;
        } else if line.starts_with(b"#CHROM") {
            fields = declared.choose(extra);
            found.order.set_columns(usize::from(found.has_ids) + fields.len());
        } else if !line.starts_with(b"#") {
            let before = found.rows;
            let added = match is_table {
                true => snp::add(line, found),
                false => add(line, &fields, found),
            };
            added.map_err(BuildError::reading(&extra.file))?;
            if found.is_unsorted {
                break;
            }
            if found.rows == before {
                source.skip();
            }
        }
        if source.number().is_multiple_of(100_000) {
            told(BuildProgress {
                what: &extra.key,
                rows: source.number(),
                done: false,
            });
        }
    }
    Ok(Read { source, header, fields })
}

/// What is found in a file.
pub(super) struct Found<'b, 'w> {
    pub(super) chromosomes: &'b Chromosomes,
    bases: Option<&'b Bases>,
    has_ids: bool,
    /// How many rows were added.
    rows: u64,
    order: Order<'w>,
    /// Whether a row came too late. Nothing is added then.
    is_unsorted: bool,
}

impl Found<'_, '_> {
    /// Adds an allele that replaces `reference` at `start` (0-based) on the forward strand of a chromosome, unless it is
    /// none of bases. Each of its values follows a tab.
    pub(super) fn add(
        &mut self,
        place: usize,
        start: u32,
        reference: &[u8],
        alternate: &[u8],
        id: &[u8],
        values: &[u8],
    ) -> io::Result<()> {
        let is_allele = |allele: &[u8]| allele.is_empty() || vcf::are_bases(allele);
        let edit = Edit::new(start as usize, reference, alternate);
        let Some(edit) = edit.filter(|_| is_allele(reference) && is_allele(alternate)) else {
            return Ok(());
        };
        let deleted = &reference[edit.start - start as usize..edit.end - start as usize];
        let sequence = || self.bases.and_then(|bases| bases.view(place));
        let (edit, deleted) = aligned(edit, deleted, sequence());
        let (edit, deleted) = oriented(edit, deleted, sequence());
        let (tab, id): (&[u8], _) = if self.has_ids { (b"\t", id) } else { (b"", &b""[..]) };
        let row = Row {
            start: edit.start as u32,
            text: [&deleted[..], b">", &edit.inserted[..], tab, id, values]
                .concat()
                .into(),
        };
        self.is_unsorted |= !self.order.add(place as u32, row)?;
        self.rows += 1;
        Ok(())
    }

    /// Forgets everything; what comes next may come in any order.
    fn sort(&mut self) -> io::Result<()> {
        (self.rows, self.is_unsorted) = (0, false);
        self.order.sort()
    }
}

/// Adds the alleles of a record.
fn add(line: &[u8], fields: &[Carried], found: &mut Found<'_, '_>) -> io::Result<()> {
    let mut columns = line.splitn(9, |byte| *byte == b'\t');
    let mut next = || columns.next();
    let (Some(name), Some(position), Some(id), Some(reference), Some(alternates), Some(_), Some(_), Some(info)) =
        (next(), next(), next(), next(), next(), next(), next(), next())
    else {
        return Ok(());
    };
    let place = found.chromosomes.place(name);
    let start = super::regions::number(position).and_then(|position| position.checked_sub(1));
    let (Some(place), Some(start)) = (place, start) else {
        return Ok(());
    };
    let of_record = values(info, fields);
    let mut texts = Vec::new();
    for (index, alternate) in alternates.split(|byte| *byte == b',').enumerate() {
        texts.clear();
        for (carried, value) in fields.iter().zip(&of_record) {
            texts.push(b'\t');
            let own = value.and_then(|value| carried.number.part(value, index));
            texts.extend_from_slice(own.filter(|own| !own.is_empty()).unwrap_or(b"."));
        }
        found.add(place, start, reference, alternate, id, &texts)?;
    }
    Ok(())
}

/// The values of a record, of each field; of a key that is there twice, the first.
fn values<'a>(info: &'a [u8], fields: &[Carried]) -> Vec<Option<&'a [u8]>> {
    let (mut values, mut lacking, mut start) = (vec![None; fields.len()], fields.len(), 0);
    for end in memchr::memchr_iter(b';', info).chain([info.len()]) {
        let entry = &info[start..end];
        start = end + 1;
        for (carried, value) in fields.iter().zip(&mut values).filter(|(_, value)| value.is_none()) {
            let own = entry.strip_prefix(carried.field.source.as_bytes());
            if let Some(own) = own.and_then(|own| own.strip_prefix(b"=")) {
                *value = Some(own);
                lacking -= 1;
            }
        }
        if lacking == 0 {
            break;
        }
    }
    values
}

/// The edit as far left as its repeat goes, and the bases that it replaces there.
fn aligned(edit: Edit, deleted: &[u8], bases: Option<crate::bundle::Packed<'_>>) -> (Edit, Vec<u8>) {
    let upper = deleted.to_ascii_uppercase();
    let Some(bases) = bases.filter(|_| edit.moves()) else {
        return (edit, upper);
    };
    let sequence = Sequence::packed(bases);
    let edit = edit.shifted_left(&sequence);
    let there = sequence.bases(edit.start..edit.end);
    match there.len() == edit.deleted() {
        true => (edit, there),
        false => (edit, upper),
    }
}

/// Lists of common variants have ALT first now and then: a substitution whose ALT is the sequence's base is turned round.
fn oriented(edit: Edit, deleted: Vec<u8>, bases: Option<crate::bundle::Packed<'_>>) -> (Edit, Vec<u8>) {
    let there = bases.and_then(|bases| bases.base(edit.start as u32));
    match (&deleted[..], &edit.inserted[..], there) {
        ([from], [to], Some(there)) if *to == there && *from != there => (
            Edit {
                inserted: Inserted::from_slice(&[*from]),
                ..edit
            },
            vec![*to],
        ),
        _ => (edit, deleted),
    }
}
