//! What every thread of a run knows.

use reference::bundle::Chain;
use reference::detect::Decision;
use reference::{Genome, has_foreign_mitochondrion};
use vcf::{Header, Line, surely_within};

use crate::info::{Layout, Schema};
use crate::options::{Limits, Mode, Options, TermsAt};

/// What was decided before the first record is annotated.
pub(crate) struct Context<'c, 'b> {
    pub(crate) header: &'c Header,
    pub(crate) schema: Schema,
    pub(crate) genome: Option<Genome<'b>>,
    /// The chain through which nuclear records are lifted.
    pub(crate) chain: Option<Chain<'b>>,
    /// The assembly from which they are lifted, by its common name.
    pub(crate) lifted_from: Option<&'static str>,
    pub(crate) mode: Mode,
    pub(crate) terms_at: TermsAt,
    /// Whether the output is AnnTools' own, which declares nothing.
    pub(crate) is_bare: bool,
    pub(crate) limits: Limits,
    /// The samples whose haplotypes are told of, or why none are; empty if nobody asked.
    pub(super) phasing: Result<Vec<Box<[u8]>>, &'static str>,
    /// The longest line that is surely within the limits of a record.
    pub(crate) surely_within: usize,
    /// Whether the file names its chromosomes `chr1`, not `1`.
    pub(crate) has_prefix: bool,
    /// Whether the header says that chrM is another sequence than the rCRS.
    pub(crate) has_foreign_mitochondrion: bool,
}

impl<'c, 'b> Context<'c, 'b> {
    pub(super) fn new(header: &'c Header, decision: &Decision<'b>, options: &Options, has_prefix: bool) -> Self {
        let from = decision.lifted_from;
        let layout = Layout::new(options.fields.clone(), options.pick.clone());
        Self {
            header,
            schema: Schema::new(
                decision.bundle,
                from.is_some(),
                options.phased,
                &header.declared,
                layout,
            ),
            genome: decision.bundle.map(Genome::new),
            chain: decision
                .bundle
                .zip(from)
                .and_then(|(bundle, from)| Chain::new(bundle, from.name)),
            lifted_from: from.map(|from| from.name),
            mode: options.mode,
            terms_at: options.terms_at,
            is_bare: options.mode == Mode::AnnTools && !options.declares_keys,
            limits: options.limits.clone(),
            phasing: Err(""),
            surely_within: surely_within(&options.limits.reader),
            has_prefix,
            has_foreign_mitochondrion: has_foreign_mitochondrion(header),
        }
    }

    /// The same, which tells of the haplotypes of the samples in the header's last line, if the caller asks for them.
    pub(super) fn phasing(mut self, options: &Options, header: &[u8]) -> Self {
        if options.phased {
            self.phasing = self.samples(header);
        }
        self
    }

    /// The names of the samples; or why their haplotypes cannot be told of.
    fn samples(&self, header: &[u8]) -> Result<Vec<Box<[u8]>>, &'static str> {
        let columns = Line::new(
            header
                .split_inclusive(|byte| *byte == b'\n')
                .next_back()
                .unwrap_or_default(),
        )
        .text;
        let samples: Vec<Box<[u8]>> = columns.split(|byte| *byte == b'\t').skip(9).map(Into::into).collect();
        match &self.genome {
            _ if self.mode == Mode::AnnTools => Err("AnnTools had nothing of the kind"),
            _ if samples.is_empty() => Err("the file has no samples"),
            _ if self.header.is_old() => Err("the file is VCF 3"),
            _ if self.chain.is_some() => Err("its records are lifted from another assembly"),
            Some(genome) if genome.sequences.iter().any(Option::is_some) => Ok(samples),
            Some(_) => Err("the reference has no sequence"),
            None => Err("the mitochondrial genome is left out"),
        }
    }
}
