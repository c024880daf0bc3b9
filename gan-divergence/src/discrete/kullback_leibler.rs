//! Kullback–Leibler in both directions, and their sum.

use crate::error::DivergenceError;
use crate::lanes::{ln_ratio, relative_entropy};
use crate::parallel::map_chunks;
use crate::pmf::{Pmf, ensure_same_outcomes};
use crate::sum::sum;

/// Outcomes in one piece of a long sum.
const CHUNK: usize = 8192;

/// Kullback–Leibler divergence of `q` from `p`, in nats.
///
/// `KL(p ‖ q) = Σ p·ln(p/q)`. In `[0, ∞]`; 0 only for equal distributions; `∞` as soon as an outcome
/// has `p > 0` and `q = 0`, which is its value and not an error. Outcomes with `p = 0` add nothing.
///
/// # Shapes
/// Masses of the same `n ≥ 1` outcomes, in the same order.
///
/// # Errors
/// [`DivergenceError::LengthMismatch`].
///
/// # Numerics
/// `ln(p/q)` comes from `p − q` over `p + q` after the exponents are taken apart: no premature
/// overflow, no cancellation for close masses. A rounded result below 0 is returned as 0.
///
/// # Source
/// Kullback and Leibler (1951), doi:10.1214/aoms/1177729694.
///
/// # Example
/// ```
/// use gan_divergence::Pmf;
/// use gan_divergence::discrete::kl;
/// let p = Pmf::new(vec![0.5, 0.5])?;
/// let q = Pmf::new(vec![0.9, 0.1])?;
/// assert!((kl(&p, &q)? - 0.510_825_623_765_990_6).abs() < 1e-15);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn kl(p: &Pmf, q: &Pmf) -> Result<f64, DivergenceError> {
    ensure_same_outcomes(p.len(), q.len())?;
    Ok(rel_entr_sum(p.masses(), q.masses()).max(0.0))
}

/// Kullback–Leibler divergence with the arguments exchanged, in nats.
///
/// `KL(q ‖ p) = Σ q·ln(q/p)`: what a generator `q` pays for mass where the data `p` has none.
/// In `[0, ∞]`.
///
/// # Shapes
/// Masses of the same `n ≥ 1` outcomes, in the same order.
///
/// # Errors
/// [`DivergenceError::LengthMismatch`].
///
/// # Source
/// Kullback and Leibler (1951), doi:10.1214/aoms/1177729694.
///
/// # Example
/// ```
/// use gan_divergence::Pmf;
/// use gan_divergence::discrete::reverse_kl;
/// let p = Pmf::new(vec![0.5, 0.5])?;
/// let q = Pmf::new(vec![0.9, 0.1])?;
/// assert!((reverse_kl(&p, &q)? - 0.368_064_207_168_497_1).abs() < 1e-15);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn reverse_kl(p: &Pmf, q: &Pmf) -> Result<f64, DivergenceError> {
    kl(q, p)
}

/// Jeffreys divergence, the sum of both directions of [`kl`], in nats.
///
/// `J(p, q) = KL(p ‖ q) + KL(q ‖ p) = Σ (p − q)·ln(p/q)`. Symmetric, in `[0, ∞]`. Some texts halve it.
///
/// # Shapes
/// Masses of the same `n ≥ 1` outcomes, in the same order.
///
/// # Errors
/// [`DivergenceError::LengthMismatch`].
///
/// # Numerics
/// Every term of the single sum is non-negative, so nothing cancels.
///
/// # Source
/// Jeffreys (1946), doi:10.1098/rspa.1946.0056.
///
/// # Example
/// ```
/// use gan_divergence::Pmf;
/// use gan_divergence::discrete::jeffreys;
/// let p = Pmf::new(vec![0.36, 0.48, 0.16])?;
/// assert!((jeffreys(&p, &Pmf::uniform(3)?)? - 0.182_754_608_103_758_1).abs() < 1e-15);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn jeffreys(p: &Pmf, q: &Pmf) -> Result<f64, DivergenceError> {
    ensure_same_outcomes(p.len(), q.len())?;
    let term = |(&p, &q): (&f64, &f64)| {
        if p == q {
            0.0
        } else if p == 0.0 || q == 0.0 {
            f64::INFINITY
        } else {
            (p - q) * log_of_ratio(p, q)
        }
    };
    Ok(sum(p.masses().iter().zip(q.masses()).map(term)))
}

/// One term of [`kl`], `x·ln(x/y)`, in nats.
///
/// 0 for `x = 0` and `y ≥ 0`; `∞` for any other `x ≤ 0` or `y ≤ 0`; NaN for NaN: SciPy's `rel_entr`.
/// SciPy's `kl_div` adds `− x + y` and is another function.
///
/// # Numerics
/// Neither the quotient nor a difference of two logarithms is formed, see [`kl`].
///
/// # Example
/// ```
/// use gan_divergence::discrete::rel_entr;
/// assert!((rel_entr(4.0, f64::MIN_POSITIVE) - 2_839.130_851_573_536).abs() < 1e-12);
/// assert_eq!(rel_entr(0.0, 0.0), 0.0);
/// assert_eq!(rel_entr(0.5, 0.0), f64::INFINITY);
/// ```
#[must_use]
pub fn rel_entr(x: f64, y: f64) -> f64 {
    if x.is_nan() || y.is_nan() {
        f64::NAN
    } else if x > 0.0 && y > 0.0 {
        x * log_of_ratio(x, y)
    } else if x == 0.0 && y >= 0.0 {
        0.0
    } else {
        f64::INFINITY
    }
}

/// `ln(p/q)` for positive numbers, subnormal ones included.
pub(super) fn log_of_ratio(p: f64, q: f64) -> f64 {
    const SCALE: f64 = 18_014_398_509_481_984.0; // 2⁵⁴
    if p.is_normal() && q.is_normal() {
        return ln_ratio(p, q);
    }
    if p.is_infinite() || q.is_infinite() {
        return p.ln() - q.ln();
    }
    let lift = |x: f64| {
        if x.is_normal() { (x, 0.0) } else { (x * SCALE, 54.0) }
    };
    let ((p, p_shift), (q, q_shift)) = (lift(p), lift(q));
    ln_ratio(p, q) + (q_shift - p_shift) * std::f64::consts::LN_2
}

/// `Σ p·ln(p/q)`, in parallel pieces when it is long; never clamped.
fn rel_entr_sum(p: &[f64], q: &[f64]) -> f64 {
    if p.len() <= CHUNK {
        return sum(p.iter().zip(q).map(|(&p, &q)| rel_entr(p, q)));
    }
    sum(map_chunks(p.len(), CHUNK, |range| {
        let (p, q) = (&p[range.clone()], &q[range]);
        let plain = |x: &[f64]| x.iter().fold(true, |all, &v| all & (v >= f64::MIN_POSITIVE));
        if plain(p) && plain(q) {
            relative_entropy(p, q)
        } else {
            sum(p.iter().zip(q).map(|(&p, &q)| rel_entr(p, q)))
        }
    }))
}
