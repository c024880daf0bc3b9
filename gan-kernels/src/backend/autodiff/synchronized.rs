//! Batch normalization of one shard of a batch by the statistics of all shards.
//!
//! A shard has the mean `m` and the variance `v` of its own, the batch `M` and `V`. What a shard's own
//! normalization makes is `n = (x − m)/√(v + ε)`, and that of the batch is linear in it:
//! `x̂ = (x − M)/√(V + ε) = a·n + b` with `a = √((v + ε)/(V + ε))` and `b = (m − M)/√(V + ε)`. So
//! `γ·x̂ + β` is the shard's own normalization with the scale `γ·a` and the shift `β + γ·b`, and the
//! kernels of a whole batch do the work.
//!
//! Backwards, `h = Σ g` and `k = Σ g·n` over the shard, with `g` the gradient of `x̂`, become `H` and
//! `K = Σ (a·k + b·h)` over the batch of `N` numbers a channel, and
//!
//! ```text
//! dx = (g − H/N − x̂·K/N)/√(V + ε)
//!    = (g − h/n' − n·k/n')/√(V + ε) + ((h/n' − H/N − b·K/N) + n·(k/n' − a·K/N))/√(V + ε)
//! ```
//!
//! with `n'` numbers a channel in the shard. The first part is the shard's own backward pass, the
//! second its own normalization once more, with another scale and shift.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, TensorMetadata};
use burn::tensor::{TensorData, read_sync};

use super::{Tracked, register};
use crate::activation::Activation;
use crate::backend::{BackwardKernels, Normalization};
use crate::synchronized::{SharedShards, shards_here};

/// The panic message where nobody would answer a shard.
const OUTSIDE: &str =
    "a shard that was normalized within `synchronize_batch_norm` is differentiated outside";

/// A normalized shard, and the mean and the variance of the batch, off the graph.
type Normalized<B, C> = (Tracked<B, C>, FloatTensor<B>, FloatTensor<B>);

/// How a batch is normalized, as a line through what a shard's own normalization makes of it: for each
/// channel.
#[derive(Clone, Debug)]
struct OfBatch {
    /// Numbers of a channel in this shard.
    numbers: f32,
    /// `a`, `b` and `1/√(V + ε)`.
    slope: Vec<f32>,
    offset: Vec<f32>,
    per_deviation: Vec<f32>,
}

/// A shard's own mean and variance, those of the batch, and how they go together.
struct Statistics<B: Backend> {
    own: [FloatTensor<B>; 2],
    mean: Vec<f32>,
    variance: Vec<f32>,
    of_batch: OfBatch,
}

fn numbers<B: Backend>(tensor: FloatTensor<B>) -> Vec<f32> {
    let data = read_sync(B::float_into_data(tensor));
    let data = data.unwrap_or_else(|error| panic!("a tensor cannot be read: {error:?}"));
    data.iter::<f32>().collect()
}

fn tensor<B: Backend>(numbers: Vec<f32>, shape: &[usize], like: &FloatTensor<B>) -> FloatTensor<B> {
    B::float_from_data(TensorData::new(numbers, shape.to_vec()), &like.device())
}

/// `scale·n + shift` with `n` the shard's own normalization of `x`; and the mean and the variance of it.
fn own<B: BackwardKernels>(
    x: FloatTensor<B>,
    scale: Vec<f32>,
    shift: Vec<f32>,
    epsilon: f32,
) -> [FloatTensor<B>; 3] {
    let channels = [scale.len()];
    let [scale, shift] = [scale, shift].map(|of| tensor::<B>(of, &channels, &x));
    let norm = Normalization { epsilon, activation: Activation::Identity };
    B::normalize(x, scale, shift, norm).into()
}

fn statistics<B: BackwardKernels>(
    x: &FloatTensor<B>,
    epsilon: f32,
    shards: &SharedShards,
) -> Statistics<B> {
    let shape = x.shape();
    let channels = shape[1];
    let [_, mean, variance] =
        own::<B>(x.clone(), vec![1.0; channels], vec![0.0; channels], epsilon);
    let [m, v] = [&mean, &variance].map(|of| numbers::<B>(of.clone()));
    let share = 1.0 / shards.count() as f32;
    let mean_of = |own| shards.sum(own).into_iter().map(|sum| sum * share).collect::<Vec<f32>>();
    let of_batch = mean_of(m.clone());
    let around = |c: usize| v[c] + (m[c] - of_batch[c]) * (m[c] - of_batch[c]);
    let variance_of_batch = mean_of((0..channels).map(around).collect());
    let per_deviation: Vec<f32> =
        variance_of_batch.iter().map(|variance| 1.0 / (variance + epsilon).sqrt()).collect();
    let each = |of: &dyn Fn(usize) -> f32| (0..channels).map(of).collect();
    let line = OfBatch {
        numbers: (shape.num_elements() / channels) as f32,
        slope: each(&|c| (v[c] + epsilon).sqrt() * per_deviation[c]),
        offset: each(&|c| (m[c] - of_batch[c]) * per_deviation[c]),
        per_deviation,
    };
    Statistics {
        own: [mean, variance],
        mean: of_batch,
        variance: variance_of_batch,
        of_batch: line,
    }
}

