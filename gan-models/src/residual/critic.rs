//! From an image to a score by residual stages.

use burn::module::Module;
use burn::nn::conv::Conv2d;
use burn::nn::pool::AvgPool2dConfig;
use burn::nn::{Linear, LinearConfig};
use burn::tensor::{Device, Int, Tensor};
use gan_core::forward_mode::Mode;
use gan_core::player::ForwardPass;

use super::block::{ResidualBlock, point_by_point};
use super::{ResidualConfig, width_after};
use crate::image_shape::ImageShape;

/// An image to a score: a 1×1 convolution from the image's channels, stages of residual blocks
/// with a halving between each two, and a linear layer on the smallest maps.
///
/// # Source
/// Huang et al. (2024), arXiv:2501.05441, §4.
#[derive(Module, Debug)]
pub struct ResidualCritic {
    input: Conv2d,
    stages: Vec<FallingStage>,
    score: Linear,
}

impl ResidualCritic {
    pub(super) fn new(config: &ResidualConfig, image: ImageShape, device: &Device) -> Self {
        let width = |stage| width_after(stage, config.critic_width);
        let stages = (0..=image.doublings).map(|stage| FallingStage {
            widen: (stage > 0)
                .then(|| point_by_point([width(stage - 1), width(stage)]).init(device)),
            blocks: (0..config.blocks).map(|_| ResidualBlock::new(width(stage), device)).collect(),
        });
        let features = width(image.doublings) * image.start * image.start;
        Self {
            input: point_by_point([image.channels, width(0)]).init(device),
            stages: stages.collect(),
            score: LinearConfig::new(features, 1).init(device),
        }
    }
}

impl ForwardPass<4> for ResidualCritic {
    fn forward<M: Mode>(
        &self,
        mode: &M,
        samples: M::T<4>,
        _labels: Option<Tensor<1, Int>>,
    ) -> M::T<2> {
        let maps = mode.conv2d(&self.input, samples);
        let maps = self.stages.iter().fold(maps, |x, stage| stage.forward(mode, x));
        mode.linear(&self.score, mode.flatten(maps))
    }
}

/// Residual blocks, after a halving unless it is the first stage.
#[derive(Module, Debug)]
struct FallingStage {
    widen: Option<Conv2d>,
    blocks: Vec<ResidualBlock>,
}

impl FallingStage {
    fn forward<M: Mode>(&self, mode: &M, x: M::T<4>) -> M::T<4> {
        let x = match &self.widen {
            Some(widen) => {
                // Before the widening, where there are fewer pixels left to mix.
                let halve = AvgPool2dConfig::new([2, 2]).with_strides([2, 2]).init();
                mode.conv2d(widen, mode.avg_pool2d(&halve, x))
            }
            None => x,
        };
        self.blocks.iter().fold(x, |x, block| block.forward(mode, x))
    }
}
