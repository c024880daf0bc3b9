//! CPU kernels for training GANs, as operations of Burn's Flex and LibTorch backends.
//!
//! Each function of this crate is one of Burn's own layers with the activation behind it. On the
//! Flex backend, with this crate's feature `flex`, on a processor with AVX2, AVX-512 or NEON, it runs
//! on the kernels of this crate. On the LibTorch backend, with the feature `tch`, it runs on
//! libtorch's own. Everywhere else it runs on Burn's operations. Results agree to 1e-5 relative, gradients too; modules, records and optimizers
//! see no difference.
//!
//! | Function | Layer | Fused with it |
//! |---|---|---|
//! | [`conv2d`] | `burn::nn::conv::Conv2d` | bias, activation |
//! | [`conv_transpose2d`] | `burn::nn::conv::ConvTranspose2d` | bias, activation |
//! | [`linear`] | `burn::nn::Linear` | bias, activation |
//! | [`batch_norm`] | `burn::nn::BatchNorm` | activation |
//! | [`conditional_batch_norm`] | the same | a scale and a shift for each sample, activation |
//! | [`group_norm`] | `burn::nn::GroupNorm` | activation |
//! | [`group_norm_tangent`] | its derivative along a direction | |
//! | [`avg_pool2d`] | `burn::nn::pool::AvgPool2d` | |
//! | [`upsample_nearest2d`], [`sum_pixels`], [`add`], [`fork`], [`cat`], [`flatten`], [`unflatten`] | none | |
//! | [`activate`], [`activation_slope`], [`softplus`] | none | |
//! | [`matmul`], [`sum`], [`sum_rows`] | products and sums of tensors | |
//! | [`synchronize_batch_norm`] | the batch norms of one shard of a batch, by the statistics of all | |
//! | [`Adam`], [`RmsProp`] | those of `burn::optim` | all of their operations |
//!
//! What they compute, in which order and how fast is documented in this crate's README. Sums have one
//! order, so on Flex the same numbers come out for any number of threads.
//!
//! # Example
//! ```
//! use burn::nn::conv::Conv2dConfig;
//! use burn::tensor::{Device, Tensor};
//! use gan_kernels::Activation;
//!
//! let device = Device::flex().autodiff();
//! let layer = Conv2dConfig::new([3, 16], [4, 4]).with_stride([2, 2]).init(&device);
//! let images = Tensor::<4>::ones([32, 3, 10, 10], &device);
//! let maps = gan_kernels::conv2d(&layer, images, Activation::LeakyRelu(0.2));
//! assert_eq!(maps.dims(), [32, 16, 4, 4]);
//! ```

#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(
    not(feature = "flex"),
    allow(
        dead_code,
        unused_variables,
        reason = "the kernels are called by the Flex backend alone"
    )
)]
#![allow(unsafe_code, reason = "vector instructions are called after detection, on raw memory")]
#![allow(
    clippy::needless_range_loop,
    reason = "an inner loop over registers is an index for the compiler, not an iterator"
)]

mod activation;
mod adam;
mod aligned;
mod backend;
mod batch_norm;
mod channels;
mod contraction;
mod convolution;
mod device;
mod fallback;
mod geometry;
mod group_norm;
mod kernel_set;
mod lanes;
mod layers;
mod memory;
mod operand;
mod optimizer;
mod pooling;
mod precision;
mod processor;
#[cfg(test)]
mod recorded;
#[cfg(test)]
mod reference;
mod rms_prop;
mod simd;
mod synchronized;
mod threads;
mod transpose;

pub use activation::Activation;
pub use aligned::AlignedMemory;
pub use kernel_set::{KernelSet, run_on};
pub use layers::{
    activate, activation_slope, add, avg_pool2d, batch_norm, cat, conditional_batch_norm,
    conv_transpose2d, conv2d, flatten, fork, group_norm, group_norm_tangent, linear, matmul,
    softplus, sum, sum_pixels, sum_rows, unflatten, upsample_nearest2d,
};
pub use memory::keep_freed_memory;
pub use optimizer::{Adam, RmsProp};
pub use precision::{Bf16Products, Precision, autocast};
pub use synchronized::{Shards, is_batch_norm_synchronized, synchronize_batch_norm};

/// The examples of the README, as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
