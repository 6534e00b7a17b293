//! Reads one source, whichever of the forms it has.

use std::path::PathBuf;

use super::super::sequence::Bases;
use super::super::source::{BuildError, Source};
use super::super::{Plan, Told};
use super::collector::Collector;
use super::companions::Companions;
use super::feature::Feature;
use super::release::Said;
use super::{Gathering, Read, assembled, ends, table};
use crate::{Accession, assembly};

/// The longest line; that of a gene with many exons has some ten thousand bytes.
const MOST_LINE_BYTES: u64 = 1 << 24;

/// A source that is being read.
struct Reader<'r, 'g> {
    plan: &'r Plan,
    path: PathBuf,
    gathering: &'r mut Gathering<'g>,
    said: Said,
    /// The features of GFF3 and GTF.
    collector: Collector,
    /// What lies beside one of UCSC's tables; `None` until its first row.
    companions: Option<Companions>,
    /// The sources that this was.
    beside: Vec<Read>,
    /// The chromosome of the line before, and its place: the next line is mostly on the same one.
    last: (String, Option<usize>),
}

/// Reads a source, and what lies beside it, into `gathering`; its transcripts lack only their label then.
pub(super) fn read(
    plan: &Plan,
    source: &mut Source,
    gathering: &mut Gathering<'_>,
    bases: Option<&Bases>,
    told: Told<'_>,
) -> Result<(Said, Vec<Read>), BuildError> {
    let first = gathering.transcripts.len();
    let (path, name) = (source.path().to_owned(), source.name().to_owned());
    let (said, collector, beside) = (Said::default(), Collector::default(), Vec::new());
    let mut reader = Reader {
        plan,
        path,
        gathering,
        said,
        collector,
        companions: None,
        beside,
        last: (String::new(), None),
    };
    while let Some(line) = source.next_line_within(MOST_LINE_BYTES)? {
        let line = String::from_utf8_lossy(line).into_owned();
        // A sequence may follow, announced or not.
        if line.starts_with("##FASTA") || line.starts_with('>') {
            source.read_to_end()?;
            break;
        }
        reader.line(&line, source)?;
        source.tell(&name, told);
    }
    reader.assemble(source)?;
    let Reader {
        gathering,
        said,
        beside,
        ..
    } = reader;
    let transcripts = &mut gathering.transcripts[first..];
    if !said.states_ends {
        ends::find(transcripts, bases);
    }
    transcripts.iter_mut().for_each(ends::settle);
    Ok((said, beside))
}

impl Reader<'_, '_> {
    fn line(&mut self, line: &str, source: &mut Source) -> Result<(), BuildError> {
        if line.starts_with('#') {
            let read = self.said.header(line, &self.plan.assembly);
            return read.map_err(|reason| source.error(reason));
        }
        if line.trim().is_empty() {
            return Ok(());
        }
        // What the first line is, the others are.
        let is_first = !self.said.is_table && self.collector.is_empty();
        self.said.is_table |= is_first && table::name_column(line).is_some();
        match self.said.is_table {
            true => self.row(line, source),
            false => self.feature(line, source),
        }
    }

    /// Reads a row of one of UCSC's tables.
    fn row(&mut self, line: &str, source: &mut Source) -> Result<(), BuildError> {
        let companions = match &mut self.companions {
            Some(companions) => companions,
            none => none.insert(Companions::beside(
                self.plan,
                &self.path,
                self.gathering,
                &mut self.beside,
            )?),
        };
        self.said.states_ends |= table::states_ends(line);
        let row = table::row(line, self.gathering, companions);
        match row.map_err(BuildError::reading(&self.path))? {
            Some(transcript) => self.gathering.transcripts.push(transcript),
            None => source.skip(),
        }
        Ok(())
    }

    /// Reads a line of GFF3 or GTF.
    fn feature(&mut self, line: &str, source: &Source) -> Result<(), BuildError> {
        let feature = Feature::parse(line).map_err(|reason| source.error(reason))?;
        if self.last.0 != feature.chromosome {
            fits(feature.chromosome, &self.plan.assembly).map_err(|reason| source.error(reason))?;
            let place = self.gathering.chromosomes.place(feature.chromosome.as_bytes());
            self.last = (feature.chromosome.to_owned(), place);
        }
        let chromosome = self.last.1.filter(|_| feature.is_inside);
        let added = self.collector.add(&feature, chromosome, &mut self.gathering.pool);
        added.map_err(BuildError::reading(&self.path))
    }

    /// Makes transcripts of the features.
    fn assemble(&mut self, source: &mut Source) -> Result<(), BuildError> {
        self.said.states_ends |= self.collector.states_ends;
        let have_parts = self.collector.nodes.iter().filter(|node| node.has_parts());
        for node in have_parts {
            let transcript = assembled::transcript(&self.collector, node, self.gathering);
            match transcript.map_err(BuildError::reading(&self.path))? {
                Some(transcript) => self.gathering.transcripts.push(transcript),
                None => source.skip(),
            }
        }
        Ok(())
    }
}

/// Refuses a chromosome whose accession says that it is one of another assembly.
fn fits(chromosome: &str, name: &str) -> Result<(), String> {
    let named = Accession::parse(chromosome).and_then(|accession| accession.assembly());
    match (named, assembly(name)) {
        (Some(other), Some(own)) if other != own => Err(format!(
            "{chromosome} is a chromosome of {}; this bundle is of {}",
            other.names(),
            own.names()
        )),
        _ => Ok(()),
    }
}
