//! Two interleaving half circles, the smallest data on which mode collapse shows.

use std::f64::consts::PI;

use gan_batch::Seed;

use crate::normal::normal_pair;
use crate::order::shuffle;
use crate::sample_set::samples_in_field;
use crate::{DataError, Points};

/// How to make [`Moons`]: the parameters of scikit-learn's `make_moons`, with its defaults.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MoonsConfig {
    /// Points on both moons together; the outer moon has `n_samples / 2`. At least 1, default 100.
    pub n_samples: usize,
    /// Standard deviation of the Gaussian noise added to both coordinates. Not negative, default 0.
    pub noise: f64,
    /// Mix the two moons; otherwise all of the outer one comes first. Default `true`.
    pub shuffle: bool,
}

impl Default for MoonsConfig {
    fn default() -> Self {
        Self { n_samples: 100, noise: 0.0, shuffle: true }
    }
}

/// Two interleaving half circles in the plane, labeled 0 (outer) and 1 (inner).
///
/// With `t` evenly spaced from 0 to π along each arc, the outer moon is `(cos t, sin t)` and the
/// inner one `(1 − cos t, 1 − sin t − 0.5)`: what scikit-learn's `make_moons` computes. Without
/// noise the coordinates span `[−1, 2] × [−0.5, 1]`; they are not rescaled.
///
/// The same configuration and seed give the same bytes on every machine. They are not the points
/// that scikit-learn draws from a seed of the same number: its generator is another one.
#[derive(Clone, Debug)]
pub struct Moons {
    points: Points,
}

samples_in_field!(Moons, points);

impl Moons {
    /// Shuffled moons with noise.
    ///
    /// # Errors
    /// [`DataError::Parameter`] when `n_samples` is 0 or `noise` is negative or not finite.
    pub fn new(n_samples: usize, noise: f64, seed: Seed) -> Result<Self, DataError> {
        MoonsConfig { n_samples, noise, shuffle: true }.sample(seed)
    }

    /// The points, for plots and metrics.
    pub fn points(&self) -> &Points {
        &self.points
    }
}

impl MoonsConfig {
    /// Draw the points; the order comes from draw 0 and the noise from draw 1 of stream `moons`.
    ///
    /// # Errors
    /// [`DataError::Parameter`] when a field is out of its range.
    pub fn sample(&self, seed: Seed) -> Result<Moons, DataError> {
        DataError::check_n_samples(self.n_samples)?;
        DataError::check_not_negative("noise", self.noise)?;
        let stream = seed.stream("moons");

        let n_outer = self.n_samples / 2;
        let outer = angles(n_outer).map(|t| ([libm::cos(t), libm::sin(t)], 0));
        let inner = angles(self.n_samples - n_outer)
            .map(|t| ([1.0 - libm::cos(t), 1.0 - libm::sin(t) - 0.5], 1));
        let mut moons: Vec<([f64; 2], u32)> = outer.chain(inner).collect();

        if self.shuffle {
            shuffle(&mut moons, &mut stream.draw(0));
        }
        if self.noise > 0.0 {
            let mut rng = stream.draw(1);
            for ([x, y], _) in &mut moons {
                let [dx, dy] = normal_pair(&mut rng);
                *x += self.noise * dx;
                *y += self.noise * dy;
            }
        }
        Ok(Moons { points: Points::labeled(moons, 2) })
    }
}

/// `n` angles evenly spaced from 0 to π, both included; only 0 when `n` is 1.
fn angles(n: usize) -> impl Iterator<Item = f64> {
    let step = PI / n.saturating_sub(1).max(1) as f64;
    (0..n).map(move |i| if i > 0 && i + 1 == n { PI } else { i as f64 * step })
}

#[cfg(test)]
mod tests {
    use burn_dataset::Dataset;

    use super::*;
    use crate::SampleSet;

    /// `make_moons(n_samples=21, shuffle=False)` of scikit-learn 1.9.1: x, y, label.
    const SCIKIT_LEARN: &str = include_str!("../tests/fixtures/make_moons_21.csv");

    #[test]
    fn without_noise_and_shuffle_they_are_scikit_learns() {
        let config = MoonsConfig { n_samples: 21, noise: 0.0, shuffle: false };
        let moons = config.sample(Seed(0)).unwrap();
        assert_eq!(SCIKIT_LEARN.lines().count(), 21);
        for (i, line) in SCIKIT_LEARN.lines().enumerate() {
            let row: Vec<f64> = line.split(',').map(|cell| cell.parse().unwrap()).collect();
            let sample = moons.get(i).unwrap();
            for (found, expected) in sample.values.iter().zip(&row) {
                assert!((f64::from(*found) - expected).abs() < 1e-7, "row {i}: {sample:?} {row:?}");
            }
            assert_eq!(sample.label, Some(row[2] as usize));
        }
    }

    #[test]
    fn the_bytes_of_a_seed_are_pinned() {
        let moons = Moons::new(1000, 0.05, Seed(42)).unwrap();
        assert_eq!(
            moons.fingerprint().to_string(),
            "924d2e8c17cdd16c48713c237fd680c325bc9c8f08ff4e23b4948fa546576d97"
        );
    }

    #[test]
    fn seeds_make_different_moons_and_a_seed_always_the_same() {
        let moons = |seed| Moons::new(50, 0.1, Seed(seed)).unwrap().fingerprint();
        assert_eq!(moons(1), moons(1));
        assert_ne!(moons(1), moons(2));
    }

    #[test]
    fn shuffling_keeps_the_points_and_noise_has_its_deviation() {
        let sorted = |shuffle| {
            let config = MoonsConfig { n_samples: 99, noise: 0.0, shuffle };
            let mut samples: Vec<Vec<f32>> =
                config.sample(Seed(3)).unwrap().iter().map(|s| s.unwrap().values).collect();
            samples.sort_by(|a, b| a.partial_cmp(b).unwrap());
            samples
        };
        assert_eq!(sorted(true), sorted(false));

        let quiet = MoonsConfig { n_samples: 20_000, noise: 0.0, shuffle: false };
        let noisy = MoonsConfig { noise: 0.2, ..quiet };
        let [quiet, noisy] = [quiet, noisy].map(|config| config.sample(Seed(3)).unwrap());
        let squares = quiet.points().as_slice().iter().zip(noisy.points().as_slice());
        let variance = squares.map(|(a, b)| f64::from(a - b).powi(2)).sum::<f64>() / 40_000.0;
        assert!((variance.sqrt() - 0.2).abs() < 0.003, "{variance}");
    }

    #[test]
    fn one_sample_is_the_inner_moons_first() {
        let moons = Moons::new(1, 0.0, Seed(0)).unwrap();
        assert_eq!(moons.points().as_slice(), [0.0, 0.5]);
        assert_eq!(moons.label(0), Some(1));
    }

    #[test]
    fn impossible_parameters_are_named() {
        for (n, noise, name) in [(0, 0.0, "n_samples"), (9, -1.0, "noise"), (9, f64::NAN, "noise")]
        {
            let error = Moons::new(n, noise, Seed(0)).unwrap_err();
            assert!(matches!(error, DataError::Parameter { name: found, .. } if found == name));
        }
    }
}
