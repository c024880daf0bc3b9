//! The four numbers that are all called the Sinkhorn distance.

use crate::error::DivergenceError;
use crate::estimate::{Estimate, Warning};
use crate::pairwise::squared_distance_matrix;
use crate::pmf::Pmf;
use crate::points::{Points, ensure_same_space};
use crate::transport::{Sinkhorn, SinkhornSolution, ensure_order, power_of_square, sinkhorn};

/// Sharp Sinkhorn cost between two samples, in the unit of the points to the `order`.
///
/// `⟨P, C⟩` with `C = ‖x − y‖^order` and the entropic plan `P`: what POT's `sinkhorn2` returns. At least
/// `W_p^p`, towards which it falls with `epsilon`; no root is taken. Positive even for equal samples.
///
/// # Shapes
/// Any numbers of points of the same dimension, equally weighted. Memory `O(n·m)`.
///
/// # Errors
/// [`DivergenceError::DimensionMismatch`], and those of [`sinkhorn`].
///
/// # Numerics
/// As [`sinkhorn`]; a run that did not converge carries a warning.
///
/// # Source
/// Cuturi (2013), arXiv:1306.0895.
///
/// # Example
/// ```
/// use gan_divergence::Points;
/// use gan_divergence::transport::{Sinkhorn, sinkhorn_sharp};
/// let (a, b) = ([0.0, 0.0, 1.0, 0.0, 0.0, 1.0], [1.0, 1.0, 2.0, 1.0, 1.0, 3.0]);
/// let options = Sinkhorn { epsilon: 1.0, tolerance: 1e-13, ..Sinkhorn::default() };
/// let cost = sinkhorn_sharp(2.0, Points::new(&a, 2)?, Points::new(&b, 2)?, options)?;
/// assert!((cost.value - 3.379_286_472_136_353_5).abs() < 1e-11);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn sinkhorn_sharp(
    order: f64,
    p: Points<'_>,
    q: Points<'_>,
    options: Sinkhorn,
) -> Result<Estimate, DivergenceError> {
    single("sharp", order, p, q, options, |s| s.sharp)
}

/// Regularized Sinkhorn cost between two samples, in the unit of the points to the `order`.
///
/// `⟨P, C⟩ + ε·KL(P ‖ p⊗q)`, the minimum of the entropic problem, equal to its dual value. At least the
/// sharp cost; positive even for equal samples.
///
/// # Shapes
/// Any numbers of points of the same dimension, equally weighted. Memory `O(n·m)`.
///
/// # Errors
/// As [`sinkhorn_sharp`].
///
/// # Source
/// Feydy et al. (2019), arXiv:1810.08278, eq. 1.
///
/// # Example
/// ```
/// use gan_divergence::Points;
/// use gan_divergence::transport::{Sinkhorn, sinkhorn_regularized, sinkhorn_sharp};
/// let (a, b) = (Points::new(&[0.0, 1.0], 1)?, Points::new(&[2.0, 5.0], 1)?);
/// let options = Sinkhorn::default();
/// let regularized = sinkhorn_regularized(2.0, a, b, options)?;
/// assert!(regularized.value >= sinkhorn_sharp(2.0, a, b, options)?.value);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn sinkhorn_regularized(
    order: f64,
    p: Points<'_>,
    q: Points<'_>,
    options: Sinkhorn,
) -> Result<Estimate, DivergenceError> {
    single("regularized", order, p, q, options, |s| s.regularized)
}

/// Sinkhorn divergence between two samples, in the unit of the points to the `order`.
///
/// `S_ε = OT_ε(p, q) − ½·OT_ε(p, p) − ½·OT_ε(q, q)` with the regularized costs. Non-negative for orders 1
/// and 2, and 0 for equal samples. geomloss halves the squared distance in its cost.
///
/// # Shapes
/// Any numbers of points of the same dimension, equally weighted. Memory `O(n·m)`.
///
/// # Errors
/// As [`sinkhorn_sharp`].
///
/// # Numerics
/// Not clamped: a run that did not converge may come out below 0 and carries a warning.
///
/// # Source
/// Feydy et al. (2019), arXiv:1810.08278, eq. 3.
///
/// # Example
/// ```
/// use gan_divergence::Points;
/// use gan_divergence::transport::{Sinkhorn, sinkhorn_debiased};
/// let a = Points::new(&[0.0, 1.0], 1)?;
/// assert!(sinkhorn_debiased(2.0, a, a, Sinkhorn::default())?.value.abs() < 1e-9);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn sinkhorn_debiased(
    order: f64,
    p: Points<'_>,
    q: Points<'_>,
    options: Sinkhorn,
) -> Result<Estimate, DivergenceError> {
    debiased("debiased", order, p, q, options, |s| s.regularized)
}

