//! The views of a bundle that one run uses.

use crate::Sequence;
use crate::bundle::{Bundle, Genes, Graph, Kind, Packed, Regions, Variants, has_blocks, has_ids};

/// A bundle with its views.
pub struct Genome<'b> {
    /// The bundle.
    pub bundle: &'b Bundle,
    /// Its transcripts, if it has any.
    pub genes: Option<Genes<'b>>,
    /// Of each chromosome, its bases, if the bundle has them.
    pub sequences: Vec<Option<Sequence<'b>>>,
    regions: Vec<(&'b str, Regions<'b>)>,
    graphs: Vec<(&'b str, Graph<'b>)>,
    /// Its tracks of variants, in the order of the manifest.
    pub variants: Vec<VariantTrack<'b>>,
}

/// A track of variants.
pub struct VariantTrack<'b> {
    /// Its rows.
    pub view: Variants<'b>,
    /// Whether its ids are those of known variants.
    pub is_dbsnp: bool,
    /// Which of its fields is the frequency of dbSNP's minor allele.
    pub gmaf: Option<usize>,
}

impl<'b> Genome<'b> {
    /// The views of all that a bundle has.
    pub fn new(bundle: &'b Bundle) -> Self {
        let mut genome = Self {
            bundle,
            genes: Genes::new(bundle),
            sequences: (0..bundle.manifest().chromosomes.len())
                .map(|chromosome| Packed::new(bundle, chromosome).map(Sequence::packed))
                .collect(),
            regions: Vec::new(),
            graphs: Vec::new(),
            variants: Vec::new(),
        };
        for track in &bundle.manifest().tracks {
            match track.kind {
                Kind::Variants => genome.variants.push(VariantTrack {
                    view: Variants::new(bundle, &track.key, has_ids(&track.key)),
                    is_dbsnp: has_ids(&track.key),
                    gmaf: track.fields.iter().position(|field| field.source == "GMAF"),
                }),
                Kind::Regions if has_blocks(bundle, &track.key) => {
                    genome.graphs.push((&track.key, Graph::new(bundle, &track.key)));
                }
                Kind::Regions => genome.regions.push((&track.key, Regions::new(bundle, &track.key))),
                Kind::Genes | Kind::Sequence => {}
            }
        }
        genome
    }

    /// The view of a track of regions.
    #[inline]
    pub fn regions(&self, key: &str) -> Option<Regions<'b>> {
        self.regions
            .iter()
            .find_map(|(known, view)| (*known == key).then_some(*view))
    }

    /// The view of a track of numbers.
    #[inline]
    pub fn graph(&self, key: &str) -> Option<Graph<'b>> {
        self.graphs
            .iter()
            .find_map(|(known, view)| (*known == key).then_some(*view))
    }

    /// The track of known variants.
    #[inline]
    pub fn dbsnp(&self) -> Option<&VariantTrack<'b>> {
        self.variants.iter().find(|track| track.is_dbsnp)
    }

    /// The bases of a chromosome, if the bundle has them up to `end`.
    #[inline]
    pub fn sequence(&self, chromosome: usize, end: usize) -> Option<&Sequence<'b>> {
        self.sequences
            .get(chromosome)?
            .as_ref()
            .filter(|sequence| end <= sequence.len())
    }

    /// The length of a chromosome.
    #[inline]
    pub fn length(&self, chromosome: usize) -> usize {
        self.bundle.manifest().chromosomes[chromosome].length as usize
    }
}
