//! With what a file was annotated: the reference, and its tracks with their releases.

use reference::bundle::{Kind, Manifest, Provenance};
use reference::tracks;
use serde_json::{Value, json};
use vcf::counted;

use super::Counts;

/// The reference and the tracks that answered.
#[derive(Debug, Default)]
pub(crate) struct Used {
    /// Name, assembly, and how much of the sequence is there; `None` if no genome was decided on.
    reference: Option<(String, String, &'static str)>,
    pub(crate) tracks: Vec<UsedTrack>,
}

/// One track.
#[derive(Debug)]
pub(crate) struct UsedTrack {
    key: String,
    kind: &'static str,
    pub(crate) provenance: Provenance,
    /// Alleles that were looked up in a track of variants, and those that it lists.
    pub(crate) looked_up: Option<(u64, u64)>,
}

impl Used {
    /// The tracks of a bundle, and those of the mitochondrial genome if records of it were annotated, or if it was
    /// decided on.
    pub(super) fn new(manifest: Option<&Manifest>, is_mitochondrial: bool, counts: &Counts) -> Self {
        let mut used = Self::default();
        if let Some(manifest) = manifest {
            let (name, assembly) = (manifest.name.clone(), manifest.assembly.clone());
            used.reference = Some((name, assembly, manifest.sequence().name()));
            used.add_bundle(manifest, counts);
        }
        if is_mitochondrial {
            used.reference
                .get_or_insert_with(|| ("rCRS".to_owned(), "NC_012920.1".to_owned(), "whole"));
            used.tracks.push(UsedTrack {
                key: "MITOMAP".to_owned(),
                kind: "variants",
                provenance: tracks::mitomap_provenance().clone(),
                looked_up: Some(counts.mitomap),
            });
        }
        used
    }

    fn add_bundle(&mut self, manifest: &Manifest, counts: &Counts) {
        let mut of_variants = 0;
        for track in &manifest.tracks {
            let looked_up = (track.kind == Kind::Variants).then(|| {
                of_variants += 1;
                (counts.looked_up, counts.listed_in(of_variants - 1))
            });
            self.tracks.push(UsedTrack {
                key: track.key.clone(),
                kind: match track.kind {
                    Kind::Genes => "genes",
                    Kind::Regions => "regions",
                    Kind::Variants => "variants",
                    Kind::Sequence => "sequence",
                },
                provenance: track.provenance.clone(),
                looked_up,
            });
        }
    }

    /// Of each track of variants: its label, how many alleles it lists, and how many it does not.
    pub(super) fn listed(&self) -> impl Iterator<Item = (&str, u64, u64)> {
        let tracks = self.tracks.iter();
        tracks.filter_map(|track| {
            let (alleles, listed) = track.looked_up.filter(|(alleles, _)| *alleles > 0)?;
            Some((track.provenance.label.as_str(), listed, alleles - listed))
        })
    }

    /// A line for the reference and one for each track.
    pub(super) fn lines(&self) -> Vec<String> {
        let reference = self.reference.iter().map(|(name, assembly, sequence)| match *sequence {
            "none" => format!("reference {name} of {assembly}, WITHOUT A SEQUENCE"),
            "part" => format!("reference {name} of {assembly}, with a part of the sequence only"),
            _ => format!("reference {name} of {assembly}, with its sequence"),
        });
        let tracks = self.tracks.iter().map(|track| {
            let Provenance {
                source, bytes, sha256, ..
            } = &track.provenance;
            let size = if *bytes > 0 {
                format!("{} bytes, ", counted(*bytes))
            } else {
                String::new()
            };
            format!("{} ({source}, {size}SHA-256 {sha256})", track.provenance.name())
        });
        reference.chain(tracks).collect()
    }

    /// `reference` and `tracks` of the report.
    pub(super) fn to_json(&self) -> (Value, Vec<Value>) {
        let reference = self
            .reference
            .as_ref()
            .map(|(name, assembly, sequence)| json!({ "name": name, "assembly": assembly, "sequence": sequence }));
        let track = |track: &UsedTrack| {
            let Provenance {
                label,
                source,
                release,
                bytes,
                sha256,
            } = &track.provenance;
            json!({
                "key": track.key,
                "kind": track.kind,
                "label": label,
                "source": source,
                "release": release,
                "bytes": bytes,
                "sha256": sha256,
                "alleles": track.looked_up.map(|(alleles, _)| alleles),
                "listed": track.looked_up.map(|(_, listed)| listed),
            })
        };
        (reference.into(), self.tracks.iter().map(track).collect())
    }
}
