//! Sums of singular values, without complex numbers or square roots of eigenvalues.

use std::ops::Range;

use crate::matrix::packed::{Packed, Rows};
use crate::matrix::product::{Part, add_products};
use crate::matrix::tridiagonal::{symmetric_eigenvalues, tridiagonal_eigenvalues};
use crate::matrix::{Cholesky, MANY, add_scaled, dot};
use crate::sum::sum;

/// How far rounding may move a sum of roots of eigenvalues, as a share of it.
const ROOTS_TOLERANCE: f64 = 1e-10;

/// The nuclear norm `Σ σᵢ` of a row-major matrix, to about `ε·‖A‖` for every singular value.
///
/// Few singular values are found by [`few_singular_values`]. Many are the roots of the eigenvalues of the
/// smaller of `A·Aᵀ` and `Aᵀ·A` where [`sum_of_roots`] finds these precise enough; else they are, with
/// both signs, the eigenvalues of `[0 A; Aᵀ 0]`.
pub(crate) fn nuclear_norm(matrix: &[f64], rows: usize, columns: usize) -> f64 {
    if rows == 0 || columns == 0 {
        return 0.0;
    }
    if rows.min(columns) < MANY {
        return few_singular_values(matrix, rows, columns);
    }
    if rows > columns {
        return nuclear_norm(&transposed(matrix, rows, columns), columns, rows);
    }
    let wide = Packed::rows(Rows::dense(matrix, columns));
    let mut gram = vec![0.0; rows * rows];
    let lower = |rows: Range<usize>| Part { columns: 0..rows.end, depth: 0..columns };
    add_products(&mut gram, rows, 1.0, &wide, &wide, lower);
    let eigenvalues = symmetric_eigenvalues(&mut gram, rows);
    let size = eigenvalues.iter().fold(0.0f64, |m, e| m.max(*e));
    sum_of_roots(&eigenvalues, size)
        .unwrap_or_else(|| nuclear_norm_by_doubling(matrix, rows, columns))
}

/// `Σ √λᵢ` of eigenvalues that came from products of the given size, if rounding leaves it precise.
///
/// An eigenvalue is off by about `δ = ε·size`, up or down, hence its root by `δ/(2·√λ)`, and these add up
/// as independent errors do. The roots of eigenvalues below `16·δ`, which might be 0, are all off in one
/// direction, by up to `4·√δ`.
fn sum_of_roots(eigenvalues: &[f64], size: f64) -> Option<f64> {
    let rounding = f64::EPSILON * size;
    let (mut total, mut squares, mut lost) = (0.0, 0.0, 0.0);
    for &value in eigenvalues {
        if value > 16.0 * rounding {
            total += value.sqrt();
            squares += 0.25 * rounding * rounding / value;
        } else {
            lost += 4.0 * rounding.sqrt();
        }
    }
    (squares.sqrt() + lost <= ROOTS_TOLERANCE * total).then_some(total)
}

/// `tr (Σ₁·Σ₂)^½` with `Σ₁ = F·Fᵀ`, from the eigenvalues of `Fᵀ·Σ₂·F`; nothing where [`sum_of_roots`]
/// does not find them precise enough.
pub(crate) fn trace_of_root(factor: Cholesky, first: &[f64], second: &[f64]) -> Option<f64> {
    let dim = factor.dim();
    let size = norm_bound(first, dim) * norm_bound(second, dim);
    // Memory is used again: to get it from the system costs as much as to multiply.
    let mut target = factor.into_lower();
    let factor = Packed::columns(Rows::dense(&target, dim));
    target.fill(0.0);
    // Column `i` of the factor is zero above the diagonal.
    let all = |rows: Range<usize>| Part { columns: 0..dim, depth: rows.start..dim };
    // The columns of a symmetric matrix are its rows.
    let second = Packed::columns(Rows::dense(second, dim));
    add_products(&mut target, dim, 1.0, &factor, &second, all);
    let half = Packed::rows_in(second.into_memory(), Rows::dense(&target, dim));
    target.fill(0.0);
    let lower = |rows: Range<usize>| Part { columns: 0..rows.end, depth: rows.start..dim };
    add_products(&mut target, dim, 1.0, &factor, &half, lower);
    sum_of_roots(&symmetric_eigenvalues(&mut target, dim), size)
}

/// The smaller of two bounds on the largest eigenvalue: Frobenius' norm, and the largest sum of a row.
fn norm_bound(matrix: &[f64], dim: usize) -> f64 {
    let size = matrix.iter().fold(0.0f64, |m, v| m.max(v.abs()));
    let rows = matrix.chunks_exact(dim);
    let largest = rows.map(|row| row.iter().map(|v| v.abs()).sum::<f64>()).fold(0.0, f64::max);
    let squares = matrix.iter().map(|v| (v / size) * (v / size)).sum::<f64>();
    largest.min(size * squares.sqrt())
}

/// The nuclear norm `Σ σᵢ` to about `ε·‖A‖` for every singular value, as half that of `[0 A; Aᵀ 0]`.
pub(crate) fn nuclear_norm_by_doubling(matrix: &[f64], rows: usize, columns: usize) -> f64 {
    let dim = rows + columns;
    let mut doubled = vec![0.0; dim * dim];
    for (target, row) in doubled[rows * dim..].chunks_exact_mut(dim).zip(0..) {
        (0..rows).for_each(|i| target[i] = matrix[i * columns + row]);
    }
    0.5 * sum(symmetric_eigenvalues(&mut doubled, dim).iter().map(|e| e.abs()))
}

