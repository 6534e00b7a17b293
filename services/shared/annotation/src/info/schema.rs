//! Which keys the annotation adds to INFO, under which names, and their header lines.

use std::collections::BTreeSet;
use std::sync::Arc;

use reference::bundle::{Bundle, Kind, Track};
use reference::tracks;

use super::csq::Layout;
use super::descriptions::{describe_csq, describe_haplotypes};
use super::keys::{Fixed, Key, Origin, fixed};
use super::stated::{Stated, quotable};

/// What a key is.
struct Definition {
    name: String,
    number: &'static str,
    kind: String,
    description: String,
    origin: Stated,
}

/// What the annotation adds to INFO in one run.
#[derive(Debug, Clone, Default)]
pub struct Told {
    /// The name of CSQ: `GAS_CSQ` where the input declares one of its own.
    pub csq: String,
    /// The fields of its entries.
    pub fields: Vec<String>,
    /// All other keys, in the order of the header.
    pub keys: Vec<ToldKey>,
}

/// One of these keys.
#[derive(Debug, Clone)]
pub struct ToldKey {
    /// What it is called by itself.
    pub key: String,
    /// The name under which it is written, another where the input declares the key.
    pub name: String,
    /// How many values it has, as VCF's header says: `A` is one for each allele of ALT.
    pub number: &'static str,
}

/// The keys of one run.
pub(crate) struct Schema {
    definitions: Vec<Definition>,
    /// The names under which the keys are written.
    names: Vec<Vec<u8>>,
    /// The same, as INFO has them: `CSQ=`.
    starts: Vec<Vec<u8>>,
    /// Whether each key has one value for each ALT allele.
    per_allele: Vec<bool>,
    /// One bit for each two bytes with which a name may begin: whether one of ours does.
    initials: Box<[u64; 1 << 10]>,
    /// What the entries of CSQ look like.
    layout: Arc<Layout>,
    variant_keys: Vec<Vec<Key>>,
    region_keys: Vec<(String, Key)>,
}

impl Schema {
    /// The keys for records annotated with `bundle`, if any. A name that the input's header declares is the input's:
    /// ours then begins with `GAS_`, so that nothing of the input changes its meaning.
    pub(crate) fn new(
        bundle: Option<&Bundle>,
        is_lifted: bool,
        is_phased: bool,
        taken: &BTreeSet<String>,
        layout: Layout,
    ) -> Self {
        let occurs = |origin| match origin {
            Origin::Lift => is_lifted,
            Origin::Haplotypes => is_phased,
            _ => true,
        };
        let mut definitions: Vec<Definition> = fixed().map(|fixed| definition(fixed, bundle, occurs)).collect();
        definitions[Key::CSQ.0].description = describe_csq(&layout);
        definitions[Key::HAPLOTYPE_CSQ.0].description = describe_haplotypes();
        let (mut variant_keys, mut region_keys) = (Vec::new(), Vec::new());
        for track in bundle.map_or(&[][..], |bundle| &bundle.manifest().tracks) {
            let first = definitions.len();
            definitions.extend(of_track(track));
            let keys = (first..definitions.len()).map(Key);
            match track.kind {
                Kind::Variants => variant_keys.push(keys.collect()),
                Kind::Regions => region_keys.extend(keys.map(|key| (track.key.clone(), key))),
                Kind::Genes | Kind::Sequence => {}
            }
        }
        let free = |definition: &Definition| {
            let mut name = definition.name.clone();
            while taken.contains(&name) {
                name.insert_str(0, "GAS_");
            }
            name.into_bytes()
        };
        let names: Vec<_> = definitions.iter().map(free).collect();
        let mut initials = Box::new([0; 1 << 10]);
        for name in &names {
            let (word, bit) = initial(name);
            initials[word] |= bit;
        }
        let starts = names.iter().map(|name| [&name[..], b"="].concat()).collect();
        let per_allele = definitions.iter().map(|definition| definition.number == "A").collect();
        Self {
            definitions,
            names,
            starts,
            per_allele,
            initials,
            layout: Arc::new(layout),
            variant_keys,
            region_keys,
        }
    }

    /// What the entries of CSQ look like.
    pub(crate) fn layout(&self) -> &Arc<Layout> {
        &self.layout
    }

    /// How many keys there are.
    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    /// The keys of each track of variants of the bundle, in its order: one for each field.
    pub(crate) fn variant_keys(&self) -> &[Vec<Key>] {
        &self.variant_keys
    }

    /// The region tracks that only this bundle has, each with its key.
    pub(crate) fn region_keys(&self) -> &[(String, Key)] {
        &self.region_keys
    }

    /// The name under which a key is written.
    pub(crate) fn name(&self, key: Key) -> &[u8] {
        &self.names[key.0]
    }

    /// What comes before a key's value: `CSQ=`, or `DB` for a flag.
    #[inline]
    pub(crate) fn start(&self, key: Key, has_value: bool) -> &[u8] {
        let start = &self.starts[key.0];
        &start[..start.len() - usize::from(!has_value)]
    }

    /// Whether a key has one value for each ALT allele.
    #[inline]
    pub(crate) fn is_per_allele(&self, key: Key) -> bool {
        self.per_allele[key.0]
    }

