//! Cholesky factors with pivots, for covariances that may be singular.

use crate::lanes::{LANES, add_multiple};
use crate::matrix::packed::Packed;
use crate::matrix::product::{Part, add_products};

/// How many columns are found before the rest of the matrix is brought up to date.
const BLOCK: usize = 64;

/// A factor `F` with `F·Fᵀ ≈ Σ`, transposed: `rank` rows of `dim` numbers, for a positive
/// semidefinite matrix, and the order of the pivots. Row `k` is zero at the pivots before the `k`-th.
/// Stops where the largest remaining pivot is rounding.
///
/// Source: Hammarling, Higham and Lucas (2007), doi:10.1007/978-3-540-75755-9_75.
pub(crate) fn pivoted_factor(matrix: &[f64], dim: usize) -> (Vec<f64>, Vec<usize>) {
    let mut work = Work::new(matrix, dim);
    let mut factor = vec![0.0; dim * dim];
    let (mut rank, mut columns) = (0, Vec::new());
    while rank < dim && work.bring_pivot(rank, &mut columns) {
        let column = work.column(rank, &columns);
        let row = &mut factor[rank * dim..][..dim];
        work.order[rank..].iter().zip(&column[rank..]).for_each(|(&i, &x)| row[i] = x);
        columns.extend(column);
        rank += 1;
        if columns.len() == BLOCK * dim {
            work.subtract(rank, &columns);
            columns.clear();
        }
    }
    factor.truncate(rank * dim);
    (factor, work.order)
}

/// What is left of a matrix, its rows and columns in the order of the pivots found so far.
struct Work {
    /// Only the lower triangle counts, and only what lies beyond the last whole block of pivots.
    lower: Vec<f64>,
    dim: usize,
    order: Vec<usize>,
    /// The diagonal, always up to date.
    remaining: Vec<f64>,
    negligible: f64,
}

impl Work {
    fn new(matrix: &[f64], dim: usize) -> Self {
        let remaining: Vec<f64> = (0..dim).map(|i| matrix[i * dim + i]).collect();
        let largest = remaining.iter().copied().fold(0.0, f64::max);
        let negligible = dim as f64 * f64::EPSILON * largest;
        Self { lower: matrix.to_vec(), dim, order: (0..dim).collect(), remaining, negligible }
    }

    /// Exchanges the largest remaining pivot with that at `rank`; whether it is more than rounding.
    fn bring_pivot(&mut self, rank: usize, columns: &mut [f64]) -> bool {
        let key = |i: usize| self.remaining[i];
        let Some(pivot) = (rank..self.dim).max_by(|&a, &b| key(a).total_cmp(&key(b))) else {
            return false;
        };
        if self.remaining[pivot] <= self.negligible {
            return false;
        }
        if pivot != rank {
            self.exchange(rank, pivot);
            columns.chunks_exact_mut(self.dim).for_each(|column| column.swap(rank, pivot));
        }
        true
    }

    /// Exchanges the rows and the columns `p < q`.
    fn exchange(&mut self, p: usize, q: usize) {
        let (dim, lower) = (self.dim, &mut self.lower);
        self.order.swap(p, q);
        self.remaining.swap(p, q);
        let (above, below) = lower.split_at_mut(q * dim);
        above[p * dim..][..p].swap_with_slice(&mut below[..p]);
        (p + 1..q).for_each(|i| std::mem::swap(&mut above[i * dim + p], &mut below[i]));
        below.chunks_exact_mut(dim).skip(1).for_each(|row| row.swap(p, q));
        lower.swap(p * (dim + 1), q * (dim + 1));
    }

    /// The column of the factor at the pivot `rank`, from those found since the last whole block.
    fn column(&mut self, rank: usize, earlier: &[f64]) -> Vec<f64> {
        let (dim, root) = (self.dim, self.remaining[rank].sqrt());
        let mut column = vec![0.0; dim];
        for (x, row) in column.iter_mut().zip(self.lower.chunks_exact(dim)).skip(rank + 1) {
            *x = row[rank];
        }
        for earlier in earlier.chunks_exact(dim) {
            add_multiple(&mut column[rank + 1..], -earlier[rank], &earlier[rank + 1..]);
        }
        column[rank] = root;
        for (x, remaining) in column[rank + 1..].iter_mut().zip(&mut self.remaining[rank + 1..]) {
            *x /= root;
            *remaining -= *x * *x;
        }
        column
    }

    /// Takes the products of a block of columns off the triangle from `rank` on.
    fn subtract(&mut self, rank: usize, columns: &[f64]) {
        let (dim, left) = (self.dim, self.dim - rank);
        if left == 0 {
            return;
        }
        let packed = Packed::by_group(Vec::new(), left, BLOCK, |group, place| {
            let rows = rank + group * LANES..(rank + (group + 1) * LANES).min(dim);
            for (place, column) in place.chunks_exact_mut(LANES).zip(columns.chunks_exact(dim)) {
                place[..rows.len()].copy_from_slice(&column[rows.clone()]);
            }
        });
        let corner = &mut self.lower[rank * (dim + 1)..];
        add_products(corner, dim, -1.0, &packed, &packed, |rows| Part {
            columns: 0..rows.end,
            depth: 0..BLOCK,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `rows` vectors' Gram matrix, of that rank.
    fn gram(rank: usize, dim: usize) -> Vec<f64> {
        let entry = |k: usize, i: usize| ((i * i * 7 + k * 3 * i + k + 1) as f64).sin();
        let product = |i, j| (0..rank).map(|k| entry(k, i) * entry(k, j)).sum::<f64>();
        (0..dim * dim).map(|c| product(c / dim, c % dim)).collect()
    }

    #[test]
    fn factors_multiply_back_to_the_matrix_at_every_rank() {
        for (rank, dim) in [(1, 1), (5, 5), (64, 64), (200, 150), (130, 150), (40, 150)] {
            let matrix = gram(rank, dim);
            let (factor, order) = pivoted_factor(&matrix, dim);
            assert_eq!(factor.len(), rank.min(dim) * dim);
            for i in 0..dim {
                for j in 0..dim {
                    let product: f64 = factor.chunks_exact(dim).map(|row| row[i] * row[j]).sum();
                    assert!((product - matrix[i * dim + j]).abs() < 1e-10, "{rank} {dim}");
                }
            }
            for (k, row) in factor.chunks_exact(dim).enumerate() {
                assert!(order[..k].iter().all(|&i| row[i] == 0.0));
            }
        }
    }

    #[test]
    fn a_singular_matrix_has_a_short_factor() {
        assert_eq!(pivoted_factor(&[1.0, 2.0, 2.0, 4.0], 2), (vec![1.0, 2.0], vec![1, 0]));
        assert!(pivoted_factor(&[0.0; 4], 2).0.is_empty());
    }
}
