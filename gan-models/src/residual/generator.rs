//! From noise to an image by residual stages.

use burn::module::Module;
use burn::nn::conv::Conv2d;
use burn::nn::{Linear, LinearConfig};
use burn::tensor::{Device, Tensor};
use gan_core::forward_mode::{Mode, Primal};
use gan_core::kernels::Activation::Tanh;
use gan_core::latent::Latents;
use gan_core::player::Generator;

use super::block::{ResidualBlock, point_by_point};
use super::{ResidualConfig, width_after};
use crate::image_shape::ImageShape;

/// Noise to an image in `[−1, 1]`: a linear layer to the smallest maps, stages of residual
/// blocks with a doubling between each two, a 1×1 convolution to the image's channels and a
/// hyperbolic tangent.
///
/// # Source
/// Huang et al. (2024), arXiv:2501.05441, §4.
#[derive(Module, Debug)]
pub struct ResidualGenerator {
    latent: usize,
    /// Pixels a side of the smallest maps.
    start: usize,
    project: Linear,
    stages: Vec<RisingStage>,
    output: Conv2d,
}

impl ResidualGenerator {
    pub(super) fn new(config: &ResidualConfig, image: ImageShape, device: &Device) -> Self {
        let width = |stage| width_after(image.doublings - stage, config.generator_width);
        let stages = (0..=image.doublings).map(|stage| RisingStage {
            widen: (stage > 0)
                .then(|| point_by_point([width(stage - 1), width(stage)]).init(device)),
            blocks: (0..config.blocks).map(|_| ResidualBlock::new(width(stage), device)).collect(),
        });
        let pixels = image.start * image.start;
        Self {
            latent: config.latent,
            start: image.start,
            project: LinearConfig::new(config.latent, width(0) * pixels).init(device),
            stages: stages.collect(),
            output: point_by_point([width(image.doublings), image.channels]).init(device),
        }
    }
}

impl Generator<4> for ResidualGenerator {
    fn latent_dim(&self) -> usize {
        self.latent
    }

    fn forward(&self, latents: Latents) -> Tensor<4> {
        let features = Primal.linear(&self.project, latents.noise);
        let width = features.dims()[1] / (self.start * self.start);
        let maps = gan_kernels::unflatten(features, [width, self.start, self.start]);
        let maps = self.stages.iter().fold(maps, |x, stage| stage.forward(x));
        Primal.conv2d_then(&self.output, maps, Tanh)
    }
}

/// Residual blocks, after a doubling unless it is the first stage.
#[derive(Module, Debug)]
struct RisingStage {
    widen: Option<Conv2d>,
    blocks: Vec<ResidualBlock>,
}

impl RisingStage {
    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let x = match &self.widen {
            // Before the doubling, where there are fewer pixels to mix.
            Some(widen) => Primal.upsample_nearest2d(Primal.conv2d(widen, x), 2),
            None => x,
        };
        self.blocks.iter().fold(x, |x, block| block.forward(&Primal, x))
    }
}
