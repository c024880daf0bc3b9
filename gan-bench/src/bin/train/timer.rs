//! Timing.

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
    let [seconds, _] = median_pair(|| {
        let began = Instant::now();
        work();
        [began.elapsed(), Duration::ZERO]
    });
    seconds
}

/// Seconds of the two parts of one call, the median of each over several.
pub(crate) fn median_pair(mut work: impl FnMut() -> [Duration; 2]) -> [f64; 2] {
    let mut mean = |calls: u32| {
        let mut sums = [Duration::ZERO; 2];
        for _ in 0..calls {
            let [first, second] = work();
            sums = [sums[0] + first, sums[1] + second];
        }
        sums.map(|sum| sum.as_secs_f64() / f64::from(calls))
    };
    mean(1);
    let once: f64 = mean(1).iter().sum();
    let calls = (SHORTEST.as_secs_f64() / once.max(1e-9)).ceil().max(1.0) as u32;
    let pairs: Vec<[f64; 2]> = (0..REPETITIONS).map(|_| mean(calls)).collect();
    [0, 1].map(|part| {
        let mut seconds: Vec<f64> = pairs.iter().map(|pair| pair[part]).collect();
        seconds.sort_by(f64::total_cmp);
        seconds[seconds.len() / 2]
    })
}
