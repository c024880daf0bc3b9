//! The numbers themselves.

use anyhow::Context as _;
use gan_divergence::{
    Density, DensityCells, KnnReference, Points, SlicedReference, Slicing, mode_quality,
    sample_kl_to_density,
};

use super::Truth;
use super::truth::cells_asked_for;

/// Nearest neighbors that the entropy and the divergence between samples are read from.
const NEIGHBORS: usize = 5;
/// Deviations within which a sample is of high quality, by PacGAN's protocol.
const REACH: f64 = 3.0;

/// How many samples the estimators see.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Sizes {
    /// In all.
    pub(crate) samples: usize,
    /// The first so many are looked up among the modes.
    pub(crate) of_modes: usize,
}

/// What samples of a known density score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Measures {
    /// Only of a density that is wide enough to be cut into cells.
    js: Option<f64>,
    kl_model_to_data: f64,
    kl_data_to_model: f64,
    sliced_w2: f64,
    /// Only of data that has modes.
    modes: Option<ModeMeasures>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct ModeMeasures {
    covered: usize,
    high_quality: f64,
    /// `ln K` less the entropy of the modes of high-quality samples; not a number without any.
    kl: f64,
}

impl Measures {
    /// Every number under the name that files and tables give it.
    ///
    /// A generator whose samples coincide has infinite divergences.
    pub(crate) fn named(&self) -> Vec<(&'static str, f64)> {
        let mut named: Vec<_> = self.js.map(|js| ("js", js)).into_iter().collect();
        named.extend([
            ("kl_model_to_data", self.kl_model_to_data),
            ("kl_data_to_model", self.kl_data_to_model),
            ("sliced_w2", self.sliced_w2),
        ]);
        if let Some(modes) = self.modes {
            named.push(("modes_covered", modes.covered as f64));
            named.push(("high_quality", modes.high_quality));
            named.push(("mode_kl", modes.kl));
        }
        named
    }
}

/// A density and real samples of it, with all that does not depend on what is compared with them.
pub(crate) struct Yardstick {
    truth: Truth,
    sizes: Sizes,
    /// None where the density is too narrow for them.
    cells: Option<DensityCells>,
    neighbors: KnnReference,
    lines: SlicedReference,
}

impl Yardstick {
    /// `reference` holds `[n, 2]` real samples.
    pub(crate) fn new(truth: Truth, reference: &[f64], sizes: Sizes) -> anyhow::Result<Self> {
        let reference = Points::new(reference, 2)?;
        let cells = match &truth {
            narrow if !narrow.is_fit_for_cells() => None,
            Truth::Moons(moons) => Some(DensityCells::new(moons, cells_across(moons))?),
            Truth::Modes { mixture, .. } => {
                Some(DensityCells::new(mixture, cells_across(mixture))?)
            }
        };
        let neighbors = KnnReference::new(NEIGHBORS, reference)?;
        let lines = SlicedReference::new(reference, Slicing::default())?;
        Ok(Self { truth, sizes, cells, neighbors, lines })
    }

    /// Compares `[n, 2]` samples with the density, and with the real samples of it.
    pub(crate) fn measure(&self, samples: &[f64]) -> anyhow::Result<Measures> {
        let samples = Points::new(samples, 2).context("cannot evaluate the generated points")?;
        let (kl_model_to_data, modes) = match &self.truth {
            Truth::Moons(moons) => (sample_kl_to_density(NEIGHBORS, samples, moons)?, None),
            Truth::Modes { mixture, deviation } => {
                let first = &samples.data()[..2 * self.sizes.of_modes.min(samples.len())];
                let modes = of_modes(first, &mixture.centers(), *deviation)?;
                (sample_kl_to_density(NEIGHBORS, samples, mixture)?, Some(modes))
            }
        };
        let js = self.cells.as_ref().map(|cells| cells.js(samples)).transpose()?;
        Ok(Measures {
            js: js.map(|js| js.estimate.value),
            kl_model_to_data: kl_model_to_data.value,
            kl_data_to_model: self.neighbors.kl(samples)?.value,
            sliced_w2: self.lines.sliced_wasserstein(2.0, samples)?.value,
            modes,
        })
    }
}

/// So many cells a side that the widest is two deviations wide: finer ones would hold noise, coarser
/// ones would hide a blurred mode.
fn cells_across(density: &impl Density) -> usize {
    cells_asked_for(density).clamp(10.0, 120.0) as usize
}

fn of_modes(samples: &[f64], centers: &[f64], deviation: f64) -> anyhow::Result<ModeMeasures> {
    let (samples, centers) = (Points::new(samples, 2)?, Points::new(centers, 2)?);
    let quality = mode_quality(samples, centers, deviation, REACH)?;
    let total = quality.counts.iter().sum::<u64>() as f64;
    let shares = quality.counts.iter().map(|&count| count as f64 / total);
    let terms = shares.map(|share| if share == 0.0 { 0.0 } else { share * share.ln() });
    Ok(ModeMeasures {
        covered: quality.modes_covered,
        high_quality: quality.high_quality,
        kl: (quality.modes as f64).ln() + terms.sum::<f64>(),
    })
}

