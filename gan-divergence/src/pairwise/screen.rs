//! The pairs whose squared distances matter: found in single precision, worked out in double.
//!
//! Most of those who look for near points need to know of nearly all pairs only that they are far apart. That much
//! is certain from `‖x‖² + ‖y‖² − 2⟨x, y⟩` in single precision, which takes a quarter of the time, and from a bound
//! of its error. Whatever the bound leaves open is computed from the differences, so no result depends on it.

use std::ops::Range;

use crate::lanes::{LANES, SCREEN_LANES, TILE_ROWS, near_groups, screened, squared_group};
use crate::matrix::add_scaled;
use crate::pairwise::{Form, Packed, TILE_COLUMNS, Visitor, chunk_rows, visit_pairs};
use crate::parallel::map_chunks;
use crate::points::Points;

/// Below these, pairs are compared in double precision at once.
const LEAST_DIM: usize = 16;
const LEAST_POINTS: usize = 64;
/// Above this dimension the bound would not hold.
const LARGEST_DIM: usize = 100_000;
/// Columns for which a visitor is asked at once; the groups among them fit the bits of a mask.
const STRETCH: usize = 128;

/// The largest squared distances that matter, each the larger one of the row's and the column's.
pub(crate) struct Limits<'a> {
    /// Of the row.
    pub(crate) row: f64,
    /// Of the columns; empty if they have none.
    pub(crate) columns: &'a [f64],
}

/// A visitor to which squared distances above some limits are all the same.
pub(crate) trait NearVisitor: Visitor {
    /// The limits for a row and some columns.
    fn limits<'a>(&'a self, state: &Self::State, row: usize, columns: Range<usize>) -> Limits<'a>;
}

/// Two visitors, of which only the first has limits for columns.
impl<A: NearVisitor, B: NearVisitor> NearVisitor for (A, B) {
    fn limits<'a>(&'a self, state: &Self::State, row: usize, columns: Range<usize>) -> Limits<'a> {
        let second = self.1.limits(&state.1, row, columns.clone());
        debug_assert!(second.columns.is_empty());
        let first = self.0.limits(&state.0, row, columns);
        Limits { row: first.row.max(second.row), ..first }
    }
}

/// Shows the squared distances of all pairs to a visitor: exact up to its limits, and above them some other
/// numbers above them. Its states come in the order of the rows, and do not depend on the threads.
pub(crate) fn visit_near_pairs<V: NearVisitor>(
    x: Points<'_>,
    y: Points<'_>,
    visitor: &V,
) -> Vec<V::State> {
    match Screen::new(x, y) {
        None => visit_pairs(x, &Packed::new(y), Form::SquaredDistance, visitor),
        Some(screen) => map_chunks(x.len(), chunk_rows(x.len()), |rows| {
            let mut state = visitor.start(rows.clone());
            let mut tile = vec![0.0; TILE_ROWS * TILE_COLUMNS];
            for first in (0..y.len()).step_by(TILE_COLUMNS) {
                for top in rows.clone().step_by(TILE_ROWS) {
                    let rows = top..rows.end.min(top + TILE_ROWS);
                    screen.visit(visitor, &mut state, rows, first, &mut tile);
                }
            }
            state
        }),
    }
}

/// Two sets of points around a common center, in single precision.
struct Screen<'a> {
    x: Points<'a>,
    /// The columns in double precision.
    exact: Packed,
    rows: Vec<f32>,
    /// By sixteens, coordinate after coordinate.
    columns: Vec<f32>,
    row_norms: Vec<f64>,
    column_norms: Vec<f64>,
    /// The error of a squared distance over the sum of both squared norms.
    relative: f64,
    /// What it may be beside that, by numbers too small for single precision.
    absolute: f64,
}

impl<'a> Screen<'a> {
    /// None where it would not pay, or its bound not hold.
    ///
    /// With `u = 2⁻²⁴` and rounded points `x′, y′`: the sum of `d` products is off by at most `d·u·‖x′‖·‖y′‖`, to
    /// first order, which enters twice; `‖x′ − y′‖` is within `u·(‖x‖ + ‖y‖)` of `‖x − y‖`, its square
    /// within `4u·(‖x‖² + ‖y‖²)`. So `(d + 8)·u·(‖x′‖² + ‖y′‖²)` and a hundredth cover both, all terms of
    /// second order, and what double precision rounds. Products and coordinates below the normal range add at
    /// most `2⁻⁴⁸` of the square of the largest coordinate.
    fn new(x: Points<'a>, y: Points<'_>) -> Option<Self> {
        let dim = x.dim();
        if !(LEAST_DIM..=LARGEST_DIM).contains(&dim) || x.len().min(y.len()) < LEAST_POINTS {
            return None;
        }
        let center = center(y);
        let (rows, columns) = (around(x, &center), around(y, &center));
        let largest = rows.iter().chain(&columns).fold(0.0f32, |most, v| most.max(v.abs()));
        let normal = 2.0f32.powi(-30)..=2.0f32.powi(40);
        normal.contains(&largest).then(|| Self {
            x,
            exact: Packed::new(y),
            row_norms: norms(&rows, dim),
            column_norms: norms(&columns, dim),
            columns: packed(&columns, dim),
            rows,
            relative: 1.01 * (dim + 8) as f64 * 2.0f64.powi(-24),
            absolute: f64::from(largest).powi(2) * 2.0f64.powi(-48),
        })
    }

