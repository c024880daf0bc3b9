//! Sliced Wasserstein distances of many samples to one reference sample, along the same lines.

use super::{Lines, Slicing, largest_of_lines, mean_of_lines, sorted_along};
use crate::error::DivergenceError;
use crate::estimate::Estimate;
use crate::points::{Points, ensure_dim};
use crate::transport::ensure_order;
use crate::transport::line::sorted_power;

/// A sample projected onto random lines and sorted once, to compare any number of samples with it.
///
/// Takes the place of the first sample in [`sliced_wasserstein`](crate::transport::sliced_wasserstein) and
/// [`max_sliced_wasserstein`](crate::transport::max_sliced_wasserstein), with the same bits as result and less than
/// half of their work. It holds `directions·n` numbers: 16 MB for 200 directions and 10,000 points.
///
/// # Example
/// ```
/// use gan_divergence::Points;
/// use gan_divergence::transport::{SlicedReference, Slicing, sliced_wasserstein};
/// let real = [0.0, 0.0, 1.0, 0.0];
/// let (options, real) = (Slicing::default(), Points::new(&real, 2)?);
/// let reference = SlicedReference::new(real, options)?;
/// for fake in [[3.0, 0.0, 4.0, 0.0], [0.0, 0.0, 1.0, 1.0]] {
///     let fake = Points::new(&fake, 2)?;
///     let sw = reference.sliced_wasserstein(2.0, fake)?;
///     assert_eq!(sw, sliced_wasserstein(2.0, real, fake, options)?);
/// }
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct SlicedReference {
    lines: Lines,
    /// The sorted coordinates along each direction.
    sorted: Vec<Vec<f64>>,
    len: usize,
}

impl SlicedReference {
    /// Projects and sorts a sample.
    ///
    /// # Errors
    /// [`DivergenceError::TooFew`] without directions.
    ///
    /// # Example
    /// ```
    /// use gan_divergence::Points;
    /// use gan_divergence::transport::{SlicedReference, Slicing};
    /// let points = Points::new(&[0.0, 1.0], 1)?;
    /// assert!(SlicedReference::new(points, Slicing { directions: 0, seed: 0 }).is_err());
    /// # Ok::<(), gan_divergence::DivergenceError>(())
    /// ```
    pub fn new(points: Points<'_>, options: Slicing) -> Result<Self, DivergenceError> {
        let lines = Lines::new(points.dim(), options)?;
        let sorted = lines.map(|_, direction| sorted_along(points, direction));
        Ok(Self { lines, sorted, len: points.len() })
    }

    /// The sliced Wasserstein distance between this sample and another, in the unit of the points.
    ///
    /// As [`sliced_wasserstein`](crate::transport::sliced_wasserstein) with this sample first.
    ///
    /// # Shapes
    /// Any number of points of the same dimension. `order ≥ 1`.
    ///
    /// # Errors
    /// [`DivergenceError::DimensionMismatch`], [`DivergenceError::OutOfRange`] for the order.
    ///
    /// # Example
    /// ```
    /// use gan_divergence::Points;
    /// use gan_divergence::transport::{SlicedReference, Slicing};
    /// let reference = SlicedReference::new(Points::new(&[0.0, 1.0], 1)?, Slicing::default())?;
    /// let sw = reference.sliced_wasserstein(1.0, Points::new(&[2.0, 3.0], 1)?)?;
    /// assert_eq!(sw.value, 2.0);
    /// # Ok::<(), gan_divergence::DivergenceError>(())
    /// ```
    pub fn sliced_wasserstein(
        &self,
        order: f64,
        q: Points<'_>,
    ) -> Result<Estimate, DivergenceError> {
        let powers = self.powers(order, q)?;
        Ok(mean_of_lines(&powers, order, [self.len, q.len()]))
    }

    /// The max-sliced Wasserstein distance between this sample and another, in the unit of the points.
    ///
    /// As [`max_sliced_wasserstein`](crate::transport::max_sliced_wasserstein) with this sample first.
    ///
    /// # Shapes
    /// Any number of points of the same dimension. `order ≥ 1`.
    ///
    /// # Errors
    /// As [`sliced_wasserstein`](Self::sliced_wasserstein).
    ///
    /// # Example
    /// ```
    /// use gan_divergence::Points;
    /// use gan_divergence::transport::{SlicedReference, Slicing};
    /// let reference = SlicedReference::new(Points::new(&[0.0, 1.0], 1)?, Slicing::default())?;
    /// let sw = reference.max_sliced_wasserstein(2.0, Points::new(&[2.0, 3.0], 1)?)?;
    /// assert_eq!(sw.value, 2.0);
    /// # Ok::<(), gan_divergence::DivergenceError>(())
    /// ```
    pub fn max_sliced_wasserstein(
        &self,
        order: f64,
        q: Points<'_>,
    ) -> Result<Estimate, DivergenceError> {
        let powers = self.powers(order, q)?;
        Ok(largest_of_lines(&powers, order, [self.len, q.len()]))
    }

    /// `W_p^p` along each direction.
    fn powers(&self, order: f64, q: Points<'_>) -> Result<Vec<f64>, DivergenceError> {
        ensure_order(order)?;
        ensure_dim("the second set", self.lines.dim, q)?;
        Ok(self
            .lines
            .map(|k, direction| sorted_power(&self.sorted[k], &sorted_along(q, direction), order)))
    }
}
