//! The residual block in plain Burn.

use burn::module::Module;
use burn::nn::LeakyRelu;
use burn::nn::conv::Conv2d;
use burn::tensor::{Device, Tensor};

use crate::built::leaky_relu;
use crate::layer::block_kernels;

/// `x + leave(φ(spatial(φ(enter(x)))))`.
#[derive(Module, Debug)]
pub(crate) struct Block {
    pub(crate) enter: Conv2d,
    pub(crate) spatial: Conv2d,
    pub(crate) leave: Conv2d,
    pub(crate) activation: LeakyRelu,
}

impl Block {
    pub(crate) fn new(width: usize, device: &Device) -> Self {
        let [enter, spatial, leave] =
            block_kernels(width).map(|kernel| kernel.conv(width).init(device));
        Self { enter, spatial, leave, activation: leaky_relu() }
    }

    pub(crate) fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let branch = self.activation.forward(self.enter.forward(x.clone()));
        let branch = self.activation.forward(self.spatial.forward(branch));
        x + self.leave.forward(branch)
    }
}
