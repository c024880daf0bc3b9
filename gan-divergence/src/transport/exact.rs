//! Exact Wasserstein distances between sets of points.

use crate::error::{DivergenceError, ensure_len};
use crate::estimate::{Estimate, Warning};
use crate::pairwise::squared_distance_matrix;
use crate::pmf::Pmf;
use crate::points::{Points, ensure_same_space};
use crate::transport::{assign, ensure_order, power_of_square, root, transport_plan};

/// The most points on a side that the exact solvers accept: they hold all pairs.
pub const MAX_EXACT: usize = 10_000;

/// Exact Wasserstein distance `W_p` between two samples of equal size, in the unit of the points.
///
/// `W_p = (min_σ (1/n)·Σᵢ ‖xᵢ − y_σ(i)‖^p)^(1/p)`, **with** the root. As an estimate of the distance between
/// the distributions it is biased upwards.
///
/// # Shapes
/// `n ≤` [`MAX_EXACT`] points on both sides, of the same dimension. `order ≥ 1`. Memory `O(n²)`.
///
/// # Errors
/// [`DivergenceError::LengthMismatch`], [`DivergenceError::DimensionMismatch`],
/// [`DivergenceError::OutOfRange`], [`DivergenceError::TooMany`].
///
/// # Numerics
/// Equal weights have an optimal plan that is a permutation, which [`assign`] finds exactly.
///
/// # Source
/// Birkhoff (1946), Revista Universidad Nacional de Tucumán A 5, 147–151.
///
/// # Example
/// ```
/// use gan_divergence::Points;
/// use gan_divergence::transport::wasserstein_matched;
/// let a = [0.0, 0.0, 1.0, 0.0, 0.0, 1.0];
/// let b = [1.0, 1.0, 2.0, 1.0, 1.0, 3.0];
/// let w1 = wasserstein_matched(1.0, Points::new(&a, 2)?, Points::new(&b, 2)?)?;
/// assert!((w1.value - 1.688_165_034_081_993_4).abs() < 1e-14);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn wasserstein_matched(
    order: f64,
    p: Points<'_>,
    q: Points<'_>,
) -> Result<Estimate, DivergenceError> {
    ensure_len("the second set", p.len(), q.len())?;
    let costs = costs(order, p, q)?;
    let best = assign(&costs, p.len())?;
    let value = root((best.total / p.len() as f64).max(0.0), order);
    Ok(Estimate::new(value, p.len(), q.len(), format!("W_{order} by assignment")))
}

/// Exact Wasserstein distance `W_p` between two sets of weighted points, in the unit of the points.
///
/// `W_p = (min_x Σ x[i, j]·‖xᵢ − yⱼ‖^p)^(1/p)` over plans `x` between the masses, **with** the root.
///
/// # Shapes
/// `n` points with `n` masses and `m` with `m`, of the same dimension; both at most [`MAX_EXACT`]. Memory
/// `O(n·m)`.
///
/// # Errors
/// As [`wasserstein_matched`].
///
/// # Numerics
/// As [`transport_plan`].
///
/// # Source
/// Villani (2003), Topics in Optimal Transportation, §7.1.
///
/// # Example
/// ```
/// use gan_divergence::{Pmf, Points};
/// use gan_divergence::transport::wasserstein_weighted;
/// let (x, y) = ([0.0, 2.0, 3.0, 1.0, 2.0, 5.0], [3.0, 2.0, 3.0, 4.0, 2.0, 5.0]);
/// let (x, y) = (Points::new(&x, 3)?, Points::new(&y, 3)?);
/// let half = Pmf::uniform(2)?;
/// assert_eq!(wasserstein_weighted(1.0, x, &half, y, &half)?.value, 3.0);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn wasserstein_weighted(
    order: f64,
    p: Points<'_>,
    p_masses: &Pmf,
    q: Points<'_>,
    q_masses: &Pmf,
) -> Result<Estimate, DivergenceError> {
    ensure_len("the masses of the first set", p.len(), p_masses.len())?;
    ensure_len("the masses of the second set", q.len(), q_masses.len())?;
    let costs = costs(order, p, q)?;
    let plan = transport_plan(&costs, p_masses, q_masses)?;
    let value = root(plan.total.max(0.0), order);
    let estimate = Estimate::new(value, p.len(), q.len(), format!("W_{order} by network simplex"));
    Ok(estimate.warn_if(!plan.converged, Warning::NotConverged { residual: f64::NAN }))
}

/// `‖x − y‖^order` of all pairs.
fn costs(order: f64, p: Points<'_>, q: Points<'_>) -> Result<Vec<f64>, DivergenceError> {
    ensure_order(order)?;
    ensure_same_space(p, q)?;
    for (what, points) in [("the first set", p), ("the second set", q)] {
        if points.len() > MAX_EXACT {
            let found = points.len();
            return Err(DivergenceError::TooMany { what, maximum: MAX_EXACT, found });
        }
    }
    let mut costs = squared_distance_matrix(p, q);
    if order != 2.0 {
        costs.iter_mut().for_each(|c| *c = power_of_square(*c, order));
    }
    Ok(costs)
}
