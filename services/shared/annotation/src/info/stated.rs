//! What header lines say of where values come from.

use reference::bundle::Provenance;

/// What a header line says of where the values of its key come from.
pub(super) struct Stated {
    pub(super) source: String,
    pub(super) version: String,
    /// SHA-256 of the file that they were read from; none for what the program tells by itself.
    pub(super) sha256: Option<String>,
}

impl Stated {
    pub(super) fn new(source: &str, version: &str) -> Self {
        Self {
            source: source.to_owned(),
            version: version.to_owned(),
            sha256: None,
        }
    }

    pub(super) fn of(provenance: &Provenance) -> Self {
        let Provenance {
            label,
            source,
            release,
            sha256,
            ..
        } = provenance;
        Self {
            source: quotable(&format!("{label}: {source}")),
            version: quotable(release.as_deref().unwrap_or("unknown")),
            sha256: Some(sha256.clone()),
        }
    }
}

/// A text as a quoted value of a header line may hold it.
pub(super) fn quotable(text: &str) -> String {
    text.replace(['"', '\\'], "'")
}
