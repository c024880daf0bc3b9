//! Adam for Burn's modules.

use burn::backend::Dispatch;
use burn::optim::{AdamState, AdaptiveMomentumState, LearningRate, Optimizer};
use burn::tensor::{Device, Tensor};

use super::moves;
use crate::adam::{AdamStep, corrections};
use crate::backend::Kernels;

/// Adam as Burn's, state and records included: Kingma & Ba (2015), arXiv:1412.6980, algorithm 1.
///
/// `θ ← θ − lr·m̂ / (√v̂ + ε)` with `m̂ = m / (1 − β₁ᵗ)` and `v̂ = v / (1 − β₂ᵗ)`. Where the kernels
/// run, weights and moments are moved in place, on Flex in one pass over memory; elsewhere by Burn's
/// own operations.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adam {
    /// Decay of the mean of gradients, `β₁`, in `[0, 1)`.
    pub beta_1: f32,
    /// Decay of the mean of squared gradients, `β₂`, in `[0, 1)`.
    pub beta_2: f32,
    /// Added to the root of the second moment, `ε`, above 0.
    pub epsilon: f32,
}

impl Optimizer for Adam {
    type State<const D: usize> = AdamState<D>;

    fn step<const D: usize>(
        &self,
        lr: LearningRate,
        weight: Tensor<D>,
        gradient: Tensor<D>,
        state: Option<AdamState<D>>,
    ) -> (Tensor<D>, Option<AdamState<D>>) {
        let state = state.map_or_else(
            || AdaptiveMomentumState::new(0, weight.zeros_like(), weight.zeros_like()),
            |state| state.momentum,
        );
        let time = state.time + 1;
        let (weight, first, second) = if moves(&weight) {
            self.by_kernel(lr, time, weight, gradient, [state.moment_1, state.moment_2])
        } else {
            self.by_burn(lr, time, weight, gradient, [state.moment_1, state.moment_2])
        };
        (weight, Some(AdamState::new(AdaptiveMomentumState::new(time, first, second))))
    }

    fn to_device<const D: usize>(state: AdamState<D>, device: &Device) -> AdamState<D> {
        AdamState::new(state.momentum.to_device(device))
    }
}

impl Adam {
    fn by_kernel<const D: usize>(
        &self,
        lr: LearningRate,
        time: usize,
        weight: Tensor<D>,
        gradient: Tensor<D>,
        [first, second]: [Tensor<D>; 2],
    ) -> (Tensor<D>, Tensor<D>, Tensor<D>) {
        let &Self { beta_1, beta_2, epsilon } = self;
        let time = i32::try_from(time).unwrap_or(i32::MAX);
        let step = AdamStep { lr: lr as f32, beta_1, beta_2, epsilon, time };
        let (weight, first, second) = <Dispatch as Kernels>::adam(
            weight.into_dispatch(),
            gradient.into_dispatch(),
            first.into_dispatch(),
            second.into_dispatch(),
            step,
        );
        let tensor = Tensor::from_dispatch;
        (tensor(weight), tensor(first), tensor(second))
    }

    fn by_burn<const D: usize>(
        &self,
        lr: LearningRate,
        time: usize,
        weight: Tensor<D>,
        gradient: Tensor<D>,
        [first, second]: [Tensor<D>; 2],
    ) -> (Tensor<D>, Tensor<D>, Tensor<D>) {
        let time = i32::try_from(time).unwrap_or(i32::MAX);
        let first = first * self.beta_1 + gradient.clone() * (1.0 - self.beta_1);
        let second = second * self.beta_2 + gradient.square() * (1.0 - self.beta_2);
        let (rest, root) = corrections([self.beta_1, self.beta_2], time);
        let step = first.clone() / (second.clone().sqrt() + f64::from(self.epsilon) * root);
        (weight - step * (lr * root / rest), first, second)
    }
}
