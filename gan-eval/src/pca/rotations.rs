//! All eigenvalues of a small symmetric matrix, by plane rotations.

/// Sweeps after which rotations have long converged.
const SWEEPS: usize = 40;
/// Entries off the diagonal count as 0 below this share of the largest one on it.
const NEGLIGIBLE: f64 = 1e-15;

/// The eigenvalues of a matrix, largest first, with their eigenvectors.
pub(super) struct Eigen {
    pub(super) values: Vec<f64>,
    /// One unit vector after the other.
    pub(super) vectors: Vec<f64>,
}

/// Diagonalize a symmetric matrix of `side` rows, whose entries are lost.
///
/// # Source
/// The cyclic method of Jacobi (1846), in the form of Golub and Van Loan (2013), §8.5.
pub(super) fn diagonalize(matrix: &mut [f64], side: usize) -> Eigen {
    let mut vectors = vec![0.0; side * side];
    (0..side).for_each(|i| vectors[i * side + i] = 1.0);
    let largest = (0..side).map(|i| matrix[i * side + i].abs()).fold(0.0, f64::max);
    for _ in 0..SWEEPS {
        let mut turned = false;
        for p in 0..side {
            for q in p + 1..side {
                if matrix[p * side + q].abs() > NEGLIGIBLE * largest {
                    annul(matrix, &mut vectors, side, [p, q]);
                    turned = true;
                }
            }
        }
        if !turned {
            break;
        }
    }
    let mut order: Vec<usize> = (0..side).collect();
    let value = |i: usize| matrix[i * side + i];
    order.sort_by(|&a, &b| value(b).total_cmp(&value(a)));
    let values = order.iter().map(|&i| value(i)).collect();
    let row = |&i: &usize| vectors[i * side..][..side].iter().copied();
    Eigen { values, vectors: order.iter().flat_map(row).collect() }
}

/// Rotate in a plane so that the entry `(p, q)` vanishes.
fn annul(matrix: &mut [f64], vectors: &mut [f64], side: usize, [p, q]: [usize; 2]) {
    let [pp, qq, pq] = [(p, p), (q, q), (p, q)].map(|(row, column)| matrix[row * side + column]);
    let tau = (qq - pp) / (2.0 * pq);
    let tangent = tau.signum() / (tau.abs() + (1.0 + tau * tau).sqrt());
    let cosine = 1.0 / (1.0 + tangent * tangent).sqrt();
    let turn = [cosine, tangent * cosine];
    rotate_rows(matrix, side, [p, q], turn);
    for row in matrix.chunks_exact_mut(side) {
        (row[p], row[q]) = rotated(row[p], row[q], turn);
    }
    rotate_rows(vectors, side, [p, q], turn);
}

fn rotate_rows(matrix: &mut [f64], side: usize, [p, q]: [usize; 2], turn: [f64; 2]) {
    let (above, below) = matrix.split_at_mut(q * side);
    let rows = above[p * side..][..side].iter_mut().zip(&mut below[..side]);
    rows.for_each(|(a, b)| (*a, *b) = rotated(*a, *b, turn));
}

fn rotated(a: f64, b: f64, [cosine, sine]: [f64; 2]) -> (f64, f64) {
    (cosine * a - sine * b, sine * a + cosine * b)
}
