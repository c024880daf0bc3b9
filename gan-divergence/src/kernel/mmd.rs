//! Maximum mean discrepancy, with its three estimators by name.

use std::ops::Range;

use crate::error::{DivergenceError, ensure_at_least, ensure_len};
use crate::estimate::Estimate;
use crate::kernel::Kernel;
use crate::pairwise::{Packed, Visitor, visit_pairs, visit_upper_pairs};
use crate::points::{Points, ensure_same_space};
use crate::sum::{Sum, sum};

/// Which pairs an MMD² averages over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MmdEstimator {
    /// V-statistic: all pairs, a point with itself included. At least 0, biased upwards.
    Biased,
    /// U-statistic: no point with itself; all pairs across. Unbiased, may be negative.
    Unbiased,
    /// Also without the pairs `(xᵢ, yᵢ)`; needs equal sizes. Unbiased, may be negative.
    PairedUnbiased,
}

/// Squared maximum mean discrepancy between two samples, in the unit of the kernel.
///
/// `MMD² = E k(x, x′) − 2·E k(x, y) + E k(y, y′)`. 0 in expectation for equal distributions. Not clamped:
/// the unbiased estimators are negative about half of the time then.
///
/// # Shapes
/// Any numbers of points of the same dimension; at least two on both sides unless biased. Time
/// `O((n + m)²·d)`, memory `O((n + m)·d)`.
///
/// # Errors
/// [`DivergenceError::DimensionMismatch`], [`DivergenceError::TooFew`],
/// [`DivergenceError::LengthMismatch`] for the paired estimator, [`DivergenceError::OutOfRange`] for
/// the kernel.
///
/// # Numerics
/// Squared distances come from differences, block by block; no Gram matrix is held.
///
/// # Source
/// Gretton et al. (2012), Journal of Machine Learning Research 13, 723–773, eqs. 3 and 5.
///
/// # Example
/// ```
/// use gan_divergence::Points;
/// use gan_divergence::kernel::{Kernel, MmdEstimator, mmd_squared};
/// let (p, q) = ([0.0, 1.0, 2.0], [1.0, 2.0, 4.0]);
/// let (p, q) = (Points::new(&p, 1)?, Points::new(&q, 1)?);
/// let mmd = mmd_squared(MmdEstimator::Unbiased, &Kernel::rbf(1.0), p, q)?;
/// assert!((mmd.value + 0.211_033_264_789_603_94).abs() < 1e-14);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn mmd_squared(
    estimator: MmdEstimator,
    kernel: &Kernel,
    p: Points<'_>,
    q: Points<'_>,
) -> Result<Estimate, DivergenceError> {
    ensure_same_space(p, q)?;
    kernel.check()?;
    if estimator != MmdEstimator::Biased {
        ensure_at_least("the first set", 2, p.len())?;
        ensure_at_least("the second set", 2, q.len())?;
    }
    if estimator == MmdEstimator::PairedUnbiased {
        ensure_len("the second set", p.len(), q.len())?;
    }
    let (n, m) = (p.len() as f64, q.len() as f64);
    let (within_p, within_q) = (upper_sum(kernel, p), upper_sum(kernel, q));
    let across = cross_sum(kernel, p, q);
    let value = match estimator {
        MmdEstimator::Biased => {
            let (pp, qq) =
                (2.0 * within_p + diagonal(kernel, p, p), 2.0 * within_q + diagonal(kernel, q, q));
            pp / (n * n) + qq / (m * m) - 2.0 * across / (n * m)
        }
        MmdEstimator::Unbiased => {
            2.0 * within_p / (n * (n - 1.0)) + 2.0 * within_q / (m * (m - 1.0))
                - 2.0 * across / (n * m)
        }
        MmdEstimator::PairedUnbiased => {
            2.0 * (within_p + within_q - across + diagonal(kernel, p, q)) / (n * (n - 1.0))
        }
    };
    let kernel = match kernel {
        Kernel::Rbf { .. } => "Gaussian",
        Kernel::Polynomial { .. } => "polynomial",
    };
    Ok(Estimate::new(value, p.len(), q.len(), format!("{estimator:?} MMD², {kernel} kernel")))
}

/// Adds kernel values up, row by row.
struct KernelSum<'a> {
    kernel: &'a Kernel,
    dim: usize,
    /// Whether only pairs `row < column` count.
    upper: bool,
}

impl Visitor for KernelSum<'_> {
    type State = (Sum, Vec<f64>);

    fn start(&self, _rows: Range<usize>) -> Self::State {
        (Sum::default(), Vec::new())
    }

    fn visit(&self, state: &mut Self::State, row: usize, first: usize, values: &mut [f64]) {
        let skipped =
            if self.upper { (row + 1).saturating_sub(first).min(values.len()) } else { 0 };
        let values = &mut values[skipped..];
        self.kernel.apply(self.dim, values, &mut state.1);
        let mut lanes = [0.0; 8];
        for block in values.chunks(8) {
            lanes.iter_mut().zip(block).for_each(|(lane, v)| *lane += v);
        }
        state.0.add(lanes.iter().sum());
    }
}

fn total(states: Vec<(Sum, Vec<f64>)>) -> f64 {
    sum(states.into_iter().map(|(total, _)| total.value()))
}

/// `Σ k(xᵢ, xⱼ)` over `i < j`.
fn upper_sum(kernel: &Kernel, x: Points<'_>) -> f64 {
    let visitor = KernelSum { kernel, dim: x.dim(), upper: true };
    total(visit_upper_pairs(x, kernel.form(), &visitor))
}

/// `Σ k(xᵢ, yⱼ)` over all pairs.
fn cross_sum(kernel: &Kernel, x: Points<'_>, y: Points<'_>) -> f64 {
    let visitor = KernelSum { kernel, dim: x.dim(), upper: false };
    total(visit_pairs(x, &Packed::new(y), kernel.form(), &visitor))
}

/// `Σ k(xᵢ, yᵢ)`.
fn diagonal(kernel: &Kernel, x: Points<'_>, y: Points<'_>) -> f64 {
    let value = |(x, y): (&[f64], &[f64])| match kernel {
        Kernel::Rbf { .. } => crate::pairwise::squared_distance(x, y),
        Kernel::Polynomial { .. } => x.iter().zip(y).map(|(x, y)| x * y).sum(),
    };
    let mut values: Vec<f64> = x.rows().zip(y.rows()).map(value).collect();
    kernel.apply(x.dim(), &mut values, &mut Vec::new());
    sum(values)
}
