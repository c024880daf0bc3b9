//! Gaussian mixtures, among them the ring and the grid of the GAN literature.

use std::f64::consts::TAU;

use rand::Rng;

use crate::density::Density;
use crate::error::{DivergenceError, ensure_len, ensure_range};
use crate::gaussian::Gaussian;
use crate::pmf::Pmf;
use crate::random::uniform;
use crate::sum::log_sum_exp;

/// A mixture of Gaussians.
///
/// # Example
/// ```
/// use gan_divergence::density::{Density, Mixture};
/// let ring = Mixture::ring(8, 2.0, 0.02)?;
/// assert_eq!(ring.components().len(), 8);
/// assert!(ring.ln_pdf(&[2.0, 0.0]) > ring.ln_pdf(&[0.0, 0.0]));
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Mixture {
    weights: Pmf,
    log_weights: Vec<f64>,
    components: Vec<Gaussian>,
}

impl Mixture {
    /// Takes weights and as many components of one dimension.
    ///
    /// # Errors
    /// [`DivergenceError::LengthMismatch`], [`DivergenceError::DimensionMismatch`].
    ///
    /// # Example
    /// ```
    /// use gan_divergence::Pmf;
    /// use gan_divergence::density::Mixture;
    /// use gan_divergence::gaussian::Gaussian;
    /// let parts = vec![Gaussian::isotropic(vec![-1.0], 0.5)?, Gaussian::isotropic(vec![1.0], 0.5)?];
    /// assert!(Mixture::new(Pmf::uniform(2)?, parts).is_ok());
    /// # Ok::<(), gan_divergence::DivergenceError>(())
    /// ```
    pub fn new(weights: Pmf, components: Vec<Gaussian>) -> Result<Self, DivergenceError> {
        ensure_len("the set of components", weights.len(), components.len())?;
        let expected = components[0].moments().dim();
        for component in &components {
            let found = component.moments().dim();
            if found != expected {
                let what = "a component";
                return Err(DivergenceError::DimensionMismatch { what, expected, found });
            }
        }
        let log_weights = weights.masses().iter().map(|weight| weight.ln()).collect();
        Ok(Self { weights, log_weights, components })
    }

    /// Equal modes evenly spaced on a circle around the origin, the first at angle 0.
    ///
    /// # Errors
    /// [`DivergenceError::Empty`] without modes, [`DivergenceError::NotPositiveDefinite`] for a
    /// deviation of 0, [`DivergenceError::NotFinite`].
    ///
    /// # Example
    /// ```
    /// use gan_divergence::density::Mixture;
    /// let ring = Mixture::ring(4, 1.0, 0.1)?;
    /// assert_eq!(ring.components()[0].moments().mean(), [1.0, 0.0]);
    /// # Ok::<(), gan_divergence::DivergenceError>(())
    /// ```
    pub fn ring(modes: usize, radius: f64, deviation: f64) -> Result<Self, DivergenceError> {
        let center = |k: usize| {
            let angle = TAU * k as f64 / modes as f64;
            vec![radius * angle.cos(), radius * angle.sin()]
        };
        Self::of_equal_modes((0..modes).map(center), deviation)
    }

    /// `side × side` equal modes on a square lattice around the origin, row by row.
    ///
    /// # Errors
    /// As [`Mixture::ring`], and [`DivergenceError::OutOfRange`] for a spacing that is not positive.
    ///
    /// # Example
    /// ```
    /// use gan_divergence::density::Mixture;
    /// let grid = Mixture::grid(5, 2.0, 0.05)?;
    /// assert_eq!(grid.components()[0].moments().mean(), [-4.0, -4.0]);
    /// assert_eq!(grid.components().len(), 25);
    /// # Ok::<(), gan_divergence::DivergenceError>(())
    /// ```
    pub fn grid(side: usize, spacing: f64, deviation: f64) -> Result<Self, DivergenceError> {
        ensure_range(spacing > 0.0, "the spacing", "a positive number", spacing)?;
        let place = |k: usize| (k as f64 - 0.5 * (side as f64 - 1.0)) * spacing;
        let centers = (0..side * side).map(|k| vec![place(k % side), place(k / side)]);
        Self::of_equal_modes(centers, deviation)
    }

    fn of_equal_modes(
        centers: impl Iterator<Item = Vec<f64>>,
        deviation: f64,
    ) -> Result<Self, DivergenceError> {
        let components: Vec<Gaussian> =
            centers.map(|c| Gaussian::isotropic(c, deviation)).collect::<Result<_, _>>()?;
        Self::new(Pmf::uniform(components.len())?, components)
    }

    /// The components.
    ///
    /// # Example
    /// ```
    /// assert_eq!(gan_divergence::density::Mixture::ring(3, 1.0, 0.1)?.components().len(), 3);
    /// # Ok::<(), gan_divergence::DivergenceError>(())
    /// ```
    #[must_use]
    pub fn components(&self) -> &[Gaussian] {
        &self.components
    }

    /// The weights of the components.
    ///
    /// # Example
    /// ```
    /// assert_eq!(gan_divergence::density::Mixture::ring(4, 1.0, 0.1)?.weights().masses(), [0.25; 4]);
    /// # Ok::<(), gan_divergence::DivergenceError>(())
    /// ```
    #[must_use]
    pub fn weights(&self) -> &Pmf {
        &self.weights
    }

    /// The means of the components, row after row.
    ///
    /// # Example
    /// ```
    /// assert_eq!(gan_divergence::density::Mixture::ring(1, 2.0, 0.1)?.centers(), [2.0, 0.0]);
    /// # Ok::<(), gan_divergence::DivergenceError>(())
    /// ```
    #[must_use]
    pub fn centers(&self) -> Vec<f64> {
        self.components.iter().flat_map(|c| c.moments().mean()).copied().collect()
    }
}

impl Density for Mixture {
    fn dim(&self) -> usize {
        self.components[0].moments().dim()
    }

    /// `ln Σ wₖ·Nₖ(x)`, by log-sum-exp.
    fn ln_pdf(&self, x: &[f64]) -> f64 {
        let weighted = self.components.iter().zip(&self.log_weights);
        let logs: Vec<f64> = weighted.map(|(c, weight)| weight + c.ln_pdf(x)).collect();
        log_sum_exp(logs.into_iter())
    }

    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> Vec<f64> {
        let mut left = uniform(rng);
        let mut chosen = self.components.len() - 1;
        for (k, weight) in self.weights.masses().iter().enumerate() {
            if left < *weight {
                chosen = k;
                break;
            }
            left -= weight;
        }
        self.components[chosen].sample(rng)
    }

    fn bounds(&self) -> Vec<(f64, f64)> {
        let boxes = self.components.iter().map(Density::bounds);
        boxes.reduce(join_bounds).unwrap_or_default()
    }

    fn length_scale(&self) -> f64 {
        self.components.iter().map(Density::length_scale).fold(f64::INFINITY, f64::min)
    }
}

/// The smallest box around two boxes.
pub(super) fn join_bounds(a: Vec<(f64, f64)>, b: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    a.into_iter().zip(b).map(|(a, b)| (a.0.min(b.0), a.1.max(b.1))).collect()
}
