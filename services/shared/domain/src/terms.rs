//! The terms of use: which ones are in force.

/// The version of the terms in force: the day since when they are. Whoever registers accepts these; a change of their words
/// (`web/templates/pages/terms.html`) is a new version.
pub const TERMS_VERSION: &str = "2026-11-28";
