//! What an owner's plan takes, as limits of an annotation, and what a refusal says of the other plan.

use annotation::{InputError, Limits, Refusal};
use domain::{Plan, PlanLimits, size, with_commas};
use vcf::VcfError;

/// The limits of an annotation for someone with this plan.
pub fn of(plan: Plan, limits: &PlanLimits) -> Limits {
    let limits = limits.of(plan);
    Limits {
        reader: vcf::Limits {
            unpacked_bytes: limits.unpacked_bytes,
            ..Default::default()
        },
        records: limits.records,
        ..Limits::default()
    }
}

/// Why the input was refused, and if the plan is why: which it is, and what Premium would take.
pub fn reason(refused: &Refusal, plan: Plan, limits: &PlanLimits) -> String {
    let premium = match refused.reason() {
        InputError::TooManyRecords { .. } => format!("{} records", with_commas(limits.premium.records)),
        InputError::Vcf(VcfError::TextTooLong { .. }) => format!("{}, unpacked", size(limits.premium.unpacked_bytes)),
        _ => return refused.to_string(),
    };
    match plan {
        Plan::Free => format!("{refused} That is what the Free plan takes; Premium takes up to {premium}."),
        Plan::Premium => format!("{refused} Please split the file, for example by chromosome with bcftools view -r."),
    }
}
