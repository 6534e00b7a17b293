//! Tracks that are known by name: MITOMAP, which is built in, and the region tracks of bundles.

mod mitomap;
mod regions;

pub use mitomap::{
    Known, Mitomap, SOURCE as MITOMAP_SOURCE, VERSION as MITOMAP_VERSION, provenance as mitomap_provenance,
};
pub use regions::{AnnToolsText, REGION_TRACKS, RegionText, RegionTrack};
