//! Burn's own layers, their products in the precision that the thread asks for.

use burn::module::Param;
use burn::nn::Linear;
use burn::nn::conv::{Conv2d, ConvTranspose2d};
use burn::tensor::{DType, Device, Tensor};

use crate::device::is_flex;
use crate::precision::Precision;

pub(crate) fn conv2d(layer: &Conv2d, x: Tensor<4>) -> Tensor<4> {
    if !in_bf16(&x.device()) {
        return layer.forward(x);
    }
    let (weight, bias) = (rounded(&layer.weight), layer.bias.as_ref().map(rounded));
    let layer = Conv2d { weight, bias, ..layer.clone() };
    layer.forward(x.cast(DType::BF16)).cast(DType::F32)
}

pub(crate) fn conv_transpose2d(layer: &ConvTranspose2d, x: Tensor<4>) -> Tensor<4> {
    if !in_bf16(&x.device()) {
        return layer.forward(x);
    }
    let (weight, bias) = (rounded(&layer.weight), layer.bias.as_ref().map(rounded));
    let layer = ConvTranspose2d { weight, bias, ..layer.clone() };
    layer.forward(x.cast(DType::BF16)).cast(DType::F32)
}

pub(crate) fn linear<const D: usize>(layer: &Linear, x: Tensor<D>) -> Tensor<D> {
    if !in_bf16(&x.device()) {
        return layer.forward(x);
    }
    let (weight, bias) = (rounded(&layer.weight), layer.bias.as_ref().map(rounded));
    Linear { weight, bias }.forward(x.cast(DType::BF16)).cast(DType::F32)
}

/// Flex's own operations have bfloat16 too, but only as a way to store numbers.
fn in_bf16(device: &Device) -> bool {
    !is_flex(device) && Precision::here(device) == Precision::Bf16
}

/// The parameter in bfloat16, on the graph of the parameter itself.
fn rounded<const D: usize>(param: &Param<Tensor<D>>) -> Param<Tensor<D>> {
    Param::initialized(param.id, param.val().cast(DType::BF16))
}
