//! Files that are small as they are sent and large as they are made: each is annotated or refused with a reason, within
//! seconds, and the anonymous memory of the program stays within bounds.
//!
//! What is mapped from a reference does not count: the system takes it back when it needs it.
#![allow(clippy::unwrap_used, missing_docs)]

mod genome;
mod run;
mod shapes;

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;
use std::time::Duration;

use genome::Genome;
use run::{Ended, run};
use shapes::Shape;

/// The most anonymous memory of one run, in MiB.
const MOST_MEBIBYTES: u64 = 300;

/// How long one run may take; unoptimised parts of the program and busy machines count.
const PATIENCE: Duration = Duration::from_secs(30);

#[test]
fn no_file_takes_more_memory_or_time_than_the_limits_let_it() {
    let genome = Genome::build();
    let shapes = shapes::all(&genome);
    assert!(shapes.len() >= 30);
    let next = AtomicUsize::new(0);
    let troubles: Vec<String> = thread::scope(|scope| {
        let worker = || {
            let ours = std::iter::from_fn(|| shapes.get(next.fetch_add(1, Relaxed)));
            ours.filter_map(|shape| trouble(&genome, shape)).collect::<Vec<_>>()
        };
        let workers = [scope.spawn(worker), scope.spawn(worker)];
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    assert!(troubles.is_empty(), "{}", troubles.join("\n"));
}

/// What is wrong with how a shape was taken.
fn trouble(genome: &Genome, shape: &Shape) -> Option<String> {
    let Ended {
        said,
        success,
        mebibytes,
        took,
    } = run(genome, shape);
    println!(
        "{:<44} {mebibytes:>4} MiB {:>5.1} s  {}",
        shape.name,
        took.as_secs_f64(),
        said.trim_end()
    );
    let expected = match shape.refusal {
        Some(reason) => !success && said.contains(reason),
        None => success,
    };
    let is_fine = expected && mebibytes <= MOST_MEBIBYTES && took <= PATIENCE;
    (!is_fine).then(|| format!("{}: {mebibytes} MiB, {took:?}, {said}", shape.name))
}
