//! The truncation trick: noise from the middle of the normal distribution.

use burn::tensor::{Device, Tensor, TensorData};
use rand::{Rng, RngExt};
use rand_distr::{Distribution, StandardNormal};

use crate::GanError;

/// The standard normal given that `|z| ≤ threshold`, each coordinate on its own.
///
/// A generator trained on the whole normal distribution makes better samples of its middle, and
/// fewer different ones: a small threshold trades variety for quality. It is for sampling only.
///
/// # Source
/// Brock et al. (2019), arXiv:1809.11096, §3.1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TruncatedNormal {
    threshold: f32,
}

impl TruncatedNormal {
    /// The normal distribution cut off at `±threshold`.
    ///
    /// # Errors
    /// [`GanError::OutOfRange`] unless the threshold is finite and above 0.
    pub fn new(threshold: f32) -> Result<Self, GanError> {
        if threshold.is_finite() && threshold > 0.0 {
            return Ok(Self { threshold });
        }
        let (name, found) = ("truncation".to_owned(), f64::from(threshold));
        Err(GanError::OutOfRange { name, expected: "finite and above 0", found })
    }

    /// `[batch, latent_dim]` noise from `rng`, drawn on the host and then moved to `device`.
    pub fn draw(
        self,
        [batch, latent_dim]: [usize; 2],
        rng: &mut impl Rng,
        device: &Device,
    ) -> Tensor<2> {
        let values: Vec<f32> = (0..batch * latent_dim).map(|_| self.draw_one(rng)).collect();
        Tensor::from_data(TensorData::new(values, [batch, latent_dim]), device)
    }

    /// Redrawing from the normal would practically never end for a small threshold; below 1 the draws are
    /// uniform and kept with probability `exp(−z²/2)`, which gives the same distribution. At least
    /// 6 draws of 10 are kept under either rule.
    fn draw_one(self, rng: &mut impl Rng) -> f32 {
        loop {
            if self.threshold >= 1.0 {
                let z: f32 = StandardNormal.sample(rng);
                if z.abs() <= self.threshold {
                    return z;
                }
            } else {
                let z = (rng.random::<f32>() * 2.0 - 1.0) * self.threshold;
                if rng.random::<f32>() < (-z * z / 2.0).exp() {
                    return z;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::Seed;

    fn draws(threshold: f32) -> Vec<f64> {
        let truncated = TruncatedNormal::new(threshold).unwrap();
        let mut rng = Seed(2).stream("latent").draw(0);
        (0..20_000).map(|_| f64::from(truncated.draw_one(&mut rng))).collect()
    }

    #[test]
    fn no_coordinate_is_beyond_the_threshold_however_small() {
        for threshold in [1e-6, 0.5, 1.0, 2.0] {
            let largest = draws(threshold).into_iter().fold(0.0, |a: f64, z| a.max(z.abs()));
            let threshold = f64::from(threshold);
            assert!(largest <= threshold && largest > 0.99 * threshold, "{largest} {threshold}");
        }
    }

    /// The variance of the truncated normal is `1 − 2t·φ(t)/(2Φ(t) − 1)`; with 20,000 draws its
    /// standard error is at most 0.01.
    #[test]
    fn the_variance_is_that_of_the_truncated_normal_on_both_sides_of_1() {
        for (threshold, variance) in [(0.5, 0.080_59), (1.0, 0.291_13), (2.0, 0.773_74)] {
            let draws = draws(threshold);
            let found = draws.iter().map(|z| z * z).sum::<f64>() / draws.len() as f64;
            assert!((found - variance).abs() < 0.02 * variance + 0.001, "{threshold}: {found}");
        }
    }

    #[test]
    fn thresholds_that_leave_nothing_are_refused() {
        for threshold in [0.0, -1.0, f32::NAN, f32::INFINITY] {
            let message = TruncatedNormal::new(threshold).unwrap_err().to_string();
            assert!(message.starts_with("`truncation` must be finite and above 0"), "{message}");
        }
    }
}
