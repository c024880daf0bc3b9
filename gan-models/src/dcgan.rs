//! The DCGAN players for 32×32 images, with the course's layers.

use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig, ConvTranspose2d, ConvTranspose2dConfig};
use burn::nn::{BatchNorm, BatchNormConfig, Linear, LinearConfig, PaddingConfig2d};
use burn::tensor::{Device, Int, Tensor};
use gan_core::forward_mode::{Mode, Primal};
use gan_core::kernels::Activation::{Relu, Tanh};
use gan_core::latent::Latents;
use gan_core::player::{ForwardPass, Generator};
use serde::{Deserialize, Serialize};

use crate::activation::LEAKY;
use crate::bounds::{ensure_convolutional, ensure_sizes};
use crate::error::ensure_positive;
use crate::image_shape::refuse;
use crate::{ModelError, Networks, Sides};

/// The generator starts from maps of this many pixels a side.
const START: usize = 4;
/// The images that the last layers' kernels come to.
pub(crate) const SIDES: Sides = Sides::Only(&[32]);

/// Sizes of the convolutional players.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DcganConfig {
    /// Coordinates of the noise, at least 1.
    pub latent: usize,
    /// Maps before the generator's last layer; it starts from four times as many.
    pub generator_width: usize,
    /// Maps after the critic's first layer; it ends with eight times as many.
    pub critic_width: usize,
}

impl Default for DcganConfig {
    /// The sizes of the recipe `dcgan`.
    fn default() -> Self {
        Self { latent: 100, generator_width: 64, critic_width: 16 }
    }
}

impl DcganConfig {
    /// Networks for samples of `sample_shape` (without the batch): `[channels, 32, 32]`.
    ///
    /// The critic sees `packing` images at once, their channels joined.
    ///
    /// # Errors
    /// [`ModelError::ImageShape`] for any other shape; [`ModelError::Zero`] for an empty layer;
    /// [`ModelError::TooLarge`], [`ModelError::Memory`].
    pub fn init(
        &self,
        sample_shape: &[usize],
        packing: usize,
        device: &Device,
    ) -> Result<Networks<DcganGenerator, DcganCritic>, ModelError> {
        ensure_positive([
            ("model.latent", self.latent),
            ("model.generator_width", self.generator_width),
            ("model.critic_width", self.critic_width),
            ("train.packing", packing),
        ])?;
        ensure_convolutional(self.latent, [self.generator_width, self.critic_width], 1)?;
        ensure_sizes([("train.packing", packing)])?;
        let &[channels, 32, 32] = sample_shape else {
            return refuse("dcgan", SIDES, sample_shape);
        };
        Ok(Networks {
            generator: DcganGenerator::new(self.latent, self.generator_width, channels, device),
            critic: DcganCritic::new(self.critic_width, packing * channels, device),
        })
    }
}

/// Noise to an image in `[−1, 1]`: a linear layer to 4×4 maps, then three transposed convolutions
/// to 9×9, 17×17 and 32×32 pixels.
#[derive(Module, Debug)]
pub struct DcganGenerator {
    latent: usize,
    start_maps: usize,
    project: Linear,
    up_1: ConvTranspose2d,
    norm_1: BatchNorm,
    up_2: ConvTranspose2d,
    norm_2: BatchNorm,
    up_3: ConvTranspose2d,
}

impl DcganGenerator {
    fn new(latent: usize, width: usize, channels: usize, device: &Device) -> Self {
        let up = |maps: [usize; 2], kernel: usize, padding: usize| {
            ConvTranspose2dConfig::new(maps, [kernel, kernel])
                .with_stride([2, 2])
                .with_padding([padding, padding])
                .init(device)
        };
        Self {
            latent,
            start_maps: 4 * width,
            project: LinearConfig::new(latent, 4 * width * START * START).init(device),
            up_1: up([4 * width, 2 * width], 3, 0),
            norm_1: BatchNormConfig::new(2 * width).init(device),
            up_2: up([2 * width, width], 3, 1),
            norm_2: BatchNormConfig::new(width).init(device),
            up_3: up([width, channels], 4, 2),
        }
    }
}

impl Generator<4> for DcganGenerator {
    fn latent_dim(&self) -> usize {
        self.latent
    }

    fn forward(&self, latents: Latents) -> Tensor<4> {
        let x = Primal.linear(&self.project, latents.noise);
        let x = gan_kernels::unflatten(x, [self.start_maps, START, START]);
        let x = Primal.conv_transpose2d(&self.up_1, x);
        let x = Primal.batch_norm_then(&self.norm_1, x, Relu);
        let x = Primal.conv_transpose2d(&self.up_2, x);
        let x = Primal.batch_norm_then(&self.norm_2, x, Relu);
        Primal.conv_transpose2d_then(&self.up_3, x, Tanh)
    }
}

/// An image to a score: four convolutions to 16×16, 8×8, 4×4 and 1×1 maps, then a linear layer.
/// Every convolution but the first is followed by batch normalization.
#[derive(Module, Debug)]
pub struct DcganCritic {
    down_1: Conv2d,
    down_2: Conv2d,
    norm_2: BatchNorm,
    down_3: Conv2d,
    norm_3: BatchNorm,
    down_4: Conv2d,
    norm_4: BatchNorm,
    score: Linear,
}

impl DcganCritic {
    fn new(width: usize, channels: usize, device: &Device) -> Self {
        let halve = |maps: [usize; 2]| {
            Conv2dConfig::new(maps, [3, 3])
                .with_stride([2, 2])
                .with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))
                .init(device)
        };
        Self {
            down_1: halve([channels, width]),
            down_2: halve([width, 2 * width]),
            norm_2: BatchNormConfig::new(2 * width).init(device),
            down_3: halve([2 * width, 4 * width]),
            norm_3: BatchNormConfig::new(4 * width).init(device),
            down_4: Conv2dConfig::new([4 * width, 8 * width], [START, START]).init(device),
            norm_4: BatchNormConfig::new(8 * width).init(device),
            score: LinearConfig::new(8 * width, 1).init(device),
        }
    }
}

impl ForwardPass<4> for DcganCritic {
    fn forward<M: Mode>(
        &self,
        mode: &M,
        samples: M::T<4>,
        _labels: Option<Tensor<1, Int>>,
    ) -> M::T<2> {
        let x = mode.conv2d_then(&self.down_1, samples, LEAKY);
        let x = mode.batch_norm_then(&self.norm_2, mode.conv2d(&self.down_2, x), LEAKY);
        let x = mode.batch_norm_then(&self.norm_3, mode.conv2d(&self.down_3, x), LEAKY);
        let x = mode.batch_norm_then(&self.norm_4, mode.conv2d(&self.down_4, x), LEAKY);
        mode.linear(&self.score, mode.flatten(x))
    }
}
