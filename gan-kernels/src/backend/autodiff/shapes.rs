//! Maps that are given other shapes, or joined.

use burn::backend::TensorMetadata;
use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::tensor::Slice;

use super::Tracked;
use crate::backend::{BackwardKernels, Kernels};

#[derive(Debug)]
struct JoinedBackward;

impl<B: Kernels> Backward<B, 2> for JoinedBackward {
    /// The axis, and how far the first of both reaches along it.
    type State = (usize, usize);

    fn backward(self, ops: Ops<Self::State, 2>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let (axis, middle) = ops.state;
        let gradient = gradients.consume::<B>(&ops.node);
        let end = gradient.shape()[axis];
        for (parent, range) in ops.parents.into_iter().zip([0..middle, middle..end]) {
            if let Some(node) = parent {
                let mut slices = vec![Slice::from(..); gradient.shape().num_dims()];
                slices[axis] = Slice::from(range);
                gradients.register::<B>(node.id, B::float_slice(gradient.clone(), &slices));
            }
        }
    }
}

#[derive(Debug)]
struct UnflattenBackward;

impl<B: BackwardKernels> Backward<B, 1> for UnflattenBackward {
    type State = ();

    fn backward(self, ops: Ops<(), 1>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let [of_x] = ops.parents;
        let gradient = gradients.consume::<B>(&ops.node);
        if let Some(node) = of_x {
            gradients.register::<B>(node.id, B::flatten(gradient));
        }
    }
}

#[derive(Debug)]
struct FlattenBackward;

impl<B: Kernels> Backward<B, 1> for FlattenBackward {
    /// Channels, height and width.
    type State = [usize; 3];

    fn backward(self, ops: Ops<[usize; 3], 1>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let [of_x] = ops.parents;
        let gradient = gradients.consume::<B>(&ops.node);
        if let Some(node) = of_x {
            gradients.register::<B>(node.id, B::unflatten(gradient, ops.state));
        }
    }
}

pub(super) fn unflatten<B: BackwardKernels, C: CheckpointStrategy>(
    x: Tracked<B, C>,
    shape: [usize; 3],
) -> Tracked<B, C> {
    let nodes = [x.node()];
    let y = B::unflatten(x.into_primitive(), shape);
    match UnflattenBackward.prepare::<C>(nodes).compute_bound().stateful() {
        OpsKind::Tracked(operation) => operation.finish((), y),
        OpsKind::UnTracked(operation) => operation.finish(y),
    }
}

pub(super) fn flatten<B: Kernels, C: CheckpointStrategy>(x: Tracked<B, C>) -> Tracked<B, C> {
    let (nodes, shape) = ([x.node()], x.shape());
    let y = B::flatten(x.into_primitive());
    match FlattenBackward.prepare::<C>(nodes).compute_bound().stateful() {
        OpsKind::Tracked(operation) => operation.finish([shape[1], shape[2], shape[3]], y),
        OpsKind::UnTracked(operation) => operation.finish(y),
    }
}

pub(super) fn joined<B: Kernels, C: CheckpointStrategy>(
    a: Tracked<B, C>,
    b: Tracked<B, C>,
    axis: usize,
) -> Tracked<B, C> {
    let nodes = [a.node(), b.node()];
    let (a, b) = (a.into_primitive(), b.into_primitive());
    let middle = a.shape()[axis];
    let joined = B::joined(a, b, axis);
    match JoinedBackward.prepare::<C>(nodes).compute_bound().stateful() {
        OpsKind::Tracked(operation) => operation.finish((axis, middle), joined),
        OpsKind::UnTracked(operation) => operation.finish(joined),
    }
}
