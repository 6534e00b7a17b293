//! Tracks of variants, from VCF files and UCSC's `snp` tables: dbSNP, ClinVar, population frequencies, or any other.

use std::collections::BTreeMap;
use std::io;

use super::chromosomes::Chromosomes;
use super::release::{self, HeaderRelease};
use super::sequence::Bases;
use super::source::{BuildError, Source};
use super::{BuildProgress, ExtraTrack, Plan, Told, first_rows, snp, tables, too_many, track};
use crate::Sequence;
use crate::bundle::{Field, Kind, PoolBuilder, Track, Writer};
use crate::edit::{Edit, Inserted};

/// One allele: its chromosome's place, start, change and values.
type Row = (u32, u32, u32, u32);

/// Fields that are carried under a name of their own: the track's key, the field in the source, the key in INFO.
const RENAMED: [(&str, &str, &str); 12] = [
    ("dbSNP", "GMAF", "GMAF"),
    ("dbSNP", "VC", "VC"),
    ("ClinVar", "CLNSIG", "CLNSIG"),
    ("ClinVar", "CLINICAL_SIGNIFICANCE", "CLNSIG"),
    ("ClinVar", "CLNREVSTAT", "CLNREVSTAT"),
    ("ClinVar", "REVIEW_STATUS", "CLNREVSTAT"),
    ("ClinVar", "CLNDN", "CLNDN"),
    ("ClinVar", "CLNDBN", "CLNDN"),
    ("ClinVar", "ALL_TRAITS", "CLNDN"),
    ("ClinVar", "ALLELEID", "CLNALLELEID"),
    ("ClinVar", "MEASURESET_ID", "CLNVARID"),
    ("ClinVar", "CLNHGVS", "CLNHGVS"),
];

