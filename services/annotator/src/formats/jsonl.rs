//! JSON Lines: an object for each record, as `record.schema.json` beside this file describes it.

use vcf::encode::decoded;

use super::entries::Entry;
use super::header::{Header, Kind, Type};
use super::record::{Record, list};

/// Fields of CSQ that are lists.
const LISTS: [&str; 3] = ["Consequence", "Existing_variation", "FLAGS"];
/// Fields of CSQ that are numbers.
const NUMBERS: [&str; 3] = ["DISTANCE", "STRAND", "HGVS_OFFSET"];

/// Appends the object of a record, and a line end.
pub(super) fn append(record: &Record<'_>, header: &Header, out: &mut Vec<u8>) {
    let mut object = Object::begin(out);
    object.key("chromosome");
    string(record.chromosome, object.out);
    object.key("position");
    number(record.position, object.out);
    object.key("ids");
    strings(&list(record.id, b';'), object.out);
    object.key("reference");
    string(record.reference, object.out);
    object.key("quality");
    number(record.quality, object.out);
    object.key("filters");
    strings(&list(record.filter, b';'), object.out);
    object.key("alleles");
    alleles(record, header, object.out);
    object.key("annotation");
    annotation(record, header, object.out);
    object.key("info");
    info(record, header, object.out);
    if !header.samples.is_empty() {
        object.key("samples");
        samples(record, header, object.out);
    }
    object.end();
    out.push(b'\n');
}

fn alleles(record: &Record<'_>, header: &Header, out: &mut Vec<u8>) {
    array(record.alternates.iter().enumerate(), out, |(allele, text), out| {
        let mut object = Object::begin(out);
        object.key("allele");
        string(text, object.out);
        object.key("annotation");
        let mut told = Object::begin(object.out);
        for key in header.told.keys.iter().filter(|key| key.number == "A") {
            let values = record.value(key.name.as_bytes()).map(|values| list(values, b','));
            let value = values.and_then(|values| values.get(allele).copied());
            if let Some(value) = value.filter(|value| *value != b".") {
                told.key(&key.key);
                typed(value, kind(header, key.name.as_bytes()).of, true, told.out);
            }
        }
        told.end();
        object.key("consequences");
        array(record.entries_of(allele), object.out, |entry, out| {
            consequence(entry, header, out)
        });
        object.end();
    });
}

/// An entry of CSQ, without the fields that are empty, and without the number of the allele, in which it stands.
fn consequence(entry: Entry<'_, '_>, header: &Header, out: &mut Vec<u8>) {
    let mut object = Object::begin(out);
    for (place, value) in entry.fields() {
        let name = &header.told.fields[place];
        match name.as_str() {
            "ALLELE_NUM" => {}
            "PICK" => {
                object.key(name);
                object.out.extend_from_slice(b"true");
            }
            list_of if LISTS.contains(&list_of) => {
                object.key(name);
                array(value.split(|byte| *byte == b'&'), object.out, |value, out| {
                    string(&decoded(value), out)
                });
            }
            of_number if NUMBERS.contains(&of_number) => {
                object.key(name);
                number(value, object.out);
            }
            _ => {
                object.key(name);
                string(&decoded(value), object.out);
            }
        }
    }
    object.end();
}

/// Keys of ours that are told of the record as a whole.
fn annotation(record: &Record<'_>, header: &Header, out: &mut Vec<u8>) {
    let mut object = Object::begin(out);
    for key in header.told.keys.iter().filter(|key| key.number != "A") {
        if let Some((_, value)) = record.info.iter().find(|(own, _)| *own == key.name.as_bytes()) {
            object.key(&key.key);
            values(*value, kind(header, key.name.as_bytes()), true, object.out);
        }
    }
    object.end();
}

/// Keys of the input.
fn info(record: &Record<'_>, header: &Header, out: &mut Vec<u8>) {
    let is_ours = |name: &[u8]| header.told.keys.iter().any(|key| key.name.as_bytes() == name);
    let mut object = Object::begin(out);
    let mut seen: Vec<&[u8]> = Vec::new();
    for (name, value) in record.info.iter().filter(|(name, _)| !is_ours(name)) {
        // VCF forbids a key to come twice; JSON has no meaning for it either.
        if !seen.contains(name) {
            seen.push(name);
            object.key(&String::from_utf8_lossy(name));
            values(*value, kind(header, name), false, object.out);
        }
    }
    object.end();
}

