//! A small bundle, for tests of tracks.

use std::path::Path;

use crate::Bundle;
use crate::build::{ExtraTrack, Plan, build};

/// A bundle of three chromosomes, none with a sequence, and one track, of a file of this name, text and fields.
pub(super) fn built(key: &str, name: &str, text: &str, fields: &[&str], folder: &Path) -> Bundle {
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
    write("chrom.sizes", "chr1\t120\nchr2\t100000000\nchr3\t1000\n");
    write(name, text);
    let plan = Plan {
        name: "small".to_owned(),
        assembly: "small".to_owned(),
        tables: folder.to_owned(),
        transcripts: Default::default(),
        sequence: None,
        tracks: vec![ExtraTrack {
            key: key.to_owned(),
            file: folder.join(name),
            fields: fields.iter().map(|field| (*field).to_owned()).collect(),
        }],
        chains: Vec::new(),
        notes: Default::default(),
        built: "2026-01-01T00:00:00Z".to_owned(),
    };
    let path = folder.join("small.gasref");
    build(&plan, &path, &mut |_| {}).unwrap();
    Bundle::open(&path).unwrap()
}
