//! TSV: a line for each allele and each of its entries of CSQ. An allele without entries has a line, too, so that no record is
//! missing.
//!
//! First come the columns of VCF up to FILTER, then the fields of CSQ, then keys that have a value for each allele: frequencies,
//! what ClinVar says. What is not known is empty. Tabs and line ends in a value stay codes, `%09`.

use vcf::encode::decoded;

use super::entries::Entry;
use super::header::Header;
use super::record::{Record, list};

/// The columns of VCF.
const COLUMNS: [&str; 7] = ["CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER"];

/// The line of names.
pub(super) fn names(header: &Header, shows_number: bool) -> Vec<u8> {
    let fields = fields(header, shows_number).map(|(_, name)| name);
    let keys = header.told.keys.iter().filter(|key| key.number == "A");
    let names: Vec<&str> = COLUMNS
        .into_iter()
        .chain(fields)
        .chain(keys.map(|key| key.name.as_str()))
        .collect();
    (names.join("\t") + "\n").into_bytes()
}

/// The fields of CSQ that are shown: ALT says which allele it is.
fn fields(header: &Header, shows_number: bool) -> impl Iterator<Item = (usize, &str)> {
    let fields = header.told.fields.iter().map(String::as_str).enumerate();
    fields.filter(move |(_, name)| shows_number || *name != "ALLELE_NUM")
}

/// Appends the lines of a record.
pub(super) fn append(record: &Record<'_>, header: &Header, shows_number: bool, out: &mut Vec<u8>) {
    let none = [&b""[..]];
    let alternates = if record.alternates.is_empty() {
        &none[..]
    } else {
        &record.alternates[..]
    };
    for (allele, alternate) in alternates.iter().enumerate() {
        let mut entries = record.entries_of(allele).peekable();
        if entries.peek().is_none() {
            line(record, header, shows_number, (allele, alternate), Entry::default(), out);
        }
        entries.for_each(|entry| line(record, header, shows_number, (allele, alternate), entry, out));
    }
}

fn line(
    record: &Record<'_>,
    header: &Header,
    shows_number: bool,
    (allele, alternate): (usize, &[u8]),
    entry: Entry<'_, '_>,
    out: &mut Vec<u8>,
) {
    for column in [record.chromosome, record.position] {
        out.extend_from_slice(column);
        out.push(b'\t');
    }
    for column in [record.id, record.reference, alternate, record.quality, record.filter] {
        out.extend_from_slice(if column == b"." { b"" } else { column });
        out.push(b'\t');
    }
    for (at, _) in fields(header, shows_number) {
        append_value(entry.get(at).unwrap_or_default(), out);
    }
    for key in header.told.keys.iter().filter(|key| key.number == "A") {
        let values = record.value(key.name.as_bytes()).map(|values| list(values, b','));
        let value = values
            .and_then(|values| values.get(allele).copied())
            .unwrap_or_default();
        append_value(value, out);
    }
    // The last tab separates nothing.
    out.pop();
    out.push(b'\n');
}

fn append_value(value: &[u8], out: &mut Vec<u8>) {
    if value != b"." {
        for byte in decoded(value).iter() {
            match byte {
                b'\t' => out.extend_from_slice(b"%09"),
                b'\n' => out.extend_from_slice(b"%0A"),
                b'\r' => out.extend_from_slice(b"%0D"),
                byte => out.push(*byte),
            }
        }
    }
    out.push(b'\t');
}
