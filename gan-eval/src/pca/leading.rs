//! The largest eigenvalues of a symmetric matrix, by subspace iteration.

use gan_core::seed::Seed;
use rand::Rng;

use super::by_rows::{add_scaled, dot, for_each_block};
use super::rotations::diagonalize;

/// More iterations are not made, whatever the eigenvalues: those that lie close together converge slowly.
const ITERATIONS: usize = 60;
/// The variance that the subspace holds stands still when it changes by a smaller share.
const STILL: f64 = 1e-12;
/// A vector that loses more of its length than this lies in the span of those before it.
const DEPENDENT: f64 = 1e-12;

/// The largest eigenvalues and their eigenvectors.
pub(super) struct Leading {
    /// Largest first.
    pub(super) values: Vec<f64>,
    /// One unit vector after the other.
    pub(super) vectors: Vec<f64>,
    /// The sum of all eigenvalues.
    pub(super) trace: f64,
}

/// The `count` largest eigenvalues of a symmetric matrix without negative ones.
///
/// Twice as many vectors are multiplied by the matrix and made orthonormal, over and over; each time
/// the matrix is diagonalized within their span (Rayleigh and Ritz).
pub(super) fn leading(matrix: &[f64], side: usize, count: usize) -> Leading {
    let block = side.min((2 * count).max(count + 8));
    let mut basis = random_vectors(block, side);
    let (mut values, mut held) = (Vec::new(), 0.0);
    for _ in 0..ITERATIONS {
        orthonormalize(&mut basis, side);
        let image = multiplied(matrix, side, &basis);
        let mut within = products(&image, &basis, side);
        let turns = diagonalize(&mut within, block);
        values = turns.values;
        let turned = |vectors: &[f64]| combined(&turns.vectors, vectors, side);
        let now: f64 = values[..count].iter().sum();
        let still = (now - held).abs() <= STILL * now;
        held = now;
        basis = turned(if still || block == side { &basis } else { &image });
        if still || block == side {
            break;
        }
    }
    orthonormalize(&mut basis, side);
    basis.truncate(count * side);
    values.truncate(count);
    let trace = (0..side).map(|i| matrix[i * side + i]).sum();
    Leading { values, vectors: basis, trace }
}

/// Vectors with entries in `[−1, 1)`, always the same.
fn random_vectors(count: usize, len: usize) -> Vec<f64> {
    let mut rng = Seed(0).stream("pca/start").draw(0);
    let scale = 1.0 / (1_u64 << 52) as f64;
    (0..count * len).map(|_| (rng.next_u64() >> 11) as f64 * scale - 1.0).collect()
}

/// The matrix times each vector.
///
/// By rows of the matrix, which is read once, as it may not fit into a processor's cache.
fn multiplied(matrix: &[f64], side: usize, vectors: &[f64]) -> Vec<f64> {
    let count = vectors.len() / side;
    let mut by_row = vec![0.0; vectors.len()];
    for_each_block(&mut by_row, count, vectors.len() * side, |first, block| {
        for (column, vector) in vectors.chunks_exact(side).enumerate() {
            for (row, entries) in block.chunks_exact_mut(count).enumerate() {
                entries[column] = dot(&matrix[(first + row) * side..][..side], vector);
            }
        }
    });
    let entry = |at: usize| by_row[at % side * count + at / side];
    (0..vectors.len()).map(entry).collect()
}

/// The products of each vector of `a` with each of `b`, made symmetric.
fn products(a: &[f64], b: &[f64], len: usize) -> Vec<f64> {
    let n = a.len() / len;
    let mut products = vec![0.0; n * n];
    for (i, a) in a.chunks_exact(len).enumerate() {
        for (j, b) in b.chunks_exact(len).enumerate() {
            let half = 0.5 * dot(a, b);
            products[i * n + j] += half;
            products[j * n + i] += half;
        }
    }
    products
}

/// For each row of weights, the vectors added up with them.
fn combined(weights: &[f64], vectors: &[f64], len: usize) -> Vec<f64> {
    let n = vectors.len() / len;
    let mut sums = vec![0.0; vectors.len()];
    for_each_block(&mut sums, len, n * vectors.len(), |first, block| {
        for (column, vector) in vectors.chunks_exact(len).enumerate() {
            for (row, sum) in block.chunks_exact_mut(len).enumerate() {
                add_scaled(sum, weights[(first + row) * n + column], vector);
            }
        }
    });
    sums
}

/// Make vectors orthogonal and of length 1, the first ones first (Gram and Schmidt, twice).
///
/// One that depends on those before it is replaced by the first axis that does not.
pub(super) fn orthonormalize(vectors: &mut [f64], len: usize) {
    let mut axes = 0..len;
    for row in 0..vectors.len() / len {
        let (before, rest) = vectors.split_at_mut(row * len);
        let vector = &mut rest[..len];
        while !reject(before, vector) {
            let Some(axis) = axes.next() else { break };
            vector.fill(0.0);
            vector[axis] = 1.0;
        }
    }
}

/// Subtract from a vector what lies along unit vectors, and give it length 1, unless nothing is left.
fn reject(before: &[f64], vector: &mut [f64]) -> bool {
    for _ in 0..2 {
        let length = dot(vector, vector).sqrt();
        for unit in before.chunks_exact(vector.len()) {
            add_scaled(vector, -dot(unit, vector), unit);
        }
        let left = dot(vector, vector).sqrt();
        if left.is_nan() || left <= DEPENDENT * length {
            return false;
        }
        vector.iter_mut().for_each(|value| *value /= left);
    }
    true
}
