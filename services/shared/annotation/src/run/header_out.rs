//! The header of the output.

use std::io::{self, Write};

use super::context::Context;
use super::naming::Naming;
use crate::bundle::{Chromosome, Manifest};
use crate::options::Mode;
use crate::reference::{MITOCHONDRIAL_LENGTH, is_mitochondrial};
use crate::vcf::{Contig, Line, VERSION, upgraded};

/// Writes the header: the input's, which is `text`, as one of VCF 4.3, with our lines before the #CHROM line. AnnTools
/// copied it.
pub(super) fn write(context: &Context<'_, '_>, naming: &Naming, text: &[u8], output: &mut dyn Write) -> io::Result<()> {
    let header = context.header;
    let ending = header.line_ending;
    let mut lines = text.split_inclusive(|byte| *byte == b'\n');
    if context.mode == Mode::AnnTools {
        return lines.try_for_each(|line| write_stripped(line, output));
    }
    if header.version.is_none() {
        write!(output, "##fileformat={VERSION}{ending}")?;
    }
    let Some(columns) = lines.next_back() else {
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
    output.write_all(contigs(context, naming, ending).as_bytes())?;
    output.write_all(lack(context, ending).as_bytes())?;
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
fn contigs(context: &Context<'_, '_>, naming: &Naming, ending: &str) -> String {
    let (header, is_lifted) = (context.header, context.lifted_from.is_some());
    if !is_lifted && !header.contigs.is_empty() {
        return String::new();
    }
    let mut lines = String::new();
    if let Some(genome) = &context.genome {
        let Manifest {
            assembly, chromosomes, ..
        } = genome.bundle.manifest();
        lines += &format!("##GAS_reference={assembly}{ending}");
        for (place, chromosome) in chromosomes.iter().enumerate() {
            let names = match is_lifted {
                true => lifted_name(chromosome, context.has_prefix).into_iter().collect(),
                false => naming.names(place, chromosome),
            };
            for name in names {
                let length = chromosome.length;
                lines += &format!("##contig=<ID={name},length={length},assembly={assembly}>{ending}");
            }
        }
    }
    let is_declared = |contig: &Contig| is_mitochondrial(contig.name.bytes());
    if let Some(name) = &naming.mitochondrion
        && !header.contigs.iter().any(is_declared)
    {
        lines += &format!("##contig=<ID={name},length={MITOCHONDRIAL_LENGTH},assembly=NC_012920.1>{ending}");
    }
    lines
}

/// How lifted records name a chromosome.
fn lifted_name(chromosome: &Chromosome, has_prefix: bool) -> Option<String> {
    let name = chromosome.is_main().then_some(chromosome.name.as_str())?;
    Some(match has_prefix {
        true => name.to_owned(),
        false => name.trim_start_matches("chr").to_owned(),
    })
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
