//! Densities that are known exactly.

use gan_core::seed::Stream;
use gan_divergence::density::{Density, Mixture, NoisyMoons};

use crate::EvalError;

/// A density in the plane that the real samples follow.
#[doc(alias = "Truth")]
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum KnownDensity {
    /// Two noisy half circles.
    Moons(NoisyMoons),
    /// Equal Gaussians, the modes.
    Modes {
        /// All of them.
        mixture: Mixture,
        /// The standard deviation of each.
        deviation: f64,
    },
}

/// Cells a side, each two deviations wide, beyond which their masses are not worked out: with the 120
/// that there are at most, a cell is then three deviations wide.
const MOST_CELLS: f64 = 180.0;

impl KnownDensity {
    /// Two half circles whose noise has the standard deviation `noise`.
    ///
    /// # Errors
    /// [`EvalError::Divergence`] unless `noise` is finite and above 0.
    pub fn moons(noise: f64) -> Result<Self, EvalError> {
        Ok(Self::Moons(NoisyMoons::new(noise)?))
    }

    /// `modes` Gaussians on a circle.
    ///
    /// # Errors
    /// [`EvalError::Divergence`] unless `deviation` is finite and above 0.
    pub fn ring(modes: usize, radius: f64, deviation: f64) -> Result<Self, EvalError> {
        Ok(Self::Modes { mixture: Mixture::ring(modes, radius, deviation)?, deviation })
    }

    /// Gaussians on a square grid.
    ///
    /// # Errors
    /// [`EvalError::Divergence`] unless `deviation` is finite and above 0.
    pub fn grid(modes_per_side: usize, spacing: f64, deviation: f64) -> Result<Self, EvalError> {
        Ok(Self::Modes { mixture: Mixture::grid(modes_per_side, spacing, deviation)?, deviation })
    }

    /// Whether the density is wide enough for the cells in which samples are counted for the
    /// Jensen–Shannon divergence; where it is not, that is not measured.
    pub fn is_fit_for_cells(&self) -> bool {
        match self {
            Self::Moons(moons) => cells_asked_for(moons) <= MOST_CELLS,
            Self::Modes { mixture, .. } => cells_asked_for(mixture) <= MOST_CELLS,
        }
    }

    /// Whether it has modes that can be distinguished.
    pub(super) fn has_modes(&self) -> bool {
        matches!(self, Self::Modes { .. })
    }

    /// The natural logarithm of the density at a point, in nats.
    pub fn ln_pdf(&self, point: [f64; 2]) -> f64 {
        match self {
            Self::Moons(moons) => moons.ln_pdf(&point),
            Self::Modes { mixture, .. } => mixture.ln_pdf(&point),
        }
    }

    /// `count` points from draw number `index` of a stream, `[count, 2]` flattened.
    pub fn draw(&self, count: usize, stream: &Stream, index: u64) -> Vec<f64> {
        let mut rng = stream.draw(index);
        match self {
            Self::Moons(moons) => moons.sample_n(count, &mut rng),
            Self::Modes { mixture, .. } => mixture.sample_n(count, &mut rng),
        }
    }
}

/// How many cells a side the widest one is cut into, each two deviations wide.
pub(super) fn cells_asked_for(density: &impl Density) -> f64 {
    let sides = density.bounds().into_iter().map(|(low, high)| high - low);
    let widest = sides.fold(0.0, f64::max);
    (widest / (2.0 * density.length_scale())).ceil()
}
