//! The penalties on a critic's input gradient in plain Burn, which cannot differentiate twice.
//!
//! The slope `g` at the points is taken first, with constant weights. Its penalty's
//! gradient by the weights is that of the derivative of the scores along `v = ∂P/∂g`, and this
//! derivative is computed by pushing `v` through the layers beside the values.

use burn::module::Module;
use burn::nn::conv::Conv2d;
use burn::nn::{GroupNorm, LeakyRelu, Linear};
use burn::tensor::{Device, Distribution, Tensor};
use gan_core::penalty::{GradientPenalty, Penalty};

use crate::built::{Built, Network, Value};
use crate::residual::Block;

/// A sum whose gradient by the critic's weights is that of the penalty, for plain samples `real` and
/// `fake`.
pub(crate) fn surrogate(
    penalty: &Penalty,
    critic: &Network,
    real: Tensor<4>,
    fake: Tensor<4>,
) -> Tensor<1> {
    let batch = real.dims()[0] as f64;
    match *penalty {
        Penalty::GradientPenalty(GradientPenalty { weight, target, .. }) => {
            along(critic, between(real, fake), |slopes| {
                let lengths = slopes.clone().square().sum_dim(1).sqrt();
                let excess = (lengths.clone() - target) / lengths.clamp_min(1e-12);
                slopes * excess * (2.0 * weight / batch)
            })
        }
        Penalty::R1(rule) => along(critic, real, |slopes| slopes * (rule.weight / batch)),
        Penalty::R2(rule) => along(critic, fake, |slopes| slopes * (rule.weight / batch)),
        _ => unreachable!("a plan has no other penalties"),
    }
}

/// Points on the lines between samples.
fn between(real: Tensor<4>, fake: Tensor<4>) -> Tensor<4> {
    let uniform = Distribution::Uniform(0.0, 1.0);
    let share = Tensor::<4>::random([real.dims()[0], 1, 1, 1], uniform, &Device::flex());
    fake.clone() + (real - fake) * share
}

/// The derivative of the scores at `points` along what `direction` makes of the slopes there, which
/// have a row a sample.
fn along(
    critic: &Network,
    points: Tensor<4>,
    direction: impl FnOnce(Tensor<2>) -> Tensor<2>,
) -> Tensor<1> {
    let shape = points.dims();
    let tracked = points.clone().autodiff().require_grad();
    let frozen = critic.clone().no_grad();
    let scores = frozen.forward(Value::Maps(tracked.clone()), None).vectors();
    let gradients = scores.sum().backward();
    let slopes = tracked.grad(&gradients).unwrap_or_else(|| points.zeros_like());
    let direction = direction(slopes.flatten(1, 3)).reshape(shape);
    let start = [points, direction].map(|tensor| Value::Maps(tensor.autodiff()));
    critic.layers.iter().fold(start, |[x, v], layer| push(layer, x, v))[1].clone().vectors().sum()
}

/// A layer's value and its derivative along `v`.
fn push(layer: &Built, x: Value, v: Value) -> [Value; 2] {
    let maps = |[x, v]: [Tensor<4>; 2]| [Value::Maps(x), Value::Maps(v)];
    match layer {
        Built::Linear(layer) => {
            let without_bias = Linear { bias: None, ..layer.clone() };
            let (x, v) = (layer.forward(x.vectors()), without_bias.forward(v.vectors()));
            [Value::Vectors(x), Value::Vectors(v)]
        }
        Built::Conv(layer) => maps(convolve(layer, [x.maps(), v.maps()])),
        Built::LeakyRelu(layer) => maps(rectify(layer, [x.maps(), v.maps()])),
        Built::GroupNorm(layer) => maps(normalize(layer, [x.maps(), v.maps()])),
        Built::Block(block) => maps(pass(block, [x.maps(), v.maps()])),
        Built::Halve(layer) => maps([x.maps(), v.maps()].map(|maps| layer.forward(maps))),
        _ => unreachable!("a critic under a penalty has none of the other layers"),
    }
}

