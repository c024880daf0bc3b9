//! Twelve rows of two vectors: the fewest loads for each product, for processors that bring what they
//! need from the second cache as fast as it is asked for.

use std::ops::Range;

use super::Contraction;
use super::tile::{Tile, for_each_piece, of_height, sum, tile_rows, two_vectors};
use crate::operand::Multiply;
use crate::simd::Simd;

/// Operands that a tile meets before the next one does, so that what they share stays in cache.
const CHUNK: usize = 512;

/// Some rows of one output, all lanes of a few rows before the next few.
///
/// # Safety
/// The processor is of the level of `S`; the terms stay inside their operands, the rows inside `out`.
#[inline(always)]
pub(super) unsafe fn task<S: Simd, F: Multiply<S>>(
    job: &Contraction<'_>,
    output: usize,
    rows: Range<usize>,
    (weights, input): (*const F, *const F),
    out: *mut f32,
) {
    let (weights, input) = (weights.cast::<f32>(), input.cast::<f32>());
    for_each_piece!(job, output, CHUNK, usize::MAX, |piece| {
        let mut row = rows.start;
        while row < rows.end {
            let height = tile_rows(rows.end - row, S::ROWS);
            let mut lane = 0;
            while lane < job.lanes {
                let tile = Tile { job, piece, row, lane, weights, input, out };
                // SAFETY: the tile is inside the output; the rest is the caller's.
                lane += unsafe {
                    // A stride that the compiler knows has a loop of its own.
                    match job.row_stride {
                        1 => of_height!(height, 12 8 6 4 2, |R| widest::<S, F, R>(tile, 1)),
                        apart => of_height!(height, 12 8 6 4 2, |R| widest::<S, F, R>(tile, apart)),
                    }
                };
            }
            row += height;
        }
    });
}

/// Computes the widest tile that fits, and returns how many lanes it had.
#[inline(always)]
unsafe fn widest<S: Simd, F: Multiply<S>, const R: usize>(
    tile: Tile<'_>,
    row_stride: usize,
) -> usize {
    // SAFETY: the caller's.
    unsafe {
        if R <= 2 && tile.job.lanes - tile.lane >= 4 * S::LANES {
            sum::<S, F, R, 4, false, 0>(tile, row_stride, S::LANES);
            return 4 * S::LANES;
        }
        two_vectors::<S, F, R, 0>(tile, row_stride)
    }
}
