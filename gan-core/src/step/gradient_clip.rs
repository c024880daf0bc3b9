//! Gradient clipping by global norm: all gradients of a player scaled down together.

use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::GradientsParams;
use burn::tensor::Tensor;

use crate::step::GradientNorm;

/// `gradients`, scaled down to `max_norm` where one is given.
pub(crate) fn clipped<M: Module>(
    module: &M,
    gradients: GradientsParams,
    max_norm: Option<f64>,
) -> GradientsParams {
    match max_norm {
        Some(max_norm) => clip_to_norm(module, gradients, max_norm),
        None => gradients,
    }
}

/// `gradients` times `min(1, max_norm/(‖g‖ + 1e-6))`, with `‖g‖` the Euclidean norm over every
/// gradient of `module`: the direction stays. Nothing is read from the device.
///
/// # Source
/// Pascanu, Mikolov & Bengio (2013), arXiv:1211.5063, algorithm 1; the 1e-6 is PyTorch's.
fn clip_to_norm<M: Module>(
    module: &M,
    gradients: GradientsParams,
    max_norm: f64,
) -> GradientsParams {
    let Some(norm) = GradientNorm::of(module, &gradients).value() else {
        return gradients;
    };
    let factor = ((norm + 1e-6).recip() * max_norm).clamp_max(1.0);
    let mut scale = Scale { gradients, factor };
    module.visit(&mut scale);
    scale.gradients
}

struct Scale {
    gradients: GradientsParams,
    factor: Tensor<1>,
}

impl ModuleVisitor for Scale {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if let Some(gradient) = self.gradients.remove::<D>(param.id) {
            let factor = self.factor.clone().reshape([1; D]);
            self.gradients.register(param.id, gradient * factor);
        }
    }
}

#[cfg(test)]
mod tests {
    use burn::nn::{Linear, LinearConfig};
    use burn::tensor::Device;

    use super::*;

    /// For `Σ (xW + b)` with `x = (3, 4)`, the gradients' norm is `√52`.
    fn layer_and_gradients() -> (Linear, GradientsParams) {
        let device = Device::flex().autodiff();
        let layer = LinearConfig::new(2, 2).init(&device);
        let output = layer.forward(Tensor::<2>::from_data([[3.0, 4.0]], &device));
        let gradients = GradientsParams::from_grads(output.sum().backward(), &layer);
        (layer, gradients)
    }

    fn norm(layer: &Linear, gradients: &GradientsParams) -> f64 {
        GradientNorm::of(layer, gradients).value().unwrap().into_scalar::<f64>()
    }

    #[test]
    fn long_gradients_are_cut_to_the_norm_and_keep_their_direction() {
        let (layer, gradients) = layer_and_gradients();
        let clipped = clip_to_norm(&layer, gradients, 2.0);
        assert!((norm(&layer, &clipped) - 2.0).abs() < 1e-5, "{}", norm(&layer, &clipped));
        let weight = clipped.get::<2>(layer.weight.id).unwrap().into_data();
        let weight = weight.try_to_vec_as::<f32>().unwrap();
        assert!((weight[2] / weight[0] - 4.0 / 3.0).abs() < 1e-5, "{weight:?}");
    }

    #[test]
    fn short_gradients_stay_as_they_are() {
        let (layer, gradients) = layer_and_gradients();
        let clipped = clip_to_norm(&layer, gradients, 100.0);
        assert!((norm(&layer, &clipped) - 52.0_f64.sqrt()).abs() < 1e-6);
    }
}
