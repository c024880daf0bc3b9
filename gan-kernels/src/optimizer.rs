//! Optimizers that update weights in place.

mod adam;
mod rms_prop;

use burn::tensor::{DType, Tensor};

pub use adam::Adam;
pub use rms_prop::RmsProp;

/// Whether the kernels move these weights.
fn moves<const D: usize>(weight: &Tensor<D>) -> bool {
    weight.dtype() == DType::F32 && crate::kernel_set::run_on(&weight.device())
}