/// Householder reflections bring the matrix to bidiagonal form. Its singular values, with both signs,
/// are the eigenvalues of a symmetric tridiagonal matrix with zero diagonal, which shifted QL
/// iterations find to an absolute accuracy of about `ε·‖A‖`.
///
/// Source: Golub and Kahan (1965), doi:10.1137/0702016.
pub(crate) fn few_singular_values(matrix: &[f64], rows: usize, columns: usize) -> f64 {
    if rows < columns {
        return few_singular_values(&transposed(matrix, rows, columns), columns, rows);
    }
    let mut band = bidiagonalize(matrix.to_vec(), rows, columns);
    // On the scale of the largest entry, squares neither overflow nor matter where they underflow.
    let size = band.iter().fold(0.0f64, |m, v| m.max(v.abs()));
    if size == 0.0 {
        return 0.0;
    }
    band.iter_mut().for_each(|v| *v /= size);
    let eigenvalues = tridiagonal_eigenvalues(vec![0.0; 2 * columns], band);
    0.5 * size * eigenvalues.iter().map(|e| e.abs()).sum::<f64>()
}

fn transposed(matrix: &[f64], rows: usize, columns: usize) -> Vec<f64> {
    (0..rows * columns).map(|c| matrix[c % rows * columns + c / rows]).collect()
}

/// The diagonal and superdiagonal of the bidiagonal form, interleaved: `d₀ s₀ d₁ s₁ … dₙ₋₁`.
fn bidiagonalize(mut a: Vec<f64>, rows: usize, columns: usize) -> Vec<f64> {
    let mut band = Vec::with_capacity(2 * columns - 1);
    for k in 0..columns {
        let mut reflector: Vec<f64> = (k..rows).map(|i| a[i * columns + k]).collect();
        let (head, scale) = householder(&mut reflector);
        band.push(head);
        let mut projection = vec![0.0; columns - k];
        for (&v, row) in reflector.iter().zip(a[k * columns..].chunks_exact(columns)) {
            add_scaled(&mut projection, v, &row[k..]);
        }
        for (&v, row) in reflector.iter().zip(a[k * columns..].chunks_exact_mut(columns)) {
            add_scaled(&mut row[k..], -scale * v, &projection);
        }
        if k + 1 < columns {
            let mut reflector = a[k * columns + k + 1..][..columns - k - 1].to_vec();
            let (head, scale) = householder(&mut reflector);
            band.push(head);
            for row in a[(k + 1) * columns..].chunks_exact_mut(columns) {
                let amount = dot(&row[k + 1..], &reflector);
                add_scaled(&mut row[k + 1..], -scale * amount, &reflector);
            }
        }
    }
    band
}

/// Turns `x` into the vector `v` for which `(1 − scale·v·vᵀ)·x = (head, 0, …)`.
fn householder(x: &mut [f64]) -> (f64, f64) {
    let largest = x.iter().fold(0.0f64, |m, v| m.max(v.abs()));
    if largest == 0.0 {
        return (0.0, 0.0);
    }
    x.iter_mut().for_each(|v| *v /= largest);
    let norm = dot(x, x).sqrt();
    let head = if x[0] > 0.0 { -norm } else { norm };
    x[0] -= head;
    (head * largest, 2.0 / dot(x, x))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() <= 1e-12 * expected.max(1.0), "{found} {expected}");
    }

    #[test]
    fn diagonal_matrices_give_the_sum_of_magnitudes() {
        close(nuclear_norm(&[3.0, 0.0, 0.0, -4.0], 2, 2), 7.0);
        close(nuclear_norm(&[0.0; 9], 3, 3), 0.0);
        close(nuclear_norm(&[2.0], 1, 1), 2.0);
        close(nuclear_norm(&[], 0, 4), 0.0);
    }

    #[test]
    fn two_by_two_matrices_agree_with_the_closed_form() {
        // (σ₁ + σ₂)² = ‖A‖² + 2·|det A|
        for [a, b, c, d] in [[1.0, 2.0, 3.0, 4.0], [0.1, -5.0, 1e-8, 2.0], [1.0, 1.0, 1.0, 1.0]] {
            let expected = (a * a + b * b + c * c + d * d + 2.0 * f64::abs(a * d - b * c)).sqrt();
            close(nuclear_norm(&[a, b, c, d], 2, 2), expected);
        }
    }

    #[test]
    fn orthogonal_factors_change_nothing() {
        // Columns of a Hadamard matrix times known singular values, tall and wide.
        let sign = |i: usize, j: usize| {
            if (i & j).count_ones().is_multiple_of(2) { 1.0 } else { -1.0 }
        };
        let values = [5.0, 1.0, 0.25, 0.0, 1e-9];
        let entry = |i: usize, j: usize| {
            let terms = values.iter().enumerate();
            terms.map(|(k, s)| s * sign(i, k) * sign(j, k) / 32f64).sum::<f64>()
        };
        // 32 rows and 32 columns, so every rank-one term has norm exactly `s`.
        let matrix: Vec<f64> = (0..1024).map(|c| entry(c / 32, c % 32)).collect();
        close(nuclear_norm(&matrix, 32, 32), values.iter().sum());
        let wide: Vec<f64> = matrix[..512].to_vec();
        let tall = transposed(&wide, 16, 32);
        close(nuclear_norm(&wide, 16, 32), nuclear_norm(&tall, 32, 16));
    }
}
