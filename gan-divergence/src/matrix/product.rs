//! Products of matrices: inner products of vectors with vectors, in blocks that stay in the caches.

use std::ops::Range;

use crate::lanes::{LANES, PRODUCT_GROUPS, add_tile};
use crate::matrix::packed::{Packed, Rows};
use crate::parallel::for_each_piece;

/// How many numbers of a vector are multiplied before the next vector is taken up.
pub(crate) const DEPTH: usize = 256;

/// How many groups of vectors are multiplied with one group before the next is taken up.
const CHUNK: usize = 16;

/// How many rows are one piece of work.
const STRIP: usize = 64;

/// Which part of a product is wanted for the rows from `i` on.
pub(crate) struct Part {
    /// The columns; those before the first in its group of eight come with it.
    pub(crate) columns: Range<usize>,
    /// The coordinates that may differ from 0.
    pub(crate) depth: Range<usize>,
}

/// Adds `scale·⟨aᵢ, bⱼ⟩` to `target[i·stride + j]`, on every strip of 64 rows as far as `part` of the
/// strip tells.
///
/// Every entry is summed up in the order of its coordinates, in blocks that depend on nothing else.
pub(crate) fn add_products(
    target: &mut [f64],
    stride: usize,
    scale: f64,
    a: &Packed,
    b: &Packed,
    part: impl Fn(Range<usize>) -> Part + Sync,
) {
    for_each_piece(target, STRIP * stride, |strip, target| {
        let rows = strip * STRIP..((strip + 1) * STRIP).min(a.count);
        if !rows.is_empty() {
            add_strip(target, stride, scale, a, b, rows.clone(), &part(rows));
        }
    });
}

/// The part of [`add_products`] for a few rows, of which `target` begins with the first; that is the first
/// of a group of eight.
pub(crate) fn add_strip(
    target: &mut [f64],
    stride: usize,
    scale: f64,
    a: &Packed,
    b: &Packed,
    rows: Range<usize>,
    part: &Part,
) {
    let first = part.depth.start / DEPTH * DEPTH;
    for block in (first..part.depth.end).step_by(DEPTH) {
        let depth = block.max(part.depth.start)..(block + DEPTH).min(part.depth.end);
        let depth = depth.start * LANES..depth.end * LANES;
        let a = (rows.start / LANES..rows.end.div_ceil(LANES)).map(|g| &a.group(g)[depth.clone()]);
        let b = |group| &b.group(group)[depth.clone()];
        add_block(target, stride, scale, a, b, part.columns.clone());
    }
}

/// Adds the products of groups of vectors with all groups of a range of columns.
pub(crate) fn add_block<'a>(
    target: &mut [f64],
    stride: usize,
    scale: f64,
    a: impl Iterator<Item = &'a [f64]> + Clone,
    b: impl Fn(usize) -> &'a [f64],
    columns: Range<usize>,
) {
    let groups = columns.start / LANES..columns.end.div_ceil(LANES);
    for chunk in groups.clone().step_by(CHUNK) {
        for (a, tile) in a.clone().zip(target.chunks_mut(LANES * stride)) {
            for group in (chunk..groups.end.min(chunk + CHUNK)).step_by(PRODUCT_GROUPS) {
                let b = std::array::from_fn(|g| b((group + g).min(groups.end - 1)));
                let width = group * LANES..((group + PRODUCT_GROUPS) * LANES).min(columns.end);
                let mut lines = tile.chunks_mut(stride);
                let line = |_| lines.next().map_or(&mut [][..], |line| &mut line[width.clone()]);
                let lines = [(); LANES].map(line);
                add_tile(a, b, scale, lines);
            }
        }
    }
}

/// All inner products of the rows of `a` with those of `b`, row after row.
pub(crate) fn products(a: Rows<'_>, b: Rows<'_>) -> Vec<f64> {
    let mut target = vec![0.0; a.count * b.count];
    let all = |_| Part { columns: 0..b.count, depth: 0..a.len };
    add_products(&mut target, b.count, 1.0, &Packed::rows(a), &Packed::rows(b), all);
    target
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_those_of_a_plain_loop_at_every_size() {
        for (n, m, len) in
            [(0, 4, 2), (3, 0, 2), (1, 1, 1), (5, 9, 3), (33, 17, 256), (40, 70, 300), (64, 8, 513)]
        {
            let wave = |count: usize, step: f64| -> Vec<f64> {
                (0..count * len).map(|i| (i as f64 * step).sin()).collect()
            };
            let (a, b) = (wave(n, 0.7), wave(m, 1.3));
            let found = products(Rows::dense(&a, len), Rows::dense(&b, len));
            for (i, x) in a.chunks_exact(len).enumerate() {
                for (j, y) in b.chunks_exact(len).enumerate() {
                    let plain: f64 = x.iter().zip(y).map(|(x, y)| x * y).sum();
                    assert!((found[i * m + j] - plain).abs() < 1e-12);
                }
            }
        }
    }
}
