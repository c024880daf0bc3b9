//! The block that both players are made of.

use burn::module::{Initializer, Module, Param};
use burn::nn::PaddingConfig2d;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::tensor::{Device, Tensor};
use gan_core::Mode;

use super::GROUP;
use crate::activation::SLOPE;

/// `x + gain·leave(φ(spatial(φ(enter(x)))))`: 1×1, grouped 3×3 and 1×1 convolutions with leaky
/// rectifiers `φ`. The gain starts at 0, so that a network starts without its blocks.
///
/// # Source
/// Huang et al. (2024), arXiv:2501.05441, §4; the gain: De & Smith (2020), arXiv:2002.10444.
#[derive(Module, Debug)]
pub(super) struct ResidualBlock {
    enter: Conv2d,
    spatial: Conv2d,
    leave: Conv2d,
    gain: Param<Tensor<1>>,
}

impl ResidualBlock {
    pub(super) fn new(width: usize, device: &Device) -> Self {
        let groups = (width / GROUP).max(1);
        Self {
            enter: point_by_point([width, width]).init(device),
            spatial: Conv2dConfig::new([width, width], [3, 3])
                .with_groups(groups)
                .with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))
                .init(device),
            leave: point_by_point([width, width]).with_bias(false).init(device),
            gain: Initializer::Zeros.init([1], device),
        }
    }

    pub(super) fn forward<M: Mode>(&self, mode: &M, x: M::T<4>) -> M::T<4> {
        let branch = mode.leaky_relu(mode.conv2d(&self.enter, x.clone()), SLOPE);
        let branch = mode.leaky_relu(mode.conv2d(&self.spatial, branch), SLOPE);
        let branch = mode.conv2d(&self.leave, branch);
        let gain = self.gain.val().reshape([1, 1, 1, 1]);
        mode.add(x, mode.linear_map(branch, |branch| branch * gain.clone()))
    }
}

/// A convolution that mixes maps and leaves pixels apart.
pub(super) fn point_by_point(maps: [usize; 2]) -> Conv2dConfig {
    Conv2dConfig::new(maps, [1, 1])
}