impl OfBatch {
    /// `γ·a` and `β + γ·b`, of numbers of which there are as many for each sample, channel by channel.
    fn affine(&self, scale: &[f32], shift: &[f32]) -> [Vec<f32>; 2] {
        let channels = self.slope.len();
        let slopes = scale.iter().enumerate().map(|(at, scale)| scale * self.slope[at % channels]);
        let offset = |(at, (scale, shift)): (usize, (&f32, &f32))| {
            scale.mul_add(self.offset[at % channels], *shift)
        };
        [slopes.collect(), scale.iter().zip(shift).enumerate().map(offset).collect()]
    }

    /// The sums of the gradient times `x̂`, of those of the gradient times `n` and of the gradient.
    fn beside(&self, of_n: &[f32], of_one: &[f32]) -> Vec<f32> {
        let channels = self.slope.len();
        let sum = |(at, (k, h)): (usize, (&f32, &f32))| {
            let channel = at % channels;
            k.mul_add(self.slope[channel], h * self.offset[channel])
        };
        of_n.iter().zip(of_one).enumerate().map(sum).collect()
    }

    /// What the other shards add to the gradient of `x`, given `k` and `h` of this one.
    fn correction<B: BackwardKernels>(
        &self,
        x: FloatTensor<B>,
        k: &[f32],
        h: &[f32],
        epsilon: f32,
    ) -> FloatTensor<B> {
        let channels = self.slope.len();
        let Some(shards) = shards_here() else { panic!("{OUTSIDE}") };
        let sums = shards.sum([h, &self.beside(k, h)].concat());
        let (of_one, of_x) = sums.split_at(channels);
        let of_batch = self.numbers * shards.count() as f32;
        let mut scale = Vec::with_capacity(channels);
        let mut shift = Vec::with_capacity(channels);
        for c in 0..channels {
            let (own, all) = ([h[c], k[c]].map(|sum| sum / self.numbers), [of_one[c], of_x[c]]);
            let [mean, along] = all.map(|sum| sum / of_batch);
            shift.push((own[0] - mean - self.offset[c] * along) * self.per_deviation[c]);
            scale.push((own[1] - self.slope[c] * along) * self.per_deviation[c]);
        }
        let [correction, ..] = own::<B>(x, scale, shift, epsilon);
        correction
    }
}

/// What a backward pass needs: the input, scale and shift of the shard's own normalization, its mean
/// and variance, and the result where an activation made it; the scale as it was given; and the batch.
type State<B> = ([FloatTensor<B>; 5], Option<FloatTensor<B>>, Vec<f32>, Normalization, OfBatch);

#[derive(Debug)]
struct SynchronizedBackward;

impl<B: BackwardKernels> Backward<B, 3> for SynchronizedBackward {
    type State = State<B>;

    fn backward(self, ops: Ops<State<B>, 3>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let (kept, y, gamma, norm, of_batch) = ops.state;
        let gradient = gradients.consume::<B>(&ops.node);
        let (x, channels) = (kept[0].clone(), [gamma.len()]);
        let [of_x, of_scale, of_shift] = B::normalize_backward(kept, y, gradient, norm);
        let [k, h] = [of_scale, of_shift].map(numbers::<B>);
        let of_gamma = tensor::<B>(of_batch.beside(&k, &h), &channels, &x);
        let of_beta = tensor::<B>(h.clone(), &channels, &x);
        let times_gamma = |sums: Vec<f32>| -> Vec<f32> {
            sums.iter().zip(&gamma).map(|(sum, gamma)| sum * gamma).collect()
        };
        let [k, h] = [k, h].map(times_gamma);
        let of_x = B::sum(of_x, of_batch.correction::<B>(x, &k, &h, norm.epsilon));
        let parents = ops.parents.map(|node| node.map(|node| node.id));
        register::<B, 3>(gradients, parents, [of_x, of_gamma, of_beta].map(Some));
    }
}

#[derive(Debug)]
struct SynchronizedBySampleBackward;