fn convolve(layer: &Conv2d, [x, v]: [Tensor<4>; 2]) -> [Tensor<4>; 2] {
    let without_bias = Conv2d { bias: None, ..layer.clone() };
    [layer.forward(x), without_bias.forward(v)]
}

fn rectify(layer: &LeakyRelu, [x, v]: [Tensor<4>; 2]) -> [Tensor<4>; 2] {
    let negative = x.clone().lower_elem(0.0);
    let shrunk = v.clone() * layer.negative_slope;
    [layer.forward(x), v.mask_where(negative, shrunk)]
}

fn pass(block: &Block, start: [Tensor<4>; 2]) -> [Tensor<4>; 2] {
    let branch = rectify(&block.activation, convolve(&block.enter, start.clone()));
    let branch = rectify(&block.activation, convolve(&block.spatial, branch));
    let [x, v] = convolve(&block.leave, branch);
    let [skipped_x, skipped_v] = start;
    [skipped_x + x, skipped_v + v]
}

/// One group: for `n = (x − x̄)/s` the derivative is `(v − v̄ − n·mean(n·(v − v̄)))/s`.
fn normalize(layer: &GroupNorm, [x, v]: [Tensor<4>; 2]) -> [Tensor<4>; 2] {
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
    [x, v]
}

#[cfg(test)]
mod tests {
    use burn::optim::GradientsParams;
    use gan_core::penalty::R1;
    use gan_core::rules::Schedule;

    use super::*;
    use crate::layer::{Kernel, Layer};

    /// `weight/2·mean(‖g‖²)` of the critic's slopes, by one backward pass.
    fn value(critic: &Network, points: Tensor<4>, weight: f64) -> f64 {
        let batch = points.dims()[0] as f64;
        let tracked = points.autodiff().require_grad();
        let scores = critic.clone().no_grad().forward(Value::Maps(tracked.clone()), None);
        let gradients = scores.vectors().sum().backward();
        let slopes = tracked.grad(&gradients).unwrap();
        slopes.square().sum().into_scalar::<f64>() * weight / 2.0 / batch
    }

    #[test]
    fn the_gradient_of_r1_is_that_of_differences() {
        let device = Device::flex().autodiff();
        let points = Tensor::random([3, 1, 4, 4], Distribution::Normal(0.0, 1.0), &Device::flex());
        // Of the kinds of layers that R3GAN's critic has.
        let mix = Layer::Conv(Kernel::point_by_point(16));
        let layers = [mix, Layer::Block, Layer::Halve, mix, Layer::Linear { to: 1 }];
        let network = Network::new(&layers, [1, 4, 4], &device);
        let rule = Penalty::R1(R1 { weight: 3.0, schedule: Schedule::default() });
        let loss = surrogate(&rule, &network, points.clone(), points.clone());
        let gradients = GradientsParams::from_grads(loss.backward(), &network);
        let Built::Linear(last) = &network.layers[4] else { unreachable!("it is linear") };
        let gradient = gradients.get::<2>(last.weight.id).unwrap();
        // These weights move no rectifier, and the penalty is quadratic in them: differences are exact.
        let moved = |by: f64| {
            let shifted = last.weight.val().inner() + gradient.clone() * by;
            let weight = last.weight.clone().map(|_| Tensor::from_inner(shifted));
            let mut network = network.clone();
            network.layers[4] = Built::Linear(Linear { weight, ..last.clone() });
            value(&network, points.clone(), 3.0)
        };
        let expected = gradient.clone().square().sum().into_scalar::<f64>();
        let step = 0.1 / expected.sqrt();
        let found = (moved(step) - moved(-step)) / (2.0 * step);
        assert!((found - expected).abs() < 1e-3 * expected, "{found} against {expected}");
    }
}
