//! The residual block that both players are made of.

use burn::module::{Initializer, Module, Param};
use burn::nn::PaddingConfig2d;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::tensor::{Device, Tensor};
use gan_core::forward_mode::Mode;

use super::GROUP;
use crate::activation::LEAKY;

/// `x + leave(φ(spatial(φ(enter(x)))))`: 1×1, grouped 3×3 and 1×1 convolutions with leaky
/// rectifiers `φ`. The last one starts at 0, so that a network starts without its blocks.
///
/// # Source
/// Huang et al. (2024), arXiv:2501.05441, §4; the zeros: Zhang et al. (2019), arXiv:1901.09321.
#[derive(Module, Debug)]
pub(super) struct ResidualBlock {
    enter: Conv2d,
    spatial: Conv2d,
    leave: ZeroConv,
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
            leave: ZeroConv { weight: Initializer::Zeros.init([width, width, 1, 1], device) },
        }
    }

    pub(super) fn forward<M: Mode>(&self, mode: &M, x: M::T<4>) -> M::T<4> {
        let [x, shortcut] = mode.fork(x);
        let branch = mode.conv2d_then(&self.enter, x, LEAKY);
        let branch = mode.conv2d_then(&self.spatial, branch, LEAKY);
        mode.add(shortcut, mode.conv2d(&self.leave.layer(), branch))
    }
}

/// A convolution that mixes maps and leaves pixels apart.
pub(super) fn point_by_point(maps: [usize; 2]) -> Conv2dConfig {
    Conv2dConfig::new(maps, [1, 1])
}

/// A 1×1 convolution without bias whose weights start at 0: a layer of its own, because the rules
/// of [`initialize`](gan_core::weights::initialize) would draw those of a `Conv2d`.
#[derive(Module, Debug)]
struct ZeroConv {
    /// `[to, from, 1, 1]`.
    weight: Param<Tensor<4>>,
}

impl ZeroConv {
    /// The convolution that it is.
    fn layer(&self) -> Conv2d {
        Conv2d {
            weight: self.weight.clone(),
            bias: None,
            stride: [1, 1],
            kernel_size: [1, 1],
            dilation: [1, 1],
            groups: 1,
            padding: PaddingConfig2d::Valid,
        }
    }
}
