//! What every thread of a run knows.

use reference::bundle::Chain;
use reference::detect::Decision;
use reference::{Genome, has_foreign_mitochondrion};
use vcf::{Header, surely_within};

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
            schema: Schema::new(decision.bundle, from.is_some(), &header.declared, layout),
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
            surely_within: surely_within(&options.limits.reader),
            has_prefix,
            has_foreign_mitochondrion: has_foreign_mitochondrion(header),
        }
    }
}
