//! Mean and covariance, which may be singular.

use std::ops::Range;

use crate::error::{DivergenceError, ensure_at_least, ensure_finite, ensure_len, ensure_some};
use crate::lanes::{LANES, add_gram};
use crate::matrix::{MANY, Packed, Part, Rows, add_products, add_scaled, pack_columns};
use crate::parallel::map_chunks;
use crate::points::Points;
use crate::sum::sum;

/// Rows and columns of a tile of the covariance.
const TILE: usize = 32;

/// A mean and a symmetric covariance, as fitted to features or read from a file.
///
/// # Example
/// ```
/// use gan_divergence::Points;
/// use gan_divergence::gaussian::Moments;
/// let moments = Moments::of(Points::new(&[0.0, 0.0, 2.0, 4.0], 2)?)?;
/// assert_eq!(moments.mean(), [1.0, 2.0]);
/// assert_eq!(moments.covariance(), [2.0, 4.0, 4.0, 8.0]); // divided by n − 1
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Moments {
    mean: Vec<f64>,
    covariance: Vec<f64>,
}

impl Moments {
    /// Takes a mean and a covariance.
    ///
    /// # Shapes
    /// `d` numbers and `d × d` numbers, row after row.
    ///
    /// # Errors
    /// [`DivergenceError::Empty`], [`DivergenceError::LengthMismatch`],
    /// [`DivergenceError::NotFinite`], [`DivergenceError::NotSymmetric`] for entries that differ from
    /// the transpose by more than 1e-8 of the largest entry, and
    /// [`DivergenceError::NotPositiveDefinite`] for a negative variance.
    ///
    /// # Numerics
    /// Entries that differ from the transpose by less than that are replaced by their average.
    ///
    /// # Example
    /// ```
    /// use gan_divergence::gaussian::Moments;
    /// assert!(Moments::new(vec![0.0, 0.0], vec![1.0, 0.5, 0.5, 2.0]).is_ok());
    /// assert!(Moments::new(vec![0.0, 0.0], vec![1.0, 0.5, -0.5, 2.0]).is_err());
    /// ```
    pub fn new(mean: Vec<f64>, covariance: Vec<f64>) -> Result<Self, DivergenceError> {
        let what = "the covariance";
        ensure_some("the mean", mean.len())?;
        ensure_len(what, mean.len() * mean.len(), covariance.len())?;
        ensure_finite("the mean", &mean)?;
        ensure_finite(what, &covariance)?;
        let covariance = symmetrized(covariance, mean.len())?;
        let negative = (0..mean.len()).find(|&i| covariance[i * (mean.len() + 1)] < 0.0);
        if let Some(index) = negative {
            let value = covariance[index * (mean.len() + 1)];
            return Err(DivergenceError::NotPositiveDefinite { what, index, value });
        }
        Ok(Self { mean, covariance })
    }

    /// The sample mean and the sample covariance with `n − 1` in the denominator.
    ///
    /// # Shapes
    /// At least two points.
    ///
    /// # Errors
    /// [`DivergenceError::TooFew`].
    ///
    /// # Numerics
    /// Two passes: the points are centered before they are squared. The running form
    /// `Σxxᵀ − n·μμᵀ` cancels.
    ///
    /// # Example
    /// ```
    /// use gan_divergence::Points;
    /// use gan_divergence::gaussian::Moments;
    /// let shifted = [1e9, 1e9 + 1.0];
    /// assert_eq!(Moments::of(Points::new(&shifted, 1)?)?.covariance(), [0.5]);
    /// # Ok::<(), gan_divergence::DivergenceError>(())
    /// ```
    pub fn of(points: Points<'_>) -> Result<Self, DivergenceError> {
        ensure_at_least("the set of points", 2, points.len())?;
        let mean = mean(points);
        let dim = points.dim();
        let mut covariance =
            if dim < MANY { small_gram(points, &mean) } else { large_gram(points, &mean) };
        let scale = 1.0 / (points.len() - 1) as f64;
        // In tiles, whose columns stay in the cache.
        for rows in (0..dim).step_by(TILE) {
            for columns in (rows..dim).step_by(TILE) {
                for i in rows..dim.min(rows + TILE) {
                    for j in columns.max(i)..dim.min(columns + TILE) {
                        covariance[i * dim + j] *= scale;
                        covariance[j * dim + i] = covariance[i * dim + j];
                    }
                }
            }
        }
        Ok(Self { mean, covariance })
    }

