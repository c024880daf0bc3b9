//! The layers on the LibTorch backend, which run on libtorch's own kernels.

#![allow(deprecated, reason = "burn deprecates the backend")]

use burn::tensor::Device;

test_layers_on!(Device::libtorch().autodiff());
