//! The views of a bundle that one run uses.

use crate::bundle::{Bundle, Genes, Kind, Packed, Regions, Variants};
use crate::info::{Key, Schema, is_extra};
use crate::reference::Sequence;

/// A bundle with its views.
pub(crate) struct Genome<'b> {
    pub(crate) bundle: &'b Bundle,
    pub(crate) genes: Option<Genes<'b>>,
    /// Of each chromosome, its bases, if the bundle has them.
    pub(crate) sequences: Vec<Option<Sequence<'b>>>,
    regions: Vec<(&'b str, Regions<'b>)>,
    /// Tracks of variants, and the first of their keys in the schema.
    pub(crate) variants: Vec<VariantTrack<'b>>,
    /// Region tracks that only this bundle has, with their keys.
    pub(crate) extra: Vec<(Key, Regions<'b>)>,
}

/// A track of variants.
pub(crate) struct VariantTrack<'b> {
    pub(crate) view: Variants<'b>,
    /// The key in INFO of each of its fields.
    pub(crate) fields: Vec<Key>,
    pub(crate) is_dbsnp: bool,
    /// Which of its fields is the frequency of dbSNP's minor allele.
    pub(crate) gmaf: Option<usize>,
}

impl<'b> Genome<'b> {
    pub(crate) fn new(bundle: &'b Bundle) -> Self {
        let mut genome = Self {
            bundle,
            genes: Genes::new(bundle),
            sequences: (0..bundle.manifest().chromosomes.len())
                .map(|chromosome| Packed::new(bundle, chromosome).map(Sequence::packed))
                .collect(),
            regions: Vec::new(),
            variants: Vec::new(),
            extra: Vec::new(),
        };
        let mut next = Schema::first_extra();
        for track in &bundle.manifest().tracks {
            match track.kind {
                Kind::Variants => {
                    genome.variants.push(VariantTrack {
                        view: Variants::new(bundle, &track.key),
                        fields: (next..next + track.fields.len()).map(Key).collect(),
                        is_dbsnp: track.key == "dbSNP",
                        gmaf: track.fields.iter().position(|field| field.source == "GMAF"),
                    });
                    next += track.fields.len();
                }
                Kind::Regions => {
                    let view = Regions::new(bundle, &track.key);
                    genome.regions.push((&track.key, view));
                    if is_extra(&track.key) {
                        genome.extra.push((Key(next), view));
                        next += 1;
                    }
                }
                Kind::Genes | Kind::Sequence => {}
            }
        }
        genome
    }

    /// The view of a track of regions.
    pub(crate) fn regions(&self, key: &str) -> Option<Regions<'b>> {
        self.regions
            .iter()
            .find_map(|(known, view)| (*known == key).then_some(*view))
    }

    /// The track of known variants.
    pub(crate) fn dbsnp(&self) -> Option<&VariantTrack<'b>> {
        self.variants.iter().find(|track| track.is_dbsnp)
    }

    /// The bases of a chromosome, if the bundle has them up to `end`.
    pub(crate) fn sequence(&self, chromosome: usize, end: usize) -> Option<&Sequence<'b>> {
        self.sequences
            .get(chromosome)?
            .as_ref()
            .filter(|sequence| end <= sequence.len())
    }

    /// The length of a chromosome.
    pub(crate) fn length(&self, chromosome: usize) -> usize {
        self.bundle.manifest().chromosomes[chromosome].length as usize
    }
}
