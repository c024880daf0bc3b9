//! The inner loop of an integral along a circle.

use crate::lanes::{exp_in_place_body, fold_pairs};

/// How many nodes the loop is made for.
pub(crate) const CIRCLE_NODES: usize = 32;

widest! {
    /// `Σ wᵢ·exp(s·(cos(c + δᵢ) − cos c))/(1 + tan²(δᵢ/4))` with `tan(δᵢ/4) = length·uᵢ`, for the rule
    /// `[u, w]` and the circle `[s, cos c, sin c]`.
    ///
    /// Sines and cosines are fractions of that tangent, and nothing cancels in
    /// `cos(c + δ) − cos c = −2·sin(δ/2)·(sin(δ/2)·cos c + cos(δ/2)·sin c)`.
    fn along_circle(rule: &[[f64; CIRCLE_NODES]; 2], length: f64, circle: [f64; 3]) -> f64
        = along_circle_body
}

/// In three passes, because compilers do not find the vectors in one.
#[inline(always)]
fn along_circle_body(rule: &[[f64; CIRCLE_NODES]; 2], length: f64, circle: [f64; 3]) -> f64 {
    let ([nodes, weights], [sharpness, cosine, sine]) = (rule, circle);
    let (mut powers, mut factors) = ([0.0; CIRCLE_NODES], [0.0; CIRCLE_NODES]);
    for i in 0..CIRCLE_NODES {
        let tangent = length * nodes[i];
        let square = tangent * tangent;
        let slope = 1.0 / (1.0 + square);
        let (half_sine, half_cosine) = (2.0 * tangent * slope, (1.0 - square) * slope);
        powers[i] = -2.0 * sharpness * half_sine * (half_sine * cosine + half_cosine * sine);
        factors[i] = weights[i] * slope;
    }
    exp_in_place_body(&mut powers);
    fold_pairs(&powers, &factors, 0.0, |power, factor| power * factor, |x, y| x + y)
}
