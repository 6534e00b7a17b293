//! Small files of variants, made here in the columns of the annotator, and every question answered a second time by looking at each row.
#![allow(clippy::unwrap_used)]

mod charts;
mod exports;
mod file;
mod filters;
mod hostile;
mod inheritance;
mod naive;
mod paging;
mod random;
