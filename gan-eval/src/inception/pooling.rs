//! Pooling of 3×3 pixels.

use burn::tensor::Tensor;
use burn::tensor::module::{avg_pool2d, max_pool2d};
use burn::tensor::ops::{AvgPoolOptions, MaxPoolOptions};

/// What is made of 3×3 pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pooling {
    /// The mean around each pixel, at the border of those pixels that there are.
    Average,
    /// The largest around each pixel.
    Max,
    /// The largest around every other pixel, without those at the border.
    Halving,
}

impl Pooling {
    pub(super) fn forward(self, x: Tensor<4>) -> Tensor<4> {
        let max = MaxPoolOptions::new([3, 3]);
        match self {
            Self::Average => {
                let mean = AvgPoolOptions::new([3, 3]).with_stride([1, 1]).with_padding([1, 1]);
                avg_pool2d(x, mean.with_count_include_pad(false))
            }
            Self::Max => max_pool2d(x, max.with_stride([1, 1]).with_padding([1, 1])),
            Self::Halving => max_pool2d(x, max.with_stride([2, 2])),
        }
    }
}
