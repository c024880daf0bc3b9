//! Distributions with a known density, to compare samples and models with the truth.

mod arc;
mod cells;
mod gaussian;
mod integral;
mod mixture;
mod moons;
mod quadrature;
mod sample;

pub use cells::{DensityCells, DensityJs, sample_js_to_density};
pub use integral::{Integral, Quadrature, density_js, density_kl, integrate_density};
pub use mixture::Mixture;
pub use moons::NoisyMoons;
pub use sample::sample_kl_to_density;

use rand::Rng;

/// A distribution whose density is known and that can be sampled exactly.
///
/// # Example
/// ```
/// use gan_divergence::density::Density;
/// use gan_divergence::gaussian::Gaussian;
/// let normal = Gaussian::isotropic(vec![0.0], 1.0)?;
/// assert!((normal.ln_pdf(&[0.0]) + 0.918_938_533_204_672_7).abs() < 1e-15); // −½·ln 2π
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub trait Density {
    /// The dimension of the space.
    fn dim(&self) -> usize;

    /// `ln p(x)`, in nats, with respect to volume in the unit of the points.
    ///
    /// # Panics
    /// May panic if `x` does not have [`dim`](Self::dim) coordinates.
    fn ln_pdf(&self, x: &[f64]) -> f64;

    /// One independent draw.
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> Vec<f64>;

    /// `(low, high)` for every coordinate: a box with all but a negligible share of the mass, at least
    /// ten standard deviations from every center.
    fn bounds(&self) -> Vec<(f64, f64)>;

    /// The smallest length over which the density changes much: a standard deviation.
    fn length_scale(&self) -> f64;

    /// `n` independent draws, row after row.
    fn sample_n<R: Rng + ?Sized>(&self, n: usize, rng: &mut R) -> Vec<f64> {
        (0..n).flat_map(|_| self.sample(rng)).collect()
    }
}

/// How many standard deviations a box of integration reaches.
const REACH: f64 = 10.0;

#[cfg(test)]
mod tests;
