//! The records of the results of which some allele is asked for, as they are there, packed by bgzip again.
//!
//! The table has a row for each allele of ALT, or one for a record without, in the order of the records; so the results are
//! looked through once, and rows are counted along.

use std::io::Write;

use anyhow::{Context, Result, ensure};
use async_compression::tokio::bufread::GzipDecoder;
use bytes::Bytes;
use noodles_bgzf as bgzf;
use tokio::io::{AsyncRead, AsyncReadExt, BufReader};
use tokio::sync::mpsc::Sender;
use variants::Selected;

use super::export::taken;

/// Bytes unpacked at once.
const PIECE: usize = 64 * 1024;

/// Picks lines.
struct Picker<F> {
    /// Whether a row is asked for.
    is_asked: F,
    /// The number of the next record's first row.
    row: u64,
    /// A line that has not come to its end.
    begun: Vec<u8>,
}

/// Sends the header and the records that are asked for; `rows` is how many the table has, all records together.
pub async fn send(
    packed: impl AsyncRead + Unpin,
    selected: &Selected,
    rows: u64,
    sender: &Sender<Option<Bytes>>,
) -> Result<()> {
    let mut decoder = GzipDecoder::new(BufReader::with_capacity(PIECE, packed));
    decoder.multiple_members(true);
    let mut picker = Picker::new(|row| selected.contains(row));
    let (mut piece, mut picked) = (vec![0; PIECE], Vec::new());
    loop {
        let read = decoder.read(&mut piece).await.context("unpack the results")?;
        if read == 0 {
            break;
        }
        picker.pick(&piece[..read], &mut picked)?;
        if picked.len() >= PIECE {
            let packed = pack(&picked, false)?;
            picked.clear();
            if !taken(sender, Some(packed.into())).await {
                return Ok(());
            }
        }
    }
    let counted = picker.finish(&mut picked)?;
    ensure!(
        counted == rows,
        "the results have {counted} alleles, and their table has {rows} rows"
    );
    let packed = pack(&picked, true)?;
    if taken(sender, Some(packed.into())).await {
        taken(sender, None).await;
    }
    Ok(())
}

/// Whole blocks of bgzip, with the empty one behind the last.
pub(super) fn pack(text: &[u8], is_last: bool) -> Result<Vec<u8>> {
    let mut writer = bgzf::io::Writer::new(Vec::new());
    writer.write_all(text).context("pack records")?;
    if is_last {
        return writer.finish().context("pack records");
    }
    writer.flush().context("pack records")?;
    Ok(writer.into_inner())
}

impl<F: Fn(u64) -> bool> Picker<F> {
    const fn new(is_asked: F) -> Self {
        Self {
            is_asked,
            row: 0,
            begun: Vec::new(),
        }
    }

    /// Writes the lines that end in this piece, if they are asked for.
    fn pick(&mut self, mut piece: &[u8], into: &mut impl Write) -> Result<()> {
        while let Some(end) = piece.iter().position(|byte| *byte == b'\n') {
            let (line, rest) = piece.split_at(end + 1);
            match self.begun.is_empty() {
                true => self.line(line, into)?,
                false => {
                    let mut whole = std::mem::take(&mut self.begun);
                    whole.extend_from_slice(line);
                    self.line(&whole, into)?;
                }
            }
            piece = rest;
        }
        self.begun.extend_from_slice(piece);
        Ok(())
    }

    /// Writes a last line that has no end, and tells how many rows all records have.
    fn finish(mut self, into: &mut impl Write) -> Result<u64> {
        if !self.begun.is_empty() {
            let last = std::mem::take(&mut self.begun);
            self.line(&last, into)?;
        }
        Ok(self.row)
    }

    fn line(&mut self, line: &[u8], into: &mut impl Write) -> Result<()> {
        let is_asked = match line.first() {
            Some(b'#') | None => true,
            Some(_) => {
                let rows = alleles(line);
                let first = self.row;
                self.row += rows;
                (first..self.row).any(&self.is_asked)
            }
        };
        if is_asked {
            into.write_all(line).context("pack a record")?;
        }
        Ok(())
    }
}

/// The rows of a record: its alleles of ALT, or one.
fn alleles(line: &[u8]) -> u64 {
    let alt = line.split(|byte| *byte == b'\t').nth(4).unwrap_or_default();
    1 + alt.iter().filter(|byte| **byte == b',').count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    const VCF: &str = "##fileformat=VCFv4.3\n\
        #CHROM\tPOS\tID\tREF\tALT\n\
        1\t10\t.\tA\tC,G\n\
        1\t20\t.\tA\t.\n\
        1\t30\t.\tA\tT";

    fn picked(rows: &[u64], piece: usize) -> (String, u64) {
        let mut picker = Picker::new(|row| rows.contains(&row));
        let mut into = Vec::new();
        for piece in VCF.as_bytes().chunks(piece) {
            picker.pick(piece, &mut into).unwrap();
        }
        let counted = picker.finish(&mut into).unwrap();
        let text = String::from_utf8(into).unwrap();
        let records: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(text.starts_with("##fileformat=VCFv4.3\n#CHROM"), "{text}");
        (
            records.iter().map(|line| &line[2..4]).collect::<Vec<_>>().join(","),
            counted,
        )
    }

    #[test]
    fn a_record_is_kept_if_one_of_its_alleles_is_asked_for_however_the_bytes_come() {
        for piece in [1, 7, 1000] {
            assert_eq!(picked(&[], piece), (String::new(), 4));
            assert_eq!(picked(&[1], piece), ("10".to_owned(), 4));
            assert_eq!(picked(&[2, 3], piece), ("20,30".to_owned(), 4));
        }
    }
}
