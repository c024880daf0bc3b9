//! Pooling by sums and its transpose, each of which is the backward pass of the other.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};

use super::Tracked;
use crate::backend::Kernels;
use crate::pooling::Pooling;

#[derive(Debug)]
struct PoolBackward;

impl<B: Kernels> Backward<B, 1> for PoolBackward {
    type State = Pooling;

    fn backward(self, ops: Ops<Pooling, 1>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let [of_x] = ops.parents;
        let gradient = gradients.consume::<B>(&ops.node);
        if let Some(node) = of_x {
            gradients.register::<B>(node.id, B::repeat(gradient, ops.state));
        }
    }
}

#[derive(Debug)]
struct RepeatBackward;

impl<B: Kernels> Backward<B, 1> for RepeatBackward {
    type State = Pooling;

    fn backward(self, ops: Ops<Pooling, 1>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let [of_x] = ops.parents;
        let gradient = gradients.consume::<B>(&ops.node);
        if let Some(node) = of_x {
            gradients.register::<B>(node.id, B::pool(gradient, ops.state));
        }
    }
}

pub(super) fn pool<B: Kernels, C: CheckpointStrategy>(
    x: Tracked<B, C>,
    pooling: Pooling,
) -> Tracked<B, C> {
    let nodes = [x.node()];
    let pooled = B::pool(x.into_primitive(), pooling);
    match PoolBackward.prepare::<C>(nodes).compute_bound().stateful() {
        OpsKind::Tracked(operation) => operation.finish(pooling, pooled),
        OpsKind::UnTracked(operation) => operation.finish(pooled),
    }
}

pub(super) fn repeat<B: Kernels, C: CheckpointStrategy>(
    x: Tracked<B, C>,
    pooling: Pooling,
) -> Tracked<B, C> {
    let nodes = [x.node()];
    let repeated = B::repeat(x.into_primitive(), pooling);
    match RepeatBackward.prepare::<C>(nodes).compute_bound().stateful() {
        OpsKind::Tracked(operation) => operation.finish(pooling, repeated),
        OpsKind::UnTracked(operation) => operation.finish(repeated),
    }
}