    /// The mean.
    ///
    /// # Example
    /// ```
    /// assert_eq!(gan_divergence::gaussian::Moments::new(vec![3.0], vec![1.0])?.mean(), [3.0]);
    /// # Ok::<(), gan_divergence::DivergenceError>(())
    /// ```
    #[must_use]
    pub fn mean(&self) -> &[f64] {
        &self.mean
    }

    /// The covariance, row after row.
    ///
    /// # Example
    /// ```
    /// assert_eq!(gan_divergence::gaussian::Moments::new(vec![3.0], vec![1.0])?.covariance(), [1.0]);
    /// # Ok::<(), gan_divergence::DivergenceError>(())
    /// ```
    #[must_use]
    pub fn covariance(&self) -> &[f64] {
        &self.covariance
    }

    /// The dimension of the space.
    ///
    /// # Example
    /// ```
    /// assert_eq!(gan_divergence::gaussian::Moments::new(vec![3.0], vec![1.0])?.dim(), 1);
    /// # Ok::<(), gan_divergence::DivergenceError>(())
    /// ```
    #[must_use]
    pub fn dim(&self) -> usize {
        self.mean.len()
    }
}

/// The mean of every coordinate: plain sums of 256 rows, added up in corrected sums.
pub(crate) fn mean(points: Points<'_>) -> Vec<f64> {
    let dim = points.dim();
    let pieces = map_chunks(points.len(), 256, |range| {
        let mut totals = vec![0.0; dim];
        for row in points.data()[range.start * dim..range.end * dim].chunks_exact(dim) {
            add_scaled(&mut totals, 1.0, row);
        }
        totals
    });
    (0..dim).map(|d| sum(pieces.iter().map(|totals| totals[d])) / points.len() as f64).collect()
}

/// Rows with the mean taken off.
pub(crate) fn centered(rows: &[f64], mean: &[f64]) -> Vec<f64> {
    let mut rows = rows.to_vec();
    for row in rows.chunks_exact_mut(mean.len()) {
        row.iter_mut().zip(mean).for_each(|(x, m)| *x -= m);
    }
    rows
}

/// Sums of products of centered points, on and above the diagonal.
fn small_gram(points: Points<'_>, mean: &[f64]) -> Vec<f64> {
    let dim = points.dim();
    let mut total = vec![0.0; dim * dim];
    for piece in map_chunks(points.len(), 512, |range| {
        let mut gram = vec![0.0; dim * dim];
        let rows = &points.data()[range.start * dim..range.end * dim];
        // As many rows at a time as the first-level cache holds.
        let block = (2048 / dim).max(1) * dim;
        for rows in rows.chunks(block) {
            add_gram(&centered(rows, mean), dim, &mut gram);
        }
        gram
    }) {
        total.iter_mut().zip(piece).for_each(|(c, p)| *c += p);
    }
    total
}

/// The same for many coordinates: a few hundred points at a time, so that memory is one such matrix.
fn large_gram(points: Points<'_>, mean: &[f64]) -> Vec<f64> {
    let dim = points.dim();
    let mut total = vec![0.0; dim * dim];
    let mut memory = Vec::new();
    for rows in points.data().chunks(512 * dim) {
        let rows = Rows::dense(rows, dim);
        let columns = Packed::by_group(memory, dim, rows.count, |group, place| {
            let mean = &mean[group * LANES..];
            pack_columns(rows, group * LANES, place);
            for numbers in place.chunks_exact_mut(LANES) {
                numbers.iter_mut().zip(mean).for_each(|(x, m)| *x -= m);
            }
        });
        let upper = |rows: Range<usize>| Part { columns: rows.start..dim, depth: 0..columns.len };
        add_products(&mut total, dim, 1.0, &columns, &columns, upper);
        memory = columns.into_memory();
    }
    total
}

fn symmetrized(mut matrix: Vec<f64>, dim: usize) -> Result<Vec<f64>, DivergenceError> {
    let what = "the covariance";
    let tolerance = 1e-8 * matrix.iter().fold(0.0f64, |m, v| m.max(v.abs()));
    for row in 0..dim {
        for column in 0..row {
            let (a, b) = (matrix[row * dim + column], matrix[column * dim + row]);
            let difference = (a - b).abs();
            if difference > tolerance {
                return Err(DivergenceError::NotSymmetric { what, row, column, difference });
            }
            matrix[row * dim + column] = 0.5 * a + 0.5 * b;
            matrix[column * dim + row] = matrix[row * dim + column];
        }
    }
    Ok(matrix)
}
