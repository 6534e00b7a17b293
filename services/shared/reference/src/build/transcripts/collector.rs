//! Gathers the features of a file of GFF3 or GTF by the transcripts that they are parts of. Lines may come in any order.

use std::collections::HashMap;
use std::io;

use super::accession;
use super::alignments::Alignments;
use super::codons::{self, Recoded};
use super::facts::{Facts, On};
use super::feature::Feature;
use super::model::Span;
use crate::bundle::PoolBuilder;
use crate::genetic_code::SELENOCYSTEINE;

/// The features so far.
#[derive(Debug, Default)]
pub(super) struct Collector {
    pub(super) nodes: Vec<Node>,
    by_id: HashMap<Box<str>, u32>,
    pub(super) alignments: Alignments,
    /// Whether any of them says something of the ends of coding sequences.
    pub(super) states_ends: bool,
}

/// A gene, a transcript, or anything else that has an id.
#[derive(Debug, Default)]
pub(super) struct Node {
    pub(super) id: Box<str>,
    pub(super) parent: Option<u32>,
    pub(super) place: Place,
    /// Its type, as an offset in the pool; 0 until its own line was read.
    pub(super) kind: u32,
    pub(super) facts: Facts,
    pub(super) exons: Vec<Span>,
    /// Untranslated regions, which matter where there are no exons.
    pub(super) untranslated: Vec<Span>,
    pub(super) coding: Vec<Coding>,
    pub(super) stops: Vec<Coding>,
    pub(super) recoded: Vec<Recoded>,
}

/// The most recoded codons of a transcript that are kept; the most that a human one has are ten.
const MOST_RECODED: usize = 1000;

/// A coding part and its phase.
pub(super) type Coding = (Span, Option<u8>);

/// Where a transcript's parts are.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// It has none yet.
    #[default]
    None,
    /// On this chromosome of the assembly, and read from this strand.
    On(usize, bool),
    /// On a chromosome that the assembly has not, on no strand, or on several.
    Elsewhere,
}

/// What part of a transcript a feature is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Exon,
    Coding,
    Stop,
    Untranslated,
    Selenocysteine,
}

impl Part {
    fn of(kind: &str) -> Option<Self> {
        Some(match kind {
            "exon" => Self::Exon,
            "CDS" => Self::Coding,
            "stop_codon" => Self::Stop,
            "five_prime_UTR" | "three_prime_UTR" | "five_prime_utr" | "three_prime_utr" | "UTR" | "5UTR" | "3UTR" => {
                Self::Untranslated
            }
            "Selenocysteine" | "stop_codon_redefined_as_selenocysteine" => Self::Selenocysteine,
            _ => return None,
        })
    }
}

impl Collector {
    /// Adds a feature, which lies on this chromosome of the assembly, if it has it.
    pub(super) fn add(
        &mut self,
        feature: &Feature<'_>,
        chromosome: Option<usize>,
        pool: &mut PoolBuilder,
    ) -> io::Result<()> {
        if feature.kind == "cDNA_match" {
            self.alignments.add(feature, chromosome);
            return Ok(());
        }
        match Part::of(feature.kind) {
            part if !feature.is_gff3 => self.add_gtf(feature, part, chromosome, pool),
            Some(part) => {
                let Some(parents) = feature.get("Parent") else {
                    return Ok(());
                };
                for parent in parents.values() {
                    let node = self.node(&parent);
                    self.put(node, part, feature, chromosome);
                    if part == Part::Coding {
                        self.learn(node, feature, On::Coding, pool)?;
                    }
                }
                Ok(())
            }
            None => self.add_whole(feature, chromosome, pool),
        }
    }

    /// Adds a gene, a transcript, or another feature of GFF3 with an id.
    fn add_whole(
        &mut self,
        feature: &Feature<'_>,
        chromosome: Option<usize>,
        pool: &mut PoolBuilder,
    ) -> io::Result<()> {
        let Some(id) = feature.get("ID").filter(|_| may_have_parts(feature.kind)) else {
            return Ok(());
        };
        let node = self.node(&id.value());
        let parent = feature.get("Parent").and_then(|parent| parent.values().next());
        let parent = parent.map(|parent| self.node(&parent));
        let own = &mut self.nodes[node as usize];
        own.parent = own.parent.or(parent.filter(|parent| *parent != node));
        own.kind = pool.add(feature.kind.as_bytes())?;
        own.place = own.place.and(chromosome, feature.is_reverse);
        self.learn(node, feature, On::Whole, pool)
    }

