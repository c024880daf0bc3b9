//! The gradient norm: the Euclidean norm of all of a player's gradients, computed only on demand.

use std::fmt;
use std::sync::Arc;

use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::GradientsParams;
use burn::tensor::Tensor;
use gan_kernels::sum;

/// The gradients of one step, held as handles until their norm is asked for.
///
/// Holding them costs no arithmetic; a norm that is not read is never computed.
#[derive(Clone)]
pub struct GradientNorm {
    gradients: Vec<Arc<dyn SquareSum>>,
}

/// A gradient of any rank.
trait SquareSum: Send + Sync {
    /// `Σ g²` over every entry, shape `[1]`.
    fn square_sum(&self) -> Tensor<1>;
}

impl<const D: usize> SquareSum for Tensor<D> {
    fn square_sum(&self) -> Tensor<1> {
        sum(self.clone().square())
    }
}

impl fmt::Debug for GradientNorm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GradientNorm of {} gradients", self.gradients.len())
    }
}

impl GradientNorm {
    /// The gradients that `module`'s parameters have in `gradients`.
    pub fn of<M: Module>(module: &M, gradients: &GradientsParams) -> Self {
        let mut collect = Collect { gradients, found: Vec::with_capacity(gradients.len()) };
        module.visit(&mut collect);
        Self { gradients: collect.found }
    }

    /// `√Σ g²` over every entry of every gradient, shape `[1]`; `None` if there is no gradient.
    pub fn value(&self) -> Option<Tensor<1>> {
        let squares = self.gradients.iter().map(|gradient| gradient.square_sum());
        squares.reduce(Tensor::add).map(Tensor::sqrt)
    }
}

struct Collect<'a> {
    gradients: &'a GradientsParams,
    found: Vec<Arc<dyn SquareSum>>,
}

impl ModuleVisitor for Collect<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if let Some(gradient) = self.gradients.get::<D>(param.id) {
            self.found.push(Arc::new(gradient));
        }
    }
}

#[cfg(test)]
mod tests {
    use burn::nn::LinearConfig;
    use burn::tensor::Device;

    use super::*;

    /// For `Σ (xW + b)` with `x = (3, 4)`, every column of `∂W` is `x` and `∂b` is 1.
    #[test]
    fn the_norm_runs_over_weights_and_biases() {
        let device = Device::flex().autodiff();
        let layer = LinearConfig::new(2, 2).init(&device);
        let output = layer.forward(Tensor::<2>::from_data([[3.0, 4.0]], &device));
        let gradients = GradientsParams::from_grads(output.sum().backward(), &layer);
        let norm = GradientNorm::of(&layer, &gradients).value().unwrap().into_scalar::<f64>();
        assert!((norm - 52.0_f64.sqrt()).abs() < 1e-6, "{norm}");
    }

    #[test]
    fn a_module_without_gradients_has_no_norm() {
        let layer = LinearConfig::new(2, 2).init(&Device::flex().autodiff());
        assert!(GradientNorm::of(&layer, &GradientsParams::new()).value().is_none());
    }
}
