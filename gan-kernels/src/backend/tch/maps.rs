//! Maps that are pooled, repeated, or normalized with a scale and a shift for each sample.

use tch::Tensor;

use super::{activated, rate, script};
use crate::backend::Normalization;
use crate::pooling::Pooling;

/// The windows' sums, times a factor.
pub(super) fn pool(x: &Tensor, pooling: Pooling) -> Tensor {
    let window = pooling.window.map(|side| side as i64);
    let sums = x.avg_pool2d(window, window, [0, 0], false, false, 1);
    if pooling.scale == 1.0 { sums } else { sums * f64::from(pooling.scale) }
}

/// Each pixel all over its window, times a factor; 0 behind the last window.
pub(super) fn repeat(x: &Tensor, pooling: Pooling) -> Tensor {
    let covered = [0, 1].map(|axis| (pooling.coarse()[axis] * pooling.window[axis]) as i64);
    let [below, behind] = [0, 1].map(|axis| pooling.fine[axis] as i64 - covered[axis]);
    let mut repeated = x.upsample_nearest2d(covered, None, None);
    if pooling.scale != 1.0 {
        let _ = repeated.g_mul_scalar_(f64::from(pooling.scale));
    }
    if [below, behind] == [0, 0] {
        repeated
    } else {
        repeated.constant_pad_nd([0, behind, 0, below])
    }
}

/// `[batch, channels]` beside a map.
fn beside(of_samples: &Tensor) -> Tensor {
    of_samples.unsqueeze(-1).unsqueeze(-1)
}

/// The result, and the mean and one over the deviation of each channel.
pub(super) fn normalize_by_sample(
    x: &Tensor,
    [scale, shift]: [&Tensor; 2],
    norm: Normalization,
) -> [Tensor; 3] {
    let (epsilon, none) = (f64::from(norm.epsilon), None::<&Tensor>);
    let (n, mean, rate) = x.native_batch_norm(none, none, none, none, true, 0.0, epsilon);
    let z = beside(shift).addcmul(&n, &beside(scale));
    [activated(z, norm.activation), mean, rate]
}

/// The gradients of `x`, `s` and `t`, given the gradient before the activation.
pub(super) fn normalize_by_sample_backward(
    [x, scale]: [&Tensor; 2],
    [mean, variance]: [&Tensor; 2],
    gradient: &Tensor,
    epsilon: f32,
) -> [Tensor; 3] {
    let rate = rate(variance, epsilon);
    let of_channels = |numbers: &Tensor| numbers.reshape([1, -1, 1, 1]);
    let n = (x - of_channels(mean)) * of_channels(&rate);
    let over_pixels = |map: Tensor| map.sum_dim_intlist([2, 3].as_slice(), false, map.kind());
    let of_scale = over_pixels(gradient * n);
    let of_shift = over_pixels(gradient.shallow_clone());
    let ones = mean.ones_like();
    let of_n = gradient * beside(scale);
    let [of_x, ..] = script::batch_norm(&of_n, [x, &ones], [mean, &rate], epsilon);
    [of_x, of_scale, of_shift]
}
