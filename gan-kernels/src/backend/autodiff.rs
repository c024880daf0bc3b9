//! The backward passes of the operations.

mod conditional;
mod pooling;
mod shapes;
mod synchronized;
mod uses;

use burn::backend::autodiff::NodeId;
use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend};

use super::{BackwardKernels, GroupNormalization, Kernels, Layer, Normalization, Stash};
use crate::activation::Activation;
use crate::adam::AdamStep;
use crate::pooling::Pooling;
use crate::rms_prop::RmsPropStep;
use crate::synchronized::SharedShards;

/// A tensor on a graph.
type Tracked<B, C> = FloatTensor<Autodiff<B, C>>;

/// The panic message where an optimizer is differentiated.
const OFF_THE_GRAPH: &str = "an optimizer steps off the autodiff side";

#[derive(Debug)]
struct LayerBackward;

impl<B: BackwardKernels> Backward<B, 3> for LayerBackward {
    /// The input, the weight, and the result where its activation needs it.
    type State = (FloatTensor<B>, FloatTensor<B>, Option<FloatTensor<B>>, Layer);

    fn backward(self, ops: Ops<Self::State, 3>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let (x, weight, y, layer) = ops.state;
        let gradient = gradients.consume::<B>(&ops.node);
        let parents = ops.parents.map(|node| node.map(|node| node.id));
        let wanted = parents.map(|node| node.is_some());
        let found = B::layer_backward(x, weight, y, gradient, layer, wanted);
        register::<B, 3>(gradients, parents, found);
    }
}

#[derive(Debug)]
struct ActivationBackward;

impl<B: BackwardKernels> Backward<B, 1> for ActivationBackward {
    type State = (FloatTensor<B>, Activation);

    fn backward(self, ops: Ops<Self::State, 1>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let [of_x] = ops.parents;
        let (y, activation) = ops.state;
        let gradient = gradients.consume::<B>(&ops.node);
        if let Some(node) = of_x {
            gradients.register::<B>(node.id, B::activation_backward(y, gradient, activation));
        }
    }
}

#[derive(Debug)]
struct SoftplusBackward;

impl<B: BackwardKernels> Backward<B, 1> for SoftplusBackward {
    type State = FloatTensor<B>;

    fn backward(self, ops: Ops<Self::State, 1>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let [of_x] = ops.parents;
        let gradient = gradients.consume::<B>(&ops.node);
        if let Some(node) = of_x {
            gradients.register::<B>(node.id, B::softplus_backward(ops.state, gradient));
        }
    }
}

#[derive(Debug)]
struct NormalizeBackward;

impl<B: BackwardKernels> Backward<B, 3> for NormalizeBackward {
    /// The input, scale and shift, mean and variance, and the result where an activation made it.
    type State = ([FloatTensor<B>; 5], Option<FloatTensor<B>>, Normalization);

    fn backward(self, ops: Ops<Self::State, 3>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let (kept, y, norm) = ops.state;
        let gradient = gradients.consume::<B>(&ops.node);
        let found = B::normalize_backward(kept, y, gradient, norm);
        let parents = ops.parents.map(|node| node.map(|node| node.id));
        register::<B, 3>(gradients, parents, found.map(Some));
    }
}

#[derive(Debug)]
struct SlopeBackward;

impl<B: BackwardKernels> Backward<B, 1> for SlopeBackward {
    type State = (FloatTensor<B>, Activation);

    fn backward(self, ops: Ops<Self::State, 1>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let [of_v] = ops.parents;
        let (y, activation) = ops.state;
        let gradient = gradients.consume::<B>(&ops.node);
        if let Some(node) = of_v {
            gradients.register::<B>(node.id, B::slope(y, gradient, activation));
        }
    }
}

#[derive(Debug)]
struct GroupNormalizeBackward;

impl<B: BackwardKernels> Backward<B, 3> for GroupNormalizeBackward {
    /// The input, scale and shift.
    type State = ([FloatTensor<B>; 3], GroupNormalization);

