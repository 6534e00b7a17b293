//! The tracks of regions, as AnnTools wrote them.

use std::ops::Range;

use reference::Genome;
use reference::bundle::{Region, Regions};
use reference::tracks::{AnnToolsText, REGION_TRACKS, RegionTrack};

use super::Tally;

/// The tracks of a genome.
pub(super) struct Tracks<'b>(Vec<Track<'b>>);

/// One of them, and what it had at the last position, which holds until a row ends or begins.
struct Track<'b> {
    /// Its place in [`REGION_TRACKS`].
    index: usize,
    view: Regions<'b>,
    chromosome: usize,
    /// The positions (from 1) for which the text holds.
    span: Range<u32>,
    rows: u64,
    text: Vec<u8>,
    /// Where the last search for the next row ended.
    hint: usize,
}

impl<'b> Tracks<'b> {
    pub(super) fn new(genome: Option<&Genome<'b>>) -> Self {
        let track = |(index, known): (usize, &RegionTrack)| {
            // Promoters are told with the genes.
            (known.anntools != AnnToolsText::Promoter).then_some(())?;
            Some(Track {
                index,
                view: genome?.regions(known.key)?,
                chromosome: 0,
                span: 0..0,
                rows: 0,
                text: Vec::new(),
                hint: 0,
            })
        };
        Self(REGION_TRACKS.iter().enumerate().filter_map(track).collect())
    }

    /// Appends what the tracks have at POS.
    pub(super) fn append(&mut self, place: Option<usize>, position: u64, info: &mut Vec<u8>, tally: &mut Tally) {
        let (Some(place), Ok(position)) = (place, u32::try_from(position)) else {
            return;
        };
        for track in &mut self.0 {
            if track.chromosome != place || !track.span.contains(&position) {
                track.look_up(place, position);
            }
            if track.rows == 0 {
                continue;
            }
            tally.tracks[track.index].0 += track.rows;
            tally.tracks[track.index].1 += 1;
            // Of the duplications, the original did not look whether a semicolon was there already.
            if REGION_TRACKS[track.index].anntools == AnnToolsText::OtherCopy || !info.ends_with(b";") {
                info.push(b';');
            }
            info.extend_from_slice(&track.text);
        }
    }
}

impl Track<'_> {
    fn look_up(&mut self, place: usize, position: u32) {
        let (key, form) = (REGION_TRACKS[self.index].info, REGION_TRACKS[self.index].anntools);
        let (mut rows, mut until) = (Vec::new(), self.view.next_start(place, position, &mut self.hint));
        // Both ends count: chromStart <= POS and POS <= chromEnd.
        self.view
            .overlapping(place, position - 1..position + 1, |row| rows.push(row));
        rows.retain(|row| row.start <= position && position <= row.end);
        for row in &rows {
            until = until.min(if form == AnnToolsText::Gwas {
                position + 1
            } else {
                row.end + 1
            });
        }
        rows.retain(|row| form != AnnToolsText::Gwas || row.end == position);
        rows.sort_by_key(|row| (row.start, row.order));
        if matches!(
            form,
            AnnToolsText::Site | AnnToolsText::Whether | AnnToolsText::OtherCopy
        ) {
            rows.sort_by_key(|row| (row.start, row.end));
            rows.truncate(1);
        }
        (self.chromosome, self.span, self.rows) = (place, position..until, rows.len() as u64);
        self.text = write(key, form, &rows, place, &self.view);
    }
}

/// The rows as INFO has them.
fn write(key: &str, form: AnnToolsText, rows: &[Region<'_>], place: usize, view: &Regions<'_>) -> Vec<u8> {
    let mut entries: Vec<Vec<u8>> = Vec::new();
    let mut add = |entry: Vec<u8>, once: bool| {
        if !once || !entries.contains(&entry) {
            entries.push(entry);
        }
    };
    for row in rows {
        match form {
            AnnToolsText::Names => add(row.column(0).to_vec(), true),
            AnnToolsText::Each => add([key.as_bytes(), b"=", row.column(0)].concat(), true),
            AnnToolsText::Gwas => add(
                [key.as_bytes(), b"=pubMedID=", row.column(0), b",trait=", row.column(1)].concat(),
                false,
            ),
            AnnToolsText::Site => {
                let name = String::from_utf8_lossy(row.column(0)).into_owned();
                add(
                    format!("{key}={name},{}_{}_{}", view.chromosome(place), row.start, row.end).into_bytes(),
                    false,
                );
            }
            AnnToolsText::Hugo => add(
                [key.as_bytes(), b"=", row.column(0), b",", row.column(1)].concat(),
                true,
            ),
            AnnToolsText::Promoter => {}
            AnnToolsText::Whether => add([key.as_bytes(), b"=True"].concat(), false),
            AnnToolsText::OtherCopy => add(
                [
                    key.as_bytes(),
                    b"=True;otherChrom=",
                    row.column(0),
                    b";otherStart=",
                    row.column(1),
                    b";otherEnd=",
                    row.column(2),
                ]
                .concat(),
                false,
            ),
            AnnToolsText::Tfbs => {
                let name = String::from_utf8_lossy(row.column(0)).into_owned();
                add(
                    format!("{key}={name}.{}.{}.{}", view.chromosome(place), row.start, row.end).into_bytes(),
                    false,
                );
            }
        }
    }
    match form {
        AnnToolsText::Hugo => {
            let mut text = entries.join(&b',');
            text.iter_mut()
                .filter(|byte| **byte == b';')
                .for_each(|byte| *byte = b',');
            text
        }
        AnnToolsText::Names if !entries.is_empty() => [key.as_bytes(), b"=", &entries.join(&b';')].concat(),
        _ => entries.join(&b';'),
    }
}
