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

    /// Nodes and weights of a rule that is known to have `N` points.
    pub(super) fn arrays<const N: usize>(&self) -> [[f64; N]; 2] {
        [&self.nodes, &self.weights].map(|values| std::array::from_fn(|i| values[i]))
    }

    /// The rule applied to equal parts of the interval.
    pub(super) fn in_panels(&self, count: usize) -> Self {
        let share = 1.0 / count as f64;
        let each = |values: &[f64], f: &dyn Fn(usize, f64) -> f64| -> Vec<f64> {
            (0..count).flat_map(|k| values.iter().map(move |&v| f(k, v))).collect()
        };
        Self {
            nodes: each(&self.nodes, &|k, x| (k as f64 + x) * share),
            weights: each(&self.weights, &|_, w| w * share),
        }
    }

    pub(super) fn integrate(&self, low: f64, high: f64, f: impl Fn(f64) -> f64) -> f64 {
        let pairs = self.nodes.iter().zip(&self.weights);
        (high - low) * pairs.map(|(x, w)| w * f(low + (high - low) * x)).sum::<f64>()
    }
}

/// The Legendre polynomial of degree `n` and its derivative.
fn legendre(n: usize, x: f64) -> (f64, f64) {
    let (mut previous, mut current) = (1.0, x);
    for k in 2..=n {
        let k = k as f64;
        (previous, current) = (current, ((2.0 * k - 1.0) * x * current - (k - 1.0) * previous) / k);
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
    let evaluate = |(low, high): Corners| {
        let by = |rule: &GaussLegendre| {
            rule.integrate(low[0], high[0], |x| rule.integrate(low[1], high[1], |y| f(&[x, y])))
        };
        let value = by(&rules.1);
        Cell { low, high, value, error: (value - by(&rules.0)).abs() }
    };
    let mut open = first_cells(bounds, first_size);
    let mut heap: BinaryHeap<Cell> = BinaryHeap::new();
    loop {
        let cells = map_chunks(open.len(), 8, |range| {
            open[range].iter().map(|&corners| evaluate(corners)).collect::<Vec<_>>()
        });
        heap.extend(cells.into_iter().flatten());
        let error = sum(heap.iter().map(|c| c.error));
        if error <= tolerance || heap.len() >= max_cells {
            let mut values: Vec<f64> = heap.into_iter().map(|c| c.value).collect();
            let count = values.len();
            // A fixed order makes the sum independent of the heap's history.
            values.sort_by(f64::total_cmp);
            return (sum(values), error, count);
        }
        let worst: Vec<Cell> = (0..64).map_while(|_| heap.pop()).collect();
        open = worst.iter().flat_map(quarters).collect();
    }
}

/// The lower and the upper corner of a rectangle.
type Corners = ([f64; 2], [f64; 2]);

/// A grid of rectangles no larger than `size`, between 4 and 200 on a side.
fn first_cells(bounds: [(f64, f64); 2], size: f64) -> Vec<Corners> {
    let counts = bounds.map(|(low, high)| (((high - low) / size).ceil() as usize).clamp(4, 200));
    let edge = |d: usize, k: usize| {
        let (low, high) = bounds[d];
        low + (high - low) * k as f64 / counts[d] as f64
    };
    let corner = |i: usize, j: usize| [edge(0, i), edge(1, j)];
    let columns = (0..counts[0]).flat_map(|i| (0..counts[1]).map(move |j| (i, j)));
    columns.map(|(i, j)| (corner(i, j), corner(i + 1, j + 1))).collect()
}

/// The four quarters of a cell.
fn quarters(cell: &Cell) -> [Corners; 4] {
    let middle = [0, 1].map(|d| 0.5 * (cell.low[d] + cell.high[d]));
    [[false, false], [true, false], [false, true], [true, true]].map(|upper| {
        let low = [0, 1].map(|d| if upper[d] { middle[d] } else { cell.low[d] });
        let high = [0, 1].map(|d| if upper[d] { cell.high[d] } else { middle[d] });
        (low, high)
    })
}
