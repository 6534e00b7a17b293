//! Tracks: what is known of variants from elsewhere.

pub(crate) mod mitomap;
