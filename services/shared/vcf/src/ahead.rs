//! Text that another thread reads and unpacks, some of it ahead, so that neither waits for the other.

use std::io::{self, BufRead};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};

use crate::Source;
use crate::source::State;

/// A chunk has about so many bytes of text.
const CHUNK_BYTES: usize = 1 << 18;

/// How many chunks may wait.
const WAITING: usize = 4;

/// Text as it comes from the other thread.
pub struct Ahead {
    chunks: Receiver<Chunk>,
    /// Buffers to be used again.
    spent: Sender<Vec<u8>>,
    chunk: Chunk,
    /// How much of the chunk's text is taken.
    at: usize,
}

/// The other thread's half.
pub struct Reader<R> {
    source: Source<R>,
    chunks: SyncSender<Chunk>,
    spent: Receiver<Vec<u8>>,
}

/// Text, and what follows if that is the end or an error.
#[derive(Default)]
struct Chunk {
    text: Vec<u8>,
    error: Option<io::Error>,
    state: State,
}

impl Ahead {
    /// Both halves.
    pub fn new<R: BufRead>(source: Source<R>) -> (Self, Reader<R>) {
        let (filled, chunks) = sync_channel(WAITING);
        let (spent, emptied) = channel();
        let ahead = Self {
            chunks,
            spent,
            chunk: Chunk::default(),
            at: 0,
        };
        let reader = Reader {
            source,
            chunks: filled,
            spent: emptied,
        };
        (ahead, reader)
    }

    /// What the input was like when the chunk at hand had been read.
    pub(crate) fn state(&self) -> State {
        self.chunk.state
    }

    pub(crate) fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.at == self.chunk.text.len() {
            if let Some(error) = self.chunk.error.take() {
                return Err(error);
            }
            let Ok(next) = self.chunks.recv() else { break };
            let spent = std::mem::replace(&mut self.chunk, next);
            // A reader that is done needs no buffers.
            let _ = self.spent.send(spent.text);
            self.at = 0;
        }
        Ok(&self.chunk.text[self.at..])
    }

    pub(crate) fn consume(&mut self, amount: usize) {
        self.at += amount;
    }
}

impl<R: BufRead> Reader<R> {
    /// Reads to the end, or until nobody takes what was read.
    pub fn run(mut self) {
        let mut has_more = true;
        while has_more {
            let mut text = self.spent.try_recv().unwrap_or_default();
            text.clear();
            let read = self.fill(&mut text);
            has_more = *read.as_ref().unwrap_or(&false);
            let chunk = Chunk {
                text,
                error: read.err(),
                state: self.source.state(),
            };
            if self.chunks.send(chunk).is_err() {
                return;
            }
        }
    }

    /// `false` at the end.
    fn fill(&mut self, text: &mut Vec<u8>) -> io::Result<bool> {
        while text.len() < CHUNK_BYTES {
            let read = self.source.fill_buf()?;
            let length = read.len();
            if length == 0 {
                return Ok(false);
            }
            text.extend_from_slice(read);
            self.source.consume(length);
        }
        Ok(true)
    }
}
