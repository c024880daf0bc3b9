//! Products of tall matrices: inner products of rows with rows, in blocks that stay in the caches.

use std::ops::Range;

use crate::lanes::{Groups, LANES, TILE_ROWS, add_tile};
use crate::matrix::MANY;
use crate::parallel::{for_each_piece, map_chunks};

/// How many numbers of a row are multiplied before the next row is taken up.
const DEPTH: usize = 128;

/// How many rows are one piece of work.
const STRIP: usize = 32;

/// How many groups of packed vectors are multiplied with a few rows before the next rows are taken up.
const CHUNK: usize = 16;

/// `count` rows of `len` numbers, `stride` apart.
#[derive(Clone, Copy)]
pub(crate) struct Rows<'a> {
    pub(crate) data: &'a [f64],
    pub(crate) stride: usize,
    pub(crate) count: usize,
    pub(crate) len: usize,
}

impl<'a> Rows<'a> {
    /// Rows without gaps.
    pub(crate) fn dense(data: &'a [f64], len: usize) -> Self {
        Self { data, stride: len, count: data.len() / len, len }
    }

    fn row(&self, i: usize) -> &'a [f64] {
        &self.data[i * self.stride..][..self.len]
    }
}

/// The second factor of a product: vectors in groups of eight, coordinate after coordinate.
pub(crate) struct Packed {
    /// For every [`DEPTH`] coordinates, the groups in order; the last is filled up with zeros.
    blocks: Vec<Vec<f64>>,
    len: usize,
}

impl Packed {
    /// Packs the rows of a matrix.
    pub(crate) fn rows(from: Rows<'_>) -> Self {
        let groups = from.count.div_ceil(LANES);
        let blocks = map_chunks(from.len, DEPTH, |range| {
            let mut block = vec![0.0; groups * LANES * range.len()];
            for i in 0..from.count {
                let group = &mut block[i / LANES * LANES * range.len()..];
                let places = group[i % LANES..].iter_mut().step_by(LANES);
                places.zip(&from.row(i)[range.clone()]).for_each(|(place, &x)| *place = x);
            }
            block
        });
        Self { blocks, len: from.len }
    }

    /// Packs the columns of a matrix.
    pub(crate) fn columns(from: Rows<'_>) -> Self {
        let groups = from.len.div_ceil(LANES);
        let blocks = map_chunks(from.count, DEPTH, |range| {
            let mut block = vec![0.0; groups * LANES * range.len()];
            for (k, i) in range.clone().enumerate() {
                for (group, numbers) in from.row(i).chunks(LANES).enumerate() {
                    let place = (group * range.len() + k) * LANES;
                    block[place..place + numbers.len()].copy_from_slice(numbers);
                }
            }
            block
        });
        Self { blocks, len: from.count }
    }
}

/// Which part of a product is wanted for the rows from `i` on.
pub(crate) struct Part {
    /// The columns; those before the first in its group of eight come with it.
    pub(crate) columns: Range<usize>,
    /// The coordinates that may differ from 0.
    pub(crate) depth: Range<usize>,
}

/// Adds `scale·⟨aᵢ, bⱼ⟩` to `target[i·stride + j]`, on every strip of 32 rows as far as `part` of its
/// last row tells.
///
/// Every entry is summed up in the order of its coordinates, in blocks that depend on nothing else.
pub(crate) fn add_products(
    target: &mut [f64],
    stride: usize,
    scale: f64,
    a: Rows<'_>,
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

/// The part of [`add_products`] for a few rows, of which `target` begins with the first.
pub(crate) fn add_strip(
    target: &mut [f64],
    stride: usize,
    scale: f64,
    a: Rows<'_>,
    b: &Packed,
    rows: Range<usize>,
    part: &Part,
) {
    let columns = part.columns.start / LANES..part.columns.end.div_ceil(LANES);
    for (index, block) in b.blocks.iter().enumerate() {
        let (first, end) = (index * DEPTH, ((index + 1) * DEPTH).min(b.len));
        let depth = part.depth.start.max(first)..part.depth.end.min(end);
        if depth.is_empty() {
            continue;
        }
        let (start, len) = ((depth.start - first) * LANES, (end - first) * LANES);
        for groups in columns.clone().step_by(CHUNK) {
            let groups = groups..(groups + CHUNK).min(columns.end);
            let b = Groups { data: &block[groups.start * len..groups.end * len], len, start };
            let width = groups.start * LANES..(groups.end * LANES).min(part.columns.end);
            let tiles = target.chunks_mut(TILE_ROWS * stride).zip(rows.clone().step_by(TILE_ROWS));
            for (tile, i) in tiles {
                let row = |r: usize| &a.row((i + r).min(rows.end - 1))[depth.clone()];
                let mut lines = tile.chunks_mut(stride).take(rows.end - i);
                let mut line = |_| lines.next().map_or(&mut [][..], |l| &mut l[width.clone()]);
                let lines = std::array::from_fn(&mut line);
                add_tile(std::array::from_fn(row), b, scale, lines);
            }
        }
    }
}

/// All inner products of the rows of `a` with those of `b`, row after row.
pub(crate) fn products(a: Rows<'_>, b: Rows<'_>) -> Vec<f64> {
    let mut target = vec![0.0; a.count * b.count];
    let all = |_| Part { columns: 0..b.count, depth: 0..a.len };
    if a.count.max(b.count) < MANY {
        // Not worth waking threads for; the same pieces give the same bits.
        add_strip(&mut target, b.count, 1.0, a, &Packed::rows(b), 0..a.count, &all(0..a.count));
    } else {
        add_products(&mut target, b.count, 1.0, a, &Packed::rows(b), all);
    }
    target
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_those_of_a_plain_loop_at_every_size() {
        for (n, m, len) in [(1, 1, 1), (5, 9, 3), (33, 17, 256), (40, 70, 300), (64, 8, 513)] {
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

    #[test]
    fn columns_are_packed_as_the_rows_of_the_transpose() {
        let (count, len) = (300, 13);
        let data: Vec<f64> = (0..count * len).map(|i| i as f64).collect();
        let transposed: Vec<f64> =
            (0..len * count).map(|i| data[i % count * len + i / count]).collect();
        let columns = Packed::columns(Rows::dense(&data, len));
        assert_eq!(columns.blocks, Packed::rows(Rows::dense(&transposed, count)).blocks);
    }
}
