//! Rows of a matrix, worked out by several threads.

use std::thread::{available_parallelism, scope};

/// Rows that are handed out together.
const ROWS: usize = 8;
/// Fewer multiplications than this are not worth a thread.
const FEW: usize = 1_000_000;

/// Calls `work` with a few rows of `matrix` at a time and the index of the first: what they are all
/// multiplied by is then read once for them. A row is worked out by one thread from start to end, so
/// the result does not depend on how many there are. `cost` is the multiplications in all.
pub(super) fn for_each_block(
    matrix: &mut [f64],
    len: usize,
    cost: usize,
    work: impl Fn(usize, &mut [f64]) + Sync,
) {
    let most = matrix.len().div_ceil(ROWS * len.max(1)).max(1);
    let threads = if cost < FEW { 1 } else { available_parallelism().map_or(1, usize::from) };
    let mut shares: Vec<Vec<(usize, &mut [f64])>> =
        (0..threads.min(most)).map(|_| Vec::new()).collect();
    let n = shares.len();
    // Turn by turn: of a triangular matrix later rows take longer.
    for (block, rows) in matrix.chunks_mut(ROWS * len).enumerate() {
        shares[block % n].push((ROWS * block, rows));
    }
    let run = |share: Vec<(usize, &mut [f64])>| {
        share.into_iter().for_each(|(first, rows)| work(first, rows));
    };
    let last = shares.pop();
    scope(|scope| {
        for share in shares {
            scope.spawn(|| run(share));
        }
        last.into_iter().for_each(run);
    });
}

/// `Σ xᵢ·yᵢ` in eight lanes.
pub(super) fn dot(x: &[f64], y: &[f64]) -> f64 {
    let (x_blocks, x_rest) = x.as_chunks::<8>();
    let (y_blocks, y_rest) = y.as_chunks::<8>();
    let mut lanes = [0.0; 8];
    for (x, y) in x_blocks.iter().zip(y_blocks) {
        for ((lane, x), y) in lanes.iter_mut().zip(x).zip(y) {
            *lane += x * y;
        }
    }
    lanes.iter().sum::<f64>() + x_rest.iter().zip(y_rest).map(|(x, y)| x * y).sum::<f64>()
}

/// `y += scale·x`.
pub(super) fn add_scaled(y: &mut [f64], scale: f64, x: &[f64]) {
    y.iter_mut().zip(x).for_each(|(y, x)| *y += scale * x);
}
