//! The fork-join thread pool (rayon) of everything that computes in parallel.

use std::thread::{Builder, available_parallelism};

use rayon::ThreadPoolBuilder;

use crate::ranks::share_of;

/// Start the pool now, while there are threads to be had: it panics where it is needed and cannot be
/// started. Where the system has none to give, this thread does the pool's work.
pub(crate) fn prepare() {
    let pool = ThreadPoolBuilder::new();
    let pool = if are_given(wanted()) { pool } else { pool.num_threads(1).use_current_thread() };
    // It can be built only once, whatever comes of it; built before, it needs no preparation.
    let _ = pool.build_global();
}

/// How many threads the pool has.
fn wanted() -> usize {
    let asked = std::env::var("RAYON_NUM_THREADS").ok().and_then(|count| count.parse().ok());
    let count: Option<usize> = asked.filter(|&count| count > 0);
    let share = || share_of(available_parallelism().map_or(1, usize::from));
    let count = count.unwrap_or_else(share);
    count.min(rayon::max_num_threads())
}

/// Whether the system gives `count` threads at once.
pub(crate) fn are_given(count: usize) -> bool {
    let threads: Vec<_> =
        (0..count).map_while(|_| Builder::new().spawn(std::thread::park).ok()).collect();
    let all = threads.len() == count;
    for thread in threads {
        thread.thread().unpark();
        // A thread that only waits has nothing to panic at.
        let _ = thread.join();
    }
    all
}
