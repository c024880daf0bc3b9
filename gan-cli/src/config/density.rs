//! The data sets whose density is known.

use gan_data::{GridConfig, RingConfig};
use gan_eval::KnownDensity;

use super::DataConfig;

/// The least deviation of a density that points are compared with: samples are in `f32`, whose steps
/// are about 1e-7 at 1, and would show nothing of a narrower one.
const LEAST_DEVIATION: f64 = 1e-5;

impl DataConfig {
    /// What is not measured of the data because its noise is too small, if anything is.
    pub(crate) fn left_out(&self) -> anyhow::Result<Option<String>> {
        let (key, deviation) = match *self {
            Self::Moons { noise, .. } => ("data.noise", noise),
            Self::Ring { sigma, .. } | Self::Grid { sigma, .. } => ("data.sigma", sigma),
            _ => return Ok(None),
        };
        if deviation > 0.0 && deviation < LEAST_DEVIATION {
            return Ok(Some(format!(
                "no evaluation: `{key}` is {deviation:e}, and a density narrower than \
                 {LEAST_DEVIATION:e} does not show in single precision"
            )));
        }
        let density = self.density()?;
        Ok(density.filter(|density| !density.is_fit_for_cells()).map(|_| {
            format!(
                "the evaluation leaves out `samples/js`: `{key}` is {deviation}, too small for the \
                 cells that samples are counted in"
            )
        }))
    }

    /// The density of the data; `None` where it is not known, or there is none: without noise the
    /// samples are on a line or in single points.
    pub(crate) fn density(&self) -> anyhow::Result<Option<KnownDensity>> {
        Ok(match *self {
            Self::Moons { noise, .. } if noise >= LEAST_DEVIATION => {
                Some(KnownDensity::moons(noise)?)
            }
            Self::Ring { sigma, .. } if sigma >= LEAST_DEVIATION => {
                let RingConfig { n_modes, radius, .. } = RingConfig::default();
                Some(KnownDensity::ring(n_modes, radius, sigma)?)
            }
            Self::Grid { sigma, .. } if sigma >= LEAST_DEVIATION => {
                let GridConfig { modes_per_side, spacing, .. } = GridConfig::default();
                Some(KnownDensity::grid(modes_per_side, spacing, sigma)?)
            }
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use gan_core::seed::Seed;

    use super::*;

    /// The data sets draw their points by another way; ten thousand of each must agree in mean and
    /// spread: standard errors are about 0.01 for the moons and 0.03 for the grid.
    #[test]
    fn the_densities_are_those_of_the_data_sets() {
        for data in [DataConfig::moons(), DataConfig::ring(), DataConfig::grid()] {
            let density = data.density().unwrap().unwrap();
            let drawn = density.draw(10_000, &Seed(1).stream("evaluation/real"), 0);
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
            assert_eq!(data.density().unwrap(), None);
            assert_eq!(data.left_out().unwrap(), None);
        }
    }

    /// From the default down to the smallest number there is: all, all but `js`, nothing.
    #[test]
    fn what_a_small_noise_leaves_out_is_said() {
        let moons = |noise| DataConfig::Moons { points: 10, noise };
        for noise in [0.05, 0.01, 1.0] {
            assert_eq!(moons(noise).left_out().unwrap(), None, "{noise}");
        }
        for noise in [0.005, 0.001, 1e-5] {
            let said = moons(noise).left_out().unwrap().unwrap();
            let expected = "the evaluation leaves out `samples/js`: `data.noise` is";
            assert!(said.starts_with(expected), "{said}");
            assert!(moons(noise).density().unwrap().is_some());
        }
        for noise in [9e-6, 1e-300, f64::MIN_POSITIVE] {
            let said = moons(noise).left_out().unwrap().unwrap();
            assert!(said.starts_with("no evaluation: `data.noise` is"), "{said}");
            assert!(moons(noise).density().unwrap().is_none());
        }
        for data in [DataConfig::ring(), DataConfig::grid()] {
            assert_eq!(data.left_out().unwrap(), None);
        }
        let ring = DataConfig::Ring { points: 10, sigma: 1e-3 }.left_out().unwrap();
        assert!(ring.unwrap().contains("`data.sigma` is 0.001"));
    }
}
