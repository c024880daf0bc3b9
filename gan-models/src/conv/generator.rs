//! From noise to an image by transposed convolutions.

use burn::module::{Initializer, Module, Param};
use burn::nn::conv::{ConvTranspose2d, ConvTranspose2dConfig};
use burn::nn::{BatchNorm, BatchNormConfig};
use burn::tensor::{Device, Int, Tensor};
use gan_core::forward_mode::{Mode, Primal};
use gan_core::kernels::Activation::{Relu, Tanh};
use gan_core::latent::Latents;
use gan_core::player::Generator;
use gan_kernels::matmul;

use super::{ConvolutionalConfig, width_after};
use crate::image_shape::ImageShape;
use crate::labels::one_hot;

/// Noise to an image in `[−1, 1]`: a transposed convolution to maps of 4×4 to 7×7 pixels (7×7 for
/// 28×28 images), then doublings by 4×4 kernels of stride 2; batch normalization and ReLU after each but the
/// last, which ends in a hyperbolic tangent.
///
/// With classes, each batch normalization is followed by a scale and a shift of the label's own
/// (class-conditional batch normalization).
///
/// # Source
/// Radford et al. (2016), arXiv:1511.06434, figure 1; conditional: Dumoulin et al. (2017),
/// arXiv:1610.07629, eq. 5.
#[derive(Module, Debug)]
pub struct ConvolutionalGenerator {
    latent: usize,
    classes: usize,
    stages: Vec<GeneratorStage>,
    output: ConvTranspose2d,
}

impl ConvolutionalGenerator {
    pub(super) fn new(config: &ConvolutionalConfig, image: ImageShape, device: &Device) -> Self {
        let width = |stage: usize| width_after(image.doublings - 1 - stage, config.generator_width);
        let stages = (0..image.doublings).map(|stage| {
            let up = if stage == 0 {
                ConvTranspose2dConfig::new([config.latent, width(0)], [image.start; 2])
            } else {
                double([width(stage - 1), width(stage)])
            };
            GeneratorStage {
                up: up.with_bias(false).init(device),
                norm: BatchNormConfig::new(width(stage)).init(device),
                of_class: (config.classes > 0)
                    .then(|| ClassAffine::new(config.classes, width(stage), device)),
            }
        });
        Self {
            latent: config.latent,
            classes: config.classes,
            stages: stages.collect(),
            output: double([config.generator_width, image.channels]).init(device),
        }
    }
}

impl Generator<4> for ConvolutionalGenerator {
    fn latent_dim(&self) -> usize {
        self.latent
    }

    fn classes(&self) -> usize {
        self.classes
    }

    fn forward(&self, latents: Latents) -> Tensor<4> {
        let Latents { noise, labels } = latents;
        let [batch, latent] = noise.dims();
        let start = noise.reshape([batch, latent, 1, 1]);
        let maps = self.stages.iter().fold(start, |x, stage| stage.forward(x, labels.clone()));
        Primal.conv_transpose2d_then(&self.output, maps, Tanh)
    }
}

/// Twice the pixels a side.
fn double(maps: [usize; 2]) -> ConvTranspose2dConfig {
    ConvTranspose2dConfig::new(maps, [4, 4]).with_stride([2, 2]).with_padding([1, 1])
}

/// A transposed convolution, its normalization and its rectifier.
#[derive(Module, Debug)]
struct GeneratorStage {
    up: ConvTranspose2d,
    norm: BatchNorm,
    of_class: Option<ClassAffine>,
}

impl GeneratorStage {
    fn forward(&self, x: Tensor<4>, labels: Option<Tensor<1, Int>>) -> Tensor<4> {
        let x = Primal.conv_transpose2d(&self.up, x);
        match &self.of_class {
            Some(affine) => {
                gan_kernels::conditional_batch_norm(&self.norm, x, affine.of(labels), Relu)
            }
            None => Primal.batch_norm_then(&self.norm, x, Relu),
        }
    }
}

/// `(1 + gain[label])·x + shift[label]`, map by map; both start at 0.
#[derive(Module, Debug)]
struct ClassAffine {
    classes: usize,
    gain: Param<Tensor<2>>,
    shift: Param<Tensor<2>>,
}

impl ClassAffine {
    fn new(classes: usize, maps: usize, device: &Device) -> Self {
        let zeros = || Initializer::Zeros.init([classes, maps], device);
        Self { classes, gain: zeros(), shift: zeros() }
    }

    /// Scale and shift of each sample: `[batch, maps]`.
    fn of(&self, labels: Option<Tensor<1, Int>>) -> [Tensor<2>; 2] {
        let labels = one_hot(labels, self.classes);
        let [gain, shift] =
            [&self.gain, &self.shift].map(|rows| matmul(labels.clone(), rows.val()));
        [gain + 1.0, shift]
    }
}
