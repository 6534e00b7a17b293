//! How large an input may be: in bytes, in bytes once it is unpacked, and in records; by plan.

use crate::Plan;

/// The largest input that is taken. Each limit includes itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InputLimits {
    /// Bytes, as they are uploaded.
    pub bytes: u64,
    /// Bytes, once they are unpacked; what costs time and memory is this, not what travels.
    pub unpacked_bytes: u64,
    /// VCF records.
    pub records: u64,
}

/// The limits of each plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlanLimits {
    /// Of the Free plan.
    pub free: InputLimits,
    /// Of Premium, and of whoever runs the service.
    pub premium: InputLimits,
}

impl PlanLimits {
    /// The limits of a plan.
    #[must_use]
    pub const fn of(&self, plan: Plan) -> InputLimits {
        match plan {
            Plan::Free => self.free,
            Plan::Premium => self.premium,
        }
    }
}

/// The largest object that one S3 POST can make, in bytes
/// (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/upload-objects.html>).
pub const LARGEST_POST: u64 = 5 * 1024 * 1024 * 1024;