/// Debiased sharp Sinkhorn cost, in the unit of the points to the `order`.
///
/// `⟨P, C⟩ₚq − ½·⟨P, C⟩ₚₚ − ½·⟨P, C⟩qq` with the sharp costs: what POT's `empirical_sinkhorn_divergence`
/// returns before it clamps at 0. May be negative.
///
/// # Shapes
/// Any numbers of points of the same dimension, equally weighted. Memory `O(n·m)`.
///
/// # Errors
/// As [`sinkhorn_sharp`].
///
/// # Source
/// Genevay, Peyré and Cuturi (2018), arXiv:1706.00292, eq. 3.
///
/// # Example
/// ```
/// use gan_divergence::Points;
/// use gan_divergence::transport::{Sinkhorn, sinkhorn_debiased_sharp};
/// let (a, b) = ([0.0, 0.0, 1.0, 0.0, 0.0, 1.0], [1.0, 1.0, 2.0, 1.0, 1.0, 3.0]);
/// let options = Sinkhorn { epsilon: 1.0, tolerance: 1e-13, ..Sinkhorn::default() };
/// let cost = sinkhorn_debiased_sharp(2.0, Points::new(&a, 2)?, Points::new(&b, 2)?, options)?;
/// assert!((cost.value - 3.048_877_622_478_927_8).abs() < 1e-11);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn sinkhorn_debiased_sharp(
    order: f64,
    p: Points<'_>,
    q: Points<'_>,
    options: Sinkhorn,
) -> Result<Estimate, DivergenceError> {
    debiased("debiased sharp", order, p, q, options, |s| s.sharp)
}

fn solve(
    order: f64,
    p: Points<'_>,
    q: Points<'_>,
    options: Sinkhorn,
) -> Result<SinkhornSolution, DivergenceError> {
    ensure_order(order)?;
    ensure_same_space(p, q)?;
    let mut costs = squared_distance_matrix(p, q);
    if order != 2.0 {
        costs.iter_mut().for_each(|c| *c = power_of_square(*c, order));
    }
    sinkhorn(&costs, &Pmf::uniform(p.len())?, &Pmf::uniform(q.len())?, options)
}

fn estimate(
    kind: &str,
    order: f64,
    p: Points<'_>,
    q: Points<'_>,
    options: Sinkhorn,
    solutions: &[(f64, f64)],
) -> Estimate {
    let value = solutions.iter().map(|(value, _)| value).sum();
    let residual = solutions.iter().map(|(_, violation)| *violation).fold(0.0, f64::max);
    let name = format!("{kind} Sinkhorn cost of order {order}, epsilon {}", options.epsilon);
    Estimate::new(value, p.len(), q.len(), name).warn_if(
        residual.is_nan() || residual > options.tolerance,
        Warning::NotConverged { residual },
    )
}

fn single(
    kind: &str,
    order: f64,
    p: Points<'_>,
    q: Points<'_>,
    options: Sinkhorn,
    pick: fn(&SinkhornSolution) -> f64,
) -> Result<Estimate, DivergenceError> {
    let solution = solve(order, p, q, options)?;
    Ok(estimate(kind, order, p, q, options, &[(pick(&solution), solution.violation)]))
}

fn debiased(
    kind: &str,
    order: f64,
    p: Points<'_>,
    q: Points<'_>,
    options: Sinkhorn,
    pick: fn(&SinkhornSolution) -> f64,
) -> Result<Estimate, DivergenceError> {
    let pairs = [(p, q, 1.0), (p, p, -0.5), (q, q, -0.5)];
    let mut solutions = Vec::new();
    for (a, b, weight) in pairs {
        let solution = solve(order, a, b, options)?;
        solutions.push((weight * pick(&solution), solution.violation));
    }
    Ok(estimate(kind, order, p, q, options, &solutions))
}
