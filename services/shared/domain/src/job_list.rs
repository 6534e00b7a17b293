//! Which of a person's jobs a list shows, and in which order.

use crate::{FileName, JobName, JobStatus};

/// Which jobs somebody looks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JobFilter {
    /// In lower case; each is found in the name of the job or in that of its file.
    words: Vec<String>,
    status: Option<JobStatus>,
}

/// In which order jobs are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum JobOrder {
    /// Those first that were submitted last.
    #[default]
    Newest,
    /// Those first that were submitted first.
    Oldest,
    /// By the name of the job, or that of its file.
    Name,
    /// By status: what waits, what runs, what has ended.
    Status,
}

impl JobFilter {
    /// The most characters that are looked for.
    pub const MAX_CHARS: usize = 100;

    /// Reads what a browser sent: words, and the name of a status; anything that is none asks for all.
    #[must_use]
    pub fn from_untrusted(words: &str, status: &str) -> Self {
        let words: String = words.chars().take(Self::MAX_CHARS).collect();
        Self {
            words: words.split_whitespace().map(str::to_lowercase).collect(),
            status: status.parse().ok(),
        }
    }

    /// Whether it asks for all jobs.
    #[must_use]
    pub const fn is_all(&self) -> bool {
        self.words.is_empty() && self.status.is_none()
    }

    /// The words, with a space between them.
    #[must_use]
    pub fn words(&self) -> String {
        self.words.join(" ")
    }

    /// The one status that is asked for.
    #[must_use]
    pub const fn status(&self) -> Option<JobStatus> {
        self.status
    }

    /// Whether a job is one of those.
    #[must_use]
    pub fn takes(&self, name: &JobName, file: &FileName, status: JobStatus) -> bool {
        if self.status.is_some_and(|asked| asked != status) {
            return false;
        }
        if self.words.is_empty() {
            return true;
        }
        let (name, file) = (name.as_str().to_lowercase(), file.as_str().to_lowercase());
        self.words.iter().all(|word| name.contains(word) || file.contains(word))
    }
}

impl JobOrder {
    /// All of them, in the order of the page.
    pub const ALL: [Self; 4] = [Self::Newest, Self::Oldest, Self::Name, Self::Status];

    /// Reads what a browser sent; anything unknown is the default.
    #[must_use]
    pub fn from_untrusted(text: &str) -> Self {
        let mut all = Self::ALL.into_iter();
        all.find(|order| order.as_str() == text).unwrap_or_default()
    }

    /// The word that addresses have.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Newest => "newest",
            Self::Oldest => "oldest",
            Self::Name => "name",
            Self::Status => "status",
        }
    }

    /// What the page calls it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Newest => "Newest first",
            Self::Oldest => "Oldest first",
            Self::Name => "Name",
            Self::Status => "Status",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn takes(words: &str, status: &str, file: &str) -> bool {
        let name = JobName::parse("Family 7").unwrap();
        JobFilter::from_untrusted(words, status).takes(&name, &FileName::from_untrusted(file), JobStatus::Failed)
    }

    #[test]
    fn every_word_is_in_the_name_or_in_that_of_the_file() {
        assert!(takes("", "", "a.vcf") && takes("fam 7", "", "a.vcf") && takes("EXOME family", "", "exome.vcf"));
        assert!(!takes("family exome", "", "genome.vcf"));
    }

    #[test]
    fn a_status_that_is_none_asks_for_all() {
        assert!(takes("", "FAILED", "a.vcf") && takes("", "failed", "a.vcf") && takes("", "DELETED", "a.vcf"));
        assert!(!takes("", "PENDING", "a.vcf"));
        assert!(JobFilter::from_untrusted("  ", "any").is_all());
    }

    #[test]
    fn every_order_reads_back() {
        for order in JobOrder::ALL {
            assert_eq!(JobOrder::from_untrusted(order.as_str()), order);
        }
        assert_eq!(JobOrder::from_untrusted("; drop"), JobOrder::Newest);
    }
}
