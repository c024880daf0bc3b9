//! Kernels, and the bandwidth that the data suggest.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::error::{DivergenceError, ensure_at_least, ensure_range, ensure_some};
use crate::lanes::exp_in_place;
use crate::pairwise::{Form, squared_distance};
use crate::points::{Points, ensure_same_space, gather};
use crate::random::permutation;

/// A positive definite kernel.
#[derive(Clone, Debug, PartialEq)]
pub enum Kernel {
    /// `mean over σ of exp(−‖x − y‖²/(2·σ²))`: Gaussian, with one or several bandwidths in the unit of
    /// the points.
    Rbf {
        /// The bandwidths `σ`, positive.
        bandwidths: Vec<f64>,
    },
    /// `(γ·⟨x, y⟩ + c)^degree`.
    Polynomial {
        /// The degree, at least 1.
        degree: i32,
        /// The scale `γ`; `None` stands for `1/d`.
        gamma: Option<f64>,
        /// The offset `c`.
        offset: f64,
    },
}

impl Kernel {
    /// A Gaussian kernel of one bandwidth.
    ///
    /// # Example
    /// ```
    /// use gan_divergence::kernel::Kernel;
    /// assert_eq!(Kernel::rbf(2.0), Kernel::Rbf { bandwidths: vec![2.0] });
    /// ```
    #[must_use]
    pub fn rbf(bandwidth: f64) -> Self {
        Self::Rbf { bandwidths: vec![bandwidth] }
    }

    /// The kernel of KID: `(⟨x, y⟩/d + 1)³`.
    ///
    /// # Source
    /// Bińkowski et al. (2018), arXiv:1801.01401, §4.
    ///
    /// # Example
    /// ```
    /// use gan_divergence::kernel::Kernel;
    /// assert!(matches!(Kernel::kid(), Kernel::Polynomial { degree: 3, .. }));
    /// ```
    #[must_use]
    pub fn kid() -> Self {
        Self::Polynomial { degree: 3, gamma: None, offset: 1.0 }
    }

    /// A Gaussian kernel whose bandwidth is the [`median_distance`] of both sets together, times each
    /// factor.
    ///
    /// # Errors
    /// As [`median_distance`], and [`DivergenceError::NoBandwidth`] if the median is 0.
    ///
    /// # Source
    /// Gretton et al. (2012), Journal of Machine Learning Research 13, 723–773, §8.
    ///
    /// # Example
    /// ```
    /// use gan_divergence::Points;
    /// use gan_divergence::kernel::Kernel;
    /// let (p, q) = ([0.0, 1.0], [3.0]);
    /// let kernel = Kernel::median(Points::new(&p, 1)?, Points::new(&q, 1)?, &[0.5, 1.0], 0)?;
    /// assert_eq!(kernel, Kernel::Rbf { bandwidths: vec![1.0, 2.0] });
    /// # Ok::<(), gan_divergence::DivergenceError>(())
    /// ```
    pub fn median(
        p: Points<'_>,
        q: Points<'_>,
        factors: &[f64],
        seed: u64,
    ) -> Result<Self, DivergenceError> {
        let median = median_distance(p, q, seed)?;
        if median == 0.0 {
            return Err(DivergenceError::NoBandwidth);
        }
        let kernel = Self::Rbf { bandwidths: factors.iter().map(|f| f * median).collect() };
        kernel.check()?;
        Ok(kernel)
    }

    pub(super) fn check(&self) -> Result<(), DivergenceError> {
        match self {
            Self::Rbf { bandwidths } => {
                ensure_some("the set of bandwidths", bandwidths.len())?;
                let bad = bandwidths.iter().find(|b| !(**b > 0.0 && b.is_finite()));
                bad.map_or(Ok(()), |&b| ensure_range(false, "a bandwidth", "a positive number", b))
            }
            Self::Polynomial { degree, gamma, offset } => {
                ensure_range(*degree >= 1, "the degree", "at least 1", f64::from(*degree))?;
                ensure_range(offset.is_finite(), "the offset", "a finite number", *offset)?;
                let gamma = gamma.unwrap_or(1.0);
                ensure_range(gamma > 0.0 && gamma.is_finite(), "gamma", "a positive number", gamma)
            }
        }
    }

    pub(super) fn form(&self) -> Form {
        match self {
            Self::Rbf { .. } => Form::SquaredDistance,
            Self::Polynomial { .. } => Form::InnerProduct,
        }
    }

    /// Turns squared distances or inner products into kernel values; `scratch` is any buffer.
    pub(super) fn apply(&self, dim: usize, values: &mut [f64], scratch: &mut Vec<f64>) {
        match self {
            Self::Rbf { bandwidths } => {
                let share = 1.0 / bandwidths.len() as f64;
                scratch.clear();
                scratch.extend_from_slice(values);
                values.fill(0.0);
                let mut powers = vec![0.0; scratch.len()];
                for sigma in bandwidths {
                    let rate = -0.5 / (sigma * sigma);
                    powers.iter_mut().zip(scratch.iter()).for_each(|(e, d)| *e = rate * d);
                    exp_in_place(&mut powers);
                    values.iter_mut().zip(&powers).for_each(|(v, e)| *v += share * e);
                }
            }
            Self::Polynomial { degree, gamma, offset } => {
                let gamma = gamma.unwrap_or(1.0 / dim as f64);
                values.iter_mut().for_each(|v| *v = (gamma * *v + offset).powi(*degree));
            }
        }
    }
}

/// Median distance between different points of both sets together, in the unit of the points.
///
/// With more than 1,000 points, over a seeded subset of 1,000 of them.
///
/// # Shapes
/// At least two points in all, of the same dimension.
///
/// # Errors
/// [`DivergenceError::DimensionMismatch`], [`DivergenceError::TooFew`].
///
/// # Numerics
/// For an even number of pairs, the upper of the two middle distances.
///
/// # Example
/// ```
/// use gan_divergence::Points;
/// use gan_divergence::kernel::median_distance;
/// let (p, q) = ([0.0, 1.0], [3.0]);
/// assert_eq!(median_distance(Points::new(&p, 1)?, Points::new(&q, 1)?, 0)?, 2.0);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn median_distance(p: Points<'_>, q: Points<'_>, seed: u64) -> Result<f64, DivergenceError> {
    const MOST: usize = 1000;
    ensure_same_space(p, q)?;
    let pool = [p.data(), q.data()].concat();
    let pool = Points::trusted(&pool, p.dim());
    ensure_at_least("both sets together", 2, pool.len())?;
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut chosen = permutation(pool.len(), &mut rng);
    chosen.truncate(MOST);
    let subset = gather(pool, &chosen);
    let rows: Vec<&[f64]> = subset.chunks_exact(p.dim()).collect();
    let pairs = rows.iter().enumerate().flat_map(|(i, x)| rows[..i].iter().map(move |y| (x, y)));
    let mut squares: Vec<f64> = pairs.map(|(x, y)| squared_distance(x, y)).collect();
    let middle = squares.len() / 2;
    Ok(squares.select_nth_unstable_by(middle, f64::total_cmp).1.sqrt())
}
