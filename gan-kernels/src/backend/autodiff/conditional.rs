//! Conditional batch normalization.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;

use super::{Tracked, register};
use crate::activation::Activation;
use crate::backend::{BackwardKernels, Normalization};

#[derive(Debug)]
struct NormalizeBySampleBackward;

impl<B: BackwardKernels> Backward<B, 3> for NormalizeBySampleBackward {
    /// The input, scale and shift, mean and variance, and the result where an activation made it.
    type State = ([FloatTensor<B>; 5], Option<FloatTensor<B>>, Normalization);

    fn backward(self, ops: Ops<Self::State, 3>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let (kept, y, norm) = ops.state;
        let gradient = gradients.consume::<B>(&ops.node);
        let found = B::normalize_by_sample_backward(kept, y, gradient, norm);
        let parents = ops.parents.map(|node| node.map(|node| node.id));
        register::<B, 3>(gradients, parents, found.map(Some));
    }
}

/// The result, and the mean and the variance of each channel off the graph.
pub(super) fn normalize<B: BackwardKernels, C: CheckpointStrategy>(
    [x, scale, shift]: [Tracked<B, C>; 3],
    norm: Normalization,
) -> (Tracked<B, C>, FloatTensor<B>, FloatTensor<B>) {
    let nodes = [x.node(), scale.node(), shift.node()];
    let [x, scale, shift] =
        [x, scale, shift].map(|tensor| B::batch_innermost(tensor.into_primitive()));
    let (y, mean, variance) = B::normalize_by_sample(x.clone(), scale.clone(), shift.clone(), norm);
    let y = match NormalizeBySampleBackward.prepare::<C>(nodes).compute_bound().stateful() {
        OpsKind::Tracked(operation) => {
            let kept = [x, scale, shift, mean.clone(), variance.clone()];
            let result = (norm.activation != Activation::Identity).then(|| y.clone());
            operation.finish((kept, result, norm), y)
        }
        OpsKind::UnTracked(operation) => operation.finish(y),
    };
    (y, mean, variance)
}