    fn add_gtf(
        &mut self,
        feature: &Feature<'_>,
        part: Option<Part>,
        chromosome: Option<usize>,
        pool: &mut PoolBuilder,
    ) -> io::Result<()> {
        let Some(id) = feature
            .get("transcript_id")
            .map(|id| id.value())
            .filter(|id| !id.is_empty())
        else {
            return Ok(());
        };
        // UCSC gives transcripts of X and Y the same id.
        let node = self.node(&format!("{id} {}", feature.chromosome));
        if let Some(part) = part {
            self.put(node, part, feature, chromosome);
            if part == Part::Coding {
                self.learn(node, feature, On::Coding, pool)?;
            }
        }
        let own = &mut self.nodes[node as usize];
        let (is_whole, is_known) = (
            feature.kind == "transcript" || feature.kind == "mRNA",
            own.facts.transcript != 0,
        );
        if is_whole {
            own.place = own.place.and(chromosome, feature.is_reverse);
        }
        match is_whole || !is_known {
            true => self.learn(node, feature, On::Whole, pool),
            false => Ok(()),
        }
    }

    /// The feature of this id, which may not have been read yet.
    fn node(&mut self, id: &str) -> u32 {
        if let Some(node) = self.by_id.get(id) {
            return *node;
        }
        let node = self.nodes.len() as u32;
        self.nodes.push(Node {
            id: id.into(),
            ..Node::default()
        });
        self.by_id.insert(id.into(), node);
        node
    }

    fn learn(&mut self, node: u32, feature: &Feature<'_>, on: On, pool: &mut PoolBuilder) -> io::Result<()> {
        let node = &mut self.nodes[node as usize];
        let is_reverse = feature.is_reverse == Some(true);
        for attribute in feature.attributes() {
            if on == On::Coding && attribute.key == "transl_except" && node.recoded.is_empty() {
                codons::exceptions(&attribute.value(), |one| node.recoded.push(one));
                node.recoded.truncate(MOST_RECODED);
            }
            node.facts.add(attribute, on, is_reverse, pool)?;
        }
        self.states_ends |= node.facts.states_ends;
        Ok(())
    }

    fn put(&mut self, node: u32, part: Part, feature: &Feature<'_>, chromosome: Option<usize>) {
        let node = &mut self.nodes[node as usize];
        node.place = node.place.and(chromosome, feature.is_reverse);
        match part {
            Part::Exon => node.exons.push(feature.span),
            Part::Coding => node.coding.push((feature.span, feature.phase)),
            Part::Stop => node.stops.push((feature.span, feature.phase)),
            Part::Untranslated => node.untranslated.push(feature.span),
            Part::Selenocysteine if node.recoded.len() < MOST_RECODED => {
                node.recoded.push((feature.span, SELENOCYSTEINE));
            }
            Part::Selenocysteine => {}
        }
    }

    /// Whether no feature was added that tells anything.
    pub(super) fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The gene of a transcript: the last of its parents. A cycle of parents, which there must not be, ends somewhere.
    pub(super) fn gene(&self, node: &Node) -> Option<&Node> {
        const MOST_PARENTS: usize = 8;
        let mut gene = None;
        let mut next = node.parent;
        for _ in 0..MOST_PARENTS {
            let Some(parent) = next.and_then(|parent| self.nodes.get(parent as usize)) else {
                break;
            };
            (gene, next) = (Some(parent), parent.parent);
        }
        gene
    }
}

impl Node {
    /// Whether it is a transcript: what has exons, or codes.
    pub(super) fn has_parts(&self) -> bool {
        !self.exons.is_empty() || !self.coding.is_empty()
    }
}

impl Place {
    /// The place of something that is also here.
    fn and(self, chromosome: Option<usize>, is_reverse: Option<bool>) -> Self {
        let here = match (chromosome, is_reverse) {
            (Some(chromosome), Some(is_reverse)) => Self::On(chromosome, is_reverse),
            _ => Self::Elsewhere,
        };
        if self == Self::None || self == here {
            here
        } else {
            Self::Elsewhere
        }
    }
}

/// Whether features of a type can have exons. Of the others, some files have very many.
fn may_have_parts(kind: &str) -> bool {
    const NEVER: [&str; 9] = [
        "region",
        "chromosome",
        "scaffold",
        "supercontig",
        "contig",
        "biological_region",
        "intron",
        "start_codon",
        "match",
    ];
    !NEVER.contains(&kind)
}

/// The name of a transcript without an accession: its id without the prefix that says what it is.
pub(super) fn name_of_id(id: &str) -> String {
    let id = id.split(' ').next().unwrap_or_default();
    let prefixes = ["transcript:", "gene:", "rna-", "gene-", "id-"];
    let name = prefixes.iter().find_map(|prefix| id.strip_prefix(prefix));
    accession::plain(name.unwrap_or(id))
}
