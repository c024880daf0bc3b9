//! Weight clipping, as in the original WGAN.

use burn::module::{ModuleMapper, Param};
use burn::tensor::Tensor;

use super::replaced;

/// Clamps every weight that is trained to `[−bound, bound]`.
pub(super) struct Clip {
    pub(super) bound: f64,
}

impl ModuleMapper for Clip {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        // Running statistics and frozen weights require no gradient.
        if !param.base().is_require_grad() {
            return param;
        }
        param.map(|weight| {
            let clamped = weight.clone().inner().clamp(-self.bound, self.bound);
            replaced(&weight, clamped)
        })
    }
}
