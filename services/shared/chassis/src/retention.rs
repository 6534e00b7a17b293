//! How long free users have results: the settings that web, notifier and archiver must agree on.

use std::time::Duration;

use clap::Args;
use domain::Retention;

/// How long free users have results.
#[derive(Debug, Clone, Copy, Args)]
pub struct RetentionSettings {
    /// How long free users may download results after completion, for example 30m
    #[arg(long, env = "GAS_FREE_RETENTION", default_value = "30m", value_parser = crate::duration::parse)]
    pub free_retention: Duration,
    /// How long results that a Premium plan had may still be downloaded after it has ended
    #[arg(long, env = "GAS_DOWNGRADE_GRACE", default_value = "1day", value_parser = crate::duration::parse)]
    pub downgrade_grace: Duration,
}

impl RetentionSettings {
    /// The rule that follows.
    #[must_use]
    pub const fn rule(&self) -> Retention {
        Retention {
            free: self.free_retention,
            grace: self.downgrade_grace,
        }
    }
}
