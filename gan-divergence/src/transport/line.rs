//! Optimal transport on the line, which reduces to sorting.

use crate::error::DivergenceError;
use crate::sum::{Sum, sum};
use crate::transport::{Atoms, ensure_order, power, root};

/// Wasserstein distance `W_p` on the line, in the unit of the points.
///
/// `W_p = (∫₀¹ |F⁻¹(t) − G⁻¹(t)|^p dt)^(1/p)`, **with** the root. In `[0, ∞)`; a metric.
///
/// # Shapes
/// Any numbers of points. `order ≥ 1`.
///
/// # Errors
/// [`DivergenceError::OutOfRange`] for the order.
///
/// # Numerics
/// Exact up to rounding: the quantile functions are constant between the merged levels.
///
/// # Source
/// Villani (2003), Topics in Optimal Transportation, theorem 2.18.
///
/// # Example
/// ```
/// use gan_divergence::transport::{Atoms, wasserstein_1d};
/// let p = Atoms::uniform(&[0.0, 1.0, 3.0])?;
/// let q = Atoms::uniform(&[5.0, 6.0, 8.0])?;
/// assert_eq!(wasserstein_1d(2.0, &p, &q)?, 5.0);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn wasserstein_1d(order: f64, p: &Atoms, q: &Atoms) -> Result<f64, DivergenceError> {
    Ok(root(wasserstein_1d_power(order, p, q)?, order))
}

/// The power `W_p^p` of the Wasserstein distance on the line, in the unit of the points to the `p`.
///
/// `∫₀¹ |F⁻¹(t) − G⁻¹(t)|^p dt`, **without** the root: what POT's `wasserstein_1d` returns.
///
/// # Shapes
/// Any numbers of points. `order ≥ 1`.
///
/// # Errors
/// [`DivergenceError::OutOfRange`] for the order.
///
/// # Source
/// Villani (2003), Topics in Optimal Transportation, theorem 2.18.
///
/// # Example
/// ```
/// use gan_divergence::transport::{Atoms, wasserstein_1d_power};
/// let p = Atoms::uniform(&[0.0, 1.0, 3.0])?;
/// let q = Atoms::uniform(&[5.0, 6.0, 8.0])?;
/// assert_eq!(wasserstein_1d_power(2.0, &p, &q)?, 25.0);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn wasserstein_1d_power(order: f64, p: &Atoms, q: &Atoms) -> Result<f64, DivergenceError> {
    ensure_order(order)?;
    if p.is_uniform() && q.is_uniform() {
        return Ok(sorted_power(p.values(), q.values(), order));
    }
    let (p_levels, q_levels) = (p.cumulative(), q.cumulative());
    let (mut i, mut j, mut level, mut total) = (0, 0, 0.0, Sum::default());
    while i < p_levels.len() && j < q_levels.len() {
        let next = p_levels[i].min(q_levels[j]);
        total.add((next - level).max(0.0) * power(p.values()[i] - q.values()[j], order));
        level = next;
        let (p_ends, q_ends) = (p_levels[i] <= next, q_levels[j] <= next);
        i += usize::from(p_ends);
        j += usize::from(q_ends);
    }
    Ok(total.value())
}

/// `W_p^p` of two sorted samples with equal weights within each.
pub(super) fn sorted_power(p: &[f64], q: &[f64], order: f64) -> f64 {
    if p.len() == q.len() {
        return sum(p.iter().zip(q).map(|(a, b)| power(a - b, order))) / p.len() as f64;
    }
    // Levels are multiples of 1/(n·m), so that integers compare them without rounding.
    let (n, m) = (p.len() as u64, q.len() as u64);
    let (mut i, mut j, mut level, mut total) = (0, 0, 0, Sum::default());
    while i < n && j < m {
        let (p_level, q_level) = ((i + 1) * m, (j + 1) * n);
        let next = p_level.min(q_level);
        total.add((next - level) as f64 * power(p[i as usize] - q[j as usize], order));
        level = next;
        i += u64::from(p_level == next);
        j += u64::from(q_level == next);
    }
    total.value() / (n * m) as f64
}

/// Energy distance on the line as SciPy defines it, in the root of the points' unit.
///
/// `√(2·∫ (F − G)² dx) = √(2·E|X−Y| − E|X−X′| − E|Y−Y′|)`, **with** the root. In `[0, ∞)`; a metric. In
/// more dimensions, and without the root, it is [`energy_distance`](crate::kernel::energy_distance).
///
/// # Shapes
/// Any numbers of points.
///
/// # Numerics
/// From the distribution functions, not from the three expectations, which cancel.
///
/// # Source
/// Székely and Rizzo (2013), doi:10.1016/j.jspi.2013.03.018.
///
/// # Example
/// ```
/// use gan_divergence::transport::{Atoms, energy_distance_1d};
/// let (p, q) = (Atoms::uniform(&[0.0])?, Atoms::uniform(&[2.0])?);
/// assert!((energy_distance_1d(&p, &q) - 2.0).abs() < 1e-15);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
#[must_use]
pub fn energy_distance_1d(p: &Atoms, q: &Atoms) -> f64 {
    let (p_levels, q_levels) = (p.cumulative(), q.cumulative());
    let (p_values, q_values) = (p.values(), q.values());
    let (mut i, mut j, mut total) = (0, 0, Sum::default());
    let mut last = p_values[0].min(q_values[0]);
    let mut gap = 0.0;
    while i < p_values.len() || j < q_values.len() {
        let here = |values: &[f64], k: usize| values.get(k).copied().unwrap_or(f64::INFINITY);
        let next = here(p_values, i).min(here(q_values, j));
        total.add(gap * gap * (next - last));
        last = next;
        while here(p_values, i) <= next {
            i += 1;
        }
        while here(q_values, j) <= next {
            j += 1;
        }
        let level = |levels: &[f64], k: usize| if k == 0 { 0.0 } else { levels[k - 1] };
        gap = level(&p_levels, i) - level(&q_levels, j);
    }
    (2.0 * total.value()).sqrt()
}
