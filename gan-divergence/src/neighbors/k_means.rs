//! Cells around centers, by k-means.

use std::ops::Range;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::matrix::add_scaled;
use crate::pairwise::{Form, Packed, Visitor, visit_pairs};
use crate::parallel::map_chunks;
use crate::points::Points;
use crate::random::{index, uniform};
use crate::sum::sum;

/// Rounds of Lloyd's iteration, at most: it ends before when no center moves.
const ROUNDS: usize = 50;

/// Centers; a cell is what lies nearest to one of them.
#[derive(Clone, Debug)]
pub(super) struct Cells {
    centers: Vec<f64>,
    dim: usize,
}

impl Cells {
    /// Centers from k-means++ and Lloyd's iteration, the same for any number of threads.
    ///
    /// Some cells stay empty where there are fewer different points than cells. At least one of each.
    ///
    /// Source: Arthur and Vassilvitskii (2007), k-means++: the advantages of careful seeding, SODA.
    pub(super) fn fit(points: Points<'_>, cells: usize, seed: u64) -> Self {
        let dim = points.dim();
        let mut fitted = Self { centers: first_centers(points, cells, seed), dim };
        for _ in 0..ROUNDS {
            let moved = means(points, &fitted.labels(points), &fitted.centers);
            if moved == fitted.centers {
                break;
            }
            fitted.centers = moved;
        }
        fitted
    }

    /// The cell of each point; the first of equally near centers.
    pub(super) fn labels(&self, points: Points<'_>) -> Vec<usize> {
        let centers = Points::trusted(&self.centers, self.dim);
        nearest(points, centers).into_iter().map(|(_, cell)| cell).collect()
    }
}

/// Each center is a point drawn with probability proportional to its squared distance from the others.
fn first_centers(points: Points<'_>, cells: usize, seed: u64) -> Vec<f64> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut centers = points.row(index(points.len(), &mut rng)).to_vec();
    for _ in 1..cells {
        let near = nearest(points, Points::trusted(&centers, points.dim()));
        let mut left = uniform(&mut rng) * sum(near.iter().map(|(squared, _)| *squared));
        let passes = |(squared, _): &(f64, usize)| {
            left -= squared;
            left < 0.0
        };
        // Rounding can leave the sum short of its end; the farthest point is as good a draw.
        let chosen = near.iter().position(passes).unwrap_or_else(|| farthest(&near));
        centers.extend_from_slice(points.row(chosen));
    }
    centers
}

fn farthest(near: &[(f64, usize)]) -> usize {
    (0..near.len()).fold(0, |best, i| if near[i].0 > near[best].0 { i } else { best })
}

/// The mean of each cell; an empty one keeps its center.
fn means(points: Points<'_>, labels: &[usize], centers: &[f64]) -> Vec<f64> {
    let (dim, cells) = (points.dim(), centers.len() / points.dim());
    let pieces = map_chunks(points.len(), points.len().div_ceil(64), |range| {
        let (mut totals, mut counts) = (vec![0.0; centers.len()], vec![0u64; cells]);
        for i in range {
            let cell = labels[i];
            add_scaled(&mut totals[cell * dim..(cell + 1) * dim], 1.0, points.row(i));
            counts[cell] += 1;
        }
        (totals, counts)
    });
    let (mut totals, mut counts) = (vec![0.0; centers.len()], vec![0u64; cells]);
    for (more, count) in pieces {
        add_scaled(&mut totals, 1.0, &more);
        counts.iter_mut().zip(count).for_each(|(all, one)| *all += one);
    }
    let mean = |i: usize| match counts[i / dim] {
        0 => centers[i],
        count => totals[i] / count as f64,
    };
    (0..centers.len()).map(mean).collect()
}

/// The squared distance to the nearest center, and which it is.
fn nearest(points: Points<'_>, centers: Points<'_>) -> Vec<(f64, usize)> {
    let states = visit_pairs(points, &Packed::new(centers), Form::SquaredDistance, &Nearest);
    states.into_iter().flat_map(|(_, near)| near).collect()
}

struct Nearest;

impl Visitor for Nearest {
    type State = (usize, Vec<(f64, usize)>);

    fn start(&self, rows: Range<usize>) -> Self::State {
        (rows.start, vec![(f64::INFINITY, 0); rows.len()])
    }

    fn visit(&self, state: &mut Self::State, row: usize, first: usize, values: &mut [f64]) {
        let best = &mut state.1[row - state.0];
        for (column, &value) in values.iter().enumerate() {
            if value < best.0 {
                *best = (value, first + column);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_that_lie_apart_are_the_cells() {
        let values: Vec<f64> = (0..90).map(|i| f64::from(i % 3 * 100 + i / 3)).collect();
        let points = Points::new(&values, 1).unwrap();
        for seed in 0..20 {
            let cells = Cells::fit(points, 3, seed);
            let mut centers = cells.centers.clone();
            centers.sort_by(f64::total_cmp);
            assert_eq!(centers, [14.5, 114.5, 214.5]);
            let labels = cells.labels(points);
            assert!((3..90).all(|i| labels[i] == labels[i - 3]));
        }
    }

    #[test]
    fn cells_beyond_the_different_points_stay_empty() {
        let points = Points::new(&[1.0, 1.0, 1.0, 5.0], 1).unwrap();
        let labels = Cells::fit(points, 4, 0).labels(points);
        assert!(labels[0] == labels[1] && labels[1] == labels[2] && labels[2] != labels[3]);
    }
}
