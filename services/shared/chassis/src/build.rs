//! What a binary was built from: `--version`, `/healthz`, the first log line and `gas_build_info` tell it.

/// The release, for example `0.1.0`.
pub const RELEASE: &str = env!("CARGO_PKG_VERSION");

/// The commit; `-dev` after it marks a build for development, whose own code may be newer; `unknown` outside a checkout.
pub const COMMIT: &str = env!("GAS_COMMIT");

/// Both, for people: `0.1.0 (0962831f5a1c)`.
pub const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " (", env!("GAS_COMMIT"), ")");
