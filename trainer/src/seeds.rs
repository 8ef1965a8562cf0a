//! The same training with several seeds, on as many threads as there are processors.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Stack size of a thread in bytes, the same as for the main thread, since networks are created on the stack.
const STACK: usize = 8 << 20;

/// Returns the result of `run` for each seed, in the order of the seeds. Threads share only the data that `run`
/// borrows, so the results are the same as for runs one after another.
///
/// ```
/// use elman::{Random, Xoshiro128};
/// let draw = |seed| Xoshiro128::from_seed(seed).next_u32();
/// assert_eq!(elman_trainer::seeds::in_parallel(&[3, 1, 2], draw), [3, 1, 2].map(draw));
/// ```
///
/// # Panics
/// If `run` panics, or no thread can be started.
pub fn in_parallel<R: Send>(seeds: &[u64], run: impl Fn(u64) -> R + Sync) -> Vec<R> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(seeds.len());
    let next = AtomicUsize::new(0);
    // Each thread takes the next seed that none has taken.
    let work = || {
        let mut done = Vec::new();
        while let Some((place, &seed)) = take(seeds, &next) {
            done.push((place, run(seed)));
        }
        done
    };
    let mut results = thread::scope(|scope| {
        let start = |_| thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        let threads: Vec<_> = (0..threads).map(start).collect();
        let join = |thread: std::io::Result<thread::ScopedJoinHandle<'_, _>>| {
            thread.expect("a thread could not be started").join().unwrap_or_else(|panic| resume_unwind(panic))
        };
        threads.into_iter().flat_map(join).collect::<Vec<_>>()
    });
    results.sort_by_key(|&(place, _)| place);
    results.into_iter().map(|(_, result)| result).collect()
}

fn take<'a>(seeds: &'a [u64], next: &AtomicUsize) -> Option<(usize, &'a u64)> {
    let place = next.fetch_add(1, Ordering::Relaxed);
    Some((place, seeds.get(place)?))
}
