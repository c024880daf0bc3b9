//! RMSProp for Burn's modules.

use burn::backend::Dispatch;
use burn::optim::{CenteredState, LearningRate, Optimizer, RmsPropState, SquareAvgState};
use burn::tensor::{Device, Tensor};

use super::moves;
use crate::backend::Kernels;
use crate::rms_prop::RmsPropStep;

/// RMSProp as Burn's without momentum, centering and decay, state and records included: Tieleman &
/// Hinton (2012).
///
/// `θ ← θ − lr·g / (√v + ε)` with `v ← α·v + (1 − α)·g²`. Where the kernels run, weights and squares
/// are moved in place, on Flex in one pass over memory; elsewhere by Burn's own operations.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RmsProp {
    /// Decay of the mean of squared gradients, `α`, in `[0, 1)`.
    pub alpha: f32,
    /// Added to the root of that mean, `ε`, above 0.
    pub epsilon: f32,
}

impl Optimizer for RmsProp {
    type State<const D: usize> = RmsPropState<D>;

    fn step<const D: usize>(
        &self,
        lr: LearningRate,
        weight: Tensor<D>,
        gradient: Tensor<D>,
        state: Option<RmsPropState<D>>,
    ) -> (Tensor<D>, Option<RmsPropState<D>>) {
        // Burn's state has the same tensor twice; what is shared is not moved in place.
        let squares = state.map(|RmsPropState { square_avg, .. }| square_avg.square_avg);
        let squares = squares.unwrap_or_else(|| weight.zeros_like());
        let (weight, squares) = if moves(&weight) {
            self.by_kernel(lr, weight, gradient, squares)
        } else {
            self.by_burn(lr, weight, gradient, squares)
        };
        let centered = CenteredState::new(None, squares.clone());
        (weight, Some(RmsPropState::new(SquareAvgState::new(squares), centered, None)))
    }

    fn to_device<const D: usize>(state: RmsPropState<D>, device: &Device) -> RmsPropState<D> {
        let RmsPropState { square_avg, centered, .. } = state;
        RmsPropState::new(square_avg.to_device(device), centered.to_device(device), None)
    }
}

impl RmsProp {
    fn by_kernel<const D: usize>(
        &self,
        lr: LearningRate,
        weight: Tensor<D>,
        gradient: Tensor<D>,
        squares: Tensor<D>,
    ) -> (Tensor<D>, Tensor<D>) {
        let &Self { alpha, epsilon } = self;
        let step = RmsPropStep { lr: lr as f32, alpha, epsilon };
        let (weight, squares) = <Dispatch as Kernels>::rms_prop(
            weight.into_dispatch(),
            gradient.into_dispatch(),
            squares.into_dispatch(),
            step,
        );
        (Tensor::from_dispatch(weight), Tensor::from_dispatch(squares))
    }

    fn by_burn<const D: usize>(
        &self,
        lr: LearningRate,
        weight: Tensor<D>,
        gradient: Tensor<D>,
        squares: Tensor<D>,
    ) -> (Tensor<D>, Tensor<D>) {
        let squares = squares * self.alpha + gradient.clone().square() * (1.0 - self.alpha);
        let step = gradient / (squares.clone().sqrt() + self.epsilon);
        (weight - step * lr, squares)
    }
}
