//! Distances and inner products between two sets of points, one tile at a time.
//!
//! Nothing here ever holds more than a tile: memory is `O(n·dim)` however many pairs there are.

mod screen;

use std::ops::Range;

use crate::lanes::{LANES, TILE_ROWS, inner_products, squared_distances};
use crate::parallel::map_chunks;
use crate::points::Points;

pub(crate) use screen::{Limits, NearVisitor, visit_near_pairs};

/// Columns in a tile: four rows of them fit the first-level cache.
const TILE_COLUMNS: usize = 512;

/// What a tile holds for each pair.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Form {
    /// `‖x − y‖²`, from the differences, so that duplicates are exactly 0 apart.
    SquaredDistance,
    /// `⟨x, y⟩`.
    InnerProduct,
}

/// Points regrouped by eights, coordinate after coordinate; the last group is filled with zeros.
pub(crate) struct Packed {
    data: Vec<f64>,
    len: usize,
    dim: usize,
}

impl Packed {
    pub(crate) fn new(points: Points<'_>) -> Self {
        let (len, dim) = (points.len(), points.dim());
        let mut data = vec![0.0; len.div_ceil(LANES) * LANES * dim];
        for (j, row) in points.rows().enumerate() {
            let group = &mut data[j / LANES * LANES * dim..][..LANES * dim];
            for (d, &value) in row.iter().enumerate() {
                group[d * LANES + j % LANES] = value;
            }
        }
        Self { data, len, dim }
    }
}

/// A way to see every pair: what to start from, and what to do with a stretch of a row.
pub(crate) trait Visitor: Sync {
    /// What one piece of the rows accumulates.
    type State: Send;

    /// The state before the first pair of these rows.
    fn start(&self, rows: Range<usize>) -> Self::State;

    /// Sees the values of `row` with the columns from `first_column` on; may overwrite them.
    fn visit(&self, state: &mut Self::State, row: usize, first_column: usize, values: &mut [f64]);
}

/// Two visitors in one pass; the first must leave the values as they are.
impl<A: Visitor, B: Visitor> Visitor for (A, B) {
    type State = (A::State, B::State);

    fn start(&self, rows: Range<usize>) -> Self::State {
        (self.0.start(rows.clone()), self.1.start(rows))
    }

    fn visit(&self, state: &mut Self::State, row: usize, first_column: usize, values: &mut [f64]) {
        self.0.visit(&mut state.0, row, first_column, values);
        self.1.visit(&mut state.1, row, first_column, values);
    }
}

/// Shows all pairs to a visitor; returns its states in the order of the rows.
///
/// The number of states depends only on the number of rows, never on the threads.
pub(crate) fn visit_pairs<V: Visitor>(
    x: Points<'_>,
    y: &Packed,
    form: Form,
    visitor: &V,
) -> Vec<V::State> {
    visit_from(x, y, form, visitor, |_| 0)
}

/// Shows the pairs `row < column` of one set to a visitor, which must skip the few others it sees.
pub(crate) fn visit_upper_pairs<V: Visitor>(
    x: Points<'_>,
    form: Form,
    visitor: &V,
) -> Vec<V::State> {
    let packed = Packed::new(x);
    visit_from(x, &packed, form, visitor, |first_row| first_row / LANES * LANES)
}

fn visit_from<V: Visitor>(
    x: Points<'_>,
    y: &Packed,
    form: Form,
    visitor: &V,
    first_column: impl Fn(usize) -> usize + Sync,
) -> Vec<V::State> {
    map_chunks(x.len(), chunk_rows(x.len()), |rows| {
        let mut state = visitor.start(rows.clone());
        let mut tile = vec![0.0; TILE_ROWS * TILE_COLUMNS];
        for first in (first_column(rows.start)..y.len).step_by(TILE_COLUMNS) {
            visit_columns(x, y, form, visitor, rows.clone(), first, &mut tile, &mut state);
        }
        state
    })
}

/// How many rows a piece has.
fn chunk_rows(rows: usize) -> usize {
    rows.div_ceil(64).next_multiple_of(TILE_ROWS)
}

#[expect(clippy::too_many_arguments, reason = "the inner half of one loop nest")]
fn visit_columns<V: Visitor>(
    x: Points<'_>,
    y: &Packed,
    form: Form,
    visitor: &V,
    rows: Range<usize>,
    first: usize,
    tile: &mut [f64],
    state: &mut V::State,
) {
    let count = TILE_COLUMNS.min(y.len - first);
    let padded = count.next_multiple_of(LANES);
    let packed = &y.data[first * y.dim..(first + padded) * y.dim];
    let tile = &mut tile[..TILE_ROWS * padded];
    for top in rows.clone().step_by(TILE_ROWS) {
        let four = std::array::from_fn(|r| x.row((top + r).min(rows.end - 1)));
        match form {
            Form::SquaredDistance => squared_distances(four, packed, tile),
            Form::InnerProduct => inner_products(four, packed, tile),
        }
        for (values, row) in tile.chunks_exact_mut(padded).zip(top..rows.end) {
            visitor.visit(state, row, first, &mut values[..count]);
        }
    }
}

/// The whole matrix of squared distances, for solvers that need it.
pub(crate) fn squared_distance_matrix(x: Points<'_>, y: Points<'_>) -> Vec<f64> {
    struct Collect(usize);
    impl Visitor for Collect {
        type State = (usize, Vec<f64>);
        fn start(&self, rows: Range<usize>) -> Self::State {
            (rows.start, vec![0.0; rows.len() * self.0])
        }
        fn visit(&self, state: &mut Self::State, row: usize, first: usize, values: &mut [f64]) {
            let start = (row - state.0) * self.0 + first;
            state.1[start..start + values.len()].copy_from_slice(values);
        }
    }
    let pieces = visit_pairs(x, &Packed::new(y), Form::SquaredDistance, &Collect(y.len()));
    pieces.into_iter().flat_map(|(_, values)| values).collect()
}

/// `‖x − y‖²` of one pair, summed in the order of the coordinates as the tiles do.
pub(crate) fn squared_distance(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).fold(0.0, |sum, (x, y)| sum + (x - y) * (x - y))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_matrix_is_the_naive_double_loop_for_every_shape() {
        for (n, m, dim) in [(1, 1, 1), (3, 17, 2), (70, 9, 5), (5, 1100, 3)] {
            let data = |count: usize, salt: f64| -> Vec<f64> {
                (0..count * dim).map(|i| ((i as f64 + salt) * 0.7).sin()).collect()
            };
            let (x, y) = (data(n, 0.3), data(m, 9.1));
            let (x, y) = (Points::new(&x, dim).unwrap(), Points::new(&y, dim).unwrap());
            let fast = squared_distance_matrix(x, y);
            let naive: Vec<f64> =
                x.rows().flat_map(|a| y.rows().map(move |b| squared_distance(a, b))).collect();
            assert_eq!(fast, naive);
        }
    }
}
