//! Kullback–Leibler divergence between samples, by nearest neighbors.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::error::{DivergenceError, ensure_at_least};
use crate::estimate::{Estimate, Warning};
use crate::neighbors::nearest::kth_squared_distances;
use crate::parallel::map_indices;
use crate::points::{Points, ensure_dim};
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
/// of the terms, as if they were independent. [`KnnReference`] searches within the first sample once, for
/// many comparisons with it.
///
/// # Source
/// Wang, Kulkarni and Verdú (2009), doi:10.1109/TIT.2009.2016060, eq. 5; Pérez-Cruz (2008),
/// doi:10.1109/ISIT.2008.4595271.
///
/// # Example
/// ```
/// use gan_divergence::Points;
/// use gan_divergence::neighbors::knn_kl;
/// let x = [0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 1.0, 1.0, 2.0, 2.0];
/// let y = [0.1, 0.0, 1.0, 0.2, 0.9, 1.1, 3.0, 3.0, 0.5, 0.5];
/// let kl = knn_kl(2, Points::new(&x, 2)?, Points::new(&y, 2)?)?;
/// assert!((kl.value + 0.413_703_024_970_722_5).abs() < 1e-14);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn knn_kl(k: usize, p: Points<'_>, q: Points<'_>) -> Result<Estimate, DivergenceError> {
    ensure_first(k, p)?;
    ensure_second(k, p.dim(), q)?;
    let mut radii = map_indices(2, |which| {
        if which == 0 {
            kth_squared_distances(p, p, k, true)
        } else {
            kth_squared_distances(p, q, k, false)
        }
    });
    let (other, own) = (radii.remove(1), radii.remove(0));
    Ok(from_radii(k, p.dim(), &own, &other, q.len()))
}

/// A sample whose neighbors within itself are known, to compare any number of samples with it.
///
/// Takes the place of the first sample in [`knn_kl`], with the same bits as result and half of its work.
///
/// # Example
/// ```
/// use gan_divergence::Points;
/// use gan_divergence::neighbors::{KnnReference, knn_kl};
/// let real = [0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 1.0, 1.0, 2.0, 2.0];
/// let real = Points::new(&real, 2)?;
/// let reference = KnnReference::new(2, real)?;
/// for fake in [[0.1, 0.0, 1.0, 0.2, 0.9, 1.1], [3.0, 3.0, 0.5, 0.5, 2.0, 0.0]] {
///     let fake = Points::new(&fake, 2)?;
///     assert_eq!(reference.kl(fake)?, knn_kl(2, real, fake)?);
/// }
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct KnnReference {
    k: usize,
    points: Vec<f64>,
    dim: usize,
    /// The square of each point's distance to its `k`-th neighbor among the others.
    radii: Vec<f64>,
}

impl KnnReference {
    /// Finds the `k`-th nearest neighbors within a sample, and keeps a copy of it.
    ///
    /// # Shapes
    /// More than `k ≥ 1` points.
    ///
    /// # Errors
    /// [`DivergenceError::TooFew`], also for `k = 0`.
    ///
    /// # Example
    /// ```
    /// use gan_divergence::Points;
    /// use gan_divergence::neighbors::KnnReference;
    /// assert!(KnnReference::new(2, Points::new(&[0.0, 1.0], 1)?).is_err());
    /// # Ok::<(), gan_divergence::DivergenceError>(())
    /// ```
    pub fn new(k: usize, points: Points<'_>) -> Result<Self, DivergenceError> {
        ensure_first(k, points)?;
        let radii = kth_squared_distances(points, points, k, true);
        Ok(Self { k, points: points.data().to_vec(), dim: points.dim(), radii })
    }

    /// Estimate of `KL(p ‖ q)` from this sample of `p` and a sample of `q`, in nats.
    ///
    /// As [`knn_kl`] with this sample first.
    ///
    /// # Shapes
    /// At least `k` points of the same dimension.
    ///
    /// # Errors
    /// [`DivergenceError::DimensionMismatch`], [`DivergenceError::TooFew`].
    ///
    /// # Example
    /// ```
    /// use gan_divergence::Points;
    /// use gan_divergence::neighbors::KnnReference;
    /// let reference = KnnReference::new(1, Points::new(&[0.0, 1.0, 3.0], 1)?)?;
    /// assert!(reference.kl(Points::new(&[0.5, 2.0, 4.5], 1)?)?.value.is_finite());
    /// # Ok::<(), gan_divergence::DivergenceError>(())
    /// ```
    pub fn kl(&self, q: Points<'_>) -> Result<Estimate, DivergenceError> {
        ensure_second(self.k, self.dim, q)?;
        let points = Points::trusted(&self.points, self.dim);
        let other = kth_squared_distances(points, q, self.k, false);
        Ok(from_radii(self.k, self.dim, &self.radii, &other, q.len()))
    }
}

fn ensure_first(k: usize, p: Points<'_>) -> Result<(), DivergenceError> {
    ensure_at_least("k, the number of neighbors,", 1, k)?;
    ensure_at_least("the first set", k + 1, p.len())
}

fn ensure_second(k: usize, dim: usize, q: Points<'_>) -> Result<(), DivergenceError> {
    ensure_dim("the second set", dim, q)?;
    ensure_at_least("the second set", k, q.len())
}

/// The estimate from squared distances within `p` and to the `m` points of `q`.
fn from_radii(k: usize, dim: usize, own: &[f64], other: &[f64], m: usize) -> Estimate {
    let (n, half_dim) = (own.len(), 0.5 * dim as f64);
    let terms: Vec<f64> =
        own.iter().zip(other).map(|(rho, nu)| half_dim * (nu.ln() - rho.ln())).collect();
    let zeros = own.iter().chain(other).filter(|&&radius| radius == 0.0).count();
    let (mean, error) = mean_and_error(&terms);
    let mean = if zeros == 0 { mean } else { terms.iter().sum::<f64>() / n as f64 };
    let value = mean + (m as f64 / (n - 1) as f64).ln();
    let name = format!("nearest-neighbor KL, k = {k}");
    let estimate = Estimate::new(value, n, m, name);
    let estimate = if zeros == 0 { estimate.with_error(error) } else { estimate };
    estimate.warn_if(zeros > 0, Warning::ZeroRadii { count: zeros })
}

/// The points moved by seeded Gaussian noise, row after row.
///
/// The explicit way to part duplicates before [`knn_kl`]; choose a `scale` far below the distances that
/// matter, and state this beside the value.
///
/// # Example
/// ```
/// use gan_divergence::Points;
/// use gan_divergence::neighbors::jittered;
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