impl<B: BackwardKernels> Backward<B, 3> for SynchronizedBySampleBackward {
    type State = State<B>;

    fn backward(self, ops: Ops<State<B>, 3>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let (kept, y, scale, norm, of_batch) = ops.state;
        let gradient = gradients.consume::<B>(&ops.node);
        let (x, shape) = (kept[0].clone(), [kept[0].shape()[0], kept[0].shape()[1]]);
        let [of_x, of_scale, of_shift] = B::normalize_by_sample_backward(kept, y, gradient, norm);
        let [k, h] = [of_scale, of_shift].map(numbers::<B>);
        let of_scale = tensor::<B>(of_batch.beside(&k, &h), &shape, &x);
        let of_shift = tensor::<B>(h.clone(), &shape, &x);
        let [k, h] = [k, h].map(|of_samples| over_samples(&of_samples, &scale, shape[1]));
        let of_x = B::sum(of_x, of_batch.correction::<B>(x, &k, &h, norm.epsilon));
        let parents = ops.parents.map(|node| node.map(|node| node.id));
        register::<B, 3>(gradients, parents, [of_x, of_scale, of_shift].map(Some));
    }
}

/// The sum of `scale` times these over the samples, for each channel.
fn over_samples(of_samples: &[f32], scale: &[f32], channels: usize) -> Vec<f32> {
    let mut sums = vec![0.0_f32; channels];
    for (of_sample, scale) in of_samples.chunks_exact(channels).zip(scale.chunks_exact(channels)) {
        for c in 0..channels {
            sums[c] = of_sample[c].mul_add(scale[c], sums[c]);
        }
    }
    sums
}

/// Batch normalization with a scale and a shift for each channel.
pub(super) fn normalize<B: BackwardKernels, C: CheckpointStrategy>(
    [x, gamma, beta]: [Tracked<B, C>; 3],
    norm: Normalization,
    shards: SharedShards,
) -> Normalized<B, C> {
    let nodes = [x.node(), gamma.node(), beta.node()];
    let x = B::batch_innermost(x.into_primitive());
    let [gamma, beta] = [gamma, beta].map(|of| numbers::<B>(of.into_primitive()));
    let Statistics { own: [m, v], mean, variance, of_batch } =
        statistics::<B>(&x, norm.epsilon, &shards);
    let channels = [gamma.len()];
    let [scale, shift] = of_batch.affine(&gamma, &beta).map(|of| tensor::<B>(of, &channels, &x));
    let (y, ..) = B::normalize(x.clone(), scale.clone(), shift.clone(), norm);
    let [mean, variance] = [mean, variance].map(|of| tensor::<B>(of, &channels, &x));
    let y = match SynchronizedBackward.prepare::<C>(nodes).compute_bound().stateful() {
        OpsKind::Tracked(operation) => {
            let result = (norm.activation != Activation::Identity).then(|| y.clone());
            operation.finish(([x, scale, shift, m, v], result, gamma, norm, of_batch), y)
        }
        OpsKind::UnTracked(operation) => operation.finish(y),
    };
    (y, mean, variance)
}

/// Batch normalization with a scale and a shift for each channel of each sample.
pub(super) fn normalize_by_sample<B: BackwardKernels, C: CheckpointStrategy>(
    [x, scale, shift]: [Tracked<B, C>; 3],
    norm: Normalization,
    shards: SharedShards,
) -> Normalized<B, C> {
    let nodes = [x.node(), scale.node(), shift.node()];
    let x = B::batch_innermost(x.into_primitive());
    let given = [scale, shift].map(|of| numbers::<B>(of.into_primitive()));
    let Statistics { own: [m, v], mean, variance, of_batch } =
        statistics::<B>(&x, norm.epsilon, &shards);
    let (of_samples, channels) = ([x.shape()[0], mean.len()], [mean.len()]);
    let [scale, shift] = of_batch
        .affine(&given[0], &given[1])
        .map(|of| B::batch_innermost(tensor::<B>(of, &of_samples, &x)));
    let (y, ..) = B::normalize_by_sample(x.clone(), scale.clone(), shift.clone(), norm);
    let [mean, variance] = [mean, variance].map(|of| tensor::<B>(of, &channels, &x));
    let y = match SynchronizedBySampleBackward.prepare::<C>(nodes).compute_bound().stateful() {
        OpsKind::Tracked(operation) => {
            let ([given, _], result) =
                (given, (norm.activation != Activation::Identity).then(|| y.clone()));
            operation.finish(([x, scale, shift, m, v], result, given, norm, of_batch), y)
        }
        OpsKind::UnTracked(operation) => operation.finish(y),
    };
    (y, mean, variance)
}
