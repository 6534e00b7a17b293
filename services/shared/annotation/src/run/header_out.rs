//! The header of the output.

use std::io::{self, Write};

use reference::bundle::Manifest;
use reference::is_mitochondrial;
use vcf::{Line, has_percent_encoding, upgraded, version_written};

use super::context::Context;
use super::contigs::Contigs;
use crate::anntools::declared_header;
use crate::options::Mode;

/// How values are encoded, for versions in which `%` means nothing. Ensembl VEP writes such codes into CSQ whatever the
/// version is, and so one rule reads all files.
const ENCODING: &str = "In values of keys that GAS has added, %3B stands for a semicolon, %2C for a comma, %3D for an equals \
    sign, %7C for a vertical bar, %20 for a space, %22 for a quotation mark and %25 for a percent sign";

/// Writes the header: the input's, which is `text`, in its own version from 4.1 on, with our lines before the #CHROM line.
/// AnnTools copied it.
pub(super) fn write(
    context: &Context<'_, '_>,
    contigs: &Contigs,
    text: &[u8],
    output: &mut dyn Write,
) -> io::Result<()> {
    let header = context.header;
    let mut lines = text.split_inclusive(|byte| *byte == b'\n');
    if context.is_bare {
        return lines.try_for_each(|line| write_stripped(line, output));
    }
    // AnnTools ended every line so.
    let is_anntools = context.mode == Mode::AnnTools;
    let ending = if is_anntools { "\n" } else { header.line_ending };
    let Some(columns) = lines.next_back() else {
        return Ok(());
    };
    let version = version_written(header.version.as_deref());
    // It comes first, wherever the input has it.
    let own = lines.clone().map(Line::new).find(|line| is_version(line.text));
    write!(output, "##fileformat={version}")?;
    let ending_of = |line: &Line<'_>| match is_anntools {
        true => ending.to_owned(),
        false => String::from_utf8_lossy(line.ending).into_owned(),
    };
    let first = own.map_or_else(|| ending.to_owned(), |line| ending_of(&line));
    output.write_all(first.as_bytes())?;
    for line in lines.map(Line::new).filter(|line| !is_version(line.text)) {
        if write_line(context, line.text, output)? {
            output.write_all(ending_of(&line).as_bytes())?;
        }
    }
    output.write_all(contigs.lines(context, ending).as_bytes())?;
    output.write_all(lack(context, ending).as_bytes())?;
    if !has_percent_encoding(version) {
        write!(output, "##GAS_encoding={ENCODING}{ending}")?;
    }
    let keys = match is_anntools {
        true => declared_header(&header.declared),
        false => context.schema.header(ending),
    };
    output.write_all(keys.as_bytes())?;
    match is_anntools {
        true => write_stripped(columns, output),
        false => output.write_all(columns),
    }
}

/// Writes one of the input's lines without its ending; `false` if it does not hold for the output.
fn write_line(context: &Context<'_, '_>, text: &[u8], output: &mut dyn Write) -> io::Result<bool> {
    match (&context.lifted_from, key_of(text)) {
        (Some(_), b"contig") if !is_mitochondrial_contig(text) => return Ok(false),
        (Some(_), b"reference") => {
            write!(output, "##original_")?;
            output.write_all(&text[2..])?;
        }
        _ => match upgraded(text) {
            Some(text) => output.write_all(&text)?,
            None => output.write_all(text)?,
        },
    }
    Ok(true)
}

/// The key of a header line.
fn key_of(text: &[u8]) -> &[u8] {
    let text = text.strip_prefix(b"##").unwrap_or_default();
    &text[..text.iter().position(|byte| *byte == b'=').unwrap_or(text.len())]
}

/// Whether a line gives the version. VCF 3 began with `##format`.
fn is_version(text: &[u8]) -> bool {
    matches!(key_of(text), b"fileformat" | b"format")
}

fn is_mitochondrial_contig(text: &[u8]) -> bool {
    let id = text
        .split(|byte| *byte == b'<' || *byte == b',')
        .find_map(|part| part.trim_ascii().strip_prefix(b"ID="));
    id.is_some_and(|id| is_mitochondrial(id.strip_suffix(b">").unwrap_or(id).trim_ascii()))
}

/// Says what is missing where the sequence is.
fn lack(context: &Context<'_, '_>, ending: &str) -> String {
    let manifest = context.genome.as_ref().map(|genome| genome.bundle.manifest());
    manifest
        .and_then(Manifest::lacks_sequence)
        .map_or_else(String::new, |lack| format!("##GAS_without_sequence={lack}{ending}"))
}

/// AnnTools stripped every line of the white space around it.
fn write_stripped(line: &[u8], output: &mut dyn Write) -> io::Result<()> {
    output.write_all(line.trim_ascii())?;
    output.write_all(b"\n")
}
