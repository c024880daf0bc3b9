//! Divergences between two known densities in the plane, by adaptive quadrature.

use std::f64::consts::LN_2;

use crate::density::Density;
use crate::density::mixture::join_bounds;
use crate::density::quadrature::integrate_rectangle;
use crate::error::{DivergenceError, ensure_range};

/// How finely an integral is worked out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quadrature {
    /// Stop once the error estimate is below this. Default 1e-8.
    pub tolerance: f64,
    /// Stop at this many cells in any case. Default 40,000; each costs 125 evaluations.
    pub max_cells: usize,
}

impl Default for Quadrature {
    fn default() -> Self {
        Self { tolerance: 1e-8, max_cells: 40_000 }
    }
}

/// An integral with what is known about its error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Integral {
    /// The value. Not clamped.
    pub value: f64,
    /// The sum over cells of the difference between two rules. The truth is usually much closer.
    pub error: f64,
    /// How many cells the box was cut into.
    pub cells: usize,
    /// Whether the error came below the tolerance.
    pub converged: bool,
}

/// Kullback–Leibler divergence between two known densities in the plane, in nats.
///
/// `∫ p·(ln p − ln q)`, over the box that holds `p`.
///
/// # Shapes
/// Both of dimension 2.
///
/// # Errors
/// [`DivergenceError::DimensionMismatch`], [`DivergenceError::OutOfRange`] for the tolerance.
///
/// # Numerics
/// Cells start at twice the smaller length scale and the worst ones are quartered; each compares a
/// 5 × 5 Gauss rule with four of them.
///
/// # Example
/// ```
/// use gan_divergence::density::{Quadrature, density_kl};
/// use gan_divergence::gaussian::Gaussian;
/// let p = Gaussian::isotropic(vec![0.0, 0.0], 1.0)?;
/// let q = Gaussian::isotropic(vec![1.0, 0.0], 1.0)?;
/// let kl = density_kl(&p, &q, Quadrature::default())?;
/// assert!(kl.converged && (kl.value - 0.5).abs() < 1e-8);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn density_kl(
    p: &(impl Density + Sync),
    q: &(impl Density + Sync),
    options: Quadrature,
) -> Result<Integral, DivergenceError> {
    ensure_plane(q.dim())?;
    let term = |x: &[f64; 2]| {
        let log = p.ln_pdf(x);
        let mass = log.exp();
        if mass == 0.0 { 0.0 } else { mass * (log - q.ln_pdf(x)) }
    };
    plane_integral(p.bounds(), p.length_scale().min(q.length_scale()), options, p.dim(), term)
}

/// Jensen–Shannon divergence between two known densities in the plane, in nats.
///
/// `½·KL(p ‖ m) + ½·KL(q ‖ m)` with `m = ½·(p + q)`, over the box that holds both. In `[0, ln 2]` up to
/// the error.
///
/// # Shapes
/// Both of dimension 2.
///
/// # Errors
/// As [`density_kl`].
///
/// # Numerics
/// As [`density_kl`], with `ln m` by log-sum-exp.
///
/// # Source
/// Lin (1991), doi:10.1109/18.61115.
///
/// # Example
/// ```
/// use gan_divergence::density::{Quadrature, density_js};
/// use gan_divergence::gaussian::Gaussian;
/// let p = Gaussian::isotropic(vec![0.0, 0.0], 1.0)?;
/// let q = Gaussian::isotropic(vec![30.0, 0.0], 1.0)?;
/// let js = density_js(&p, &q, Quadrature::default())?;
/// assert!((js.value - 2f64.ln()).abs() < 1e-8);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn density_js(
    p: &(impl Density + Sync),
    q: &(impl Density + Sync),
    options: Quadrature,
) -> Result<Integral, DivergenceError> {
    ensure_plane(q.dim())?;
    let term = |x: &[f64; 2]| {
        let (p, q) = (p.ln_pdf(x), q.ln_pdf(x));
        let (high, low) = if p > q { (p, q) } else { (q, p) };
        let middle = high + (low - high).exp().ln_1p() - LN_2;
        let half = |log: f64| {
            if log.exp() == 0.0 { 0.0 } else { 0.5 * log.exp() * (log - middle) }
        };
        half(p) + half(q)
    };
    let bounds = join_bounds(p.bounds(), q.bounds());
    plane_integral(bounds, p.length_scale().min(q.length_scale()), options, p.dim(), term)
}

/// The integral of a known density over its box, which must come out as 1.
///
/// # Shapes
/// Dimension 2.
///
/// # Errors
/// As [`density_kl`].
///
/// # Example
/// ```
/// use gan_divergence::density::{NoisyMoons, Quadrature, integrate_density};
/// let total = integrate_density(&NoisyMoons::new(0.1)?, Quadrature::default())?;
/// assert!((total.value - 1.0).abs() < 1e-8);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn integrate_density(
    p: &(impl Density + Sync),
    options: Quadrature,
) -> Result<Integral, DivergenceError> {
    let term = |x: &[f64; 2]| p.ln_pdf(x).exp();
    plane_integral(p.bounds(), p.length_scale(), options, p.dim(), term)
}

pub(super) fn ensure_plane(dim: usize) -> Result<(), DivergenceError> {
    if dim == 2 {
        return Ok(());
    }
    Err(DivergenceError::DimensionMismatch { what: "the density", expected: 2, found: dim })
}

fn plane_integral(
    bounds: Vec<(f64, f64)>,
    scale: f64,
    options: Quadrature,
    dim: usize,
    f: impl Fn(&[f64; 2]) -> f64 + Sync,
) -> Result<Integral, DivergenceError> {
    ensure_plane(dim)?;
    let tolerance = options.tolerance;
    ensure_range(tolerance > 0.0, "the tolerance", "a positive number", tolerance)?;
    let bounds = [bounds[0], bounds[1]];
    let (value, error, cells) =
        integrate_rectangle(bounds, 2.0 * scale, tolerance, options.max_cells, f);
    Ok(Integral { value, error, cells, converged: error <= tolerance })
}
