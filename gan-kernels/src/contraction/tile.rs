//! The micro-kernel: a tile of sums that stay in registers.

use super::{Contraction, Term};
use crate::operand::Multiply;
use crate::simd::Simd;

/// The place of one tile, and the part of its sums that is added to it.
#[derive(Clone, Copy)]
pub(super) struct Tile<'a> {
    pub(super) job: &'a Contraction<'a>,
    /// The operands that are met here.
    pub(super) piece: Piece<'a>,
    pub(super) row: usize,
    pub(super) lane: usize,
    /// Operands, by their bits.
    pub(super) weights: *const f32,
    pub(super) input: *const f32,
    pub(super) out: *mut f32,
}

/// A part of what is summed for an output: neighbors in the order of the sums.
#[derive(Clone, Copy)]
pub(super) struct Piece<'a> {
    pub(super) terms: &'a [Term],
    /// The first operand of each term.
    pub(super) from: usize,
    /// Operands of each term.
    pub(super) depth: usize,
    /// Of the pieces in their order; sums begin with piece 0, and continue from what `out` holds behind it.
    pub(super) number: usize,
    /// All pieces; sums end with the last one.
    pub(super) pieces: usize,
}

/// Calls `tile(piece)` for pieces of at most `chunk` operands if a term has fewer, and of at most
/// `deepest` of one term if it has more.
///
/// A macro, because a closure would be compiled without the vector instructions of its caller.
macro_rules! for_each_piece {
    ($job:expr, $output:expr, $chunk:expr, $deepest:expr, |$piece:ident| $body:block) => {{
        let (terms, depth) = ($job.terms.of($output), $job.depth);
        let at_once = ($chunk / depth.max(1)).max(1);
        let groups = terms.len().div_ceil(at_once).max(1);
        let parts = depth.div_ceil($deepest).max(1);
        let part_depth = depth.div_ceil(parts);
        for number in 0..groups * parts {
            let (group, from) = (number / parts, number % parts * part_depth);
            let $piece = $crate::contraction::tile::Piece {
                terms: &terms[group * at_once..((group + 1) * at_once).min(terms.len())],
                from,
                depth: part_depth.min(depth - from.min(depth)),
                number,
                pieces: groups * parts,
            };
            $body
        }
    }};
}
pub(super) use for_each_piece;

/// Rows of the next tile, of which there are kernels.
#[inline(always)]
pub(super) fn tile_rows(left: usize, most: usize) -> usize {
    match left.min(most) {
        // Two of eight are better than one of twelve and one of four.
        12 if left == 16 => 8,
        12.. => 12,
        8.. => 8,
        6.. => 6,
        4.. => 4,
        2.. => 2,
        _ => 1,
    }
}

/// Runs a tile of `height` rows by the function of that many: `$call::<R>(..)`.
macro_rules! of_height {
    ($height:expr, $($rows:literal)+, |$R:ident| $body:expr) => {
        match $height {
            $($rows => { const $R: usize = $rows; $body })+
            _ => { const $R: usize = 1; $body }
        }
    };
}
pub(super) use of_height;

/// One tile of `R` rows and `V` vectors; of the last vector only `tail` lanes if it is `CUT`. What is
/// met `AHEAD` operands later is asked for, unless that is 0.
///
/// # Safety
/// The processor is of the level of `S`; the tile is inside the output, the terms inside their operands.
#[expect(clippy::too_many_lines, reason = "one nest of loops around sums that stay in registers")]
#[inline(always)]
pub(super) unsafe fn sum<
    S: Simd,
    F: Multiply<S>,
    const R: usize,
    const V: usize,
    const CUT: bool,
    const AHEAD: usize,
>(
    tile: Tile<'_>,
    row_stride: usize,
    tail: usize,
) {
    let Tile { job, piece, row, lane, weights, input, out } = tile;
    let &Contraction { lanes, bias, activation, weight_stride, input_stride, .. } = job;
    // SAFETY: the caller's; no more than the tile's own lanes are touched.
    unsafe {
        let load = |at: *const f32, v: usize| {
            let at = at.add(v * S::LANES);
            if CUT && v + 1 == V { S::load_first(at, tail) } else { S::load(at) }
        };
        let out = out.add(row * lanes + lane);
        let mut sums = [[S::splat(0.0); V]; R];
        for r in 0..R {
            for v in 0..V {
                sums[r][v] = match (piece.number == 0, bias) {
                    (true, None) => S::splat(0.0),
                    (true, Some(bias)) => S::splat(*bias.as_ptr().add(row + r)),
                    _ => load(out.add(r * lanes), v),
                };
            }
        }
        for term in piece.terms {
            let first = (piece.from * weight_stride, piece.from * input_stride);
            let mut weight = weights.add(term.weight + row * row_stride).wrapping_add(first.0);
            let mut x = input.add(term.input + lane).wrapping_add(first.1);
            for _ in 0..piece.depth {
                let mut vectors = [S::splat(0.0); V];
                for v in 0..V {
                    vectors[v] = load(x, v);
                    if AHEAD > 0 {
                        S::prefetch(x.wrapping_add(AHEAD * input_stride + v * S::LANES));
                    }
                }
                if AHEAD > 0 {
                    S::prefetch(weight.wrapping_add(AHEAD * weight_stride));
                }
                for r in 0..R {
                    let operand = S::splat(*weight.add(r * row_stride));
                    for v in 0..V {
                        sums[r][v] = F::mul_add(operand, vectors[v], sums[r][v]);
                    }
                }
                weight = weight.wrapping_add(weight_stride);
                x = x.wrapping_add(input_stride);
            }
        }
        for r in 0..R {
            for v in 0..V {
                let y = if piece.number + 1 == piece.pieces {
                    activation.apply::<S>(sums[r][v])
                } else {
                    sums[r][v]
                };
                let at = out.add(r * lanes + v * S::LANES);
                if CUT && v + 1 == V { S::store_first(at, y, tail) } else { S::store(at, y) }
            }
        }
    }
}

/// A tile of `R` rows and up to two vectors, as many lanes as are left; returns how many.
///
/// # Safety
/// That of [`sum`].
#[inline(always)]
pub(super) unsafe fn two_vectors<S: Simd, F: Multiply<S>, const R: usize, const AHEAD: usize>(
    tile: Tile<'_>,
    row_stride: usize,
) -> usize {
    let left = tile.job.lanes - tile.lane;
    // SAFETY: the caller's.
    unsafe {
        if left >= 2 * S::LANES {
            sum::<S, F, R, 2, false, AHEAD>(tile, row_stride, S::LANES);
            2 * S::LANES
        } else if left > S::LANES {
            sum::<S, F, R, 2, true, AHEAD>(tile, row_stride, left - S::LANES);
            left
        } else {
            sum::<S, F, R, 1, true, AHEAD>(tile, row_stride, left);
            left
        }
    }
}
