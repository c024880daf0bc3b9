//! A multivariate normal distribution with a positive definite covariance.

use crate::error::DivergenceError;
use crate::gaussian::Moments;
use crate::matrix::{Cholesky, dot};

/// A multivariate normal distribution, factored once.
///
/// # Example
/// ```
/// use gan_divergence::gaussian::Gaussian;
/// let gaussian = Gaussian::new(vec![0.0, 0.0], vec![1.0, 0.5, 0.5, 2.0])?;
/// assert_eq!(gaussian.moments().dim(), 2);
/// assert!(Gaussian::new(vec![0.0, 0.0], vec![1.0, 1.0, 1.0, 1.0]).is_err());
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Gaussian {
    moments: Moments,
    factor: Cholesky,
}

impl Gaussian {
    /// Takes a mean and a positive definite covariance.
    ///
    /// # Shapes
    /// `d` numbers and `d × d` numbers, row after row.
    ///
    /// # Errors
    /// As [`Moments::new`], and [`DivergenceError::NotPositiveDefinite`]. Nothing is ever added to
    /// the diagonal to make a covariance fit.
    ///
    /// # Example
    /// ```
    /// assert!(gan_divergence::gaussian::Gaussian::new(vec![1.0], vec![4.0]).is_ok());
    /// ```
    pub fn new(mean: Vec<f64>, covariance: Vec<f64>) -> Result<Self, DivergenceError> {
        Self::from_moments(Moments::new(mean, covariance)?)
    }

    /// The normal distribution with these moments.
    ///
    /// # Errors
    /// [`DivergenceError::NotPositiveDefinite`].
    ///
    /// # Example
    /// ```
    /// use gan_divergence::Points;
    /// use gan_divergence::gaussian::{Gaussian, Moments};
    /// let sample = [0.0, 1.0, 3.0];
    /// assert!(Gaussian::from_moments(Moments::of(Points::new(&sample, 1)?)?).is_ok());
    /// # Ok::<(), gan_divergence::DivergenceError>(())
    /// ```
    pub fn from_moments(moments: Moments) -> Result<Self, DivergenceError> {
        let factor = Cholesky::new("the covariance", moments.covariance(), moments.dim())?;
        Ok(Self { moments, factor })
    }

    /// The normal distribution with independent coordinates of one standard deviation.
    ///
    /// # Errors
    /// As [`Gaussian::new`], for a standard deviation that is not positive.
    ///
    /// # Example
    /// ```
    /// use gan_divergence::gaussian::Gaussian;
    /// assert_eq!(Gaussian::isotropic(vec![1.0], 2.0)?, Gaussian::new(vec![1.0], vec![4.0])?);
    /// # Ok::<(), gan_divergence::DivergenceError>(())
    /// ```
    pub fn isotropic(mean: Vec<f64>, deviation: f64) -> Result<Self, DivergenceError> {
        let dim = mean.len();
        let mut covariance = vec![0.0; dim * dim];
        (0..dim).for_each(|i| covariance[i * (dim + 1)] = deviation * deviation);
        Self::new(mean, covariance)
    }

    /// Mean and covariance.
    ///
    /// # Example
    /// ```
    /// let gaussian = gan_divergence::gaussian::Gaussian::isotropic(vec![1.0], 2.0)?;
    /// assert_eq!(gaussian.moments().covariance(), [4.0]);
    /// # Ok::<(), gan_divergence::DivergenceError>(())
    /// ```
    #[must_use]
    pub fn moments(&self) -> &Moments {
        &self.moments
    }

    pub(crate) fn factor(&self) -> &Cholesky {
        &self.factor
    }

    /// `‖L⁻¹·(x − μ)‖²`, the squared distance from the mean in standard deviations.
    pub(crate) fn squared_deviations(&self, x: &[f64]) -> f64 {
        let (mut few, mut many) = ([0.0; 8], Vec::new());
        // In few dimensions, asking for memory would take longer than all else.
        let z = match few.get_mut(..x.len()) {
            Some(z) => z,
            None => {
                many.resize(x.len(), 0.0);
                &mut many[..]
            }
        };
        let differences = x.iter().zip(self.moments.mean()).map(|(x, m)| x - m);
        z.iter_mut().zip(differences).for_each(|(z, difference)| *z = difference);
        self.factor.solve_lower(z);
        dot(z, z)
    }
}
