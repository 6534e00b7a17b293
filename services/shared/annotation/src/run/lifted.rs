//! Records of an older assembly: every position that they name is moved into the reference's.

use reference::liftover::{Lifted, Positions, Unmapped, lift};
use vcf::{Record, Shown};

use super::rewritten::Rewritten;
use super::worker::{Fate, Worker};
use crate::error::InputError;
use crate::info::Key;
use crate::report::UnmappedRecord;

impl Worker<'_, '_> {
    /// A nuclear record: finds its place in the reference.
    pub(super) fn lifted_record(&mut self, record: &Record<'_>, number: u64) -> Result<Fate, InputError> {
        let Some(positions) = self.positions() else {
            return Ok(Fate::Written(None));
        };
        let (lifted, rewritten) = match moved(&positions, record) {
            Ok(moved) => moved,
            Err(reason) => return Ok(self.leave_out(record, number, reason)),
        };
        self.findings.lifted += 1;
        self.nuclear_record(&rewritten.apply(record), lifted.chromosome, number)?;
        self.fields.set_record(
            Key::ORIGINAL,
            format_args!("{}:{}", Shown::new(record.chromosome), record.position),
        );
        if lifted.flipped.is_some() {
            self.findings.flipped += 1;
            self.fields.flag(Key::FLIPPED);
        }
        Ok(Fate::Written(Some(rewritten)))
    }

    /// A mitochondrial record of a file that is lifted: it stays where it is, but mates of breakends may not.
    pub(super) fn beside_lifted(&mut self, record: &Record<'_>, number: u64) -> Result<Fate, InputError> {
        let stayed = self.positions().map(|positions| stayed(&positions, record));
        let rewritten = match stayed.transpose() {
            Ok(rewritten) => rewritten.flatten(),
            Err(reason) => return Ok(self.leave_out(record, number, reason)),
        };
        let Some(rewritten) = rewritten else {
            self.mitochondrial_record(record, number)?;
            return Ok(Fate::Written(None));
        };
        self.mitochondrial_record(&rewritten.apply(record), number)?;
        Ok(Fate::Written(Some(rewritten)))
    }

    /// `None` if records of this file are not lifted.
    fn positions(&self) -> Option<Positions<'_, '_>> {
        let context = self.context;
        Some(Positions {
            chain: context.chain.as_ref()?,
            genome: context.genome.as_ref()?,
            has_prefix: context.has_prefix,
            length_decides: context.header.length_decides(),
        })
    }

    fn leave_out(&mut self, record: &Record<'_>, number: u64, reason: Unmapped) -> Fate {
        self.findings.nuclear.records += 1;
        self.findings.unmapped(|| UnmappedRecord {
            line: number,
            chromosome: Shown::new(record.chromosome),
            position: record.position,
            id: Shown::new(record.id),
            alleles: Shown::new(&[record.reference, b">", record.alternates].concat()),
            reason,
        });
        Fate::LeftOut
    }
}

/// A record with all its positions in the new assembly.
fn moved(positions: &Positions<'_, '_>, record: &Record<'_>) -> Result<(Lifted, Rewritten), Unmapped> {
    let lifted = lift(positions.chain, positions.genome, record)?;
    let (reference, alternates) = match &lifted.flipped {
        Some((reference, alternates)) => (&reference[..], &alternates[..]),
        None => (record.reference, record.alternates),
    };
    let alleles = match positions.alternates(alternates)? {
        Some(alternates) => Some((reference.to_vec(), alternates)),
        None => lifted.flipped.clone(),
    };
    let rewritten = Rewritten {
        chromosome: positions.name(lifted.chromosome).to_vec(),
        position: lifted.position,
        alleles,
        info: positions.info(record, Some(&lifted))?,
    };
    Ok((lifted, rewritten))
}

/// A record that stays, with the mates of its breakends in the new assembly; `None` if it names none.
fn stayed(positions: &Positions<'_, '_>, record: &Record<'_>) -> Result<Option<Rewritten>, Unmapped> {
    let (alternates, info) = (positions.alternates(record.alternates)?, positions.info(record, None)?);
    let has_moved = alternates.is_some() || info.is_some();
    Ok(has_moved.then(|| Rewritten {
        chromosome: record.chromosome.to_vec(),
        position: record.position,
        alleles: alternates.map(|alternates| (record.reference.to_vec(), alternates)),
        info,
    }))
}
