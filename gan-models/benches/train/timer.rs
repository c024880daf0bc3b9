//! Reading the clock.

use std::time::{Duration, Instant};

/// Steps that warm the caches and are not counted.
const WARM_UP: usize = 2;
/// Repetitions of what is timed on its own.
const REPETITIONS: usize = 9;
/// What is shorter is repeated until it takes so long, because a clock's reading costs time too.
const SHORTEST: Duration = Duration::from_millis(2);

/// Seconds of one call, the mean over calls that together take `window` or more, of at least two.
pub(crate) fn mean_seconds(window: Duration, mut step: impl FnMut()) -> f64 {
    (0..WARM_UP).for_each(|_| step());
    let (began, mut calls) = (Instant::now(), 0_u32);
    loop {
        step();
        calls += 1;
        let elapsed = began.elapsed();
        if elapsed >= window && calls > 1 {
            return elapsed.as_secs_f64() / f64::from(calls);
        }
    }
}

/// Seconds of one call, the median over several.
pub(crate) fn median_seconds(mut work: impl FnMut()) -> f64 {
    let mut timed = |calls: u32| {
        let began = Instant::now();
        (0..calls).for_each(|_| work());
        began.elapsed()
    };
    timed(1);
    let once = timed(1).max(Duration::from_nanos(1));
    let calls = (SHORTEST.as_secs_f64() / once.as_secs_f64()).ceil().max(1.0) as u32;
    let mut seconds: Vec<f64> =
        (0..REPETITIONS).map(|_| timed(calls).as_secs_f64() / f64::from(calls)).collect();
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}
