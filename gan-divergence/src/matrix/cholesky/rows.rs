//! Cholesky factors of small matrices, row by row.

use crate::matrix::dot;

/// Replaces the lower triangle of a matrix by that of its factor; or tells the first pivot that is at most
/// `least` of its index, and its value.
///
/// Source: Golub and Van Loan (2013), *Matrix Computations*, section 4.2.5.
pub(super) fn factor(
    lower: &mut [f64],
    stride: usize,
    least: impl Fn(usize) -> f64,
) -> Result<(), (usize, f64)> {
    for i in 0..lower.len().div_ceil(stride) {
        let (above, row) = lower.split_at_mut(i * stride);
        for j in 0..i {
            let earlier = &above[j * stride..];
            row[j] = (row[j] - dot(&row[..j], &earlier[..j])) / earlier[j];
        }
        let rest = row[i] - dot(&row[..i], &row[..i]);
        if rest <= least(i) {
            return Err((i, rest));
        }
        row[i] = rest.sqrt();
    }
    Ok(())
}
