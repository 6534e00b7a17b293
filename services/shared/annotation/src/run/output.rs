//! Where annotated lines go: outputs that take them as they are, and outputs that make something of them on every thread.
//!
//! What is costly, such as compression, is done by the threads that annotate, batch by batch; what has an order, such as
//! the offsets of an index, is done by the calling thread, which takes what they made in the order of the input.

use std::any::Any;
use std::io::{self, Write};

use crate::info::Told;

/// One output of a run.
pub enum Output<'o> {
    /// Takes header and lines as they are.
    Lines(&'o mut dyn Write),
    /// Makes something of them.
    Made(&'o mut dyn Form),
}

/// The half of an output that belongs to the calling thread.
pub trait Form {
    /// Takes the next bytes of the header, which ends before the first record.
    ///
    /// # Errors
    /// If they cannot be written.
    fn header(&mut self, text: &[u8]) -> io::Result<()>;

    /// Is told, after the header, what is added to INFO. In the mode of AnnTools, which has no CSQ, nothing is told.
    ///
    /// # Errors
    /// If what comes before the first record cannot be written.
    fn told(&mut self, told: &Told) -> io::Result<()> {
        let _ = told;
        Ok(())
    }

    /// The half for one thread. The header is there by then.
    fn maker(&self) -> Box<dyn Maker>;

    /// Takes the next piece that a maker of this output has made. Pieces come in the order of the input.
    ///
    /// # Errors
    /// If it cannot be written.
    fn take(&mut self, piece: Piece) -> io::Result<()>;
}

/// The half of an output that works on a thread.
pub trait Maker: Send {
    /// Takes the next annotated lines, each of them whole; the last of the file may lack its line break.
    fn lines(&mut self, text: &[u8]);

    /// What was made of all lines since the last piece. Which lines those are depends on the input alone, never on the
    /// number of threads.
    fn piece(&mut self) -> Piece;
}

/// What a [`Maker`] gives to its [`Form`], which knows the type.
pub struct Piece {
    made: Box<dyn Any + Send>,
    bytes: usize,
}

impl Piece {
    /// Something that takes about so many bytes of memory: much of it waits until it is taken.
    pub fn new<T: Any + Send>(made: T, bytes: usize) -> Self {
        let made = Box::new(made);
        Self { made, bytes }
    }

    /// What was made.
    ///
    /// # Errors
    /// If it is of another type, of another output.
    pub fn made<T: Any>(self) -> io::Result<T> {
        let made = self.made.downcast::<T>();
        made.map(|made| *made)
            .map_err(|_| io::Error::other("a piece of another output"))
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }
}

/// All outputs of a run.
pub(super) struct Outputs<'o, 'i> {
    each: &'i mut [Output<'o>],
}

impl<'o, 'i> Outputs<'o, 'i> {
    pub(super) fn new(each: &'i mut [Output<'o>]) -> Self {
        Self { each }
    }

    /// Whether lines are to be passed on, not only what is made of them.
    pub(super) fn take_lines(&self) -> bool {
        self.each.iter().any(|output| matches!(output, Output::Lines(_)))
    }

    /// Tells what is added to INFO.
    pub(super) fn tell(&mut self, told: &Told) -> io::Result<()> {
        self.each.iter_mut().try_for_each(|output| match output {
            Output::Lines(_) => Ok(()),
            Output::Made(form) => form.told(told),
        })
    }

    /// What one thread needs, in the order in which [`Self::take`] wants pieces.
    pub(super) fn makers(&self) -> Vec<Box<dyn Maker>> {
        let forms = self.each.iter().filter_map(|output| match output {
            Output::Lines(_) => None,
            Output::Made(form) => Some(form.maker()),
        });
        forms.collect()
    }

    /// Takes lines, and the pieces that were made of them.
    pub(super) fn take(&mut self, lines: &[u8], pieces: Vec<Piece>) -> io::Result<()> {
        let mut pieces = pieces.into_iter();
        self.each.iter_mut().try_for_each(|output| match output {
            Output::Lines(writer) => writer.write_all(lines),
            Output::Made(form) => pieces.next().map_or(Ok(()), |piece| form.take(piece)),
        })
    }
}

/// The header goes to every output.
impl Write for Outputs<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.each.iter_mut().try_for_each(|output| match output {
            Output::Lines(writer) => writer.write_all(bytes),
            Output::Made(form) => form.header(bytes),
        })?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.each.iter_mut().try_for_each(|output| match output {
            Output::Lines(writer) => writer.flush(),
            Output::Made(_) => Ok(()),
        })
    }
}