fn samples(record: &Record<'_>, header: &Header, out: &mut Vec<u8>) {
    let keys: Vec<&[u8]> = record.format.split(|byte| *byte == b':').collect();
    let columns = record.samples.split(|byte| *byte == b'\t');
    let mut object = Object::begin(out);
    for (name, column) in header.samples.iter().zip(columns) {
        object.key(name);
        let mut sample = Object::begin(object.out);
        for (key, value) in keys.iter().zip(column.split(|byte| *byte == b':')) {
            sample.key(&String::from_utf8_lossy(key));
            let kind = header.format.get(*key).copied().unwrap_or(Kind::UNKNOWN);
            values(Some(value), kind, false, sample.out);
        }
        sample.end();
    }
    object.end();
}

fn kind(header: &Header, key: &[u8]) -> Kind {
    header.info.get(key).copied().unwrap_or(Kind::UNKNOWN)
}

/// The value or values of a key; `true` for a flag. Our own values are decoded, the input's are as it has them.
fn values(value: Option<&[u8]>, kind: Kind, is_ours: bool, out: &mut Vec<u8>) {
    match value {
        None => out.extend_from_slice(b"true"),
        Some(value) if kind.is_single || kind.of == Type::Flag => typed(value, kind.of, is_ours, out),
        Some(value) => array(value.split(|byte| *byte == b','), out, |value, out| {
            typed(value, kind.of, is_ours, out)
        }),
    }
}

fn typed(value: &[u8], of: Type, is_ours: bool, out: &mut Vec<u8>) {
    match of {
        Type::Integer | Type::Float => number(value, out),
        _ if value == b"." => out.extend_from_slice(b"null"),
        _ if is_ours => string(&decoded(value), out),
        _ => string(value, out),
    }
}

/// A number with the digits that the file has; `null` for what is missing, and text for what is no number of JSON's, as `nan`.
fn number(value: &[u8], out: &mut Vec<u8>) {
    match std::str::from_utf8(value) {
        Ok(text) if serde_json::from_str::<serde_json::Number>(text).is_ok() => out.extend_from_slice(value),
        Ok("." | "") => out.extend_from_slice(b"null"),
        Ok(text) => match text.parse::<f64>().ok().and_then(serde_json::Number::from_f64) {
            Some(number) => out.extend_from_slice(number.to_string().as_bytes()),
            None => string(value, out),
        },
        Err(_) => string(value, out),
    }
}

fn strings(values: &[&[u8]], out: &mut Vec<u8>) {
    array(values.iter(), out, |value, out| string(value, out));
}

/// A string; bytes that are no UTF-8 are replaced.
fn string(value: &[u8], out: &mut Vec<u8>) {
    let is_plain = |byte: &u8| (b' '..0x7f).contains(byte) && !b"\"\\".contains(byte);
    if value.iter().all(is_plain) {
        out.push(b'"');
        out.extend_from_slice(value);
        out.push(b'"');
        return;
    }
    // Writing a string to memory cannot fail.
    let _ = serde_json::to_writer(out, &String::from_utf8_lossy(value));
}

fn array<T>(items: impl Iterator<Item = T>, out: &mut Vec<u8>, each: impl Fn(T, &mut Vec<u8>)) {
    out.push(b'[');
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push(b',');
        }
        each(item, out);
    }
    out.push(b']');
}

/// An object that is being written.
struct Object<'o> {
    out: &'o mut Vec<u8>,
    is_empty: bool,
}

impl<'o> Object<'o> {
    fn begin(out: &'o mut Vec<u8>) -> Self {
        out.push(b'{');
        Self { out, is_empty: true }
    }

    /// Begins the next member, whose value is to be written.
    fn key(&mut self, name: &str) {
        if !std::mem::replace(&mut self.is_empty, false) {
            self.out.push(b',');
        }
        string(name.as_bytes(), self.out);
        self.out.push(b':');
    }

    fn end(self) {
        self.out.push(b'}');
    }
}
