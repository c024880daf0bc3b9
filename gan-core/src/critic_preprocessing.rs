//! Preprocessing of every mini-batch before the critic scores it: augmentation, instance noise, packing.

mod augmentation;

use burn::tensor::{Tensor, TensorData};
use rand_distr::{Distribution, StandardNormal};
use serde::{Deserialize, Serialize};

pub use augmentation::Augmentation;

use crate::GanError;
use crate::batch::Batch;
use crate::progress::Progress;
use crate::rules::Schedule;
use crate::seed::RngKey;

/// What happens to every batch, real or fake, before the critic sees it, in this order:
/// augmentation, instance noise, packing. All of it is differentiable, so that the generator
/// learns through it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[doc(alias = "Presentation")]
#[doc(alias = "DiffAugment")]
#[doc(alias = "PacGAN")]
pub struct CriticPreprocessing {
    /// Random changes of images, the same kinds for real and fake ones.
    #[serde(default)]
    pub augment: Vec<Augmentation>,
    /// Noise added to every sample, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance_noise: Option<InstanceNoise>,
    /// How many samples the critic scores as one, at least 1 (PacGAN).
    #[serde(default = "one")]
    pub packing: usize,
}

fn one() -> usize {
    1
}

impl Default for CriticPreprocessing {
    fn default() -> Self {
        Self { augment: Vec::new(), instance_noise: None, packing: 1 }
    }
}

/// Gaussian noise on everything that the critic sees, real and fake alike, so that the two
/// distributions overlap; usually it fades while the game is played.
///
/// # Source
/// Sønderby et al. (2017), arXiv:1610.04490, §4; Arjovsky & Bottou (2017), arXiv:1701.04862, §3.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InstanceNoise {
    /// Standard deviation at the beginning, in the samples' own unit, above 0.
    pub sigma: f64,
    /// How the deviation changes.
    #[serde(default)]
    pub schedule: Schedule,
}

/// Whether a batch is real or fake: each has random numbers of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Real samples.
    Real,
    /// Samples of the generator.
    Fake,
}

impl Side {
    fn purpose(self, of: &str) -> String {
        match self {
            Self::Real => format!("{of}/real"),
            Self::Fake => format!("{of}/fake"),
        }
    }
}

impl CriticPreprocessing {
    /// The batch as the critic scores it.
    ///
    /// # Shapes
    /// `[batch, first, ..]` becomes `[batch/packing, packing·first, ..]`: packs of points are
    /// longer points, packs of images have more channels.
    pub fn apply<const D: usize>(
        &self,
        mut batch: Batch<D>,
        side: Side,
        progress: Progress,
        key: &RngKey,
    ) -> Batch<D> {
        if !self.augment.is_empty() {
            let mut rng = key.rng(&side.purpose("augmentation"));
            for augmentation in &self.augment {
                batch.samples = augmentation.apply(batch.samples, &mut rng);
            }
        }
        if let Some(noise) = self.instance_noise {
            let mut rng = key.rng(&side.purpose("instance noise"));
            batch.samples = noise.add(batch.samples, progress, &mut rng);
        }
        pack(batch, self.packing)
    }

    /// Whether this can be done to batches of `batch_size` samples.
    pub(crate) fn validate(&self, batch_size: usize) -> Result<(), GanError> {
        if let Some(InstanceNoise { sigma, schedule }) = self.instance_noise {
            if !(sigma.is_finite() && sigma > 0.0) {
                let name = "instance_noise.sigma".to_owned();
                let expected = "a finite number above 0";
                return Err(GanError::OutOfRange { name, expected, found: sigma });
            }
            schedule.validate("instance_noise.schedule")?;
        }
        if self.packing == 0 || !batch_size.is_multiple_of(self.packing) {
            let why = format!(
                "a batch of {batch_size} samples cannot be cut into packs of {}",
                self.packing
            );
            return Err(GanError::Rules { key: "packing".to_owned(), why });
        }
        Ok(())
    }

    /// Whether this can be done to samples of rank `D` of `classes` classes (0 in an unconditional
    /// game).
    pub(crate) fn fits<const D: usize>(&self, classes: usize) -> Result<(), GanError> {
        let refuse = |key: &str, why| Err(GanError::Rules { key: key.to_owned(), why });
        if D != 4 && !self.augment.is_empty() {
            let why = format!("it changes images, and these samples have rank {}", D - 1);
            return refuse("augment", why);
        }
        if self.packing > 1 && classes > 0 {
            let why = "a pack has no class of its own, so packing is for unconditional games";
            return refuse("packing", why.to_owned());
        }
        Ok(())
    }
}

