//! A checked view of points in space.

use crate::error::{DivergenceError, ensure_finite, ensure_some};

/// `n` points of dimension `dim`, row after row in one slice.
///
/// # Example
/// ```
/// use gan_divergence::Points;
/// let points = Points::new(&[0.0, 0.0, 3.0, 4.0], 2)?;
/// assert_eq!((points.len(), points.dim()), (2, 2));
/// assert_eq!(points.row(1), [3.0, 4.0]);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Points<'a> {
    data: &'a [f64],
    dim: usize,
}

impl<'a> Points<'a> {
    /// Checks a row-major slice of points.
    ///
    /// # Shapes
    /// `data` holds `n · dim` numbers with `n ≥ 1` and `dim ≥ 1`.
    ///
    /// # Errors
    /// [`DivergenceError::Empty`] without points or dimensions,
    /// [`DivergenceError::LengthMismatch`] for a last row that is cut short, and
    /// [`DivergenceError::NotFinite`] naming the first NaN or infinity.
    ///
    /// # Example
    /// ```
    /// use gan_divergence::Points;
    /// assert!(Points::new(&[1.0, 2.0, 3.0], 2).is_err());
    /// ```
    pub fn new(data: &'a [f64], dim: usize) -> Result<Self, DivergenceError> {
        ensure_some("the dimension", dim)?;
        ensure_some("the set of points", data.len())?;
        let left_over = data.len() % dim;
        if left_over != 0 {
            let what = "the last point";
            return Err(DivergenceError::LengthMismatch { what, expected: dim, found: left_over });
        }
        ensure_finite("the points", data)?;
        Ok(Self { data, dim })
    }

    /// A view of rows that this crate made itself out of checked points.
    pub(crate) fn trusted(data: &'a [f64], dim: usize) -> Self {
        debug_assert!(dim > 0 && data.len().is_multiple_of(dim) && !data.is_empty());
        Self { data, dim }
    }

    /// How many points there are.
    ///
    /// # Example
    /// ```
    /// assert_eq!(gan_divergence::Points::new(&[1.0, 2.0], 1)?.len(), 2);
    /// # Ok::<(), gan_divergence::DivergenceError>(())
    /// ```
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a checked set of points is never empty")]
    pub fn len(&self) -> usize {
        self.data.len() / self.dim
    }

    /// How many coordinates a point has.
    ///
    /// # Example
    /// ```
    /// assert_eq!(gan_divergence::Points::new(&[1.0, 2.0], 2)?.dim(), 2);
    /// # Ok::<(), gan_divergence::DivergenceError>(())
    /// ```
    #[must_use]
    pub fn dim(&self) -> usize {
        self.dim
    }

    /// The coordinates of one point.
    ///
    /// # Panics
    /// If `index` is not below [`len`](Self::len), as slices do.
    ///
    /// # Example
    /// ```
    /// assert_eq!(gan_divergence::Points::new(&[1.0, 2.0], 1)?.row(1), [2.0]);
    /// # Ok::<(), gan_divergence::DivergenceError>(())
    /// ```
    #[must_use]
    pub fn row(&self, index: usize) -> &'a [f64] {
        &self.data[index * self.dim..(index + 1) * self.dim]
    }

    /// The points one after the other.
    ///
    /// # Example
    /// ```
    /// let points = gan_divergence::Points::new(&[1.0, 2.0, 3.0], 1)?;
    /// assert_eq!(points.rows().map(|row| row[0]).sum::<f64>(), 6.0);
    /// # Ok::<(), gan_divergence::DivergenceError>(())
    /// ```
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &'a [f64]> + use<'a> {
        self.data.chunks_exact(self.dim)
    }

    /// The whole slice, row after row.
    ///
    /// # Example
    /// ```
    /// assert_eq!(gan_divergence::Points::new(&[1.0, 2.0], 1)?.data(), [1.0, 2.0]);
    /// # Ok::<(), gan_divergence::DivergenceError>(())
    /// ```
    #[must_use]
    pub fn data(&self) -> &'a [f64] {
        self.data
    }

    /// The first `count` points, or all of them.
    #[cfg(test)]
    pub(crate) fn first(&self, count: usize) -> Self {
        Self { data: &self.data[..count.min(self.len()) * self.dim], dim: self.dim }
    }
}

/// Checks that two sets of points live in one space.
pub(crate) fn ensure_same_space(p: Points<'_>, q: Points<'_>) -> Result<(), DivergenceError> {
    ensure_dim("the second set", p.dim, q)
}

/// Checks that points live in a space of the expected dimension.
pub(crate) fn ensure_dim(
    what: &'static str,
    expected: usize,
    points: Points<'_>,
) -> Result<(), DivergenceError> {
    let found = points.dim;
    if found == expected {
        Ok(())
    } else {
        Err(DivergenceError::DimensionMismatch { what, expected, found })
    }
}

/// The rows at the given positions, copied one after the other.
pub(crate) fn gather(points: Points<'_>, indices: &[usize]) -> Vec<f64> {
    indices.iter().flat_map(|&i| points.row(i)).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_is_not_a_set_of_points() {
        assert_eq!(Points::new(&[], 2), Err(DivergenceError::Empty { what: "the set of points" }));
        assert_eq!(Points::new(&[1.0], 0), Err(DivergenceError::Empty { what: "the dimension" }));
        let what = "the last point";
        assert_eq!(
            Points::new(&[1.0, 2.0, 3.0], 2),
            Err(DivergenceError::LengthMismatch { what, expected: 2, found: 1 })
        );
        let error = Points::new(&[1.0, f64::NAN], 2).unwrap_err();
        assert_eq!(error.to_string(), "entry 1 of the points is NaN, expected a finite number");
    }

    #[test]
    fn rows_are_the_slice_in_order() {
        let points = Points::new(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 2).unwrap();
        assert_eq!(points.rows().collect::<Vec<_>>(), [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]);
        assert_eq!(points.first(2).data(), [1.0, 2.0, 3.0, 4.0]);
        assert_eq!(gather(points, &[2, 0]), [5.0, 6.0, 1.0, 2.0]);
    }
}
