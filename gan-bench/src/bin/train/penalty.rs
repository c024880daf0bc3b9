//! The gradient penalty in plain Burn, which cannot differentiate twice.
//!
//! The slope `g` at the points between is taken first, with constant weights. Its penalty's
//! gradient by the weights is that of the derivative of the scores along `v = ∂P/∂g`, and this
//! derivative is computed by pushing `v` through the layers beside the values.

use burn::module::Module;
use burn::nn::GroupNorm;
use burn::nn::conv::Conv2d;
use burn::tensor::{Device, Distribution, Tensor};

use crate::layer::{Built, Network, Value};

/// A sum whose gradient by the critic's weights is that of `weight·mean((‖g‖ − target)²)` at points
/// between the plain samples `real` and `fake`.
pub(crate) fn surrogate(
    critic: &Network,
    real: Tensor<4>,
    fake: Tensor<4>,
    [weight, target]: [f64; 2],
) -> Tensor<1> {
    let [batch, maps, height, width] = real.dims();
    let uniform = Distribution::Uniform(0.0, 1.0);
    let share = Tensor::<4>::random([batch, 1, 1, 1], uniform, &Device::flex());
    let between = fake.clone() + (real - fake) * share;

    let points = between.clone().autodiff().require_grad();
    let scores = critic.clone().no_grad().forward(Value::Maps(points.clone())).vectors();
    let gradients = scores.sum().backward();
    let slopes = points.grad(&gradients).unwrap_or_else(|| between.zeros_like());
    let slopes = slopes.reshape([batch, maps * height * width]);
    let lengths = slopes.clone().square().sum_dim(1).sqrt();
    let excess = (lengths.clone() - target) / lengths.clamp_min(1e-12);
    let direction = slopes * excess * (2.0 * weight / batch as f64);
    let direction = direction.reshape([batch, maps, height, width]);

    let start = (between.autodiff(), direction.autodiff());
    critic.layers.iter().fold(start, |(x, v), layer| push(layer, x, v)).1.sum()
}

/// A layer's value and its derivative along `v`.
fn push(layer: &Built, x: Tensor<4>, v: Tensor<4>) -> (Tensor<4>, Tensor<4>) {
    match layer {
        Built::Conv(layer) => {
            let without_bias = Conv2d { bias: None, ..layer.clone() };
            (layer.forward(x), without_bias.forward(v))
        }
        Built::LeakyRelu(layer) => {
            let negative = x.clone().lower_elem(0.0);
            let shrunk = v.clone() * layer.negative_slope;
            (layer.forward(x), v.mask_where(negative, shrunk))
        }
        Built::GroupNorm(layer) => normalize(layer, x, v),
        _ => {
            unreachable!("a critic under this penalty has convolutions, rectifiers and layer norm")
        }
    }
}

/// One group: for `n = (x − x̄)/s` the derivative is `(v − v̄ − n·mean(n·(v − v̄)))/s`.
fn normalize(layer: &GroupNorm, x: Tensor<4>, v: Tensor<4>) -> (Tensor<4>, Tensor<4>) {
    let shape = x.dims();
    let centered = |t: Tensor<4>| {
        let t = t.flatten::<2>(1, 3);
        t.clone() - t.mean_dim(1)
    };
    let (x, v) = (centered(x), centered(v));
    let deviation = (x.clone().square().mean_dim(1) + layer.epsilon).sqrt();
    let x = x / deviation.clone();
    let v = (v.clone() - x.clone() * (x.clone() * v).mean_dim(1)) / deviation;
    let (mut x, mut v) = (x.reshape(shape), v.reshape(shape));
    let along_maps = |vector: Tensor<1>| vector.reshape([1, shape[1], 1, 1]);
    if let Some(scale) = &layer.gamma {
        let scale = along_maps(scale.val());
        (x, v) = (x * scale.clone(), v * scale);
    }
    if let Some(shift) = &layer.beta {
        x = x + along_maps(shift.val());
    }
    (x, v)
}
