//! Rows, column by column, as they are read from records.

use std::sync::Arc;

use annotation::Consequence;
use arrow_array::builder::{Float64Builder, Int32Builder, Int64Builder, StringBuilder};
use arrow_array::{ArrayRef, ListArray, StructArray};
use arrow_buffer::OffsetBuffer;
use arrow_schema::DataType;
use domain::variants::MOST_SAMPLES;
use vcf::encode::decoded;

use super::super::entries::Entry;
use super::super::header::{Header, Type};
use super::super::record::{Record, list};
use super::entries::Entries;
use super::lists::Lists;
use super::ranks::Ranks;
use super::schema::{frequency_fields, item};
use super::strings::{Strings, Texts, text};
use super::writers::Column;
use crate::bgzip::last_base;

/// The rows so far. The order of the fields is that of the columns.
pub(super) struct Columns {
    chromosome: Strings,
    position: Int64Builder,
    end: Int64Builder,
    reference: Strings,
    alternate: Strings,
    allele: Int32Builder,
    ids: TextLists,
    quality: Float64Builder,
    filter: Strings,
    /// Consequence, impact; gene, its id, transcript, and the names on that.
    told: [Strings; 7],
    max_frequency: Float64Builder,
    sources: StringBuilder,
    frequencies: Float64Builder,
    frequency_lists: Vec<usize>,
    /// Significance, diseases, review.
    clinvar: [Strings; 3],
    genotypes: TextLists,
    entries: Entries,
    places: Places,
    /// Names of the keys that tell how frequent an allele is, and of those of ClinVar.
    frequency_keys: Vec<String>,
    clinvar_keys: [Option<String>; 3],
}

/// Where CSQ has what the columns need.
struct Places {
    consequence: Option<usize>,
    impact: Option<usize>,
    existing: Option<usize>,
    pick: Option<usize>,
    /// SYMBOL, Gene, Feature, HGVSc, HGVSp.
    picked: [Option<usize>; 5],
}

/// Lists of texts.
#[derive(Default)]
struct TextLists {
    values: Strings,
    lists: Lists,
}

impl TextLists {
    fn append<'t>(&mut self, texts: impl Iterator<Item = &'t [u8]>) {
        let texts = texts
            .enumerate()
            .map(|(place, value)| self.values.append_at(place, value));
        let count = texts.count();
        self.lists.push(count);
    }

    fn finish(&mut self) -> Column {
        Column::texts(Texts {
            values: Some(self.values.finish()),
            lists: Some(Arc::new(std::mem::take(&mut self.lists))),
        })
    }
}

impl Columns {
    pub(super) fn new(header: &Header) -> Self {
        let keys = || header.told.keys.iter().filter(|key| key.number == "A");
        let is_frequency = |name: &str| {
            header
                .info
                .get(name.as_bytes())
                .is_some_and(|kind| kind.of == Type::Float)
        };
        let clinvar = |wanted: &str| keys().find(|key| key.key == wanted).map(|key| key.name.clone());
        Self {
            chromosome: Strings::default(),
            position: Int64Builder::new(),
            end: Int64Builder::new(),
            reference: Strings::default(),
            alternate: Strings::default(),
            allele: Int32Builder::new(),
            ids: TextLists::default(),
            quality: Float64Builder::new(),
            filter: Strings::default(),
            // Names hardly repeat: a dictionary of them would be as long as they are.
            told: std::array::from_fn(|at| if at < 5 { Strings::default() } else { Strings::plain() }),
            max_frequency: Float64Builder::new(),
            sources: StringBuilder::new(),
            frequencies: Float64Builder::new(),
            frequency_lists: Vec::new(),
            clinvar: std::array::from_fn(|_| Strings::default()),
            genotypes: TextLists::default(),
            entries: Entries::new(&header.told.fields),
            places: Places::new(&header.told.fields),
            frequency_keys: keys()
                .filter(|key| is_frequency(&key.name))
                .map(|key| key.name.clone())
                .collect(),
            clinvar_keys: ["CLNSIG", "CLNDN", "CLNREVSTAT"].map(clinvar),
        }
    }

    /// Appends the rows of a record, which `line` is; `has_codes` says whether some values of CSQ may be encoded.
    pub(super) fn append(
        &mut self,
        record: &Record<'_>,
        line: &[u8],
        has_codes: bool,
        header: &Header,
        ranks: &mut Ranks,
    ) {
        let position = text(record.position).parse().unwrap_or_default();
        let end = end(record, position, line);
        for row in 0..record.alternates.len().max(1) {
            let alternate = record.alternates.get(row).copied();
            self.chromosome.append(record.chromosome);
            self.position.append_value(position);
            self.end.append_value(end);
            self.reference.append(record.reference);
            self.alternate.append_option(alternate);
            let number = alternate.map_or(0, |_| row + 1);
            self.allele.append_value(i32::try_from(number).unwrap_or(i32::MAX));
            self.quality
                .append_option(known(record.quality).and_then(|quality| text(quality).parse().ok()));
            self.filter.append_option(known(record.filter));
            self.tell(record, row, has_codes, ranks);
            self.tell_tracks(record, row);
            self.tell_genotypes(record, header);
            self.entries.append(record.entries_of(row), has_codes);
        }
    }