    /// Whether the input declares a key of ours, so that ours has another name.
    pub(crate) fn renamed(&self) -> impl Iterator<Item = &str> {
        let pairs = self.definitions.iter().zip(&self.names);
        pairs
            .filter(|(definition, name)| !definition.number.is_empty() && definition.name.as_bytes() != name.as_slice())
            .map(|(definition, _)| definition.name.as_str())
    }

    /// What other formats than VCF need to know of our keys.
    pub(crate) fn told(&self) -> Told {
        let csq = String::from_utf8_lossy(self.name(Key::CSQ)).into_owned();
        let definitions = self.definitions.iter().zip(&self.names).skip(1);
        let written = definitions.filter(|(definition, _)| !definition.number.is_empty());
        let keys = written.map(|(definition, name)| ToldKey {
            key: definition.name.clone(),
            name: String::from_utf8_lossy(name).into_owned(),
            number: definition.number,
        });
        Told {
            csq,
            fields: self.layout.format().split('|').map(str::to_owned).collect(),
            keys: keys.collect(),
        }
    }

    /// Whether a text may begin with a name of ours.
    #[inline]
    pub(crate) fn may_begin(&self, text: &[u8]) -> bool {
        let (word, bit) = initial(text);
        self.initials[word] & bit != 0
    }

    /// The key of ours that has this name.
    pub(crate) fn find(&self, name: &[u8]) -> Option<Key> {
        self.names.iter().position(|own| own == name).map(Key)
    }

    /// One header line for each key that may occur. Those that VCF reserves (DB) are declared as all its versions ask.
    pub(crate) fn header(&self, line_ending: &str) -> String {
        let written = self
            .definitions
            .iter()
            .zip(&self.names)
            .filter(|(definition, _)| !definition.number.is_empty());
        written.fold(String::new(), |lines, (definition, name)| {
            let Definition { number, kind, description, origin, .. } = definition;
            let Stated { source, version, sha256 } = origin;
            let name = String::from_utf8_lossy(name);
            let checksum = sha256.as_ref().map_or(String::new(), |sha256| format!(",SHA256=\"{sha256}\""));
            lines
                + &format!(
                    "##INFO=<ID={name},Number={number},Type={kind},Description=\"{description}\",Source=\"{source}\",Version=\"{version}\"{checksum}>{line_ending}"
                )
        })
    }
}

/// The word and the bit of a name's first two bytes.
#[inline]
fn initial(name: &[u8]) -> (usize, u64) {
    let byte = |index: usize| name.get(index).copied().unwrap_or_default();
    let initial = usize::from(u16::from_le_bytes([byte(0), byte(1)]));
    (initial >> 6, 1 << (initial & 63))
}

/// A fixed key; without a number if its track is not there.
fn definition(fixed: Fixed, bundle: Option<&Bundle>, occurs: impl Fn(Origin) -> bool) -> Definition {
    let (name, number, kind, description, origin) = fixed;
    const PROGRAM: &str = env!("CARGO_PKG_VERSION");
    let tracks = bundle.map_or(&[][..], |bundle| &bundle.manifest().tracks);
    let track = tracks.iter().find(|track| match origin {
        Origin::Track(key) => track.key == key,
        Origin::Transcripts => track.kind == Kind::Genes,
        _ => false,
    });
    let stated = match origin {
        Origin::Program | Origin::Lift | Origin::Haplotypes => Stated::new("GAS", PROGRAM),
        Origin::Mitochondrion => Stated::new("GAS, https://www.ncbi.nlm.nih.gov/nuccore/NC_012920.1", PROGRAM),
        Origin::Mitomap => Stated {
            sha256: Some(tracks::mitomap_provenance().sha256.clone()),
            ..Stated::new(tracks::MITOMAP_SOURCE, tracks::MITOMAP_VERSION)
        },
        Origin::Track(_) | Origin::Transcripts => {
            track.map_or(Stated::new("GAS", PROGRAM), |track| Stated::of(&track.provenance))
        }
    };
    let occurs = match origin {
        Origin::Track(_) | Origin::Transcripts => track.is_some(),
        origin => occurs(origin),
    };
    Definition {
        name: name.to_owned(),
        number: if occurs { number } else { "" },
        kind: kind.to_owned(),
        description: description.to_owned(),
        origin: stated,
    }
}

/// The keys of a track that only some bundles have: one for a region track, one for each field of a variant track.
fn of_track(track: &Track) -> Vec<Definition> {
    let entry = |name: &str, number, kind: &str, description: String| Definition {
        name: name.to_owned(),
        number,
        kind: kind.to_owned(),
        description,
        origin: Stated::of(&track.provenance),
    };
    match track.kind {
        Kind::Variants => {
            let fields = track.fields.iter();
            fields
                .map(|field| entry(&field.key, "A", &field.kind, quotable(&field.description)))
                .collect()
        }
        // Of numbers along the genome the track says what they are.
        Kind::Regions if is_extra(&track.key) && !track.fields.is_empty() => {
            let fields = track.fields.iter();
            fields
                .map(|field| entry(&field.key, ".", &field.kind, quotable(&field.description)))
                .collect()
        }
        Kind::Regions if is_extra(&track.key) => {
            let description = format!("Regions of {} here", quotable(&track.key));
            vec![entry(&track.key, ".", "String", description)]
        }
        _ => Vec::new(),
    }
}

/// Whether a region track is none of those that the fixed keys know.
fn is_extra(key: &str) -> bool {
    !fixed().any(|fixed| matches!(fixed.4, Origin::Track(known) if known == key))
}
