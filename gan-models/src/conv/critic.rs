//! From an image to a score by strided convolutions.

use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{
    BatchNorm, BatchNormConfig, GroupNorm, GroupNormConfig, Linear, LinearConfig, PaddingConfig2d,
};
use burn::tensor::{Device, Int, Tensor};
use gan_core::forward_mode::Mode;
use gan_core::player::ForwardPass;
use gan_kernels::{matmul, sum_rows};

use super::{ConvolutionalConfig, CriticNorm, width_after};
use crate::activation::LEAKY;
use crate::image_shape::ImageShape;
use crate::labels::one_hot;

/// An image to a score: halvings by 4×4 kernels of stride 2 with leaky rectifiers, normalization
/// after each but the first, then one convolution over the whole map of 4×4 to
/// 7×7 pixels.
///
/// With classes, the score has another term: the inner product of a vector of the label's own
/// with the last maps, each summed over its pixels (projection).
///
/// # Source
/// Radford et al. (2016), arXiv:1511.06434; conditional: Miyato & Koyama (2018),
/// arXiv:1802.05637, eq. 3.
#[derive(Module, Debug)]
pub struct ConvolutionalCritic {
    classes: usize,
    stages: Vec<CriticStage>,
    score: Conv2d,
    of_class: Option<Linear>,
}

impl ConvolutionalCritic {
    pub(super) fn new(config: &ConvolutionalConfig, image: ImageShape, device: &Device) -> Self {
        let width = |stage| width_after(stage, config.critic_width);
        let stages = (0..image.doublings).map(|stage| {
            let (maps, norm) = match stage {
                0 => ([image.channels, width(0)], CriticNorm::None),
                _ => ([width(stage - 1), width(stage)], config.critic_norm),
            };
            CriticStage::new(maps, norm, device)
        });
        let last = width(image.doublings - 1);
        Self {
            classes: config.classes,
            stages: stages.collect(),
            score: Conv2dConfig::new([last, 1], [image.start; 2]).init(device),
            of_class: (config.classes > 0)
                .then(|| LinearConfig::new(config.classes, last).with_bias(false).init(device)),
        }
    }
}

impl ForwardPass<4> for ConvolutionalCritic {
    fn forward<M: Mode>(
        &self,
        mode: &M,
        samples: M::T<4>,
        labels: Option<Tensor<1, Int>>,
    ) -> M::T<2> {
        let maps = self.stages.iter().fold(samples, |x, stage| stage.forward(mode, x));
        let Some(of_class) = &self.of_class else {
            return mode.flatten(mode.conv2d(&self.score, maps));
        };
        let [maps, same] = mode.fork(maps);
        let score = mode.flatten(mode.conv2d(&self.score, maps));
        let direction = matmul(one_hot(labels, self.classes), of_class.weight.val());
        let features = mode.sum_pixels(same);
        let agreement = mode.mul(features, mode.constant(direction));
        mode.add(score, mode.linear_map(agreement, sum_rows))
    }
}

/// A halving convolution and its normalization, if it has one.
#[derive(Module, Debug)]
struct CriticStage {
    down: Conv2d,
    batch_norm: Option<BatchNorm>,
    /// One group is layer normalization, a group for each map is instance normalization.
    group_norm: Option<GroupNorm>,
}

impl CriticStage {
    fn new([from, to]: [usize; 2], norm: CriticNorm, device: &Device) -> Self {
        let grouped = |groups| Some(GroupNormConfig::new(groups, to).init(device));
        Self {
            down: Conv2dConfig::new([from, to], [4, 4])
                .with_stride([2, 2])
                .with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))
                // A normalization has a shift of its own.
                .with_bias(norm == CriticNorm::None)
                .init(device),
            batch_norm: (norm == CriticNorm::Batch).then(|| BatchNormConfig::new(to).init(device)),
            group_norm: match norm {
                CriticNorm::Layer => grouped(1),
                CriticNorm::Instance => grouped(to),
                CriticNorm::None | CriticNorm::Batch => None,
            },
        }
    }

    fn forward<M: Mode>(&self, mode: &M, x: M::T<4>) -> M::T<4> {
        match (&self.batch_norm, &self.group_norm) {
            (Some(norm), _) => mode.batch_norm_then(norm, mode.conv2d(&self.down, x), LEAKY),
            (_, Some(norm)) => mode.group_norm_then(norm, mode.conv2d(&self.down, x), LEAKY),
            (None, None) => mode.conv2d_then(&self.down, x, LEAKY),
        }
    }
}