/// Compiles a VCF file or a `snp` table.
pub(super) fn build(
    plan: &Plan,
    extra: &ExtraTrack,
    chromosomes: &Chromosomes,
    bases: Option<&Bases>,
    writer: &mut Writer,
    told: Told<'_>,
) -> Result<Track, BuildError> {
    let mut source = Source::open(&extra.file)?;
    let is_table = tables::is_snp_table(&extra.file);
    let (mut declared, mut fields) = (BTreeMap::new(), if is_table { snp::fields() } else { Vec::new() });
    let mut found = Found {
        chromosomes,
        bases,
        rows: Vec::new(),
        last: Default::default(),
        pool: PoolBuilder::default(),
    };
    let mut header = HeaderRelease::default();
    while let Some(line) = source.next_line()? {
        if let Some(info) = line.strip_prefix(b"##INFO=<") {
            declare(&String::from_utf8_lossy(info), &mut declared);
        } else if line.starts_with(b"##") {
            let read = header.line(line, &plan.assembly);
            read.map_err(|reason| source.error(reason))?;
        } else if line.starts_with(b"#CHROM") {
            fields = choose(extra, &declared);
        } else if !line.starts_with(b"#") {
            let before = found.rows.len();
            let added = match is_table {
                true => snp::add(line, &mut found),
                false => add(line, &fields, &mut found),
            };
            added.map_err(BuildError::reading(&extra.file))?;
            if found.rows.len() == before {
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
    let Found { mut rows, pool, .. } = found;
    rows.sort_by_key(|(chromosome, start, ..)| (*chromosome, *start));
    write(&extra.key, &rows, &pool, chromosomes.len(), writer).map_err(BuildError::writing(&extra.file))?;
    told(BuildProgress {
        what: &extra.key,
        rows: rows.len() as u64,
        done: true,
    });
    let provenance = match is_table {
        true => release::of_table(&extra.key, &source, &plan.notes),
        false => release::provenance(&extra.key, &source, &plan.notes, header.release()),
    };
    let mut track = track(
        &extra.key,
        Kind::Variants,
        provenance,
        rows.len() as u64,
        source.skipped(),
    );
    track.fields = fields;
    Ok(track)
}

/// Keeps what a header line says of an INFO field: number, type, description.
fn declare(text: &str, declared: &mut BTreeMap<String, (String, String, String)>) {
    let value = |key: &str| {
        let at = text.find(&format!("{key}="))? + key.len() + 1;
        let rest = &text[at..];
        match rest.strip_prefix('"') {
            Some(quoted) => quoted.split('"').next(),
            None => rest.split([',', '>']).next(),
        }
    };
    if let Some(id) = value("ID") {
        let part = |key| value(key).unwrap_or(".").to_owned();
        declared.insert(id.to_owned(), (part("Number"), part("Type"), part("Description")));
    }
}

/// Which fields the track carries: those that were asked for, those that are known by name, or frequencies.
fn choose(extra: &ExtraTrack, declared: &BTreeMap<String, (String, String, String)>) -> Vec<Field> {
    let known = |id: &str| {
        let own = RENAMED.iter().find(|(key, field, _)| *key == extra.key && *field == id);
        own.map(|(_, _, renamed)| (*renamed).to_owned())
    };
    let is_named = RENAMED.iter().any(|(key, ..)| *key == extra.key);
    let is_frequency = |id: &str| id == "AF" || id.starts_with("AF_") || id.ends_with("_AF");
    let mut fields: Vec<Field> = Vec::new();
    for (id, (number, kind, description)) in declared {
        let wanted = match (extra.fields.is_empty(), is_named) {
            (false, _) => extra.fields.contains(id),
            (true, true) => known(id).is_some(),
            (true, false) => is_frequency(id),
        };
        let key = known(id).unwrap_or_else(|| format!("{}_{id}", extra.key));
        if wanted && !fields.iter().any(|field| field.key == key) {
            fields.push(Field {
                source: id.clone(),
                key,
                kind: match kind.as_str() {
                    "Float" | "Integer" => kind.clone(),
                    _ => "String".to_owned(),
                },
                description: description.clone(),
                per_allele: number == "A",
            });
        }
    }
    fields
}

/// The rows that were read so far.
pub(super) struct Found<'b> {
    pub(super) chromosomes: &'b Chromosomes,
    bases: Option<&'b Bases>,
    rows: Vec<Row>,
    /// The values that were added last, and where they are.
    last: (Vec<u8>, u32),
    pool: PoolBuilder,
}

impl Found<'_> {
    /// Adds an allele that replaces `reference` at `start` (0-based) on the forward strand of a chromosome, unless it is
    /// none of bases.
    pub(super) fn add(
        &mut self,
        place: usize,
        start: u32,
        reference: &[u8],
        alternate: &[u8],
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
        let change = [&deleted[..], b">", &edit.inserted[..]].concat();
        let (change, values) = (self.pool.add(&change)?, self.add_values(values)?);
        self.rows.push((place as u32, edit.start as u32, change, values));
        Ok(())
    }

    /// Values begin with an id. Alleles of one record share it and follow each other; without one, many have the same.
    fn add_values(&mut self, values: &[u8]) -> io::Result<u32> {
        if values.starts_with(b".") {
            return self.pool.add(values);
        }
        if self.last.0 != values {
            self.last = (values.to_vec(), self.pool.add_unique(values)?);
        }
        Ok(self.last.1)
    }
}

fn add(line: &[u8], fields: &[Field], found: &mut Found<'_>) -> io::Result<()> {
    let columns: Vec<&[u8]> = line.splitn(9, |byte| *byte == b'\t').collect();
    let [name, position, id, reference, alternates, _, _, info, ..] = columns[..] else {
        return Ok(());
    };
    let place = found.chromosomes.place(name);
    let start = super::regions::number(position).and_then(|position| position.checked_sub(1));
    let (Some(place), Some(start)) = (place, start) else {
        return Ok(());
    };
    for (index, alternate) in alternates.split(|byte| *byte == b',').enumerate() {
        let mut values = id.to_vec();
        for field in fields {
            values.push(b'\t');
            values.extend_from_slice(value(info, field, index).unwrap_or(b"."));
        }
        found.add(place, start, reference, alternate, &values)?;
    }
    Ok(())
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

/// The value of a field for one allele.
fn value<'a>(info: &'a [u8], field: &Field, index: usize) -> Option<&'a [u8]> {
    let mut entries = info.split(|byte| *byte == b';');
    let value = entries.find_map(|entry| entry.strip_prefix(field.source.as_bytes())?.strip_prefix(b"="))?;
    match field.per_allele {
        true => value.split(|byte| *byte == b',').nth(index),
        false => Some(value),
    }
}

fn write(key: &str, rows: &[Row], pool: &PoolBuilder, chromosomes: usize, writer: &mut Writer) -> io::Result<()> {
    u32::try_from(rows.len()).map_err(|_| too_many())?;
    let first = first_rows(chromosomes, rows.iter().map(|row| row.0 as usize));
    writer.column(format!("{key}.rows"), first.into_iter())?;
    writer.column(format!("{key}.start"), rows.iter().map(|row| row.1))?;
    writer.column(format!("{key}.change"), rows.iter().map(|row| row.2))?;
    writer.column(format!("{key}.value"), rows.iter().map(|row| row.3))?;
    writer.section(format!("{key}.pool"), pool.bytes())
}