    fn backward(self, ops: Ops<Self::State, 3>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let (kept, norm) = ops.state;
        let gradient = gradients.consume::<B>(&ops.node);
        let found = B::group_normalize_backward(kept, gradient, norm);
        let parents = ops.parents.map(|node| node.map(|node| node.id));
        register::<B, 3>(gradients, parents, found.map(Some));
    }
}

#[derive(Debug)]
struct GroupTangentBackward;

impl<B: BackwardKernels> Backward<B, 3> for GroupTangentBackward {
    /// The input, the direction and the scale.
    type State = ([FloatTensor<B>; 3], GroupNormalization);

    fn backward(self, ops: Ops<Self::State, 3>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let (kept, norm) = ops.state;
        let gradient = gradients.consume::<B>(&ops.node);
        let found = B::group_tangent_backward(kept, gradient, norm);
        let parents = ops.parents.map(|node| node.map(|node| node.id));
        register::<B, 3>(gradients, parents, found.map(Some));
    }
}

/// Hands each parent that wants one its gradient.
fn register<B: Backend, const N: usize>(
    gradients: &mut Gradients,
    parents: [Option<NodeId>; N],
    found: [Option<FloatTensor<B>>; N],
) {
    for (node, gradient) in parents.into_iter().zip(found) {
        if let (Some(node), Some(gradient)) = (node, gradient) {
            gradients.register::<B>(node, gradient);
        }
    }
}

impl<B: BackwardKernels, C: CheckpointStrategy> Kernels for Autodiff<B, C> {
    fn unflatten(x: FloatTensor<Self>, shape: [usize; 3]) -> FloatTensor<Self> {
        shapes::unflatten::<B, C>(x, shape)
    }

    fn flatten(x: FloatTensor<Self>) -> FloatTensor<Self> {
        shapes::flatten::<B, C>(x)
    }

    fn sum(a: FloatTensor<Self>, b: FloatTensor<Self>) -> FloatTensor<Self> {
        uses::sum::<B, C>(a, b)
    }

    fn first_use(x: FloatTensor<Self>, stash: Stash) -> FloatTensor<Self> {
        uses::first_use::<B, C>(x, stash)
    }

    fn second_use(x: FloatTensor<Self>, stash: Stash) -> FloatTensor<Self> {
        uses::second_use::<B, C>(x, stash)
    }

    fn pool(x: FloatTensor<Self>, pooling: Pooling) -> FloatTensor<Self> {
        pooling::pool::<B, C>(x, pooling)
    }

    fn repeat(x: FloatTensor<Self>, pooling: Pooling) -> FloatTensor<Self> {
        pooling::repeat::<B, C>(x, pooling)
    }

    fn joined(a: FloatTensor<Self>, b: FloatTensor<Self>, axis: usize) -> FloatTensor<Self> {
        shapes::joined::<B, C>(a, b, axis)
    }

