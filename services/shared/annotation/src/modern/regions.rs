//! The tracks of regions that a record touches.

use std::ops::Range;

use reference::Genome;
use reference::bundle::{Graph, GraphCursor, Overlap, Region, Regions};
use reference::tracks::{REGION_TRACKS, RegionText};
use vcf::encode::number;

use crate::info::{Fields, Key, Schema, encoded_bytes};

/// The most regions of one track that a record lists.
const MOST_LISTED: usize = 100;

/// The region tracks of a genome.
pub(super) struct RegionTracks<'b>(Vec<RegionTrack<'b>>);

/// One of them, and what it had at the last position: records are mostly sorted, and the same regions overlap them until
/// one of these ends or another one begins.
struct RegionTrack<'b> {
    key: Key,
    form: RegionText,
    view: View<'b>,
    chromosome: usize,
    /// Where what is kept holds.
    span: Range<u32>,
    /// The values as INFO has them, separated by commas.
    values: Vec<u8>,
    found: usize,
}

/// Where its rows are.
enum View<'b> {
    /// With where the last search for the next region ended.
    Regions(Regions<'b>, usize),
    /// Numbers along the genome, of which there may be one for each base.
    Graph(Graph<'b>, Box<GraphCursor<'b>>),
}

impl<'b> RegionTracks<'b> {
    pub(super) fn new(genome: &Genome<'b>, schema: &Schema) -> Self {
        let known = REGION_TRACKS.iter().enumerate();
        let known = known
            .filter(|(_, track)| track.text != RegionText::Promoter)
            .filter_map(|(place, track)| Some((Key::of_region(place), track.text, View::of(genome, track.key)?)));
        let extra = schema
            .region_keys()
            .iter()
            .filter_map(|(track, key)| Some((*key, RegionText::Value, View::of(genome, track)?)));
        let track = |(key, form, view)| RegionTrack {
            key,
            form,
            view,
            chromosome: 0,
            span: 0..0,
            values: Vec::new(),
            found: 0,
        };
        Self(known.chain(extra).map(track).collect())
    }

    /// Lists the regions that overlap a span (0-based, half-open), and how many there are of each track. Gives the end
    /// of the stretch of bases, from the span's start on, that overlap the same regions; the start if only the span
    /// as a whole does.
    pub(super) fn list(
        &mut self,
        chromosome: usize,
        span: Range<u32>,
        fields: &mut Fields,
        found: &mut Vec<(Key, usize)>,
    ) -> u32 {
        let mut until = u32::MAX;
        for track in &mut self.0 {
            if track.chromosome != chromosome || span.start < track.span.start || span.end > track.span.end {
                track.look_up(chromosome, &span);
            }
            if track.found > 0 {
                fields.next(track.key).extend_from_slice(&track.values);
                found.push((track.key, track.found));
            }
            until = until.min(track.span.end);
        }
        until
    }
}

impl RegionTrack<'_> {
    fn look_up(&mut self, chromosome: usize, span: &Range<u32>) {
        let (form, values, mut scratch) = (self.form, &mut self.values, Vec::new());
        values.clear();
        let overlap = self.view.overlapping(chromosome, span, |region| {
            scratch.clear();
            write(form, &region, &mut scratch);
            let value = if scratch.is_empty() { b"." } else { &scratch[..] };
            if !values.split(|byte| *byte == b',').any(|known| known == value) {
                if !values.is_empty() {
                    values.push(b',');
                }
                values.extend_from_slice(value);
            }
        });
        self.found = overlap.count;
        self.chromosome = chromosome;
        // What a longer span found may not hold for a shorter one.
        let is_point = span.end == span.start + 1;
        let until = if is_point {
            overlap.first_end.min(overlap.next_start)
        } else {
            span.start
        };
        self.span = span.start..until;
    }
}

impl<'b> View<'b> {
    fn of(genome: &Genome<'b>, key: &str) -> Option<Self> {
        let graph = || Some(Self::Graph(genome.graph(key)?, Box::default()));
        genome
            .regions(key)
            .map(|regions| Self::Regions(regions, 0))
            .or_else(graph)
    }

    /// Tells the first [`MOST_LISTED`] regions of a chromosome that overlap `span` (0-based, half-open).
    fn overlapping(&mut self, chromosome: usize, span: &Range<u32>, mut told: impl FnMut(Region<'_>)) -> Overlap {
        match self {
            Self::Graph(graph, cursor) => graph.overlapping(chromosome, span, MOST_LISTED, cursor, told),
            Self::Regions(regions, hint) => {
                let (mut count, mut first_end) = (0, u32::MAX);
                regions.overlapping(chromosome, span.clone(), |region| {
                    (count, first_end) = (count + 1, first_end.min(region.end));
                    if count <= MOST_LISTED {
                        told(region);
                    }
                });
                // What is next is asked for single bases alone.
                let next_start = match span.len() {
                    1 => regions.next_start(chromosome, span.start, hint),
                    _ => span.end,
                };
                Overlap {
                    count,
                    first_end,
                    next_start,
                }
            }
        }
    }
}

/// Writes a value as INFO may hold it.
fn write(form: RegionText, region: &Region<'_>, out: &mut Vec<u8>) {
    match form {
        RegionText::Value => encoded_bytes(out, region.value),
        RegionText::Columns => {
            for (index, column) in region.value.split(|byte| *byte == b'\t').enumerate() {
                if index > 0 {
                    out.push(b'|');
                }
                encoded_bytes(out, column);
            }
        }
        // Promoters are told with the genes.
        RegionText::Promoter => {}
        RegionText::OtherCopy => {
            let (chromosome, start, end) = (region.column(0), region.column(1), region.column(2));
            let start: Option<usize> = std::str::from_utf8(start).ok().and_then(|start| start.parse().ok());
            match (chromosome, start) {
                (b"NA" | b"" | b".", _) | (_, None) => {
                    number(out, region.start as usize + 1);
                    out.push(b'-');
                    number(out, region.end as usize);
                }
                (_, Some(start)) => {
                    encoded_bytes(out, chromosome);
                    out.push(b':');
                    number(out, start + 1);
                    out.push(b'-');
                    encoded_bytes(out, end);
                }
            }
        }
    }
}
