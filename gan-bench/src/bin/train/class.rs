//! What convolutional networks do with a label, in plain Burn.

use burn::module::{Initializer, Module, Param};
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{Linear, LinearConfig};
use burn::tensor::{Device, Int, Tensor};

use crate::layer::Shape;

/// The labels `0, 1, …` over and over as unit vectors: `[batch, classes]`.
pub(crate) fn unit_labels(batch: usize, classes: usize) -> Tensor<2> {
    let labels = Tensor::<1, Int>::arange(0..batch as i64, &Device::flex());
    labels.remainder_scalar(classes as i64).one_hot::<2>(classes).float()
}

/// `(1 + gain[label])·x + shift[label]`, map by map.
#[derive(Module, Debug)]
pub(crate) struct ClassAffine {
    /// `[classes, maps]`.
    pub(crate) gain: Param<Tensor<2>>,
    /// `[classes, maps]`.
    pub(crate) shift: Param<Tensor<2>>,
}

impl ClassAffine {
    pub(crate) fn new(classes: usize, maps: usize, device: &Device) -> Self {
        let zeros = || Initializer::Zeros.init([classes, maps], device);
        Self { gain: zeros(), shift: zeros() }
    }

    /// Unit vectors `labels`, `[batch, classes]`.
    pub(crate) fn forward(&self, x: Tensor<4>, labels: Tensor<2>) -> Tensor<4> {
        let [batch, maps, ..] = x.dims();
        let of_label = |rows: &Param<Tensor<2>>| {
            labels.clone().matmul(rows.val()).reshape([batch, maps, 1, 1])
        };
        x * (of_label(&self.gain) + 1.0) + of_label(&self.shift)
    }
}

/// The score of a critic with a projection.
#[derive(Module, Debug)]
pub(crate) struct Projection {
    pub(crate) score: Conv2d,
    of_class: Linear,
}

impl Projection {
    pub(crate) fn new(classes: usize, [maps, side, _]: Shape, device: &Device) -> Self {
        Self {
            score: Conv2dConfig::new([maps, 1], [side, side]).init(device),
            of_class: LinearConfig::new(classes, maps).with_bias(false).init(device),
        }
    }

    /// Unit vectors `labels`, `[batch, classes]`.
    pub(crate) fn forward(&self, maps: Tensor<4>, labels: Tensor<2>) -> Tensor<2> {
        self.score.forward(maps.clone()).flatten::<2>(1, 3) + self.agreement(maps, labels)
    }

    /// The label's part of the score.
    pub(crate) fn agreement(&self, maps: Tensor<4>, labels: Tensor<2>) -> Tensor<2> {
        let features = maps.flatten::<3>(2, 3).sum_dim(2).squeeze_dim::<2>(2);
        (features * self.of_class.forward(labels)).sum_dim(1)
    }
}
