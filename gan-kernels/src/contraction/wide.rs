//! Six rows of four vectors: whole rows of a map in their order, asked for ahead, for processors whose
//! second cache is far away.

use std::ops::Range;

use super::Contraction;
use super::tile::{Tile, for_each_piece, of_height, sum, tile_rows, two_vectors};
use crate::operand::Multiply;
use crate::simd::Simd;

/// Operands that a tile meets before the next one does: with 64 lanes they are 32 KiB, which stay in the
/// first cache for all rows.
const CHUNK: usize = 128;
/// Operands by which a tile asks for what it will meet.
const AHEAD: usize = 8;

/// Some rows of one output, all rows of a few lanes before the next few.
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
    if rows.is_empty() {
        return;
    }
    for_each_piece!(job, output, CHUNK, CHUNK, |piece| {
        let mut lane = 0;
        while lane < job.lanes {
            // All rows of a block of lanes take as many vectors.
            let four = job.lanes - lane >= 4 * S::LANES && (S::ROWS >= 12 || rows.len() <= 2);
            let most = if four { S::ROWS / 2 } else { S::ROWS };
            let (mut row, mut taken) = (rows.start, 0);
            while row < rows.end {
                let height = tile_rows(rows.end - row, most);
                let tile = Tile { job, piece, row, lane, weights, input, out };
                // SAFETY: the tile is inside the output; the rest is the caller's.
                taken = unsafe {
                    // A stride that the compiler knows has a loop of its own.
                    match job.row_stride {
                        1 => of_height!(height, 12 8 6 4 2, |R| block::<S, F, R>(tile, four, 1)),
                        apart => {
                            of_height!(height, 12 8 6 4 2, |R| block::<S, F, R>(tile, four, apart))
                        }
                    }
                };
                row += height;
            }
            lane += taken;
        }
    });
}

/// Computes a tile of four vectors, or of up to two, and returns how many lanes it had.
#[inline(always)]
unsafe fn block<S: Simd, F: Multiply<S>, const R: usize>(
    tile: Tile<'_>,
    four: bool,
    row_stride: usize,
) -> usize {
    // SAFETY: the caller's.
    unsafe {
        if R <= 6 && four {
            sum::<S, F, R, 4, false, AHEAD>(tile, row_stride, S::LANES);
            return 4 * S::LANES;
        }
        two_vectors::<S, F, R, AHEAD>(tile, row_stride)
    }
}
