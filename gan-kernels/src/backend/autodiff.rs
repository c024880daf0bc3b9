//! What the operations do to gradients.

use burn::backend::Autodiff;
use burn::backend::TensorMetadata;
use burn::backend::autodiff::NodeId;
use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::tensor::Slice;

use super::{GroupNormalization, Kernels, Layer, Normalization};
use crate::activation::Activation;
use crate::adam::AdamStep;
use crate::rms_prop::RmsPropStep;

/// Said where somebody differentiates twice.
const FIRST_ORDER: &str = "the backward passes of these kernels are of the first order";

/// Said where somebody differentiates an optimizer.
const OFF_THE_GRAPH: &str = "an optimizer steps off the autodiff side";

#[derive(Debug)]
struct LayerBackward;

impl<B: Kernels> Backward<B, 3> for LayerBackward {
    /// The input, the weight, and the result where its activation needs it.
    type State = (FloatTensor<B>, FloatTensor<B>, Option<FloatTensor<B>>, Layer);

    fn backward(self, ops: Ops<Self::State, 3>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let [of_x, of_weight, of_bias] = ops.parents;
        let (x, weight, y, layer) = ops.state;
        let mut gradient = gradients.consume::<B>(&ops.node);
        if of_bias.is_some() || y.is_some() {
            let y = y.unwrap_or_else(|| gradient.clone());
            let bias;
            (gradient, bias) = B::activation_backward(y, gradient, layer.activation);
            if let Some(node) = of_bias {
                gradients.register::<B>(node.id, bias);
            }
        }
        if let Some(node) = of_weight {
            let of_weight = B::layer_weight_gradient(x, gradient.clone(), weight.clone(), layer);
            gradients.register::<B>(node.id, of_weight);
        }
        if let Some(node) = of_x {
            gradients.register::<B>(node.id, B::layer_input_gradient(gradient, weight, layer));
        }
    }
}

#[derive(Debug)]
struct ActivationBackward;

impl<B: Kernels> Backward<B, 1> for ActivationBackward {
    type State = (FloatTensor<B>, Activation);

    fn backward(self, ops: Ops<Self::State, 1>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let [of_x] = ops.parents;
        let (y, activation) = ops.state;
        let gradient = gradients.consume::<B>(&ops.node);
        if let Some(node) = of_x {
            let (before, _) = B::activation_backward(y, gradient, activation);
            gradients.register::<B>(node.id, before);
        }
    }
}

#[derive(Debug)]
struct NormalizeBackward;

impl<B: Kernels> Backward<B, 3> for NormalizeBackward {
    /// The input, scale and shift, mean and variance.
    type State = ([FloatTensor<B>; 5], Normalization);

    fn backward(self, ops: Ops<Self::State, 3>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let ([x, gamma, beta, mean, variance], norm) = ops.state;
        let gradient = gradients.consume::<B>(&ops.node);
        let (x, gamma, beta) =
            B::normalize_backward(x, gamma, beta, mean, variance, gradient, norm);
        let parents = ops.parents.map(|node| node.map(|node| node.id));
        register::<B, 3>(gradients, parents, [x, gamma, beta]);
    }
}

#[derive(Debug)]
struct SlopeBackward;

impl<B: Kernels> Backward<B, 1> for SlopeBackward {
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

impl<B: Kernels> Backward<B, 3> for GroupNormalizeBackward {
    /// The input, scale and shift.
    type State = ([FloatTensor<B>; 3], GroupNormalization);

    fn backward(self, ops: Ops<Self::State, 3>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let ([x, gamma, beta], norm) = ops.state;
        let gradient = gradients.consume::<B>(&ops.node);
        let (x, gamma, beta) = B::group_normalize_backward(x, gamma, beta, gradient, norm);
        let parents = ops.parents.map(|node| node.map(|node| node.id));
        register::<B, 3>(gradients, parents, [x, gamma, beta]);
    }
}

#[derive(Debug)]
struct GroupTangentBackward;

impl<B: Kernels> Backward<B, 3> for GroupTangentBackward {
    /// The input, the direction and the scale.
    type State = ([FloatTensor<B>; 3], GroupNormalization);

    fn backward(self, ops: Ops<Self::State, 3>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let ([x, v, gamma], norm) = ops.state;
        let gradient = gradients.consume::<B>(&ops.node);
        let (x, v, gamma) = B::group_tangent_backward(x, v, gamma, gradient, norm);
        let parents = ops.parents.map(|node| node.map(|node| node.id));
        register::<B, 3>(gradients, parents, [x, v, gamma]);
    }
}

/// Hands each parent that wants one its gradient.
fn register<B: Kernels, const N: usize>(
    gradients: &mut Gradients,
    parents: [Option<NodeId>; N],
    found: [FloatTensor<B>; N],
) {
    for (node, gradient) in parents.into_iter().zip(found) {
        if let Some(node) = node {
            gradients.register::<B>(node, gradient);
        }
    }
}

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

impl<B: Kernels> Backward<B, 1> for UnflattenBackward {
    type State = ();

    fn backward(self, ops: Ops<(), 1>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let [of_x] = ops.parents;
        let gradient = gradients.consume::<B>(&ops.node);
        if let Some(node) = of_x {
            gradients.register::<B>(node.id, B::flatten(gradient));
        }
    }
}

impl<B: Kernels, C: CheckpointStrategy> Kernels for Autodiff<B, C> {
    fn unflatten(x: FloatTensor<Self>, shape: [usize; 3]) -> FloatTensor<Self> {
        let nodes = [x.node()];
        let y = B::unflatten(x.into_primitive(), shape);
        match UnflattenBackward.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(operation) => operation.finish((), y),
            OpsKind::UnTracked(operation) => operation.finish(y),
        }
    }

    fn flatten(_: FloatTensor<Self>) -> FloatTensor<Self> {
        unreachable!("{FIRST_ORDER}")
    }

    fn joined(a: FloatTensor<Self>, b: FloatTensor<Self>, axis: usize) -> FloatTensor<Self> {
        let nodes = [a.node(), b.node()];
        let (a, b) = (a.into_primitive(), b.into_primitive());
        let middle = a.shape()[axis];
        let joined = B::joined(a, b, axis);
        match JoinedBackward.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(operation) => operation.finish((axis, middle), joined),
            OpsKind::UnTracked(operation) => operation.finish(joined),
        }
    }

    fn batch_innermost(_: FloatTensor<Self>) -> FloatTensor<Self> {
        unreachable!("{FIRST_ORDER}")
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
                operation.finish((kept, norm), y)
            }
            OpsKind::UnTracked(operation) => operation.finish(y),
        };
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

    fn group_normalize_backward(
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: GroupNormalization,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        unreachable!("{FIRST_ORDER}")
    }

    fn group_tangent_backward(
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: GroupNormalization,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        unreachable!("{FIRST_ORDER}")
    }

    fn layer_input_gradient(
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: Layer,
    ) -> FloatTensor<Self> {
        unreachable!("{FIRST_ORDER}")
    }

    fn layer_weight_gradient(
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: Layer,
    ) -> FloatTensor<Self> {
        unreachable!("{FIRST_ORDER}")
    }

    fn activation_backward(
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: Activation,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        unreachable!("{FIRST_ORDER}")
    }

    fn normalize_backward(
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: Normalization,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        unreachable!("{FIRST_ORDER}")
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
