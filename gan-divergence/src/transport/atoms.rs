//! A distribution on the line as weighted points.

use crate::error::{DivergenceError, ensure_finite, ensure_len, ensure_some};
use crate::pmf::Pmf;
use crate::sort::sort_numbers;

/// Weighted points of the real line, sorted.
///
/// # Example
/// ```
/// use gan_divergence::transport::{Atoms, wasserstein_1d};
/// let p = Atoms::weighted(&[0.0, 1.0], &[3.0, 1.0])?;
/// let q = Atoms::uniform(&[0.0, 1.0])?;
/// assert_eq!(wasserstein_1d(1.0, &p, &q)?, 0.25);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Atoms {
    values: Vec<f64>,
    /// `None` stands for equal weights.
    masses: Option<Vec<f64>>,
}

impl Atoms {
    /// A sample: every point weighs the same.
    ///
    /// # Errors
    /// [`DivergenceError::Empty`], [`DivergenceError::NotFinite`].
    ///
    /// # Example
    /// ```
    /// assert!(gan_divergence::transport::Atoms::uniform(&[]).is_err());
    /// ```
    pub fn uniform(values: &[f64]) -> Result<Self, DivergenceError> {
        ensure_some("the sample", values.len())?;
        ensure_finite("the sample", values)?;
        let mut values = values.to_vec();
        sort_numbers(&mut values);
        Ok(Self { values, masses: None })
    }

    /// Points with weights, which are divided by their sum; points of weight 0 are dropped.
    ///
    /// # Errors
    /// As [`Atoms::uniform`], [`DivergenceError::LengthMismatch`], and those of
    /// [`Pmf::normalized`] for the weights.
    ///
    /// # Example
    /// ```
    /// use gan_divergence::transport::Atoms;
    /// assert!(Atoms::weighted(&[1.0, 2.0], &[0.0, 0.0]).is_err());
    /// ```
    pub fn weighted(values: &[f64], weights: &[f64]) -> Result<Self, DivergenceError> {
        ensure_some("the sample", values.len())?;
        ensure_finite("the sample", values)?;
        ensure_len("the weights", values.len(), weights.len())?;
        let masses = Pmf::normalized(weights.to_vec())?;
        let mut pairs: Vec<(f64, f64)> =
            values.iter().copied().zip(masses.masses().iter().copied()).collect();
        pairs.retain(|(_, mass)| *mass > 0.0);
        pairs.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let (values, masses) = pairs.into_iter().unzip();
        Ok(Self { values, masses: Some(masses) })
    }

    /// The points, ascending.
    ///
    /// # Example
    /// ```
    /// assert_eq!(gan_divergence::transport::Atoms::uniform(&[2.0, 1.0])?.values(), [1.0, 2.0]);
    /// # Ok::<(), gan_divergence::DivergenceError>(())
    /// ```
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    pub(super) fn is_uniform(&self) -> bool {
        self.masses.is_none()
    }

    /// The distribution function right after each point; the last is exactly 1.
    pub(super) fn cumulative(&self) -> Vec<f64> {
        let n = self.values.len();
        let mut total = crate::sum::Sum::default();
        let mut levels: Vec<f64> = match &self.masses {
            None => (1..=n).map(|i| i as f64 / n as f64).collect(),
            Some(masses) => {
                let mut level = |m: &f64| {
                    total.add(*m);
                    total.value()
                };
                masses.iter().map(&mut level).collect()
            }
        };
        levels[n - 1] = 1.0;
        levels
    }
}
