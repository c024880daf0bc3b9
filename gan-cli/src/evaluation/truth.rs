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

impl Truth {
    /// The density of a data set; `None` where it is not known, or there is none: without noise the
    /// samples lie on a line or in single points.
    pub(crate) fn of(data: &DataConfig) -> anyhow::Result<Option<Self>> {
        let modes = |mixture, deviation| Self::Modes { mixture, deviation };
        Ok(match *data {
            DataConfig::Moons { noise, .. } if noise > 0.0 => {
                Some(Self::Moons(NoisyMoons::new(noise)?))
            }
            DataConfig::Ring { sigma, .. } if sigma > 0.0 => {
                let RingConfig { n_modes, radius, .. } = RingConfig::default();
                Some(modes(Mixture::ring(n_modes, radius, sigma)?, sigma))
            }
            DataConfig::Grid { sigma, .. } if sigma > 0.0 => {
                let GridConfig { modes_per_side, spacing, .. } = GridConfig::default();
                Some(modes(Mixture::grid(modes_per_side, spacing, sigma)?, sigma))
            }
            _ => None,
        })
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
        }
    }
}
