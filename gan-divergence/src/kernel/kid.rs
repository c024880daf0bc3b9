//! KID, the kernel distance over features, averaged over subsets.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::error::{DivergenceError, ensure_at_least};
use crate::estimate::Estimate;
use crate::kernel::{Kernel, MmdEstimator, mmd_squared};
use crate::points::{Points, ensure_same_space, gather};
use crate::random::permutation;

/// How the subsets of [`kernel_distance`] are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KernelDistance {
    /// How many subsets. Default 100.
    pub subsets: usize,
    /// Points in each, drawn without replacement. Default 1,000.
    pub subset_size: usize,
    /// The seed of the draws.
    pub seed: u64,
}

impl Default for KernelDistance {
    fn default() -> Self {
        Self { subsets: 100, subset_size: 1000, seed: 0 }
    }
}

/// Kernel distance between two sets of features: the mean unbiased MMD² over subsets, in the unit of the
/// kernel.
///
/// With [`Kernel::kid`] over Inception features this is KID. Unbiased, so honestly negative at times.
/// The standard error is the standard deviation over the subsets divided by the root of their number;
/// the subsets share points, so it is too small when they cover the samples several times.
///
/// # Shapes
/// At least `subset_size ≥ 2` points on both sides, of the same dimension.
///
/// # Errors
/// [`DivergenceError::DimensionMismatch`], [`DivergenceError::TooFew`].
///
/// # Numerics
/// Each subset as [`mmd_squared`]; the deviation divides by the number of subsets, as torch-fidelity's.
///
/// # Source
/// Bińkowski et al. (2018), arXiv:1801.01401.
///
/// # Example
/// ```
/// use gan_divergence::Points;
/// use gan_divergence::kernel::{Kernel, KernelDistance, kernel_distance};
/// let (real, fake) = ([0.0, 1.0, 2.0, 3.0], [0.5, 1.5, 2.5, 9.0]);
/// let options = KernelDistance { subsets: 10, subset_size: 3, seed: 1 };
/// let kid = kernel_distance(&Kernel::kid(), Points::new(&real, 1)?, Points::new(&fake, 1)?, options)?;
/// assert!(kid.standard_error.is_some());
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn kernel_distance(
    kernel: &Kernel,
    real: Points<'_>,
    fake: Points<'_>,
    options: KernelDistance,
) -> Result<Estimate, DivergenceError> {
    ensure_same_space(real, fake)?;
    ensure_at_least("the set of subsets", 1, options.subsets)?;
    ensure_at_least("a subset", 2, options.subset_size)?;
    ensure_at_least("the real set", options.subset_size, real.len())?;
    ensure_at_least("the fake set", options.subset_size, fake.len())?;
    let mut rng = ChaCha8Rng::seed_from_u64(options.seed);
    let mut values = Vec::with_capacity(options.subsets);
    for _ in 0..options.subsets {
        let mut draw = |points: Points<'_>| {
            gather(points, &permutation(points.len(), &mut rng)[..options.subset_size])
        };
        let (x, y) = (draw(real), draw(fake));
        let (x, y) = (Points::trusted(&x, real.dim()), Points::trusted(&y, real.dim()));
        values.push(mmd_squared(MmdEstimator::Unbiased, kernel, x, y)?.value);
    }
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let variance = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / count;
    let name =
        format!("mean unbiased MMD² over {} subsets of {}", options.subsets, options.subset_size);
    Ok(Estimate::new(mean, real.len(), fake.len(), name).with_error((variance / count).sqrt()))
}
