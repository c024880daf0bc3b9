//! The linear assignment problem: the cheapest one-to-one matching, by shortest augmenting paths.

use crate::error::{DivergenceError, ensure_finite, ensure_len, ensure_some};
use crate::lanes::{relax, two_smallest};
use crate::sum::sum;

/// A matching of `n` rows with `n` columns of least total cost.
#[derive(Clone, Debug, PartialEq)]
pub struct Assignment {
    /// The column matched with each row.
    pub columns: Vec<usize>,
    /// The sum of the matched costs.
    pub total: f64,
}

/// Stands for "not matched".
const FREE: usize = usize::MAX;

/// The cheapest assignment of rows to columns, with its total in the unit of the costs.
///
/// `min_σ Σᵢ c[i, σ(i)]` over all permutations. SciPy's `linear_sum_assignment` on a square matrix.
///
/// # Shapes
/// `n × n` costs, row after row; they may be negative. Time `O(n³)` at worst, memory `O(n)` beside the
/// costs.
///
/// # Errors
/// [`DivergenceError::Empty`], [`DivergenceError::LengthMismatch`], [`DivergenceError::NotFinite`].
///
/// # Numerics
/// Column reduction, reduction transfer and two rounds of row reduction match most rows; Dijkstra
/// paths on reduced costs match the rest. The total is summed from the original costs.
///
/// # Source
/// Jonker and Volgenant (1987), doi:10.1007/BF02278710.
///
/// # Example
/// ```
/// use gan_divergence::transport::assign;
/// let best = assign(&[4.0, 1.0, 3.0, 2.0, 0.0, 5.0, 3.0, 2.0, 2.0], 3)?;
/// assert_eq!((best.columns, best.total), (vec![1, 0, 2], 5.0));
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn assign(costs: &[f64], n: usize) -> Result<Assignment, DivergenceError> {
    ensure_some("the set of rows", n)?;
    ensure_len("the cost matrix", n * n, costs.len())?;
    ensure_finite("the costs", costs)?;
    let mut matching = Matching::new(costs, n);
    matching.reduce_columns();
    let mut free = matching.transfer_reductions();
    for _ in 0..2 {
        free = matching.reduce_rows(free);
    }
    for row in free {
        matching.augment(row);
    }
    let total = sum(matching.column_of.iter().enumerate().map(|(i, &j)| costs[i * n + j]));
    Ok(Assignment { columns: matching.column_of, total })
}

struct Matching<'a> {
    costs: &'a [f64],
    n: usize,
    prices: Vec<f64>,
    column_of: Vec<usize>,
    row_of: Vec<usize>,
    /// How many columns have their smallest cost in each row.
    wins: Vec<usize>,
}

impl<'a> Matching<'a> {
    fn new(costs: &'a [f64], n: usize) -> Self {
        let (column_of, row_of) = (vec![FREE; n], vec![FREE; n]);
        Self { costs, n, prices: vec![f64::INFINITY; n], column_of, row_of, wins: vec![0; n] }
    }

    fn row(&self, i: usize) -> &'a [f64] {
        &self.costs[i * self.n..(i + 1) * self.n]
    }

    /// Prices every column at its smallest cost, and matches it with that row if the row is free.
    fn reduce_columns(&mut self) {
        let mut cheapest = vec![0; self.n];
        for i in 0..self.n {
            let row = self.row(i);
            for ((price, best), &cost) in self.prices.iter_mut().zip(&mut cheapest).zip(row) {
                *best = if cost < *price { i } else { *best };
                *price = if cost < *price { cost } else { *price };
            }
        }
        for (j, &i) in cheapest.iter().enumerate().rev() {
            self.wins[i] += 1;
            if self.column_of[i] == FREE {
                (self.column_of[i], self.row_of[j]) = (j, i);
            }
        }
    }

    /// Lowers the price of a column as far as its own row allows; returns the rows without a column.
    fn transfer_reductions(&mut self) -> Vec<usize> {
        for i in 0..self.n {
            let own = self.column_of[i];
            if self.wins[i] == 1 && self.n > 1 {
                let others = self.row(i).iter().zip(&self.prices).enumerate();
                let slack =
                    others.filter(|(j, _)| *j != own).map(|(_, (cost, price))| cost - price);
                self.prices[own] -= slack.fold(f64::INFINITY, f64::min).max(0.0);
            }
        }
        (0..self.n).filter(|&i| self.column_of[i] == FREE).collect()
    }

    /// Bids free rows for their best columns; returns the rows that stay without one.
    fn reduce_rows(&mut self, free: Vec<usize>) -> Vec<usize> {
        if self.n == 1 {
            return free;
        }
        let (mut queue, mut left) = (free, Vec::new());
        queue.reverse();
        // Rounding can make a bid change nothing; such rows, and a long war, go to the paths.
        let mut bids = 10 * self.n;
        while let Some(i) = queue.pop() {
            bids = bids.saturating_sub(1);
            let (first, best, second, next_best) = two_smallest(self.row(i), &self.prices);
            let lowered = self.prices[best] - (second - first);
            let strictly = lowered < self.prices[best];
            let column = if strictly || self.row_of[best] == FREE { best } else { next_best };
            if strictly {
                self.prices[best] = lowered;
            }
            let loser = self.row_of[column];
            (self.row_of[column], self.column_of[i]) = (i, column);
            if loser != FREE {
                self.column_of[loser] = FREE;
                if strictly && bids > 0 { queue.push(loser) } else { left.push(loser) }
            }
        }
        left
    }

    /// Matches a free row along the shortest alternating path to a free column.
    fn augment(&mut self, start: usize) {
        let mut distances = vec![f64::INFINITY; self.n];
        let mut open_prices = self.prices.clone();
        let mut search: Vec<Scan> = Vec::new();
        let (mut row, mut base) = (start, 0.0);
        loop {
            let (least, column) = relax(base, self.row(row), &open_prices, &mut distances);
            search.push(Scan { row, base, column, distance: least });
            if self.row_of[column] == FREE {
                break;
            }
            distances[column] = f64::INFINITY;
            open_prices[column] = f64::NEG_INFINITY;
            row = self.row_of[column];
            base = least - (self.row(row)[column] - self.prices[column]);
        }
        let end = search.len() - 1;
        self.switch(&search, start, search[end].column);
        for scan in &search {
            self.prices[scan.column] += scan.distance - search[end].distance;
        }
    }

    /// Matches the rows along the path that ends in `column` anew, back to its start.
    fn switch(&mut self, search: &[Scan], start: usize, mut column: usize) {
        loop {
            let place = search.iter().position(|scan| scan.column == column).unwrap_or(0);
            let distance = search[place].distance;
            // The row that gave the column its distance: the same expression gives the same bits.
            let through = |scan: &&Scan| {
                scan.base + (self.row(scan.row)[column] - self.prices[column]) == distance
            };
            let row = search[..=place].iter().find(through).map_or(start, |scan| scan.row);
            self.row_of[column] = row;
            std::mem::swap(&mut self.column_of[row], &mut column);
            if row == start {
                return;
            }
        }
    }
}

/// One step of a shortest-path search: the row that was scanned, and the column closed after it.
struct Scan {
    row: usize,
    base: f64,
    column: usize,
    distance: f64,
}
