//! Tracks: what others know of positions and variants. MITOMAP at present; each track is one module.

mod mitomap;

pub use mitomap::{
    Known, Mitomap, SOURCE as MITOMAP_SOURCE, VERSION as MITOMAP_VERSION, provenance as mitomap_provenance,
};
