//! Sums of singular values, without complex numbers or square roots of eigenvalues.

use crate::matrix::{add_scaled, dot};

/// The nuclear norm `Σ σᵢ` of a row-major matrix.
///
/// Householder reflections bring the matrix to bidiagonal form. Its singular values, with both signs,
/// are the eigenvalues of a symmetric tridiagonal matrix with zero diagonal, which shifted QL
/// iterations find to an absolute accuracy of about `ε·‖A‖`.
///
/// Source: Golub and Kahan (1965), doi:10.1137/0702016.
pub(crate) fn nuclear_norm(matrix: &[f64], rows: usize, columns: usize) -> f64 {
    if rows == 0 || columns == 0 {
        return 0.0;
    }
    if rows < columns {
        return nuclear_norm(&transposed(matrix, rows, columns), columns, rows);
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

/// Eigenvalues of a symmetric tridiagonal matrix, unordered.
fn tridiagonal_eigenvalues(mut diagonal: Vec<f64>, mut off: Vec<f64>) -> Vec<f64> {
    let n = diagonal.len();
    off.push(0.0);
    let size = diagonal.iter().chain(&off).fold(0.0f64, |m, v| m.max(v.abs()));
    let negligible = f64::EPSILON * size;
    for first in 0..n {
        // Convergence is cubic; the cap only guards against an endless loop on NaN.
        for _ in 0..60 {
            let last = (first..n - 1).find(|&i| off[i].abs() <= negligible).unwrap_or(n - 1);
            if last == first {
                break;
            }
            ql_step(&mut diagonal, &mut off, first, last);
        }
    }
    diagonal
}

/// One implicit QL step with Wilkinson's shift on the unreduced block `first..=last`.
fn ql_step(diagonal: &mut [f64], off: &mut [f64], first: usize, last: usize) {
    let half_gap = 0.5 * (diagonal[first + 1] - diagonal[first]);
    let edge = off[first];
    let shift =
        diagonal[first] - edge * edge / (half_gap + half_gap.hypot(edge).copysign(half_gap));
    let mut bulge = diagonal[last] - shift;
    let (mut sine, mut cosine, mut moved) = (1.0, 1.0, 0.0);
    for i in (first..last).rev() {
        let (f, b) = (sine * off[i], cosine * off[i]);
        let radius = (f * f + bulge * bulge).sqrt();
        off[i + 1] = radius;
        if radius == 0.0 {
            diagonal[i + 1] -= moved;
            off[last] = 0.0;
            return;
        }
        (sine, cosine) = (f / radius, bulge / radius);
        let above = diagonal[i + 1] - moved;
        let turn = (diagonal[i] - above) * sine + 2.0 * cosine * b;
        moved = sine * turn;
        diagonal[i + 1] = above + moved;
        bulge = cosine * turn - b;
    }
    diagonal[first] -= moved;
    off[first] = bulge;
    off[last] = 0.0;
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
