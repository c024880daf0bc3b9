//! Jensen–Shannon: the divergence, its root, and the weighted form for many distributions.

use std::f64::consts::LN_2;

use crate::discrete::rel_entr;
use crate::error::DivergenceError;
use crate::pmf::{Pmf, ensure_same_outcomes};
use crate::sum::sum;

/// Jensen–Shannon divergence between `p` and `q`, in nats.
///
/// `JS(p, q) = ½·KL(p ‖ m) + ½·KL(q ‖ m)` with `m = ½·(p + q)`. Symmetric; 0 only for equal
/// distributions; `ln 2` for disjoint ones. The metric is its root, [`js_distance`], which is what
/// SciPy's `jensenshannon` returns.
///
/// # Shapes
/// Masses of the same `n ≥ 1` outcomes, in the same order.
///
/// # Errors
/// [`DivergenceError::LengthMismatch`].
///
/// # Numerics
/// Both halves are added per outcome. Rounding can leave the sum just outside of `[0, ln 2]`, so it
/// is clamped there.
///
/// # Source
/// Lin (1991), doi:10.1109/18.61115.
///
/// # Example
/// ```
/// use gan_divergence::Pmf;
/// use gan_divergence::discrete::js_divergence;
/// let certain = Pmf::new(vec![1.0, 0.0])?;
/// let fair = Pmf::new(vec![0.5, 0.5])?;
/// assert!((js_divergence(&certain, &fair)? - 0.215_761_554_338_835_68).abs() < 1e-15);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn js_divergence(p: &Pmf, q: &Pmf) -> Result<f64, DivergenceError> {
    ensure_same_outcomes(p.len(), q.len())?;
    let halves = |(&p, &q): (&f64, &f64)| {
        let middle = 0.5 * p + 0.5 * q;
        // The mean of two subnormal masses can round to 0, where both halves are negligible.
        if p == q || middle == 0.0 {
            0.0
        } else {
            0.5 * (rel_entr(p, middle) + rel_entr(q, middle))
        }
    };
    Ok(sum(p.masses().iter().zip(q.masses()).map(halves)).clamp(0.0, LN_2))
}

/// Jensen–Shannon distance, the square root of [`js_divergence`], in root nats.
///
/// `√JS(p, q)`. A metric, in `[0, √(ln 2)]`. For the distance in root bits, take
/// `LogBase::Bits.convert(js_divergence(p, q)?).sqrt()`.
///
/// # Shapes
/// Masses of the same `n ≥ 1` outcomes, in the same order.
///
/// # Errors
/// [`DivergenceError::LengthMismatch`].
///
/// # Numerics
/// Never NaN: the divergence is clamped to its range before the root.
///
/// # Source
/// Endres and Schindelin (2003), doi:10.1109/TIT.2003.813506.
///
/// # Example
/// ```
/// use gan_divergence::Pmf;
/// use gan_divergence::discrete::js_distance;
/// let heads = Pmf::new(vec![1.0, 0.0])?;
/// let tails = Pmf::new(vec![0.0, 1.0])?;
/// assert!((js_distance(&heads, &tails)? - 0.832_554_611_157_697_7).abs() < 1e-15);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn js_distance(p: &Pmf, q: &Pmf) -> Result<f64, DivergenceError> {
    Ok(js_divergence(p, q)?.sqrt())
}

/// Jensen–Shannon divergence of many distributions under weights, in nats.
///
/// `JS_w(p₁, …, p_k) = Σⱼ wⱼ·KL(pⱼ ‖ m)` with `m = Σⱼ wⱼ·pⱼ`. In `[0, H(w)]`. With two distributions
/// and weights of one half it is [`js_divergence`].
///
/// # Shapes
/// `k ≥ 1` distributions over the same outcomes, and a [`Pmf`] of `k` weights.
///
/// # Errors
/// [`DivergenceError::LengthMismatch`] for weights or outcomes, [`DivergenceError::Empty`] without
/// distributions.
///
/// # Numerics
/// A rounded result below 0 is returned as 0.
///
/// # Source
/// Lin (1991), doi:10.1109/18.61115, §V.
///
/// # Example
/// ```
/// use gan_divergence::Pmf;
/// use gan_divergence::discrete::weighted_js;
/// let faces = [Pmf::new(vec![1.0, 0.0, 0.0])?, Pmf::new(vec![0.0, 1.0, 0.0])?,
///     Pmf::new(vec![0.0, 0.0, 1.0])?];
/// let value = weighted_js(&faces, &Pmf::uniform(3)?)?;
/// assert!((value - 3f64.ln()).abs() < 1e-15);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn weighted_js(distributions: &[Pmf], weights: &Pmf) -> Result<f64, DivergenceError> {
    let first =
        distributions.first().ok_or(DivergenceError::Empty { what: "the distributions" })?;
    crate::error::ensure_len("the weights", distributions.len(), weights.len())?;
    for other in distributions {
        ensure_same_outcomes(first.len(), other.len())?;
    }
    let weighted = || distributions.iter().zip(weights.masses());
    let outcome = |i: usize| {
        let middle = sum(weighted().map(|(p, w)| w * p.masses()[i]));
        if middle == 0.0 {
            return 0.0;
        }
        let term = |(p, w): (&Pmf, &f64)| {
            if *w == 0.0 { 0.0 } else { w * rel_entr(p.masses()[i], middle) }
        };
        sum(weighted().map(term))
    };
    Ok(sum((0..first.len()).map(outcome)).max(0.0))
}
