//! Kullback–Leibler divergence between samples, by nearest neighbors.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::error::{DivergenceError, ensure_at_least};
use crate::estimate::{Estimate, Warning};
use crate::neighbors::nearest::kth_squared_distances;
use crate::parallel::map_indices;
use crate::points::{Points, ensure_same_space};
use crate::random::standard_normal;
use crate::sum::mean_and_error;

/// Nearest-neighbor estimate of `KL(p ‖ q)` between two samples, in nats.
///
/// `(d/n)·Σᵢ ln(νᵢ/ρᵢ) + ln(m/(n − 1))`, with `ρᵢ` the distance from `xᵢ` to its `k`-th neighbor among the
/// other `x` and `νᵢ` that among the `y`. Consistent, but biased either way at finite sizes, the more the
/// higher the dimension. May be negative and is not clamped.
///
/// # Shapes
/// More than `k` points of `p`, at least `k` of `q`, of the same dimension.
///
/// # Errors
/// [`DivergenceError::DimensionMismatch`], [`DivergenceError::TooFew`], also for `k = 0`.
///
/// # Numerics
/// A point is excluded from its own neighbors by position, so duplicates count: each makes a radius 0
/// and the value infinite (or NaN, if radii of both kinds are 0). They are reported in a warning and
/// never nudged apart; [`jittered`] does that where it is wanted. The standard error is that of the mean
/// of the terms, as if they were independent.
///
/// # Source
/// Wang, Kulkarni and Verdú (2009), doi:10.1109/TIT.2009.2016060, eq. 5; Pérez-Cruz (2008),
/// doi:10.1109/ISIT.2008.4595271.
///
/// # Example
/// ```
/// use gan_divergence::{Points, knn_kl};
/// let x = [0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 1.0, 1.0, 2.0, 2.0];
/// let y = [0.1, 0.0, 1.0, 0.2, 0.9, 1.1, 3.0, 3.0, 0.5, 0.5];
/// let kl = knn_kl(2, Points::new(&x, 2)?, Points::new(&y, 2)?)?;
/// assert!((kl.value + 0.413_703_024_970_722_5).abs() < 1e-14);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn knn_kl(k: usize, p: Points<'_>, q: Points<'_>) -> Result<Estimate, DivergenceError> {
    ensure_same_space(p, q)?;
    ensure_at_least("k, the number of neighbors,", 1, k)?;
    ensure_at_least("the first set", k + 1, p.len())?;
    ensure_at_least("the second set", k, q.len())?;
    let mut radii = map_indices(2, |which| {
        if which == 0 {
            kth_squared_distances(p, p, k, true)
        } else {
            kth_squared_distances(p, q, k, false)
        }
    });
    let (other, own) = (radii.remove(1), radii.remove(0));
    let half_dim = 0.5 * p.dim() as f64;
    let terms: Vec<f64> =
        own.iter().zip(&other).map(|(rho, nu)| half_dim * (nu.ln() - rho.ln())).collect();
    let zeros = own.iter().chain(&other).filter(|&&radius| radius == 0.0).count();
    let (mean, error) = mean_and_error(&terms);
    let mean = if zeros == 0 { mean } else { terms.iter().sum::<f64>() / p.len() as f64 };
    let value = mean + (q.len() as f64 / (p.len() - 1) as f64).ln();
    let name = format!("nearest-neighbor KL, k = {k}");
    let estimate = Estimate::new(value, p.len(), q.len(), name);
    let estimate = if zeros == 0 { estimate.with_error(error) } else { estimate };
    Ok(estimate.warn_if(zeros > 0, Warning::ZeroRadii { count: zeros }))
}

/// The points moved by seeded Gaussian noise, row after row.
///
/// The explicit way to part duplicates before [`knn_kl`]; choose a `scale` far below the distances that
/// matter, and say so beside the value.
///
/// # Example
/// ```
/// use gan_divergence::{Points, jittered};
/// let twice = [1.0, 1.0];
/// let apart = jittered(Points::new(&twice, 1)?, 1e-6, 0);
/// assert!(apart[0] != apart[1] && (apart[0] - 1.0).abs() < 1e-5);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
#[must_use]
pub fn jittered(points: Points<'_>, scale: f64, seed: u64) -> Vec<f64> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    points.data().iter().map(|x| x + scale * standard_normal(&mut rng)).collect()
}
