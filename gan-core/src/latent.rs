//! Latents: the noise that a generator starts from, and the prior that it is drawn from.

pub(crate) mod noise_ahead;
mod path;
mod truncated_normal;

use burn::tensor::{Device, Int, Tensor, TensorData};
use rand::Rng;
use rand_distr::{Distribution, StandardNormal};
use serde::{Deserialize, Serialize};

pub use path::LatentPath;
pub use truncated_normal::TruncatedNormal;

/// What a generator is given for one batch: noise, and the classes it is asked for, if any.
///
/// # Shapes
/// `noise` is `[batch, latent_dim]`; `labels` is `[batch]`.
#[derive(Clone, Debug)]
pub struct Latents {
    /// A draw from the [`LatentPrior`] for each sample.
    pub noise: Tensor<2>,
    /// The class asked of each sample; `None` in an unconditional game.
    pub labels: Option<Tensor<1, Int>>,
}

impl Latents {
    /// Noise without labels.
    pub fn unlabeled(noise: Tensor<2>) -> Self {
        Self { noise, labels: None }
    }
}

/// The distribution that the noise is drawn from, each sample's on its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum LatentPrior {
    /// The standard normal `N(0, 1)`.
    #[default]
    Normal,
    /// Uniform on `[−1, 1)`.
    Uniform,
    /// Uniform on the sphere of radius `√latent_dim`: a normal draw, scaled to that length, so that
    /// a coordinate has variance 1. Coordinates are not independent of each other.
    Sphere,
}

impl LatentPrior {
    /// `[batch, latent_dim]` noise from `rng`, drawn on the host and then moved to `device`.
    pub fn draw(self, shape: [usize; 2], rng: &mut impl Rng, device: &Device) -> Tensor<2> {
        Tensor::from_data(TensorData::new(self.numbers(shape, rng), shape), device)
    }

    /// The same noise, row by row.
    pub(crate) fn numbers(self, [batch, latent_dim]: [usize; 2], rng: &mut impl Rng) -> Vec<f32> {
        let mut values: Vec<f32> =
            (0..batch * latent_dim).map(|_| self.draw_coordinate(rng)).collect();
        if self == Self::Sphere {
            values.chunks_exact_mut(latent_dim.max(1)).for_each(onto_sphere);
        }
        values
    }

    fn draw_coordinate(self, rng: &mut impl Rng) -> f32 {
        match self {
            Self::Normal | Self::Sphere => StandardNormal.sample(rng),
            Self::Uniform => unit_uniform(rng) * 2.0 - 1.0,
        }
    }
}

/// The same direction at length `√dim`.
fn onto_sphere(noise: &mut [f32]) {
    let square: f32 = noise.iter().map(|z| z * z).sum();
    let scale = (noise.len() as f32 / square.max(f32::MIN_POSITIVE)).sqrt();
    noise.iter_mut().for_each(|z| *z *= scale);
}

/// Uniform on `[0, 1)` with 24 bits, the resolution of `f32`.
fn unit_uniform(rng: &mut impl Rng) -> f32 {
    const STEP: f32 = 1.0 / (1 << 24) as f32;
    (rng.next_u32() >> 8) as f32 * STEP
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::Seed;

    fn moments(prior: LatentPrior) -> (f64, f64) {
        let mut rng = Seed(5).stream("latent").draw(0);
        let draws = prior.draw([2_000, 10], &mut rng, &Device::flex());
        let values = draws.into_data().try_to_vec_as::<f64>().unwrap();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / values.len() as f64;
        (mean, variance)
    }

    /// With 20,000 draws the standard error of a mean is 0.007 and of the variance 0.01.
    #[test]
    fn priors_have_their_mean_and_variance() {
        let (mean, variance) = moments(LatentPrior::Normal);
        assert!(mean.abs() < 0.03 && (variance - 1.0).abs() < 0.05, "{mean} {variance}");
        let (mean, variance) = moments(LatentPrior::Sphere);
        assert!(mean.abs() < 0.03 && (variance - 1.0).abs() < 0.02, "{mean} {variance}");
        let (mean, variance) = moments(LatentPrior::Uniform);
        assert!(mean.abs() < 0.03 && (variance - 1.0 / 3.0).abs() < 0.02, "{mean} {variance}");
    }

    #[test]
    fn a_spherical_draw_has_the_length_of_its_sphere() {
        let mut rng = Seed(6).stream("latent").draw(0);
        let draws = LatentPrior::Sphere.draw([50, 7], &mut rng, &Device::flex());
        for row in draws.into_data().try_to_vec_as::<f32>().unwrap().chunks_exact(7) {
            let square: f32 = row.iter().map(|z| z * z).sum();
            assert!((square - 7.0).abs() < 1e-4, "{square}");
        }
    }
}
