//! Sums of maps, and maps that are used twice.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;

use super::{Tracked, register};
use crate::backend::{BackwardKernels, Stash};

#[derive(Debug)]
struct SumBackward;

impl<B: BackwardKernels> Backward<B, 2> for SumBackward {
    type State = ();

    fn backward(self, ops: Ops<(), 2>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let gradient = gradients.consume::<B>(&ops.node);
        let parents = ops.parents.map(|node| node.map(|node| node.id));
        register::<B, 2>(gradients, parents, [Some(gradient.clone()), Some(gradient)]);
    }
}

#[derive(Debug)]
struct FirstUseBackward;

impl<B: BackwardKernels> Backward<B, 1> for FirstUseBackward {
    type State = Stash;

    fn backward(self, ops: Ops<Stash, 1>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let [of_x] = ops.parents;
        let gradient = gradients.consume::<B>(&ops.node);
        let gradient = match ops.state.take::<FloatTensor<B>>() {
            Some(other) => B::sum(gradient, other),
            None => gradient,
        };
        if let Some(node) = of_x {
            gradients.register::<B>(node.id, gradient);
        }
    }
}

/// The first use is its parent, so that it is visited later.
#[derive(Debug)]
struct SecondUseBackward;

impl<B: BackwardKernels> Backward<B, 1> for SecondUseBackward {
    type State = Stash;

    fn backward(self, ops: Ops<Stash, 1>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let gradient = gradients.consume::<B>(&ops.node);
        ops.state.put(gradient);
    }
}

pub(super) fn sum<B: BackwardKernels, C: CheckpointStrategy>(
    a: Tracked<B, C>,
    b: Tracked<B, C>,
) -> Tracked<B, C> {
    let nodes = [a.node(), b.node()];
    let sum = B::sum(a.into_primitive(), b.into_primitive());
    match SumBackward.prepare::<C>(nodes).compute_bound().stateful() {
        OpsKind::Tracked(operation) => operation.finish((), sum),
        OpsKind::UnTracked(operation) => operation.finish(sum),
    }
}

pub(super) fn first_use<B: BackwardKernels, C: CheckpointStrategy>(
    x: Tracked<B, C>,
    stash: Stash,
) -> Tracked<B, C> {
    let nodes = [x.node()];
    // Once, for both uses.
    let x = B::batch_innermost(x.into_primitive());
    match FirstUseBackward.prepare::<C>(nodes).compute_bound().stateful() {
        OpsKind::Tracked(operation) => operation.finish(stash, x),
        OpsKind::UnTracked(operation) => operation.finish(x),
    }
}

pub(super) fn second_use<B: BackwardKernels, C: CheckpointStrategy>(
    x: Tracked<B, C>,
    stash: Stash,
) -> Tracked<B, C> {
    let nodes = [x.node()];
    let x = x.into_primitive();
    match SecondUseBackward.prepare::<C>(nodes).compute_bound().stateful() {
        OpsKind::Tracked(operation) => operation.finish(stash, x),
        OpsKind::UnTracked(operation) => operation.finish(x),
    }
}
