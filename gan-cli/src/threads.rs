//! The thread pool of everything that computes in parallel.

use std::thread::{Builder, available_parallelism};

use rayon::ThreadPoolBuilder;

/// Start the pool now, while there are threads to be had: it panics where it is needed and cannot be
/// started. Where the system has none to give, this thread does the pool's work.
pub(crate) fn prepare() {
    let pool = ThreadPoolBuilder::new();
    let pool = if has_threads() { pool } else { pool.num_threads(1).use_current_thread() };
    // It can be built only once, whatever comes of it; built before, it needs no preparation.
    let _ = pool.build_global();
}

/// Whether the system gives as many threads as the pool has.
fn has_threads() -> bool {
    let asked = std::env::var("RAYON_NUM_THREADS").ok().and_then(|count| count.parse().ok());
    let count = asked.filter(|&count| count > 0);
    let count = count.unwrap_or_else(|| available_parallelism().map_or(1, usize::from));
    // All at once, as the pool has them.
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
