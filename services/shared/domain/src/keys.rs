//! Where a job's objects are: the only place that makes or reads object keys.
//!
//! Every key begins with `<user id>/<job id>/`, so that a prefix says whose it is. The name a person gave is
//! metadata of the input, never part of its key: the upload form fixes the key before a file is chosen.

use crate::{FileName, JobId, ResultsFormat, UserId};

/// The key of a job's input in the inputs bucket.
#[must_use]
pub fn input(user: UserId, job: JobId) -> String {
    format!("{user}/{job}/input.vcf")
}

/// The keys of what one attempt at a job makes, in the results bucket. Each attempt has keys of its own: what is written or
/// deleted late by one that is thought dead hits nobody else's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptKeys {
    /// The annotated VCF, as bgzip.
    pub results: String,
    /// Its index. It stays where it is when the results go to the vault and come back: their bytes are the same.
    pub index: String,
    /// The variants of the results as a table, in the columns of [`crate::variants`]. It goes when the results go to the vault,
    /// and does not come back with them: another run makes it again.
    pub variants: String,
    /// The log.
    pub log: String,
}

/// The keys of the attempt with this number, from 1, at a job.
#[must_use]
pub fn attempt(user: UserId, job: JobId, attempt: u32, input: &FileName) -> AttemptKeys {
    let key = |name: FileName| format!("{user}/{job}/{attempt}/{}", name.to_key_segment());
    AttemptKeys {
        results: key(input.results(ResultsFormat::Bgzip)),
        index: key(input.index()),
        variants: key(input.variants()),
        log: key(input.log()),
    }
}

/// The key of a job's annotated VCF once it has come back from the vault for the `number`th time. Each time has a key of
/// its own, so that a late deletion of what was archived never hits what was restored.
#[must_use]
pub fn restored(user: UserId, job: JobId, number: u32, input: &FileName, format: ResultsFormat) -> String {
    format!(
        "{user}/{job}/restored-{number}/{}",
        input.results(format).to_key_segment()
    )
}

/// What the keys of everything of one job begin with, in every bucket.
#[must_use]
pub fn of_job(user: UserId, job: JobId) -> String {
    format!("{user}/{job}/")
}

/// What the keys of everything of one person begin with.
#[must_use]
pub fn of_user(user: UserId) -> String {
    format!("{user}/")
}

/// The job whose input has this key, if the key is one that [`input`] makes for this user.
#[must_use]
pub fn job_of_input(user: UserId, key: &str) -> Option<JobId> {
    let job = key.split('/').nth(1)?.parse().ok()?;
    (input(user, job) == key).then_some(job)
}

/// The job of this user below whose prefix a key lies, whatever it is called there: inputs of version 0.1 have the name of
/// their file.
#[must_use]
pub fn job_of_key(user: UserId, key: &str) -> Option<JobId> {
    let job = key.split('/').nth(1)?.parse().ok()?;
    key.starts_with(&of_job(user, job)).then_some(job)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_never_have_the_same_key_again() {
        let (user, job, name) = (
            UserId::random(),
            JobId::random(),
            FileName::from_untrusted("restored-1.vcf"),
        );
        let first = attempt(user, job, 1, &name).results;
        let restored = |number| restored(user, job, number, &name, ResultsFormat::Bgzip);
        let (second, third) = (restored(1), restored(2));
        assert!(first != second && second != third);
        assert_eq!(third, format!("{user}/{job}/restored-2/restored-1.annot.vcf.gz"));
    }

    #[test]
    fn everything_of_a_job_lies_below_its_prefix_and_below_its_owners() {
        let (user, job, name) = (UserId::random(), JobId::random(), FileName::from_untrusted("a.vcf"));
        let AttemptKeys {
            results,
            index,
            variants,
            log,
        } = attempt(user, job, 2, &name);
        let restored = restored(user, job, 1, &name, ResultsFormat::Bgzip);
        for key in [input(user, job), results, index, variants, log, restored] {
            assert!(
                key.starts_with(&of_job(user, job)) && key.starts_with(&of_user(user)),
                "{key}"
            );
        }
    }

    #[test]
    fn an_input_key_names_its_job_to_its_owner_only() {
        let (owner, stranger, job) = (UserId::random(), UserId::random(), JobId::random());
        let key = input(owner, job);
        assert_eq!(job_of_input(owner, &key), Some(job));
        let named = format!("{owner}/{job}/exome.vcf");
        assert_eq!(
            (job_of_key(owner, &named), job_of_key(stranger, &named)),
            (Some(job), None)
        );
        assert_eq!(job_of_input(stranger, &key), None);
        for crooked in [
            format!("{key}/"),
            format!("/{key}"),
            key.to_uppercase(),
            format!("{owner}/{job}/other.vcf"),
            String::new(),
        ] {
            assert_eq!(job_of_input(owner, &crooked), None, "{crooked:?}");
        }
    }
}