    fn layer(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        layer: Layer,
    ) -> FloatTensor<Self> {
        let nodes = [x.node(), weight.node(), bias.node()];
        // Once, for the forward pass and for the weight's gradient.
        let x = B::batch_innermost(x.into_primitive());
        let (weight, bias) = (weight.into_primitive(), bias.into_primitive());
        match LayerBackward.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(operation) => {
                let y = B::layer(x.clone(), weight.clone(), bias, layer);
                let kept = (layer.activation != Activation::Identity).then(|| y.clone());
                operation.finish((x, weight, kept, layer), y)
            }
            OpsKind::UnTracked(operation) => operation.finish(B::layer(x, weight, bias, layer)),
        }
    }

    fn activation(x: FloatTensor<Self>, activation: Activation) -> FloatTensor<Self> {
        let nodes = [x.node()];
        let x = x.into_primitive();
        match ActivationBackward.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(operation) => {
                let y = B::activation(x, activation);
                operation.finish((y.clone(), activation), y)
            }
            OpsKind::UnTracked(operation) => operation.finish(B::activation(x, activation)),
        }
    }

    fn softplus(x: FloatTensor<Self>) -> FloatTensor<Self> {
        let nodes = [x.node()];
        let x = x.into_primitive();
        match SoftplusBackward.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(operation) => operation.finish(x.clone(), B::softplus(x)),
            OpsKind::UnTracked(operation) => operation.finish(B::softplus(x)),
        }
    }

    fn normalize(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        norm: Normalization,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let nodes = [x.node(), gamma.node(), beta.node()];
        let x = B::batch_innermost(x.into_primitive());
        let (gamma, beta) = (gamma.into_primitive(), beta.into_primitive());
        let (y, mean, variance) = B::normalize(x.clone(), gamma.clone(), beta.clone(), norm);
        let y = match NormalizeBackward.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(operation) => {
                let kept = [x, gamma, beta, mean.clone(), variance.clone()];
                let result = (norm.activation != Activation::Identity).then(|| y.clone());
                operation.finish((kept, result, norm), y)
            }
            OpsKind::UnTracked(operation) => operation.finish(y),
        };
        (y, FloatTensor::<Self>::new(mean), FloatTensor::<Self>::new(variance))
    }

    fn normalize_by_sample(
        x: FloatTensor<Self>,
        scale: FloatTensor<Self>,
        shift: FloatTensor<Self>,
        norm: Normalization,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let (y, mean, variance) = conditional::normalize::<B, C>([x, scale, shift], norm);
        (y, FloatTensor::<Self>::new(mean), FloatTensor::<Self>::new(variance))
    }

    fn normalize_shard(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        norm: Normalization,
        shards: SharedShards,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let (y, mean, variance) = synchronized::normalize::<B, C>([x, gamma, beta], norm, shards);
        (y, FloatTensor::<Self>::new(mean), FloatTensor::<Self>::new(variance))
    }

    fn normalize_shard_by_sample(
        x: FloatTensor<Self>,
        scale: FloatTensor<Self>,
        shift: FloatTensor<Self>,
        norm: Normalization,
        shards: SharedShards,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let (y, mean, variance) =
            synchronized::normalize_by_sample::<B, C>([x, scale, shift], norm, shards);
        (y, FloatTensor::<Self>::new(mean), FloatTensor::<Self>::new(variance))
    }

    fn slope(
        y: FloatTensor<Self>,
        v: FloatTensor<Self>,
        activation: Activation,
    ) -> FloatTensor<Self> {
        let (nodes, y, v) = ([v.node()], y.into_primitive(), v.into_primitive());
        let made = B::slope(y.clone(), v, activation);
        match SlopeBackward.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(operation) => operation.finish((y, activation), made),
            OpsKind::UnTracked(operation) => operation.finish(made),
        }
    }

    fn group_normalize(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        norm: GroupNormalization,
    ) -> FloatTensor<Self> {
        let nodes = [x.node(), gamma.node(), beta.node()];
        let x = B::batch_innermost(x.into_primitive());
        let (gamma, beta) = (gamma.into_primitive(), beta.into_primitive());
        let y = B::group_normalize(x.clone(), gamma.clone(), beta.clone(), norm);
        match GroupNormalizeBackward.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(operation) => operation.finish(([x, gamma, beta], norm), y),
            OpsKind::UnTracked(operation) => operation.finish(y),
        }
    }

    fn group_tangent(
        x: FloatTensor<Self>,
        v: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        norm: GroupNormalization,
    ) -> FloatTensor<Self> {
        let nodes = [x.node(), v.node(), gamma.node()];
        let [x, v] = [x, v].map(|tensor| B::batch_innermost(tensor.into_primitive()));
        let gamma = gamma.into_primitive();
        let made = B::group_tangent(x.clone(), v.clone(), gamma.clone(), norm);
        match GroupTangentBackward.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(operation) => operation.finish(([x, v, gamma], norm), made),
            OpsKind::UnTracked(operation) => operation.finish(made),
        }
    }

    fn adam(
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: AdamStep,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        unreachable!("{OFF_THE_GRAPH}")
    }

    fn rms_prop(
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: RmsPropStep,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        unreachable!("{OFF_THE_GRAPH}")
    }
}
