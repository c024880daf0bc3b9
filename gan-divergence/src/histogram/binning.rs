//! Histogram bins with an explicit range.

use crate::error::{DivergenceError, ensure_at_least, ensure_len, ensure_range};
use crate::points::Points;

/// Equal bins over `[low, high)` of one coordinate; the last one includes `high`.
///
/// # Example
/// ```
/// use gan_divergence::histogram::Binning;
/// let binning = Binning::new(-3.0, 3.0, 60)?;
/// assert_eq!(binning.place(-3.0), Some(0));
/// assert_eq!(binning.place(3.0), Some(59));
/// assert_eq!(binning.place(3.1), None);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Binning {
    low: f64,
    high: f64,
    bins: usize,
}

impl Binning {
    /// Bins of one coordinate.
    ///
    /// # Errors
    /// [`DivergenceError::OutOfRange`] unless `low < high` and both are finite,
    /// [`DivergenceError::TooFew`] without bins.
    ///
    /// # Example
    /// ```
    /// assert!(gan_divergence::histogram::Binning::new(1.0, 1.0, 10).is_err());
    /// ```
    pub fn new(low: f64, high: f64, bins: usize) -> Result<Self, DivergenceError> {
        ensure_range(low.is_finite(), "the lower end", "a finite number", low)?;
        let valid = high > low && high.is_finite();
        ensure_range(valid, "the upper end", "a finite number above the lower end", high)?;
        ensure_at_least("the set of bins", 1, bins)?;
        Ok(Self { low, high, bins })
    }

    /// How many bins there are.
    ///
    /// # Example
    /// ```
    /// assert_eq!(gan_divergence::histogram::Binning::new(0.0, 1.0, 7)?.bins(), 7);
    /// # Ok::<(), gan_divergence::DivergenceError>(())
    /// ```
    #[must_use]
    pub fn bins(&self) -> usize {
        self.bins
    }

    /// The bin of a value, or `None` outside of the range.
    ///
    /// # Example
    /// ```
    /// assert_eq!(gan_divergence::histogram::Binning::new(0.0, 1.0, 4)?.place(0.5), Some(2));
    /// # Ok::<(), gan_divergence::DivergenceError>(())
    /// ```
    #[must_use]
    pub fn place(&self, value: f64) -> Option<usize> {
        if !(self.low..=self.high).contains(&value) {
            return None;
        }
        let place = (value - self.low) / (self.high - self.low) * self.bins as f64;
        Some((place as usize).min(self.bins - 1))
    }
}

/// Counts of points in the cells of a grid, and how many points lie outside of it.
///
/// Cells run with the first coordinate fastest.
///
/// # Shapes
/// One binning for each coordinate; at most 100 million cells.
///
/// # Errors
/// [`DivergenceError::LengthMismatch`], [`DivergenceError::TooMany`].
///
/// # Example
/// ```
/// use gan_divergence::Points;
/// use gan_divergence::histogram::{Binning, bin_counts};
/// let points = Points::new(&[0.1, 0.9, 0.9, 0.9, 5.0, 0.0], 2)?;
/// let unit = Binning::new(0.0, 1.0, 2)?;
/// assert_eq!(bin_counts(points, &[unit, unit])?, (vec![0, 0, 1, 1], 1));
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn bin_counts(
    points: Points<'_>,
    binnings: &[Binning],
) -> Result<(Vec<u64>, usize), DivergenceError> {
    const MOST: usize = 100_000_000;
    ensure_len("the list of binnings", points.dim(), binnings.len())?;
    let cells = binnings.iter().fold(1usize, |cells, b| cells.saturating_mul(b.bins));
    if cells > MOST {
        let what = "the grid of cells";
        return Err(DivergenceError::TooMany { what, maximum: MOST, found: cells });
    }
    let mut counts = vec![0u64; cells];
    let mut outside = 0;
    for row in points.rows() {
        let mut places = row.iter().zip(binnings).rev();
        let cell = places.try_fold(0, |cell, (&x, b)| Some(cell * b.bins + b.place(x)?));
        match cell {
            Some(cell) => counts[cell] += 1,
            None => outside += 1,
        }
    }
    Ok((counts, outside))
}
