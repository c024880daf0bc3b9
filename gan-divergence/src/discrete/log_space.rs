//! The same divergences on log masses, for classifiers whose small masses underflow.

use std::f64::consts::LN_2;

use crate::error::DivergenceError;
use crate::pmf::{LogPmf, ensure_same_outcomes};
use crate::sum::sum;

/// Shannon entropy of log masses, in nats.
///
/// `−Σ exp(l)·l`. In `[0, ln n]`.
///
/// # Example
/// ```
/// use gan_divergence::LogPmf;
/// use gan_divergence::discrete::entropy_from_logs;
/// let p = LogPmf::from_logits(&[3.0, 3.0])?;
/// assert!((entropy_from_logs(&p) - 2f64.ln()).abs() < 1e-15);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
#[must_use]
pub fn entropy_from_logs(p: &LogPmf) -> f64 {
    sum(p.logs().iter().map(|&l| if l == f64::NEG_INFINITY { 0.0 } else { -l.exp() * l })).max(0.0)
}

/// Kullback–Leibler divergence between log masses, in nats.
///
/// `Σ exp(lp)·(lp − lq)`. In `[0, ∞]`; finite wherever `lq` is, even if `exp(lq)` underflows.
///
/// # Shapes
/// Log masses of the same `n ≥ 1` outcomes, in the same order.
///
/// # Errors
/// [`DivergenceError::LengthMismatch`].
///
/// # Numerics
/// Unlike [`kl`](crate::discrete::kl), a difference of two logarithms: for nearly equal inputs the absolute
/// error is about the rounding of the largest log mass. A rounded result below 0 is returned as 0.
///
/// # Example
/// ```
/// use gan_divergence::LogPmf;
/// use gan_divergence::discrete::kl_from_logs;
/// let p = LogPmf::from_logits(&[0.0, -900.0])?;
/// let q = LogPmf::from_logits(&[-900.0, 0.0])?;
/// assert_eq!(kl_from_logs(&p, &q)?, 900.0);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn kl_from_logs(p: &LogPmf, q: &LogPmf) -> Result<f64, DivergenceError> {
    ensure_same_outcomes(p.len(), q.len())?;
    Ok(sum(p.logs().iter().zip(q.logs()).map(|(&p, &q)| term(p, q))).max(0.0))
}

/// Jensen–Shannon divergence between log masses, in nats.
///
/// `½·KL(p ‖ m) + ½·KL(q ‖ m)` with `ln m = ln(exp lp + exp lq) − ln 2`. In `[0, ln 2]`.
///
/// # Shapes
/// Log masses of the same `n ≥ 1` outcomes, in the same order.
///
/// # Errors
/// [`DivergenceError::LengthMismatch`].
///
/// # Numerics
/// Clamped to its range, as [`js_divergence`](crate::discrete::js_divergence).
///
/// # Source
/// Lin (1991), doi:10.1109/18.61115.
///
/// # Example
/// ```
/// use gan_divergence::LogPmf;
/// use gan_divergence::discrete::js_from_logs;
/// let p = LogPmf::from_logits(&[0.0, -900.0])?;
/// let q = LogPmf::from_logits(&[-900.0, 0.0])?;
/// assert_eq!(js_from_logs(&p, &q)?, 2f64.ln());
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn js_from_logs(p: &LogPmf, q: &LogPmf) -> Result<f64, DivergenceError> {
    ensure_same_outcomes(p.len(), q.len())?;
    let halves = |(&p, &q): (&f64, &f64)| {
        let (high, low) = if p > q { (p, q) } else { (q, p) };
        if high == f64::NEG_INFINITY {
            return 0.0;
        }
        let middle = high + (low - high).exp().ln_1p() - LN_2;
        0.5 * (term(p, middle) + term(q, middle))
    };
    Ok(sum(p.logs().iter().zip(q.logs()).map(halves)).clamp(0.0, LN_2))
}

fn term(p: f64, q: f64) -> f64 {
    let mass = p.exp();
    if mass == 0.0 { 0.0 } else { mass * (p - q) }
}
