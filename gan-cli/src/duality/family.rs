//! Pairs of known densities that move apart.

use gan_divergence::density::{Mixture, Quadrature, density_js};
use gan_divergence::gaussian::Gaussian;
use gan_divergence::{DivergenceError, Pmf};

/// A density in the plane and a copy of it that is moved along the first axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    /// One Gaussian: JS only grows.
    Gaussian,
    /// Eight narrow Gaussians on the unit circle: JS falls again where modes meet other modes.
    Ring,
}

/// Standard deviation of the one Gaussian.
const WIDE: f64 = 0.15;
/// Standard deviation of each of the eight.
const NARROW: f64 = 0.1;

impl Family {
    /// Both.
    pub(crate) const ALL: [Self; 2] = [Self::Gaussian, Self::Ring];

    /// As files name it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Gaussian => "gaussian",
            Self::Ring => "ring",
        }
    }

    /// As a picture names it.
    pub(crate) fn title(self) -> String {
        match self {
            Self::Gaussian => format!("Two Gaussians of deviation {WIDE}, moved apart"),
            Self::Ring => format!("Two rings of 8 Gaussians of deviation {NARROW}, moved apart"),
        }
    }

    /// The density, and the one moved by `shift`.
    pub(crate) fn pair(self, shift: f64) -> Result<[Mixture; 2], DivergenceError> {
        let (start, deviation) = match self {
            Self::Gaussian => (Mixture::ring(1, 0.0, WIDE)?, WIDE),
            Self::Ring => (Mixture::ring(8, 1.0, NARROW)?, NARROW),
        };
        let moved = |center: &[f64]| vec![center[0] + shift, center[1]];
        let centers = start.centers();
        let components = centers.chunks(2).map(|c| Gaussian::isotropic(moved(c), deviation));
        let components: Vec<Gaussian> = components.collect::<Result<_, _>>()?;
        let moved = Mixture::new(Pmf::uniform(components.len())?, components)?;
        Ok([start, moved])
    }

    /// `JS` of the pair in nats, by quadrature.
    pub(crate) fn exact_js(self, shift: f64) -> Result<f64, DivergenceError> {
        let [p, q] = self.pair(shift)?;
        let options = Quadrature { tolerance: 1e-6, ..Quadrature::default() };
        // Rounding can leave equal densities just below 0.
        Ok(density_js(&p, &q, options)?.value.max(0.0))
    }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::LN_2;

    use super::*;

    #[test]
    fn js_starts_at_zero_and_saturates_at_ln_2() {
        for family in Family::ALL {
            assert!(family.exact_js(0.0).unwrap().abs() < 1e-9);
        }
        assert!((Family::Gaussian.exact_js(1.6).unwrap() - LN_2).abs() < 1e-4);
    }

    /// At a shift of √2 two of the eight modes coincide with two others: JS is ¾·ln 2 up to what is left
    /// of the overlap of neighbors.
    #[test]
    fn rings_come_closer_in_js_where_modes_meet() {
        let [before, at] = [1.1, 2f64.sqrt()].map(|shift| Family::Ring.exact_js(shift).unwrap());
        assert!((at - 0.75 * LN_2).abs() < 0.01 && before > at + 0.1, "{before} {at}");
    }
}