    /// Shows some columns of up to four rows.
    fn visit<V: NearVisitor>(
        &self,
        visitor: &V,
        state: &mut V::State,
        rows: Range<usize>,
        first: usize,
        tile: &mut [f64],
    ) {
        let dim = self.x.dim();
        let count = TILE_COLUMNS.min(self.exact.len - first);
        let padded = count.next_multiple_of(SCREEN_LANES);
        let at = |r: usize| (rows.start + r).min(rows.end - 1);
        let four = std::array::from_fn(|r| &self.rows[at(r) * dim..][..dim]);
        let norms = std::array::from_fn(|r| self.row_norms[at(r)]);
        let tile = &mut tile[..TILE_ROWS * padded];
        let columns = &self.columns[first * dim..(first + padded) * dim];
        let column_norms = &self.column_norms[first..first + count];
        screened(four, columns, norms, column_norms, tile);
        for (values, row) in tile.chunks_exact_mut(padded).zip(rows) {
            for start in (0..count).step_by(STRETCH) {
                let values = &mut values[start..count.min(start + STRETCH)];
                self.settle(visitor, state, row, first + start, values);
                visitor.visit(state, row, first + start, values);
            }
        }
    }

    /// Replaces the values that may be within the limits by the squared distances.
    fn settle<V: NearVisitor>(
        &self,
        visitor: &V,
        state: &V::State,
        row: usize,
        first: usize,
        values: &mut [f64],
    ) {
        let columns = first..first + values.len();
        let norm = self.column_norms[columns.clone()].iter().fold(0.0f64, |most, &n| most.max(n));
        let error = self.relative * (self.row_norms[row] + norm) + self.absolute;
        let limits = visitor.limits(state, row, columns);
        let mut open = near_groups(values, limits.row, limits.columns, error);
        while open != 0 {
            let group = open.trailing_zeros() as usize;
            open &= open - 1;
            let from = (first + group * LANES) * self.x.dim();
            let packed = &self.exact.data[from..from + LANES * self.x.dim()];
            let squares = squared_group(self.x.row(row), packed);
            let values = values[group * LANES..].iter_mut();
            values.zip(squares).for_each(|(value, square)| *value = square);
        }
    }
}

fn center(points: Points<'_>) -> Vec<f64> {
    let (mut mean, share) = (vec![0.0; points.dim()], 1.0 / points.len() as f64);
    points.rows().for_each(|row| add_scaled(&mut mean, share, row));
    mean
}

fn around(points: Points<'_>, center: &[f64]) -> Vec<f32> {
    let shifted = |row: &[f64]| row.iter().zip(center).map(|(x, c)| (x - c) as f32).collect();
    points.rows().flat_map(|row| -> Vec<f32> { shifted(row) }).collect()
}

fn norms(values: &[f32], dim: usize) -> Vec<f64> {
    let square = |&x: &f32| f64::from(x) * f64::from(x);
    values.chunks_exact(dim).map(|row| row.iter().map(square).sum()).collect()
}

fn packed(values: &[f32], dim: usize) -> Vec<f32> {
    let len = values.len() / dim;
    let mut data = vec![0.0; len.next_multiple_of(SCREEN_LANES) * dim];
    for (j, row) in values.chunks_exact(dim).enumerate() {
        let group = &mut data[j / SCREEN_LANES * SCREEN_LANES * dim..][..SCREEN_LANES * dim];
        for (d, &value) in row.iter().enumerate() {
            group[d * SCREEN_LANES + j % SCREEN_LANES] = value;
        }
    }
    data
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(n: usize, dim: usize, salt: f64) -> Vec<f64> {
        (0..n * dim).map(|i| ((i as f64 + salt) * 12.9898).sin() * 43.0 % 1.0).collect()
    }

    #[test]
    fn the_error_of_single_precision_is_within_its_bound() {
        for (dim, scale, offset) in
            [(16, 1.0, 0.0), (64, 1e-6, 3.0), (300, 1e5, -1e9), (64, 1e8, 0.0)]
        {
            let data = |salt| -> Vec<f64> {
                noise(70, dim, salt).iter().map(|v| v * scale + offset).collect()
            };
            let (x, y) = (data(0.1), data(7.7));
            let (x, y) = (Points::new(&x, dim).unwrap(), Points::new(&y, dim).unwrap());
            let screen = Screen::new(x, y).unwrap();
            let mut tile = vec![0.0; TILE_ROWS * 80];
            for row in 0..70 {
                let rows = [&screen.rows[row * dim..][..dim]; TILE_ROWS];
                let norms = [screen.row_norms[row]; TILE_ROWS];
                screened(rows, &screen.columns, norms, &screen.column_norms, &mut tile);
                for (column, found) in tile[..70].iter().enumerate() {
                    let exact = crate::pairwise::squared_distance(x.row(row), y.row(column));
                    let norms = screen.row_norms[row] + screen.column_norms[column];
                    let error = screen.relative * norms + screen.absolute;
                    assert!((found - exact).abs() <= error, "{dim} {found} {exact} {error}");
                    assert!(error < 1e-3 * norms);
                }
            }
        }
    }

    #[test]
    fn what_single_precision_cannot_hold_is_left_to_double() {
        for scale in [0.0, 1e-20, 1e60] {
            let x: Vec<f64> = noise(70, 16, 1.0).iter().map(|v| v * scale).collect();
            let x = Points::new(&x, 16).unwrap();
            assert!(Screen::new(x, x).is_none());
        }
        let few = noise(70, 3, 1.0);
        let few = Points::new(&few, 3).unwrap();
        assert!(Screen::new(few, few).is_none());
    }
}