impl InstanceNoise {
    fn add<const D: usize>(
        self,
        samples: Tensor<D>,
        progress: Progress,
        rng: &mut impl rand::Rng,
    ) -> Tensor<D> {
        let sigma = (self.sigma * self.schedule.factor(progress)) as f32;
        if sigma == 0.0 {
            return samples;
        }
        let dims = samples.dims();
        let draw = |_| {
            let z: f32 = StandardNormal.sample(rng);
            sigma * z
        };
        let values: Vec<f32> = (0..dims.iter().product()).map(draw).collect();
        let noise = Tensor::from_data(TensorData::new(values, dims), &samples.device().inner());
        samples + noise
    }
}

/// `packing` samples as one, along their first axis: Lin et al. (2018), arXiv:1712.04086, §3.
fn pack<const D: usize>(batch: Batch<D>, packing: usize) -> Batch<D> {
    if packing == 1 {
        return batch;
    }
    let mut dims = batch.samples.dims();
    dims[0] /= packing;
    dims[1] *= packing;
    Batch::unlabeled(batch.samples.reshape(dims))
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;

    use super::*;
    use crate::seed::Seed;

    const START: Progress = Progress { step: 0, steps_per_epoch: 10 };

    fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
        tensor.into_data().try_to_vec_as::<f32>().unwrap()
    }

    fn preprocess(preprocessing: &CriticPreprocessing, samples: Tensor<2>, step: u64) -> Tensor<2> {
        let progress = Progress { step, ..START };
        let key = RngKey::new(Seed(1), step);
        preprocessing.apply(Batch::unlabeled(samples), Side::Real, progress, &key).samples
    }

    #[test]
    fn a_pack_is_the_samples_side_by_side() {
        let samples = Tensor::<2>::from_data(
            [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0], [7.0, 8.0]],
            &Device::flex(),
        );
        let packs = preprocess(
            &CriticPreprocessing { packing: 2, ..CriticPreprocessing::default() },
            samples,
            0,
        );
        assert_eq!(packs.dims(), [2, 4]);
        assert_eq!(values(packs.narrow(0, 0, 1)), [1.0, 2.0, 3.0, 4.0]);
    }

    #[test]
    fn packed_images_have_more_channels() {
        let images = Tensor::<4>::arange_like();
        let packs = pack(Batch::unlabeled(images.clone()), 2).samples;
        assert_eq!(packs.dims(), [2, 6, 2, 2]);
        assert_eq!(values(packs), values(images));
    }

    trait ArangeLike {
        fn arange_like() -> Self;
    }

    impl ArangeLike for Tensor<4> {
        fn arange_like() -> Self {
            let counted: Vec<f32> = (0..48).map(|i| i as f32).collect();
            Tensor::from_data(TensorData::new(counted, [4, 3, 2, 2]), &Device::flex())
        }
    }

    #[test]
    fn instance_noise_has_its_deviation_and_fades() {
        let over = crate::progress::Span::Steps(100);
        let schedule =
            Schedule::Linear { end: 0.0, over, warm_up: crate::progress::Span::Steps(0) };
        let noise = Some(InstanceNoise { sigma: 0.5, schedule });
        let preprocessing =
            CriticPreprocessing { instance_noise: noise, ..CriticPreprocessing::default() };
        let deviation = |step| {
            let noised = values(preprocess(
                &preprocessing,
                Tensor::zeros([2_000, 2], &Device::flex()),
                step,
            ));
            (noised.iter().map(|v| v * v).sum::<f32>() / noised.len() as f32).sqrt()
        };
        assert!((deviation(0) - 0.5).abs() < 0.02, "{}", deviation(0));
        assert!((deviation(50) - 0.25).abs() < 0.01, "{}", deviation(50));
        assert_eq!(deviation(100), 0.0);
    }

    #[test]
    fn what_cannot_be_applied_is_refused_with_the_reason() {
        let packing = |packing| CriticPreprocessing { packing, ..CriticPreprocessing::default() };
        let complaint = |preprocessing: &CriticPreprocessing| {
            preprocessing.validate(50).unwrap_err().to_string()
        };
        let expected = |n| {
            format!(
                "`packing` does not fit this game: a batch of 50 samples cannot be cut into packs of {n}"
            )
        };
        assert_eq!(complaint(&packing(3)), expected(3));
        assert_eq!(complaint(&packing(0)), expected(0));
        let noise = Some(InstanceNoise { sigma: -1.0, schedule: Schedule::default() });
        let noised = CriticPreprocessing { instance_noise: noise, ..packing(1) };
        assert!(complaint(&noised).starts_with("`instance_noise.sigma` must be"));

        let labeled = packing(2).fits::<2>(10).unwrap_err().to_string();
        assert!(labeled.contains("a pack has no class of its own"), "{labeled}");
        let augmented = CriticPreprocessing { augment: vec![Augmentation::Cutout], ..packing(1) };
        let points = augmented.fits::<2>(0).unwrap_err().to_string();
        assert!(points.contains("it changes images, and these samples have rank 1"), "{points}");
        assert!(augmented.fits::<4>(0).is_ok());
    }
}
