//! What happens to weights in a step, in plain Burn: optimizers, clipping and the generator's average.

use std::any::Any;
use std::collections::VecDeque;

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::optim::{AdamConfig, ModuleOptimizer, RmsPropConfig};
use burn::tensor::Tensor;
use gan_core::constraint::Constraint;
use gan_core::optimizer::OptimizerConfig;

use crate::built::Network;
use crate::spectral;

pub(crate) fn optimizer(config: OptimizerConfig) -> ModuleOptimizer {
    match config {
        OptimizerConfig::Adam { beta_1, beta_2, epsilon, .. } => {
            AdamConfig::new().with_beta_1(beta_1).with_beta_2(beta_2).with_epsilon(epsilon).init()
        }
        OptimizerConfig::RmsProp { alpha, epsilon, .. } => {
            let plain = RmsPropConfig::new().with_momentum(0.0);
            plain.with_alpha(alpha).with_epsilon(epsilon).init()
        }
        _ => unreachable!("a recipe's optimizer is Adam or RMSProp"),
    }
}

/// The critic after its update.
pub(crate) fn constrain(critic: Network, constraint: Constraint) -> Network {
    match constraint {
        Constraint::Clip { bound } => critic.map(&mut Clip(bound)),
        Constraint::SpectralNorm { .. } => spectral::advance(critic),
        _ => critic,
    }
}

/// Clamps what is trained.
struct Clip(f64);

impl ModuleMapper for Clip {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        if !param.base().is_require_grad() {
            return param;
        }
        param.map(|weight| {
            let clamped = weight.inner().clamp(-self.0, self.0);
            Tensor::from_inner(clamped).require_grad()
        })
    }
}

/// An average of a generator's weights that follows them.
pub(crate) struct Average {
    network: Network,
    decay: f64,
}

impl Average {
    /// It begins as the generator; a weight counts half after `half_life` steps.
    pub(crate) fn new(generator: &Network, half_life: f64) -> Self {
        Self { network: generator.valid(), decay: 0.5_f64.powf(1.0 / half_life) }
    }

    pub(crate) fn follow(self, generator: &Network) -> Self {
        let mut newest = Collect::default();
        generator.valid().visit(&mut newest);
        let mut blend = Blend { newest: newest.0, decay: self.decay };
        Self { network: self.network.map(&mut blend), decay: self.decay }
    }
}

/// Every tensor of a network in the order of its layers, whatever its rank.
#[derive(Default)]
struct Collect(VecDeque<Box<dyn Any>>);

impl ModuleVisitor for Collect {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.0.push_back(Box::new(param.base()));
    }
}

struct Blend {
    newest: VecDeque<Box<dyn Any>>,
    decay: f64,
}

impl ModuleMapper for Blend {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let newest = self.newest.pop_front().and_then(|tensor| tensor.downcast().ok());
        let newest: Tensor<D> = *newest.expect("both are the same layers");
        param.map(|average| average * self.decay + newest * (1.0 - self.decay))
    }
}
