//! The energy distance in any dimension.

use std::ops::Range;

use crate::error::{DivergenceError, ensure_at_least};
use crate::estimate::Estimate;
use crate::lanes::sum_of_roots;
use crate::pairwise::{Form, Packed, Visitor, visit_pairs, visit_upper_pairs};
use crate::points::{Points, ensure_same_space};
use crate::sum::{Sum, sum};

/// Which pairs within a sample the energy distance averages over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnergyEstimator {
    /// V-statistic: a point with itself included. At least 0, biased upwards.
    Biased,
    /// U-statistic: no point with itself. Unbiased, may be negative.
    Unbiased,
}

/// Energy distance between two samples, in the unit of the points.
///
/// `2·E‖X − Y‖ − E‖X − X′‖ − E‖Y − Y′‖`, **without** a root. SciPy's 1-D `energy_distance` is the root of the
/// biased form, see [`energy_distance_1d`](crate::transport::energy_distance_1d). Not clamped.
///
/// # Shapes
/// Any numbers of points of the same dimension; at least two on both sides for the unbiased form.
/// Time `O((n + m)²·d)`, memory `O((n + m)·d)`.
///
/// # Errors
/// [`DivergenceError::DimensionMismatch`], [`DivergenceError::TooFew`].
///
/// # Numerics
/// Distances come from differences, block by block.
///
/// # Source
/// Székely and Rizzo (2013), doi:10.1016/j.jspi.2013.03.018.
///
/// # Example
/// ```
/// use gan_divergence::Points;
/// use gan_divergence::kernel::{EnergyEstimator, energy_distance};
/// let (p, q) = ([0.0], [2.0]);
/// let (p, q) = (Points::new(&p, 1)?, Points::new(&q, 1)?);
/// assert_eq!(energy_distance(EnergyEstimator::Biased, p, q)?.value, 4.0);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn energy_distance(
    estimator: EnergyEstimator,
    p: Points<'_>,
    q: Points<'_>,
) -> Result<Estimate, DivergenceError> {
    ensure_same_space(p, q)?;
    let pairs_within = |n: f64| match estimator {
        EnergyEstimator::Biased => n * n,
        EnergyEstimator::Unbiased => n * (n - 1.0),
    };
    if estimator == EnergyEstimator::Unbiased {
        ensure_at_least("the first set", 2, p.len())?;
        ensure_at_least("the second set", 2, q.len())?;
    }
    let (n, m) = (p.len() as f64, q.len() as f64);
    let states =
        visit_pairs(p, &Packed::new(q), Form::SquaredDistance, &Distances { upper: false });
    let across = sum(states.into_iter().map(Sum::value));
    let within = |x: Points<'_>| {
        let states = visit_upper_pairs(x, Form::SquaredDistance, &Distances { upper: true });
        2.0 * sum(states.into_iter().map(Sum::value))
    };
    let value = 2.0 * across / (n * m) - within(p) / pairs_within(n) - within(q) / pairs_within(m);
    Ok(Estimate::new(value, p.len(), q.len(), format!("{estimator:?} energy distance")))
}

struct Distances {
    upper: bool,
}

impl Visitor for Distances {
    type State = Sum;

    fn start(&self, _rows: Range<usize>) -> Sum {
        Sum::default()
    }

    fn visit(&self, state: &mut Sum, row: usize, first: usize, values: &mut [f64]) {
        let skipped =
            if self.upper { (row + 1).saturating_sub(first).min(values.len()) } else { 0 };
        state.add(sum_of_roots(&values[skipped..]));
    }
}
