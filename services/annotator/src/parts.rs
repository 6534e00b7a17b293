//! From a thread that writes to a task that uploads: bytes gathered into parts.

use std::io::{self, Write};

use backends::object_store::PART_SIZE;
use bytes::{Bytes, BytesMut};
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// How many finished parts may wait for the upload, which bounds the memory of a job to three parts.
const WAITING: usize = 1;

/// Where the parts come out, to be uploaded.
pub type Parts = Receiver<io::Result<Bytes>>;

/// Gathers what is written into parts of [`PART_SIZE`] bytes. The upload ends well only after [`PartsWriter::finish`]:
/// a writer that is dropped before, because its thread gave up or panicked, makes it fail.
pub struct PartsWriter {
    part: BytesMut,
    parts: Sender<io::Result<Bytes>>,
    written: u64,
    finished: bool,
}

impl PartsWriter {
    /// A writer and where its parts come out.
    pub fn new() -> (Self, Parts) {
        let (parts, received) = channel(WAITING);
        (
            Self {
                part: BytesMut::new(),
                parts,
                written: 0,
                finished: false,
            },
            received,
        )
    }

    /// Hands over the last part; gives how many bytes there were.
    pub fn finish(mut self) -> io::Result<u64> {
        self.hand_over()?;
        self.finished = true;
        Ok(self.written)
    }

    fn hand_over(&mut self) -> io::Result<()> {
        let part = self.part.split().freeze();
        self.parts
            .blocking_send(Ok(part))
            .map_err(|_| io::Error::new(io::ErrorKind::BrokenPipe, "the upload has ended"))
    }
}

impl Write for PartsWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = PART_SIZE - self.part.len();
        let taken = &bytes[..bytes.len().min(room)];
        self.part.extend_from_slice(taken);
        self.written += taken.len() as u64;
        if self.part.len() == PART_SIZE {
            self.hand_over()?;
        }
        Ok(taken.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for PartsWriter {
    fn drop(&mut self) {
        if !self.finished {
            // Nobody listens when the upload has ended first, and then nobody needs to know.
            let _ = self.parts.blocking_send(Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                "the annotation stopped",
            )));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn received(work: impl FnOnce(PartsWriter) + Send + 'static) -> Vec<io::Result<usize>> {
        let (writer, mut parts) = PartsWriter::new();
        let thread = std::thread::spawn(move || work(writer));
        let mut sizes = Vec::new();
        while let Some(part) = parts.blocking_recv() {
            sizes.push(part.map(|bytes| bytes.len()));
        }
        let _ = thread.join();
        sizes
    }

    #[test]
    fn whole_parts_come_first_and_the_rest_last() {
        let sizes = received(|mut writer| {
            writer.write_all(&vec![b'x'; PART_SIZE + 5]).unwrap();
            assert_eq!(writer.finish().unwrap(), PART_SIZE as u64 + 5);
        });
        assert_eq!(
            sizes.into_iter().map(Result::unwrap).collect::<Vec<_>>(),
            [PART_SIZE, 5]
        );
    }

    #[test]
    fn a_writer_that_gives_up_is_no_end_of_file() {
        let sizes = received(|mut writer| writer.write_all(b"half a rec").unwrap());
        assert!(sizes.last().unwrap().is_err());
    }
}
