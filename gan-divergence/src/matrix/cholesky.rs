//! Cholesky factors of positive definite matrices.

mod blocked;
mod rows;

use crate::error::DivergenceError;
use crate::matrix::{MANY, dot};
use crate::parallel::for_each_piece;

/// `Σ = L·Lᵀ` of a positive definite matrix, with `L` lower triangular.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cholesky {
    lower: Vec<f64>,
    dim: usize,
    log_root_determinant: f64,
}

impl Cholesky {
    /// Factors a matrix, reading its lower triangle only; nothing is added to the diagonal.
    pub(crate) fn new(
        what: &'static str,
        matrix: &[f64],
        dim: usize,
    ) -> Result<Self, DivergenceError> {
        // A pivot that is all rounding does not count as positive.
        let least = |i: usize| dim as f64 * f64::EPSILON * matrix[i * (dim + 1)].abs();
        let mut lower = vec![0.0; dim * dim];
        for_each_piece(&mut lower, dim, |i, row| {
            row[..=i].copy_from_slice(&matrix[i * dim..][..=i]);
        });
        let found = if dim < MANY {
            rows::factor(&mut lower, dim, least)
        } else {
            blocked::factor(&mut lower, dim, least)
        };
        found.map_err(|(index, value)| DivergenceError::NotPositiveDefinite {
            what,
            index,
            value,
        })?;
        for (i, row) in lower.chunks_exact_mut(dim).enumerate() {
            // Products in blocks leave traces beside the diagonal.
            row[i + 1..].iter_mut().take(MANY).for_each(|x| *x = 0.0);
        }
        let log_root_determinant = (0..dim).map(|i| lower[i * (dim + 1)].ln()).sum();
        Ok(Self { lower, dim, log_root_determinant })
    }

    pub(crate) fn dim(&self) -> usize {
        self.dim
    }

    /// The rows of `L`, row after row.
    pub(crate) fn lower(&self) -> &[f64] {
        &self.lower
    }

    /// The rows of `L` alone.
    pub(crate) fn into_lower(self) -> Vec<f64> {
        self.lower
    }

    /// `L⁻¹·x` in place.
    pub(crate) fn solve_lower(&self, x: &mut [f64]) {
        for i in 0..self.dim {
            let row = &self.lower[i * self.dim..][..=i];
            x[i] = (x[i] - dot(&row[..i], &x[..i])) / row[i];
        }
    }

    /// `ln √|Σ|`, the sum of the logs of the diagonal.
    pub(crate) fn log_root_determinant(&self) -> f64 {
        self.log_root_determinant
    }

    pub(crate) fn diagonal(&self) -> impl Iterator<Item = f64> + '_ {
        (0..self.dim).map(|i| self.lower[i * self.dim + i])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matrix::pivoted_factor;

    /// A well-conditioned positive definite matrix.
    fn definite(dim: usize) -> Vec<f64> {
        let entry = |i: usize, j: usize| ((i * 7 + j * 3) as f64).sin();
        let product = |i, j| (0..dim).map(|k| entry(i, k) * entry(j, k)).sum::<f64>();
        let flat = (0..dim * dim).map(|c| (c / dim, c % dim));
        flat.map(|(i, j)| product(i, j) + if i == j { 1.0 } else { 0.0 }).collect()
    }

    #[test]
    fn both_factors_multiply_back_to_the_matrix() {
        for dim in [1, 2, 5, 19, 128, 200] {
            let matrix = definite(dim);
            // Entries grow with the dimension.
            let tolerance = 1e-12 * (dim as f64 / 19.0).max(1.0);
            let strict = Cholesky::new("it", &matrix, dim).unwrap();
            let (pivoted, _) = pivoted_factor(&matrix, dim);
            for i in 0..dim {
                for j in 0..dim {
                    let lower = |i: usize| &strict.lower()[i * dim..][..dim];
                    assert!((dot(lower(i), lower(j)) - matrix[i * dim + j]).abs() < tolerance);
                    let product: f64 = pivoted.chunks_exact(dim).map(|c| c[i] * c[j]).sum();
                    assert!((product - matrix[i * dim + j]).abs() < tolerance);
                }
            }
        }
    }

    #[test]
    fn a_singular_matrix_fails() {
        let matrix = [1.0, 2.0, 2.0, 4.0];
        let error = Cholesky::new("the covariance", &matrix, 2).unwrap_err();
        assert!(matches!(error, DivergenceError::NotPositiveDefinite { index: 1, .. }));
    }

    #[test]
    fn solving_undoes_multiplying() {
        let cholesky = Cholesky::new("it", &[4.0, 2.0, 2.0, 5.0], 2).unwrap();
        let mut x = [4.0, 6.0];
        cholesky.solve_lower(&mut x);
        assert_eq!(x, [2.0, 2.0]);
        assert!((cholesky.log_root_determinant() - 0.5 * 16f64.ln()).abs() < 1e-15);
    }
}
