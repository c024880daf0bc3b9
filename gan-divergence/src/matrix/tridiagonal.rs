//! Eigenvalues of symmetric matrices, without vectors.

use crate::matrix::band::reduce_to_band;
use crate::matrix::chase::band_to_tridiagonal;

/// The eigenvalues of a symmetric matrix given by its lower triangle, unordered; overwrites it.
///
/// Reduction to a band, from there to tridiagonal form, and shifted QL iterations: each to an absolute
/// accuracy of about `ε·‖A‖`.
pub(crate) fn symmetric_eigenvalues(matrix: &mut [f64], dim: usize) -> Vec<f64> {
    // On the scale of the largest entry, squares neither overflow nor matter where they underflow.
    let lower = (0..dim).flat_map(|i| &matrix[i * dim..][..=i]);
    let size = lower.fold(0.0f64, |m, v| m.max(v.abs()));
    if size == 0.0 {
        return vec![0.0; dim];
    }
    matrix.iter_mut().for_each(|v| *v /= size);
    reduce_to_band(matrix, dim);
    let (diagonal, below) = band_to_tridiagonal(matrix, dim);
    let mut eigenvalues = tridiagonal_eigenvalues(diagonal, below);
    eigenvalues.iter_mut().for_each(|e| *e *= size);
    eigenvalues
}

/// Eigenvalues of a symmetric tridiagonal matrix, unordered.
pub(crate) fn tridiagonal_eigenvalues(mut diagonal: Vec<f64>, mut off: Vec<f64>) -> Vec<f64> {
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

    #[test]
    fn eigenvalues_of_a_chain_have_a_closed_form_after_any_rotation() {
        // 2 on the diagonal and −1 beside it: 2 − 2·cos(kπ/(n + 1)).
        for dim in [1, 2, 3, 33, 34, 35, 64, 65, 97, 130, 200] {
            let mut vector: Vec<f64> = (0..dim).map(|i| (i as f64 * 0.7).sin() + 0.1).collect();
            let norm = vector.iter().map(|v| v * v).sum::<f64>().sqrt();
            vector.iter_mut().for_each(|v| *v /= norm);
            let chain = |i: usize, j: usize| [2.0, -1.0, 0.0][i.abs_diff(j).min(2)];
            let image = |i: usize| (0..dim).map(|j| chain(i, j) * vector[j]).sum::<f64>();
            let middle: f64 = (0..dim).map(|i| vector[i] * image(i)).sum();
            let turned = |i: usize, j: usize| {
                let sides = vector[i] * image(j) + image(i) * vector[j];
                chain(i, j) - 2.0 * sides + 4.0 * middle * vector[i] * vector[j]
            };
            let lower = |i: usize, j: usize| if j <= i { turned(i, j) } else { f64::NAN };
            let mut matrix: Vec<f64> = (0..dim * dim).map(|c| lower(c / dim, c % dim)).collect();
            let mut found = symmetric_eigenvalues(&mut matrix, dim);
            found.sort_by(f64::total_cmp);
            for (k, found) in found.iter().enumerate() {
                let angle = (k + 1) as f64 * std::f64::consts::PI / (dim + 1) as f64;
                assert!((found - (2.0 - 2.0 * angle.cos())).abs() < 1e-13, "{dim} {k} {found}");
            }
        }
    }
}
