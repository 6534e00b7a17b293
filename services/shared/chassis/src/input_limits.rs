//! How large an input each plan takes: the settings that web and annotator must agree on.

use clap::{Args, value_parser};
use domain::{InputLimits, LARGEST_POST, PlanLimits};

/// How large an input each plan takes.
#[derive(Debug, Clone, Copy, Args)]
pub struct InputLimitSettings {
    /// Bytes that a free user may upload
    #[arg(long, env = "GAS_FREE_UPLOAD_BYTES", default_value_t = 153_600, value_parser = value_parser!(u64).range(1..=LARGEST_POST))]
    pub free_upload_bytes: u64,
    /// Bytes that a free user's file may unpack to
    #[arg(long, env = "GAS_FREE_UNPACKED_BYTES", default_value_t = 50 << 20, value_parser = value_parser!(u64).range(1..))]
    pub free_unpacked_bytes: u64,
    /// Records that a free user's file may have
    #[arg(long, env = "GAS_FREE_RECORDS", default_value_t = 100_000, value_parser = value_parser!(u64).range(1..))]
    pub free_records: u64,
    /// Bytes that a Premium user may upload; one upload to S3 takes 5,368,709,120 at most
    #[arg(long, env = "GAS_PREMIUM_UPLOAD_BYTES", default_value_t = LARGEST_POST, value_parser = value_parser!(u64).range(1..=LARGEST_POST))]
    pub premium_upload_bytes: u64,
    /// Bytes that a Premium user's file may unpack to
    #[arg(long, env = "GAS_PREMIUM_UNPACKED_BYTES", default_value_t = 100 << 30, value_parser = value_parser!(u64).range(1..))]
    pub premium_unpacked_bytes: u64,
    /// Records that a Premium user's file may have
    #[arg(long, env = "GAS_PREMIUM_RECORDS", default_value_t = 20_000_000, value_parser = value_parser!(u64).range(1..))]
    pub premium_records: u64,
}

impl InputLimitSettings {
    /// The limits that follow.
    #[must_use]
    pub const fn limits(&self) -> PlanLimits {
        PlanLimits {
            free: InputLimits {
                bytes: self.free_upload_bytes,
                unpacked_bytes: self.free_unpacked_bytes,
                records: self.free_records,
            },
            premium: InputLimits {
                bytes: self.premium_upload_bytes,
                unpacked_bytes: self.premium_unpacked_bytes,
                records: self.premium_records,
            },
        }
    }
}
