//! The data sets whose density is known.

use gan_core::Stream;
use gan_data::{GridConfig, RingConfig};
use gan_divergence::{Density, Mixture, NoisyMoons};

use crate::config::DataConfig;

/// A density in the plane that the samples of a data set follow.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Truth {
    /// Two noisy half circles.
    Moons(NoisyMoons),
    /// Equal Gaussians.
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

/// How many cells a side the widest one is cut into, each two deviations wide.
pub(super) fn cells_asked_for(density: &impl Density) -> f64 {
    let sides = density.bounds().into_iter().map(|(low, high)| high - low);
    let widest = sides.fold(0.0, f64::max);
    (widest / (2.0 * density.length_scale())).ceil()
}

/// The least deviation of a density that points are compared with: samples are in `f32`, whose steps
/// are about 1e-7 at 1, and would show nothing of a narrower one.
const LEAST_DEVIATION: f64 = 1e-5;

impl Truth {
    /// What is not measured of a data set because its noise is too small, if anything is.
    pub(crate) fn left_out(data: &DataConfig) -> anyhow::Result<Option<String>> {
        let (key, deviation) = match *data {
            DataConfig::Moons { noise, .. } => ("data.noise", noise),
            DataConfig::Ring { sigma, .. } | DataConfig::Grid { sigma, .. } => {
                ("data.sigma", sigma)
            }
            _ => return Ok(None),
        };
        if deviation > 0.0 && deviation < LEAST_DEVIATION {
            return Ok(Some(format!(
                "no evaluation: `{key}` is {deviation:e}, and a density narrower than \
                 {LEAST_DEVIATION:e} does not show in single precision"
            )));
        }
        let truth = Self::of(data)?;
        Ok(truth.filter(|truth| !truth.is_fit_for_cells()).map(|_| {
            format!(
                "the evaluation leaves out `js`: `{key}` is {deviation}, too small for the cells that \
                 samples are counted in"
            )
        }))
    }

    /// The density of a data set; `None` where it is not known, or there is none: without noise the
    /// samples lie on a line or in single points.
    pub(crate) fn of(data: &DataConfig) -> anyhow::Result<Option<Self>> {
        let modes = |mixture, deviation| Self::Modes { mixture, deviation };
        Ok(match *data {
            DataConfig::Moons { noise, .. } if noise >= LEAST_DEVIATION => {
                Some(Self::Moons(NoisyMoons::new(noise)?))
            }
            DataConfig::Ring { sigma, .. } if sigma >= LEAST_DEVIATION => {
                let RingConfig { n_modes, radius, .. } = RingConfig::default();
                Some(modes(Mixture::ring(n_modes, radius, sigma)?, sigma))
            }
            DataConfig::Grid { sigma, .. } if sigma >= LEAST_DEVIATION => {
                let GridConfig { modes_per_side, spacing, .. } = GridConfig::default();
                Some(modes(Mixture::grid(modes_per_side, spacing, sigma)?, sigma))
            }
            _ => None,
        })
    }

    /// Whether cells as wide as its deviation asks for are few enough.
    pub(super) fn is_fit_for_cells(&self) -> bool {
        match self {
            Self::Moons(moons) => cells_asked_for(moons) <= MOST_CELLS,
            Self::Modes { mixture, .. } => cells_asked_for(mixture) <= MOST_CELLS,
        }
    }

    /// `count` points from one draw of a stream, `[count, 2]` flattened.
    pub(crate) fn draw(&self, count: usize, stream: &Stream, index: u64) -> Vec<f64> {
        let mut rng = stream.draw(index);
        match self {
            Self::Moons(moons) => moons.sample_n(count, &mut rng),
            Self::Modes { mixture, .. } => mixture.sample_n(count, &mut rng),
        }
    }
}

#[cfg(test)]
mod tests {
    use gan_core::Seed;

    use super::*;

    /// The data sets draw their points by another way; ten thousand of each must agree in mean and
    /// spread: standard errors are about 0.01 for the moons and 0.03 for the grid.
    #[test]
    fn the_densities_are_those_of_the_data_sets() {
        for data in [DataConfig::moons(), DataConfig::ring(), DataConfig::grid()] {
            let truth = Truth::of(&data).unwrap().unwrap();
            let drawn = truth.draw(10_000, &Seed(1).stream("evaluation/real"), 0);
            let set = data.open(Seed(2)).unwrap();
            let all: Vec<usize> = (0..set.len()).collect();
            let real: Vec<f64> = set.values(&all).into_iter().map(f64::from).collect();
            for axis in [0, 1] {
                let ([a, b], [c, d]) = (moments(&drawn, axis), moments(&real, axis));
                assert!((a - c).abs() < 0.15 && (b / d - 1.0).abs() < 0.05, "{data:?} {a} {c}");
            }
        }
    }

    /// Mean and standard deviation of one coordinate.
    fn moments(points: &[f64], axis: usize) -> [f64; 2] {
        let values: Vec<f64> = points.iter().skip(axis).step_by(2).copied().collect();
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        [mean, (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n).sqrt()]
    }

    #[test]
    fn what_has_no_density_has_none() {
        for data in [
            DataConfig::Moons { points: 10, noise: 0.0 },
            DataConfig::Grid { points: 10, sigma: 0.0 },
            DataConfig::mnist(28),
        ] {
            assert_eq!(Truth::of(&data).unwrap(), None);
            assert_eq!(Truth::left_out(&data).unwrap(), None);
        }
    }

    /// From the default down to the smallest number there is: all, all but `js`, nothing.
    #[test]
    fn what_a_small_noise_leaves_out_is_said() {
        let moons = |noise| DataConfig::Moons { points: 10, noise };
        for noise in [0.05, 0.01, 1.0] {
            assert_eq!(Truth::left_out(&moons(noise)).unwrap(), None, "{noise}");
        }
        for noise in [0.005, 0.001, 1e-5] {
            let said = Truth::left_out(&moons(noise)).unwrap().unwrap();
            assert!(said.starts_with("the evaluation leaves out `js`: `data.noise` is"), "{said}");
            assert!(Truth::of(&moons(noise)).unwrap().is_some());
        }
        for noise in [9e-6, 1e-300, f64::MIN_POSITIVE] {
            let said = Truth::left_out(&moons(noise)).unwrap().unwrap();
            assert!(said.starts_with("no evaluation: `data.noise` is"), "{said}");
            assert!(Truth::of(&moons(noise)).unwrap().is_none());
        }
        for data in [DataConfig::ring(), DataConfig::grid()] {
            assert_eq!(Truth::left_out(&data).unwrap(), None);
        }
        let ring = Truth::left_out(&DataConfig::Ring { points: 10, sigma: 1e-3 }).unwrap();
        assert!(ring.unwrap().contains("`data.sigma` is 0.001"));
    }
}
