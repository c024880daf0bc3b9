//! The players' weights: how large they are, and how many a critic's clipping holds at its bound.
//!
//! | Quantity | Measures | Read as |
//! |---|---|---|
//! | `generator/weight_norm`, `critic/weight_norm` | Euclidean norm of all trained weights of a player | growth that does not end foretells numbers that overflow |
//! | `critic/clip_share` | share of the critic's trained weights with `|w| ≥ 0.999·c`, with weight clipping to `[−c, c]` | near 1, the critic is one of few functions (Gulrajani et al. (2017), arXiv:1704.00028, figure 1b) |
//!
//! Running statistics and frozen weights are not counted, as clipping does not touch them.

use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::Tensor;
use gan_core::measurement::{Measurement, Quantity};
use gan_core::player::{Critic, Generator};
use gan_core::probe::{Probe, ProbeError, Snapshot};

/// The norm of the generator's trained weights.
pub const GENERATOR_WEIGHT_NORM: Quantity = Quantity::new("generator/weight_norm", "norm");
/// The norm of the critic's trained weights.
pub const CRITIC_WEIGHT_NORM: Quantity = Quantity::new("critic/weight_norm", "norm");
/// The share of the critic's weights at the bound of weight clipping.
pub const CLIP_SHARE: Quantity = Quantity::new("critic/clip_share", "share");

/// Weights this near to the bound, as a share of it, are at the bound.
const AT_BOUND: f64 = 0.999;

/// Measures the weights of both players: a few milliseconds for a million of them.
#[derive(Clone, Copy, Debug, Default)]
pub struct WeightProbe {
    /// The bound of weight clipping, for [`CLIP_SHARE`].
    pub clip: Option<f64>,
}

impl<G: Generator<D>, C: Critic<D>, const D: usize> Probe<G, C, D> for WeightProbe {
    fn name(&self) -> &str {
        "weights"
    }

    fn quantities(&self) -> Vec<Quantity> {
        let norms = [GENERATOR_WEIGHT_NORM, CRITIC_WEIGHT_NORM];
        norms.into_iter().chain(self.clip.map(|_| CLIP_SHARE)).collect()
    }

    fn measure(&self, game: &Snapshot<'_, G, C, D>) -> Result<Vec<Measurement>, ProbeError> {
        let players = game.players();
        let bound = self.clip.map_or(f64::INFINITY, |clip| AT_BOUND * clip);
        let generator = Weights::of(&players.generator.module, bound);
        let critic = Weights::of(&players.critic.module, bound);
        let norms = [
            GENERATOR_WEIGHT_NORM.measured(generator.norm()),
            CRITIC_WEIGHT_NORM.measured(critic.norm()),
        ];
        let share = self.clip.map(|_| CLIP_SHARE.measured(critic.share_at_bound()));
        Ok(norms.into_iter().chain(share).collect())
    }
}

/// Sums over the trained weights of a network.
struct Weights {
    bound: f64,
    squares: f64,
    at_bound: u64,
    count: u64,
}

impl Weights {
    fn of<M: Module>(network: &M, bound: f64) -> Self {
        let mut weights = Self { bound, squares: 0.0, at_bound: 0, count: 0 };
        network.visit(&mut weights);
        weights
    }

    fn norm(&self) -> f64 {
        self.squares.sqrt()
    }

    fn share_at_bound(&self) -> f64 {
        self.at_bound as f64 / self.count.max(1) as f64
    }
}

impl ModuleVisitor for Weights {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if !param.base().is_require_grad() {
            return;
        }
        for weight in param.base().clone().inner().into_data().iter::<f64>() {
            self.squares += weight * weight;
            self.at_bound += u64::from(weight.abs() >= self.bound);
            self.count += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::nn::{BatchNorm, BatchNormConfig, Linear, LinearConfig};
    use burn::tensor::{Device, TensorData};

    #[derive(Module, Debug)]
    struct Network {
        linear: Linear,
        norm: BatchNorm,
    }

    #[test]
    fn trained_weights_are_counted_and_running_statistics_are_not() {
        let device = Device::default().autodiff();
        let mut network = Network {
            linear: LinearConfig::new(2, 2).with_bias(false).init(&device),
            norm: BatchNormConfig::new(2).init(&device),
        };
        let weight = TensorData::from([[3.0_f32, -0.01], [0.01, 0.005]]);
        network.linear.weight = Param::from_data(weight, &device);
        let weights = Weights::of(&network, 0.00999);
        // The scale of batch normalization is 1 in both channels, its shift 0.
        assert_eq!((weights.count, weights.at_bound), (8, 5));
        assert!((weights.norm() - (9.0_f64 + 2.0 + 2.25e-4).sqrt()).abs() < 1e-6);
    }
}
