//! Which bundles a folder has, and whether they are those that this program would make.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use reference::Bundle;

use super::{PACKAGES, REQUIREMENTS, TABLES};
use crate::progress::line;
use crate::python::digest_of;

/// The bundles, in the order in which they are made.
pub(super) const NAMES: [&str; 2] = ["hg19", "hg38"];

/// Where a bundle is.
pub(super) fn bundle(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.gasref"))
}

/// What a bundle was made of, as [`sources`] tells it.
fn made_of(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.made-of"))
}

/// A digest of the packages and of the program that reads them.
fn sources() -> String {
    digest_of(&[PACKAGES, REQUIREMENTS, TABLES])
}

/// Says that the bundle has been made now.
pub(super) fn record(folder: &Path, name: &str) -> Result<()> {
    fs::write(made_of(folder, name), sources()).with_context(|| format!("note what {name} was made of"))
}

/// Whether the bundle is there, is one that this program reads, and is made of what it would be made of now.
pub(super) fn is_current(folder: &Path, name: &str) -> bool {
    let noted = fs::read_to_string(made_of(folder, name)).unwrap_or_default();
    noted == sources() && Bundle::open(&bundle(folder, name)).is_ok()
}

/// Copies each bundle that `into` does not have as this program would make it. Whoever has opened one keeps that.
pub fn copy(from: &Path, into: &Path) -> Result<()> {
    for name in NAMES.into_iter().filter(|name| !is_current(into, name)) {
        ensure!(
            is_current(from, name),
            "{} has no {name} of this version",
            from.display()
        );
        let draft = into.join(format!("{name}.part"));
        let place = bundle(into, name);
        fs::copy(bundle(from, name), &draft)
            .and_then(|_| fs::rename(&draft, &place))
            .with_context(|| format!("copy {name} to {}", place.display()))?;
        record(into, name)?;
        line(format_args!("  references: {name} is there"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The smallest bundle.
    fn make(folder: &Path, name: &str) {
        let tables = tempfile::tempdir().unwrap();
        fs::create_dir(tables.path().join("database")).unwrap();
        fs::write(tables.path().join("database/chrom.sizes"), "chr1\t120\n").unwrap();
        fs::write(tables.path().join("database/cytoBand.txt"), "chr1\t0\t120\tp1\tgneg\n").unwrap();
        let plan = reference::build::Plan {
            name: name.to_owned(),
            assembly: name.to_owned(),
            tables: tables.path().to_owned(),
            transcripts: Default::default(),
            sequence: None,
            tracks: Vec::new(),
            chains: Vec::new(),
            notes: Default::default(),
            built: "2026-01-01T00:00:00Z".to_owned(),
        };
        reference::build::build(&plan, &bundle(folder, name), &mut |_| {}).unwrap();
        record(folder, name).unwrap();
    }

    #[test]
    fn a_bundle_of_another_version_or_of_other_sources_is_replaced() {
        let (from, into) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (from, into) = (from.path(), into.path());
        assert!(
            copy(from, into)
                .unwrap_err()
                .to_string()
                .ends_with("has no hg19 of this version")
        );
        NAMES.iter().for_each(|name| make(from, name));
        copy(from, into).unwrap();
        assert!(NAMES.iter().all(|name| is_current(into, name)));
        fs::write(made_of(into, "hg19"), "something else").unwrap();
        fs::write(bundle(into, "hg38"), "GASREF00 of long ago").unwrap();
        assert!(NAMES.iter().all(|name| !is_current(into, name)));
        copy(from, into).unwrap();
        assert!(NAMES.iter().all(|name| is_current(into, name)));
    }
}