#[cfg(test)]
mod tests {
    use gan_core::Seed;

    use super::*;
    use crate::config::DataConfig;

    const SIZES: Sizes = Sizes { samples: 2_000, of_modes: 2_000 };

    fn draw(truth: &Truth, index: u64) -> Vec<f64> {
        truth.draw(SIZES.samples, &Seed(3).stream("evaluation/real"), index)
    }

    /// Compares samples with the density and the first real samples of it.
    fn measure(truth: &Truth, samples: &[f64]) -> anyhow::Result<Measures> {
        Yardstick::new(truth.clone(), &draw(truth, 0), SIZES)?.measure(samples)
    }

    fn truth(data: &DataConfig) -> Truth {
        Truth::of(data).unwrap().unwrap()
    }

    #[test]
    fn real_samples_score_nearly_nothing() {
        for data in [DataConfig::moons(), DataConfig::ring(), DataConfig::grid()] {
            let truth = truth(&data);
            let real = measure(&truth, &draw(&truth, 1)).unwrap();
            assert!(real.js.unwrap() < 0.03, "{data:?} {real:?}");
            for kl in [real.kl_model_to_data, real.kl_data_to_model] {
                assert!(kl.abs() < 0.15, "{data:?} {real:?}");
            }
            assert!(real.sliced_w2 < 0.25, "{data:?} {real:?}");
        }
    }

    /// Within 3 deviations of a plane mode lie 1 − e^(−4.5) of it; the histogram of N samples has a
    /// divergence of (K − 1)/(2N) by chance.
    #[test]
    fn a_perfect_grid_reaches_the_ceilings_of_the_protocol() {
        let truth = truth(&DataConfig::grid());
        let real = measure(&truth, &draw(&truth, 1)).unwrap();
        let modes = real.modes.unwrap();
        assert_eq!(modes.covered, 25);
        assert!((modes.high_quality - 0.988_9).abs() < 0.01, "{modes:?}");
        assert!((0.001..0.015).contains(&modes.kl), "{modes:?}");
    }

    #[test]
    fn a_collapsed_generator_is_told_from_a_blurred_one() {
        let truth = truth(&DataConfig::ring());
        let real = draw(&truth, 1);
        let nearest_is_right = |point: &&[f64]| point[0] > 0.9;
        let one: Vec<f64> = real.chunks(2).filter(nearest_is_right).flatten().copied().collect();
        let collapsed = measure(&truth, &one).unwrap();
        let modes = collapsed.modes.unwrap();
        assert_eq!(modes.covered, 1);
        assert!((modes.kl - 8f64.ln()).abs() < 1e-12);
        assert!((collapsed.kl_model_to_data - 8f64.ln()).abs() < 0.3, "{collapsed:?}");
        assert!(collapsed.kl_data_to_model > 2.0, "{collapsed:?}");

        let blurred: Vec<f64> = real.iter().enumerate().map(|(i, x)| x + 0.1 * wave(i)).collect();
        let blurred = measure(&truth, &blurred).unwrap();
        let modes = blurred.modes.unwrap();
        assert!(modes.covered == 8 && modes.high_quality < 0.3, "{modes:?}");
        assert!(blurred.kl_model_to_data > blurred.kl_data_to_model, "{blurred:?}");
    }

    /// Anything that moves neighbors apart.
    fn wave(i: usize) -> f64 {
        (i as f64 * 12.9898).sin()
    }

    /// However narrow the density: what is left is measured, and soon.
    #[test]
    fn a_narrow_density_is_measured_without_cells() {
        for noise in [5e-3, 1e-3, 1e-5] {
            let truth = truth(&DataConfig::Moons { points: 10, noise });
            let real = measure(&truth, &draw(&truth, 1)).unwrap();
            assert!(real.js.is_none() && real.kl_model_to_data.is_finite(), "{noise} {real:?}");
            assert!(real.named().iter().all(|(name, _)| *name != "js"));
        }
    }

    #[test]
    fn points_that_coincide_are_infinitely_far_and_no_error() {
        let truth = truth(&DataConfig::moons());
        let same = measure(&truth, &[0.0; 40]).unwrap();
        assert_eq!(same.kl_model_to_data, f64::INFINITY);
        assert!(same.js.unwrap() > 0.6 && same.modes.is_none());
    }

    #[test]
    fn a_point_that_is_not_a_number_is_an_error() {
        let truth = truth(&DataConfig::moons());
        let error = measure(&truth, &[f64::NAN; 40]).unwrap_err();
        assert!(format!("{error:#}").contains("NaN"), "{error:#}");
    }
}