    /// What the entries of an allele tell as a whole.
    fn tell(&mut self, record: &Record<'_>, allele: usize, has_codes: bool, ranks: &mut Ranks) {
        let places = &self.places;
        let mut first = |entry: Entry<'_, '_>| value(entry, places.consequence).and_then(|terms| ranks.first(terms));
        let worst = record
            .entries_of(allele)
            .min_by_key(|entry| first(*entry).map_or(usize::MAX, |(_, rank)| rank));
        let picked = record
            .entries_of(allele)
            .find(|entry| value(*entry, places.pick).is_some());
        let picked = picked.or(worst);
        let terms = worst.and_then(|entry| value(entry, places.consequence));
        let known = terms.and_then(|terms| ranks.first(terms));
        let other = || terms?.split(|byte| *byte == b'&').next();
        // Without the genome's sequence an entry has none, whatever its term would have.
        let impact = match places.impact {
            Some(_) => worst.and_then(|entry| value(entry, places.impact)),
            None => known.map(|(_, rank)| Consequence::ALL[rank].impact().name().as_bytes()),
        };
        self.told[0].append_option(known.map(|(term, _)| term).or_else(other));
        self.told[1].append_option(impact);
        for (builder, place) in self.told[2..].iter_mut().zip(places.picked) {
            match picked.and_then(|entry| value(entry, place)) {
                Some(value) if has_codes => builder.append(&decoded(value)),
                value => builder.append_option(value),
            }
        }
        let mut ids = list(record.id, b';');
        for entry in record.entries_of(allele) {
            for id in value(entry, places.existing)
                .into_iter()
                .flat_map(|ids| ids.split(|byte| *byte == b'&'))
            {
                if !ids.contains(&id) {
                    ids.push(id);
                }
            }
        }
        self.ids.append(ids.into_iter());
    }

    /// Frequencies and ClinVar.
    fn tell_tracks(&mut self, record: &Record<'_>, allele: usize) {
        let value = |name: &str| {
            let values = record.value(name.as_bytes())?;
            known(values.split(|byte| *byte == b',').nth(allele)?)
        };
        let (mut count, mut most) = (0, None);
        for key in &self.frequency_keys {
            if let Some(frequency) = value(key).and_then(|value| text(value).parse::<f64>().ok()) {
                count += 1;
                most = Some(most.map_or(frequency, |most: f64| most.max(frequency)));
                self.sources.append_value(key);
                self.frequencies.append_value(frequency);
            }
        }
        self.frequency_lists.push(count);
        self.max_frequency.append_option(most);
        for (builder, key) in self.clinvar.iter_mut().zip(&self.clinvar_keys) {
            let value = key.as_deref().and_then(value).map(decoded);
            builder.append_option(value.as_deref());
        }
    }

    fn tell_genotypes(&mut self, record: &Record<'_>, header: &Header) {
        let place = record.format.split(|byte| *byte == b':').position(|key| key == b"GT");
        let shows = (1..=MOST_SAMPLES).contains(&header.samples.len()) && place.is_some();
        match shows {
            true => {
                let samples = record.samples.split(|byte| *byte == b'\t');
                self.genotypes.append(samples.map(|sample| genotype(sample, place)));
            }
            false => self.genotypes.lists.push_missing(),
        }
    }

    /// The columns, in order, as [`lanes`](super::lanes) want them; what follows begins anew.
    pub(super) fn finish(&mut self) -> Vec<Column> {
        let frequencies: Vec<ArrayRef> = vec![Arc::new(self.sources.finish()), Arc::new(self.frequencies.finish())];
        let frequencies = StructArray::new(frequency_fields(), frequencies, None);
        let of = item(DataType::Struct(frequency_fields()));
        let lists = OffsetBuffer::from_lengths(self.frequency_lists.drain(..));
        let frequencies = ListArray::new(of, lists, Arc::new(frequencies), None);
        let mut columns = vec![
            Column::texts(self.chromosome.finish_column()),
            Column::Array(Arc::new(self.position.finish())),
            Column::Array(Arc::new(self.end.finish())),
            Column::texts(self.reference.finish_column()),
            Column::texts(self.alternate.finish_column()),
            Column::Array(Arc::new(self.allele.finish())),
            self.ids.finish(),
            Column::Array(Arc::new(self.quality.finish())),
            Column::texts(self.filter.finish_column()),
        ];
        columns.extend(self.told.iter_mut().map(|told| Column::texts(told.finish_column())));
        columns.push(Column::Array(Arc::new(self.max_frequency.finish())));
        columns.push(Column::Array(Arc::new(frequencies)));
        columns.extend(self.clinvar.iter_mut().map(|told| Column::texts(told.finish_column())));
        columns.push(self.genotypes.finish());
        columns.extend(self.entries.finish());
        columns
    }
}

impl Places {
    fn new(fields: &[String]) -> Self {
        let place = |name: &str| fields.iter().position(|own| own == name);
        Self {
            consequence: place("Consequence"),
            impact: place("IMPACT"),
            existing: place("Existing_variation"),
            pick: place("PICK"),
            picked: ["SYMBOL", "Gene", "Feature", "HGVSc", "HGVSp"].map(place),
        }
    }
}

/// The last base of a record.
fn end(record: &Record<'_>, position: i64, line: &[u8]) -> i64 {
    let says = |(key, _): &(&[u8], Option<&[u8]>)| matches!(*key, b"END" | b"SVLEN");
    match position > 0 && !record.info.iter().any(says) {
        true => position.saturating_add(record.reference.len().max(1) as i64 - 1),
        false => i64::try_from(last_base(line)).unwrap_or(i64::MAX).max(position),
    }
}

/// The value of a field, if it has one.
fn value<'l>(entry: Entry<'_, 'l>, place: Option<usize>) -> Option<&'l [u8]> {
    entry.get(place?)
}

/// What is not missing.
fn known(value: &[u8]) -> Option<&[u8]> {
    (!matches!(value, b"." | b"")).then_some(value)
}

/// GT of a sample; a dot where it is left out.
fn genotype(sample: &[u8], place: Option<usize>) -> &[u8] {
    let value = place.and_then(|place| sample.split(|byte| *byte == b':').nth(place));
    value.unwrap_or(b".")
}
