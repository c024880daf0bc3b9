//! Sliced Wasserstein distances, of projections onto random lines.

mod reference;

pub use reference::SlicedReference;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::error::{DivergenceError, ensure_at_least};
use crate::estimate::Estimate;
use crate::matrix::dot;
use crate::parallel::map_indices;
use crate::points::{Points, ensure_same_space};
use crate::random::standard_normal;
use crate::sort::sort_numbers;
use crate::sum::mean_and_error;
use crate::transport::line::sorted_power;
use crate::transport::{ensure_order, root};

/// How many lines to project onto, and which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slicing {
    /// The number of directions, uniform on the sphere. Default 200.
    pub directions: usize,
    /// The seed they are drawn from.
    pub seed: u64,
}

impl Default for Slicing {
    fn default() -> Self {
        Self { directions: 200, seed: 0 }
    }
}

/// Sliced Wasserstein distance `SW_p`, in the unit of the points.
///
/// `SW_p = (mean over θ of W_p^p(θᵀX, θᵀY))^(1/p)`, **with** the root, as POT's
/// `sliced_wasserstein_distance`. Never above `W_p` of the samples.
///
/// # Shapes
/// Any numbers of points of the same dimension. `order ≥ 1`.
///
/// # Errors
/// [`DivergenceError::DimensionMismatch`], [`DivergenceError::OutOfRange`] for the order,
/// [`DivergenceError::TooFew`] without directions.
///
/// # Numerics
/// The mean of `W_p^p` over directions is unbiased, its root is biased down; the standard error is
/// that of the mean, carried through the root, and does not include the samples' own noise. The same
/// seed gives the same directions for every input of one dimension. [`SlicedReference`] sorts one of the
/// samples once, for many comparisons with it.
///
/// # Source
/// Bonneel et al. (2015), doi:10.1007/s10851-014-0506-3.
///
/// # Example
/// ```
/// use gan_divergence::Points;
/// use gan_divergence::transport::{Slicing, sliced_wasserstein};
/// let (x, y) = ([0.0, 0.0, 1.0, 0.0], [3.0, 0.0, 4.0, 0.0]);
/// let options = Slicing { directions: 2000, seed: 1 };
/// let sw = sliced_wasserstein(2.0, Points::new(&x, 2)?, Points::new(&y, 2)?, options)?;
/// assert!((sw.value - 4.5f64.sqrt()).abs() < 0.1); // a shift by 3 in the plane: 3/√2
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn sliced_wasserstein(
    order: f64,
    p: Points<'_>,
    q: Points<'_>,
    options: Slicing,
) -> Result<Estimate, DivergenceError> {
    let powers = projected_powers(order, p, q, options)?;
    Ok(mean_of_lines(&powers, order, [p.len(), q.len()]))
}

/// Max-sliced Wasserstein distance over seeded directions, in the unit of the points.
///
/// `max over θ of W_p(θᵀX, θᵀY)`, **with** the root, over the drawn directions only: a lower bound on the
/// maximum over the sphere, and never above `W_p` of the samples. In one dimension it is exact.
///
/// # Shapes
/// Any numbers of points of the same dimension. `order ≥ 1`.
///
/// # Errors
/// As [`sliced_wasserstein`].
///
/// # Source
/// Deshpande et al. (2019), arXiv:1904.05877.
///
/// # Example
/// ```
/// use gan_divergence::Points;
/// use gan_divergence::transport::{Slicing, max_sliced_wasserstein};
/// let (x, y) = ([0.0, 0.0, 1.0, 0.0], [3.0, 0.0, 4.0, 0.0]);
/// let options = Slicing { directions: 500, seed: 1 };
/// let sw = max_sliced_wasserstein(1.0, Points::new(&x, 2)?, Points::new(&y, 2)?, options)?;
/// assert!(sw.value > 2.99 && sw.value <= 3.0);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn max_sliced_wasserstein(
    order: f64,
    p: Points<'_>,
    q: Points<'_>,
    options: Slicing,
) -> Result<Estimate, DivergenceError> {
    let powers = projected_powers(order, p, q, options)?;
    Ok(largest_of_lines(&powers, order, [p.len(), q.len()]))
}

/// `W_p^p` of both samples projected onto each direction.
///
/// One line after the other, and none is kept: that would take `directions·(n + m)` numbers.
fn projected_powers(
    order: f64,
    p: Points<'_>,
    q: Points<'_>,
    options: Slicing,
) -> Result<Vec<f64>, DivergenceError> {
    ensure_order(order)?;
    ensure_same_space(p, q)?;
    let lines = Lines::new(p.dim(), options)?;
    Ok(lines.map(|_, direction| {
        sorted_power(&sorted_along(p, direction), &sorted_along(q, direction), order)
    }))
}

/// The root of the mean of powers, with what is known about it.
fn mean_of_lines(powers: &[f64], order: f64, [n, m]: [usize; 2]) -> Estimate {
    let (mean, error) = mean_and_error(powers);
    let value = root(mean, order);
    let slope = if value > 0.0 { value / (order * mean) } else { 0.0 };
    let name = format!("sliced W_{order} over {} directions", powers.len());
    let estimate = Estimate::new(value, n, m, name);
    if powers.len() > 1 { estimate.with_error(error * slope) } else { estimate }
}

/// The root of the largest power.
fn largest_of_lines(powers: &[f64], order: f64, [n, m]: [usize; 2]) -> Estimate {
    let largest = powers.iter().copied().fold(0.0, f64::max);
    let name = format!("max-sliced W_{order} over {} directions", powers.len());
    Estimate::new(root(largest, order), n, m, name)
}

/// The points' coordinates along a direction, ascending.
fn sorted_along(points: Points<'_>, direction: &[f64]) -> Vec<f64> {
    let mut line: Vec<f64> = points.rows().map(|row| dot(row, direction)).collect();
    sort_numbers(&mut line);
    line
}

/// Unit vectors, uniform on the sphere.
#[derive(Clone, Debug, PartialEq)]
struct Lines {
    directions: Vec<f64>,
    dim: usize,
}

impl Lines {
    fn new(dim: usize, options: Slicing) -> Result<Self, DivergenceError> {
        ensure_at_least("the set of directions", 1, options.directions)?;
        let mut rng = ChaCha8Rng::seed_from_u64(options.seed);
        let mut directions = Vec::with_capacity(dim * options.directions);
        while directions.len() < dim * options.directions {
            let draw: Vec<f64> = (0..dim).map(|_| standard_normal(&mut rng)).collect();
            let norm = dot(&draw, &draw).sqrt();
            if norm > 0.0 {
                directions.extend(draw.iter().map(|x| x / norm));
            }
        }
        Ok(Self { directions, dim })
    }

    /// The results of `work` on every direction and its index.
    fn map<T: Send>(&self, work: impl Fn(usize, &[f64]) -> T + Sync) -> Vec<T> {
        map_indices(self.directions.len() / self.dim, |k| {
            work(k, &self.directions[k * self.dim..][..self.dim])
        })
    }
}
