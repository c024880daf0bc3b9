//! The density of two noisy half circles.

use std::f64::consts::{PI, TAU};
use std::sync::OnceLock;

use rand::Rng;

use crate::density::quadrature::GaussLegendre;
use crate::density::{Density, REACH};
use crate::error::{DivergenceError, ensure_range};
use crate::random::{standard_normal, uniform};
use crate::sum::log_sum_exp;

/// Two interleaved half circles with isotropic Gaussian noise: what scikit-learn's `make_moons` draws
/// from in the limit of many points.
///
/// The outer arc is `(cos t, sin t)`, the inner one `(1 − cos t, ½ − sin t)`, with `t` uniform on `[0, π]`,
/// half of the mass on each. `make_moons` itself spaces `t` evenly.
///
/// # Numerics
/// `p(x)` is an integral along each arc. Over the stretch where the integrand is within `e⁻⁴⁵` of its
/// largest value it takes four Gauss–Legendre panels of 16 points, in log space.
///
/// # Example
/// ```
/// use gan_divergence::{Density, NoisyMoons};
/// let moons = NoisyMoons::new(0.1)?;
/// assert!(moons.ln_pdf(&[0.0, 1.0]) > moons.ln_pdf(&[0.5, 1.5]));
/// assert!(moons.ln_pdf(&[40.0, 0.0]).is_finite());
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NoisyMoons {
    noise: f64,
}

/// Integrands this far below the peak, in nats, are left out.
const DEPTH: f64 = 45.0;

impl NoisyMoons {
    /// Moons with noise of this standard deviation.
    ///
    /// # Errors
    /// [`DivergenceError::OutOfRange`] unless it is positive and finite: without noise there is no
    /// density.
    ///
    /// # Example
    /// ```
    /// assert!(gan_divergence::NoisyMoons::new(0.0).is_err());
    /// ```
    pub fn new(noise: f64) -> Result<Self, DivergenceError> {
        let valid = noise > 0.0 && noise.is_finite();
        ensure_range(valid, "the noise", "a positive number", noise)?;
        Ok(Self { noise })
    }

    /// The standard deviation of the noise.
    ///
    /// # Example
    /// ```
    /// assert_eq!(gan_divergence::NoisyMoons::new(0.1)?.noise(), 0.1);
    /// # Ok::<(), gan_divergence::DivergenceError>(())
    /// ```
    #[must_use]
    pub fn noise(&self) -> f64 {
        self.noise
    }

    /// `ln` of the density of the upper unit half circle with noise, at a point.
    ///
    /// With `x` at polar coordinates `(r, φ)`: `‖x − c(t)‖² = (r − 1)² + 2r·(1 − cos(t − φ))`.
    fn ln_arc(&self, x: f64, y: f64) -> f64 {
        let variance = self.noise * self.noise;
        let (radius, angle) = (x.hypot(y), y.atan2(x));
        let sharpness = radius / variance;
        // The nearest point of the arc: at the angle itself, or at one of the two ends.
        let peak = if angle >= 0.0 { 1.0 } else { angle.cos().abs() };
        let floor = peak - DEPTH / sharpness;
        let width = if floor > -1.0 { floor.acos() } else { PI };
        let integral: f64 = [-TAU, 0.0, TAU]
            .into_iter()
            .map(|turn| {
                let (low, high) = ((angle + turn - width).max(0.0), (angle + turn + width).min(PI));
                let integrand = |t: f64| (sharpness * ((t - angle).cos() - peak)).exp();
                if low < high { panels().integrate(low, high, integrand) } else { 0.0 }
            })
            .sum();
        let square = (radius - 1.0).powi(2) + 2.0 * radius * (1.0 - peak);
        integral.ln() - 0.5 * square / variance - (2.0 * PI * PI * variance).ln()
    }
}

/// The composite rule, worked out once.
fn panels() -> &'static GaussLegendre {
    static RULE: OnceLock<GaussLegendre> = OnceLock::new();
    RULE.get_or_init(|| GaussLegendre::new(16).in_panels(4))
}

impl Density for NoisyMoons {
    fn dim(&self) -> usize {
        2
    }

    fn ln_pdf(&self, x: &[f64]) -> f64 {
        // The inner arc is the outer one turned by π about (½, ¼).
        let arcs = [self.ln_arc(x[0], x[1]), self.ln_arc(1.0 - x[0], 0.5 - x[1])];
        log_sum_exp(arcs.into_iter()) - std::f64::consts::LN_2
    }

    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> Vec<f64> {
        let outer = uniform(rng) < 0.5;
        let (sine, cosine) = (PI * uniform(rng)).sin_cos();
        let center = if outer { [cosine, sine] } else { [1.0 - cosine, 0.5 - sine] };
        center.into_iter().map(|c| c + self.noise * standard_normal(rng)).collect()
    }

    fn bounds(&self) -> Vec<(f64, f64)> {
        let reach = REACH * self.noise;
        vec![(-1.0 - reach, 2.0 + reach), (-0.5 - reach, 1.0 + reach)]
    }

    fn length_scale(&self) -> f64 {
        self.noise
    }
}
