//! The header of the output.

use std::io::{self, Write};

use super::context::Context;
use crate::options::Mode;
use crate::reference::is_mitochondrial;
use crate::vcf::{Line, VERSION, upgraded};

/// Writes the header: the input's, as one of VCF 4.3, with our lines before the #CHROM line. AnnTools copied it.
pub(super) fn write(context: &Context<'_, '_>, output: &mut dyn Write) -> io::Result<()> {
    let header = context.header;
    let ending = header.line_ending();
    if context.mode == Mode::AnnTools {
        return header.lines.iter().try_for_each(|line| write_stripped(line, output));
    }
    if header.version.is_none() {
        write!(output, "##fileformat={VERSION}{ending}")?;
    }
    let Some((columns, lines)) = header.lines.split_last() else {
        return Ok(());
    };
    for raw in lines {
        let line = Line::new(raw);
        match (&context.lifted_from, key_of(line.text)) {
            (Some(_), b"contig") if !is_mitochondrial_contig(line.text) => continue,
            (Some(_), b"reference") => {
                write!(output, "##original_")?;
                output.write_all(&line.text[2..])?;
            }
            _ => match upgraded(line.text) {
                Some(text) => output.write_all(&text)?,
                None => output.write_all(line.text)?,
            },
        }
        output.write_all(line.ending)?;
    }
    output.write_all(contigs(context, ending).as_bytes())?;
    output.write_all(context.schema.header(ending).as_bytes())?;
    output.write_all(columns)
}

/// The key of a header line.
fn key_of(text: &[u8]) -> &[u8] {
    let text = text.strip_prefix(b"##").unwrap_or_default();
    &text[..text.iter().position(|byte| *byte == b'=').unwrap_or(text.len())]
}

fn is_mitochondrial_contig(text: &[u8]) -> bool {
    let id = text
        .split(|byte| *byte == b'<' || *byte == b',')
        .find_map(|part| part.strip_prefix(b"ID="));
    id.is_some_and(|id| is_mitochondrial(id.strip_suffix(b">").unwrap_or(id)))
}

/// Lines for the chromosomes of the reference, if the records were lifted to it or the input has none. VCF 4.3 asks for
/// them; names are spelled as the input spells them.
fn contigs(context: &Context<'_, '_>, ending: &str) -> String {
    let Some(genome) = &context.genome else {
        return String::new();
    };
    let header = context.header;
    if context.lifted_from.is_none() && !header.contigs.is_empty() {
        return String::new();
    }
    let manifest = genome.bundle.manifest();
    let is_main = |name: &str| name.len() <= 5 && name.starts_with("chr") && name != "chrM";
    let mut lines = format!("##GAS_reference={}{ending}", manifest.assembly);
    for chromosome in manifest
        .chromosomes
        .iter()
        .filter(|chromosome| is_main(&chromosome.name))
    {
        let name = match context.has_prefix {
            true => chromosome.name.as_str(),
            false => chromosome.name.trim_start_matches("chr"),
        };
        let assembly = &manifest.assembly;
        lines += &format!(
            "##contig=<ID={name},length={},assembly={assembly}>{ending}",
            chromosome.length
        );
    }
    lines
}

/// AnnTools stripped every line of the white space around it.
fn write_stripped(line: &[u8], output: &mut dyn Write) -> io::Result<()> {
    output.write_all(line.trim_ascii())?;
    output.write_all(b"\n")
}
