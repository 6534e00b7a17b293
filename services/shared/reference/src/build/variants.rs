//! Tracks of variants, from VCF files, tables of alleles and UCSC's `snp` tables: dbSNP, ClinVar, population frequencies, scores,
//! or any other.

use std::io;
use std::path::Path;

use super::blocks::BlockWriter;
use super::carried::Carried;
use super::chromosomes::Chromosomes;
use super::fields::Declarations;
use super::found::Found;
use super::order::Order;
use super::release::{self, HeaderRelease};
use super::scores::{Columns, Comments, EXPECTED};
use super::sequence::Bases;
use super::source::{BuildError, Source};
use super::{BuildProgress, ExtraTrack, Plan, Told, snp, tables, track};
use crate::bundle::{Kind, Provenance, Track, Writer, has_ids};

/// Compiles VCF files, tables of alleles or a `snp` table into one track of the bundle whose file is `path`. All of the files have
/// the same key; those of gnomAD are one for each chromosome.
pub(super) fn build(
    plan: &Plan,
    files: &[&ExtraTrack],
    path: &Path,
    chromosomes: &Chromosomes,
    bases: Option<&Bases>,
    writer: &mut Writer,
    told: Told<'_>,
) -> Result<Track, BuildError> {
    let key = files[0].key.as_str();
    let blocks = BlockWriter::new(key, writer);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut found = Found {
        chromosomes,
        bases,
        has_ids: has_ids(key),
        rows: 0,
        order: Order::new(blocks, folder.unwrap_or(Path::new(".")).to_owned()),
        is_unsorted: false,
    };
    let mut read = read_all(plan, files, &mut found, told)?;
    if found.is_unsorted {
        found.sort().map_err(BuildError::writing(path))?;
        read = read_all(plan, files, &mut found, told)?;
    }
    let index = found.order.end().map_err(BuildError::writing(path))?;
    let rows = index.rows;
    let written = index.write(key, chromosomes.len(), writer);
    written.map_err(BuildError::writing(path))?;
    told(BuildProgress {
        what: key,
        rows,
        done: true,
    });
    let provenance = release::of_files(read.files).unwrap_or_default();
    let mut track = track(key, Kind::Variants, provenance, rows, read.skipped);
    track.fields = read.fields.into_iter().map(|carried| carried.field).collect();
    Ok(track)
}

/// What was read of files.
#[derive(Default)]
struct Read {
    files: Vec<Provenance>,
    skipped: u64,
    fields: Vec<Carried>,
}

/// Reads files to their ends, or to the first row that is not where sorted files would have it.
fn read_all(plan: &Plan, files: &[&ExtraTrack], found: &mut Found<'_, '_>, told: Told<'_>) -> Result<Read, BuildError> {
    let mut all = Read::default();
    for extra in files {
        let before = found.rows;
        let file = read(plan, extra, &all, found, told)?;
        if file.skipped > 0 && found.rows == before {
            return Err(BuildError::NoRows(extra.file.clone()));
        }
        all.files.extend(file.files);
        all.skipped += file.skipped;
        all.fields = file.fields;
        if found.is_unsorted {
            break;
        }
    }
    Ok(all)
}

/// How the lines of a file are read.
enum Form {
    /// UCSC's table of dbSNP.
    Snp,
    /// A VCF file.
    Vcf,
    /// A table of alleles, whose columns are told by its header.
    Table(Option<Columns>),
}

/// Reads a file. Those that were read `before` must have the same fields.
fn read(
    plan: &Plan,
    extra: &ExtraTrack,
    before: &Read,
    found: &mut Found<'_, '_>,
    told: Told<'_>,
) -> Result<Read, BuildError> {
    let mut source = Source::open(&extra.file)?;
    let mut form = match tables::form_of(&extra.file) {
        tables::Form::Snp => Form::Snp,
        tables::Form::Table => Form::Table(None),
        _ => Form::Vcf,
    };
    let (mut declared, mut header) = (Declarations::default(), HeaderRelease::default());
    let mut comments = Comments::default();
    let mut fields = if matches!(form, Form::Snp) {
        snp::fields()
    } else {
        Vec::new()
    };
    found.order.set_columns(usize::from(found.has_ids) + fields.len());
    while let Some(line) = source.next_line()? {
        let rows = found.rows;
        let mut is_row = true;
        let added = match &mut form {
            Form::Snp => snp::add(line, found),
            Form::Table(Some(columns)) if !line.starts_with(b"#") => columns.add(line, found),
            Form::Table(columns) => {
                is_row = false;
                let read = Columns::read(line, extra, &plan.assembly, &mut comments);
                if let Some(own) = read.map_err(|reason| source.error(reason))? {
                    fields = own.carried();
                    *columns = Some(own);
                }
                Ok(())
            }
            Form::Vcf if !line.starts_with(b"#") => add(line, &fields, found),
            Form::Vcf => {
                is_row = false;
                let read = vcf_header(line, extra, &plan.assembly, &mut declared, &mut header);
                if let Some(own) = read.map_err(|reason| source.error(reason))? {
                    fields = own;
                }
                Ok(())
            }
        };
        added.map_err(BuildError::reading(&extra.file))?;
        if !is_row {
            if !before.files.is_empty() && !fields.is_empty() && fields != before.fields {
                return Err(source.error(format!(
                    "the fields of {} are others than those of the file before",
                    extra.key
                )));
            }
            found.order.set_columns(usize::from(found.has_ids) + fields.len());
        } else if found.is_unsorted {
            break;
        } else if found.rows == rows {
            source.skip();
        }
        source.tell(&extra.key, told);
    }
    if matches!(form, Form::Table(None)) {
        return Err(source.error(EXPECTED));
    }
    let provenance = match form {
        Form::Snp => release::of_table(&extra.key, &source, &plan.notes),
        _ => release::provenance(&extra.key, &source, &plan.notes, header.release().or(comments.release)),
    };
    Ok(Read {
        files: vec![provenance],
        skipped: source.skipped(),
        fields,
    })
}

/// Reads a line of the header of a VCF file; gives the fields that are carried once it has come to an end.
fn vcf_header(
    line: &[u8],
    extra: &ExtraTrack,
    assembly: &str,
    declared: &mut Declarations,
    header: &mut HeaderRelease,
) -> Result<Option<Vec<Carried>>, String> {
    if let Some(info) = line.strip_prefix(b"##INFO=<") {
        declared.add(&String::from_utf8_lossy(info));
    } else if line.starts_with(b"##") {
        header.line(line, assembly)?;
    } else if line.starts_with(b"#CHROM") {
        return declared.choose(extra).map(Some);
    }
    Ok(None)
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
            carried
                .number
                .append(value.unwrap_or_default(), index, alternate, &mut texts);
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
