//! Divergences with an order: Rényi, Tsallis and α, all from the one power sum.

use crate::discrete::kullback_leibler::log_of_ratio;
use crate::discrete::{kl, reverse_kl};
use crate::error::{DivergenceError, ensure_range};
use crate::pmf::{Pmf, ensure_same_outcomes};
use crate::sum::{log_sum_exp, sum};

/// Orders this close to 1 take the series around it, where the quotient form loses its digits.
const NEAR_ONE: f64 = 1e-4;

/// Rényi divergence of the given order, in nats.
///
/// `D_α(p ‖ q) = ln(Σ p^α·q^(1−α)) / (α − 1)`. Order 0 is `−ln q(p > 0)`, order 1 is [`kl`], order `∞`
/// is `ln max p/q`. In `[0, ∞]`, and non-decreasing in the order.
///
/// # Shapes
/// Masses of the same `n ≥ 1` outcomes, in the same order.
///
/// # Errors
/// [`DivergenceError::OutOfRange`] for a negative or NaN order (`+∞` is allowed),
/// [`DivergenceError::LengthMismatch`].
///
/// # Numerics
/// The power sum is formed in log space. Within 1e-4 of order 1 it is `ln(1 + Σ p·(e^y − 1))` with
/// `y = (α − 1)·ln(p/q)` through `expm1` and `ln_1p`, which loses no digits. Rounded results below
/// 0 are returned as 0.
///
/// # Source
/// van Erven and Harremoës (2014), doi:10.1109/TIT.2014.2320500.
///
/// # Example
/// ```
/// use gan_divergence::Pmf;
/// use gan_divergence::discrete::renyi;
/// let p = Pmf::new(vec![0.36, 0.48, 0.16])?;
/// let q = Pmf::uniform(3)?;
/// assert!((renyi(2.0, &p, &q)? - 0.145_657_572_422_363_24).abs() < 1e-15);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn renyi(order: f64, p: &Pmf, q: &Pmf) -> Result<f64, DivergenceError> {
    ensure_order(order)?;
    ensure_same_outcomes(p.len(), q.len())?;
    if order == 1.0 {
        return kl(p, q);
    }
    if order == f64::INFINITY {
        return Ok(log_ratios(p, q).fold(0.0, f64::max));
    }
    if (order - 1.0).abs() < NEAR_ONE && kl(p, q)?.is_finite() {
        return Ok((excess(order, p, q).ln_1p() / (order - 1.0)).max(0.0));
    }
    Ok((log_power_sum(order, p, q) / (order - 1.0)).max(0.0))
}

/// Tsallis divergence of the given order, without unit.
///
/// `T_α(p ‖ q) = (Σ p^α·q^(1−α) − 1) / (α − 1)`. Order 1 is [`kl`]; order 2 is
/// [`pearson_chi_squared`](crate::discrete::pearson_chi_squared). In `[0, ∞]`.
///
/// # Shapes
/// Masses of the same `n ≥ 1` outcomes, in the same order.
///
/// # Errors
/// [`DivergenceError::OutOfRange`] for an order that is negative, infinite or NaN,
/// [`DivergenceError::LengthMismatch`].
///
/// # Numerics
/// As [`renyi`].
///
/// # Source
/// Tsallis (1998), doi:10.1103/PhysRevE.58.1442.
///
/// # Example
/// ```
/// use gan_divergence::Pmf;
/// use gan_divergence::discrete::tsallis;
/// let p = Pmf::new(vec![0.36, 0.48, 0.16])?;
/// assert!((tsallis(2.0, &p, &Pmf::uniform(3)?)? - 0.1568).abs() < 1e-15);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn tsallis(order: f64, p: &Pmf, q: &Pmf) -> Result<f64, DivergenceError> {
    ensure_order(order)?;
    ensure_range(order.is_finite(), "the order", "a finite number of at least 0", order)?;
    ensure_same_outcomes(p.len(), q.len())?;
    if order == 1.0 {
        return kl(p, q);
    }
    if (order - 1.0).abs() < NEAR_ONE && kl(p, q)?.is_finite() {
        return Ok((excess(order, p, q) / (order - 1.0)).max(0.0));
    }
    Ok((log_power_sum(order, p, q).exp_m1() / (order - 1.0)).max(0.0))
}

/// Amari's α-divergence in Cichocki's parametrization, without unit.
///
/// `A_α(p ‖ q) = (Σ p^α·q^(1−α) − 1) / (α·(α − 1))`. Order 1 is [`kl`], order 0 [`reverse_kl`], order ½ is
/// `4·(1 − BC)`, order 2 half of Pearson's χ², order −1 half of Neyman's. In `[0, ∞]`.
///
/// # Shapes
/// Masses of the same `n ≥ 1` outcomes, in the same order.
///
/// # Errors
/// [`DivergenceError::OutOfRange`] for an order that is not finite,
/// [`DivergenceError::LengthMismatch`].
///
/// # Numerics
/// Orders below ½ exchange the arguments, by `A_α(p ‖ q) = A_(1−α)(q ‖ p)`; then as [`tsallis`].
///
/// # Source
/// Cichocki and Amari (2010), doi:10.3390/e12061532.
///
/// # Example
/// ```
/// use gan_divergence::Pmf;
/// use gan_divergence::discrete::{alpha_divergence, reverse_kl};
/// let p = Pmf::new(vec![0.36, 0.48, 0.16])?;
/// let q = Pmf::uniform(3)?;
/// assert_eq!(alpha_divergence(0.0, &p, &q)?, reverse_kl(&p, &q)?);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn alpha_divergence(order: f64, p: &Pmf, q: &Pmf) -> Result<f64, DivergenceError> {
    ensure_range(order.is_finite(), "the order", "a finite number", order)?;
    if order == 0.0 {
        return reverse_kl(p, q);
    }
    if order < 0.5 {
        return Ok(tsallis(1.0 - order, q, p)? / (1.0 - order));
    }
    Ok(tsallis(order, p, q)? / order)
}

fn ensure_order(order: f64) -> Result<(), DivergenceError> {
    ensure_range(order >= 0.0, "the order", "a number of at least 0", order)
}

/// `ln(p/q)` on the support of `p`; `∞` where `q` is 0.
fn log_ratios(p: &Pmf, q: &Pmf) -> impl Iterator<Item = f64> {
    let pairs = p.masses().iter().zip(q.masses()).filter(|(p, _)| **p > 0.0);
    pairs.map(|(&p, &q)| if q == 0.0 { f64::INFINITY } else { log_of_ratio(p, q) })
}

/// `ln Σ p^α·q^(1−α)`; outcomes where both are 0 add nothing, nor do those that a power of 0 kills.
fn log_power_sum(order: f64, p: &Pmf, q: &Pmf) -> f64 {
    let pairs = p.masses().iter().zip(q.masses());
    let logs = pairs.filter(|(p, _)| **p > 0.0).filter_map(move |(&p, &q)| {
        if q > 0.0 {
            Some(q.ln() + order * log_of_ratio(p, q))
        } else if order > 1.0 {
            Some(f64::INFINITY)
        } else {
            None
        }
    });
    log_sum_exp(logs)
}

/// `Σ p^α·q^(1−α) − 1 = Σ p·(e^y − 1)` with `y = (α − 1)·ln(p/q)`, for orders near 1.
fn excess(order: f64, p: &Pmf, q: &Pmf) -> f64 {
    let pairs = p.masses().iter().zip(q.masses()).filter(|(p, _)| **p > 0.0);
    sum(pairs.map(|(&p, &q)| p * ((order - 1.0) * log_of_ratio(p, q)).exp_m1()))
}
