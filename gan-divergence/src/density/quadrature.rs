//! Gauss–Legendre rules, and adaptive integration over a rectangle.

use std::collections::BinaryHeap;

use crate::parallel::map_chunks;
use crate::sum::sum;

/// Nodes in `[0, 1]` and their weights.
#[derive(Clone, Debug)]
pub(super) struct GaussLegendre {
    nodes: Vec<f64>,
    weights: Vec<f64>,
}

impl GaussLegendre {
    /// The rule of `n` points, exact for polynomials up to degree `2n − 1`.
    pub(super) fn new(n: usize) -> Self {
        let (mut nodes, mut weights) = (Vec::new(), Vec::new());
        for i in 0..n {
            // Newton's method from the Chebyshev-like first guess.
            let mut x = (std::f64::consts::PI * (i as f64 + 0.75) / (n as f64 + 0.5)).cos();
            let mut slope = 1.0;
            for _ in 0..100 {
                let (value, derivative) = legendre(n, x);
                slope = derivative;
                let step = value / derivative;
                x -= step;
                if step.abs() < 1e-16 {
                    break;
                }
            }
            nodes.push(0.5 * (1.0 - x));
            weights.push(1.0 / ((1.0 - x * x) * slope * slope));
        }
        Self { nodes, weights }
    }

    /// The rule applied to equal parts of the interval.
    pub(super) fn in_panels(&self, count: usize) -> Self {
        let share = 1.0 / count as f64;
        let each = |values: &[f64], f: &dyn Fn(usize, f64) -> f64| -> Vec<f64> {
            (0..count)
                .flat_map(|k| values.iter().map(move |&v| f(k, v)))
                .collect()
        };
        Self {
            nodes: each(&self.nodes, &|k, x| (k as f64 + x) * share),
            weights: each(&self.weights, &|_, w| w * share),
        }
    }

    pub(super) fn integrate(&self, low: f64, high: f64, f: impl Fn(f64) -> f64) -> f64 {
        let pairs = self.nodes.iter().zip(&self.weights);
        (high - low)
            * pairs
                .map(|(x, w)| w * f(low + (high - low) * x))
                .sum::<f64>()
    }
}

/// The Legendre polynomial of degree `n` and its derivative.
fn legendre(n: usize, x: f64) -> (f64, f64) {
    let (mut previous, mut current) = (1.0, x);
    for k in 2..=n {
        let k = k as f64;
        (previous, current) = (
            current,
            ((2.0 * k - 1.0) * x * current - (k - 1.0) * previous) / k,
        );
    }
    (current, n as f64 * (x * current - previous) / (x * x - 1.0))
}

/// A rectangle with the integral over it and an estimate of that integral's error.
#[derive(Clone, Copy, Debug)]
struct Cell {
    low: [f64; 2],
    high: [f64; 2],
    value: f64,
    error: f64,
}

impl PartialEq for Cell {
    fn eq(&self, other: &Self) -> bool {
        self.error == other.error
    }
}
impl Eq for Cell {}
impl PartialOrd for Cell {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Cell {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.error.total_cmp(&other.error)
    }
}

/// `(value, error estimate, cells)` of an integral over a rectangle, by splitting the worst cells.
pub(super) fn integrate_rectangle(
    bounds: [(f64, f64); 2],
    first_size: f64,
    tolerance: f64,
    max_cells: usize,
    f: impl Fn(&[f64; 2]) -> f64 + Sync,
) -> (f64, f64, usize) {
    let rules = (GaussLegendre::new(5), GaussLegendre::new(5).in_panels(2));
    let evaluate = |low: [f64; 2], high: [f64; 2]| {
        let by = |rule: &GaussLegendre| {
            rule.integrate(low[0], high[0], |x| {
                rule.integrate(low[1], high[1], |y| f(&[x, y]))
            })
        };
        let value = by(&rules.1);
        Cell {
            low,
            high,
            value,
            error: (value - by(&rules.0)).abs(),
        }
    };
    let count =
        |(low, high): (f64, f64)| (((high - low) / first_size).ceil() as usize).clamp(4, 200);
    let (columns, rows) = (count(bounds[0]), count(bounds[1]));
    let edge =
        |(low, high): (f64, f64), k: usize, n: usize| low + (high - low) * k as f64 / n as f64;
    let cells = map_chunks(columns * rows, columns, |range| {
        let cell = |c: usize| {
            let (i, j) = (c % columns, c / columns);
            let corner = |di: usize, dj: usize| {
                [
                    edge(bounds[0], i + di, columns),
                    edge(bounds[1], j + dj, rows),
                ]
            };
            evaluate(corner(0, 0), corner(1, 1))
        };
        range.map(cell).collect::<Vec<_>>()
    });
    let mut heap: BinaryHeap<Cell> = cells.into_iter().flatten().collect();
    loop {
        let error = sum(heap.iter().map(|c| c.error));
        if error <= tolerance || heap.len() >= max_cells {
            let mut cells = heap.into_vec();
            // A fixed order makes the sum independent of the heap's history.
            cells.sort_by(|a, b| a.value.total_cmp(&b.value));
            return (sum(cells.iter().map(|c| c.value)), error, cells.len());
        }
        let worst: Vec<Cell> = (0..64.min(heap.len())).filter_map(|_| heap.pop()).collect();
        let quarters = map_chunks(4 * worst.len(), 4, |range| {
            range
                .map(|k| quarter(&worst[k / 4], k % 4, &evaluate))
                .collect::<Vec<_>>()
        });
        heap.extend(quarters.into_iter().flatten());
    }
}

fn quarter(cell: &Cell, which: usize, evaluate: impl Fn([f64; 2], [f64; 2]) -> Cell) -> Cell {
    let middle = [0, 1].map(|d| 0.5 * (cell.low[d] + cell.high[d]));
    let upper = [which & 1 == 1, which & 2 == 2];
    let low = [0, 1].map(|d| if upper[d] { middle[d] } else { cell.low[d] });
    let high = [0, 1].map(|d| if upper[d] { cell.high[d] } else { middle[d] });
    evaluate(low, high)
}
