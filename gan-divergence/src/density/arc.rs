//! The integral along a noisy half circle.

use std::sync::OnceLock;

use crate::density::quadrature::GaussLegendre;
use crate::lanes::{CIRCLE_NODES, along_circle};

/// Integrands this far below the largest one, in nats, are left out.
const DEPTH: f64 = 40.0;

/// `ln ∫₀^π exp(−‖x − (cos t, sin t)‖²/(2·variance)) dt`, at a point of the plane.
///
/// With the point at polar coordinates `(r, φ)`, `‖x − c(t)‖² = (r − 1)² + 2r·(1 − cos(t − φ))`. The
/// integrand falls on both sides of the arc's nearest point, which is at `φ` or at an end.
pub(super) fn ln_along_arc(x: f64, y: f64, variance: f64) -> f64 {
    // The arc is its own mirror image, so the right end may be taken for the nearer one.
    let x = x.abs();
    let radius = x.hypot(y);
    let (cosine, sine) = if radius > 0.0 { (x / radius, y.abs() / radius) } else { (1.0, 0.0) };
    let from = |cosine| Stretch { sharpness: radius / variance, cosine, sine };
    // The tangents of half the angles to the nearer and to the farther end.
    let near = sine / (1.0 + cosine);
    let far = 1.0 / near;
    if y >= 0.0 {
        let peak = Stretch { sine: 0.0, ..from(1.0) };
        let depth = peak.depth();
        let side = |end: f64| peak.integral(depth.min(end));
        let integral = if depth <= near { 2.0 * side(near) } else { side(near) + side(far) };
        integral.ln() - 0.5 * (radius - 1.0).powi(2) / variance
    } else {
        let side = |stretch: Stretch, end: f64| stretch.integral(stretch.depth().min(end));
        let drop = 2.0 * x / variance;
        let beyond = if drop < DEPTH { (-drop).exp() * side(from(-cosine), near) } else { 0.0 };
        let integral = side(from(cosine), far) + beyond;
        integral.ln() - 0.5 * ((x - 1.0).powi(2) + y * y) / variance
    }
}

/// A way along the circle, from an angle `c` to the point and away from it: `exp(s·(cos(c + δ) − cos c))`.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    sharpness: f64,
    cosine: f64,
    sine: f64,
}

impl Stretch {
    /// The integral over `δ` from 0 to where `tan(δ/2)` is `end`, with `c + δ ≤ π`.
    fn integral(self, end: f64) -> f64 {
        static RULE: OnceLock<[[f64; CIRCLE_NODES]; 2]> = OnceLock::new();
        let rule = RULE.get_or_init(|| GaussLegendre::new(CIRCLE_NODES).arrays());
        // By one Gauss–Legendre rule in tan(δ/4), in which the whole circle is no special case.
        let length = quarter(end);
        4.0 * length * along_circle(rule, length, [self.sharpness, self.cosine, self.sine])
    }

    /// `tan(δ/2)` where the exponent has fallen by [`DEPTH`]; infinite if it nowhere has.
    fn depth(self) -> f64 {
        let fall = 0.5 * DEPTH / self.sharpness;
        if self.cosine - 2.0 * fall <= -1.0 {
            return f64::INFINITY;
        }
        // The larger root of tan²·(cos c − fall) + tan·sin c = fall, without cancellation.
        let square = self.sine * self.sine + 4.0 * fall * (self.cosine - fall);
        2.0 * fall / (self.sine + square.max(0.0).sqrt())
    }
}

/// `tan(δ/4)` from `tan(δ/2)`, which may be infinite.
fn quarter(tangent: f64) -> f64 {
    let inverse = 1.0 / tangent;
    1.0 / (inverse + (1.0 + inverse * inverse).sqrt())
}
