//! Optimizers against Burn's.

use burn::nn::{Linear, LinearConfig};
use burn::optim::{AdamConfig, GradientsParams, ModuleOptimizer, RmsPropConfig};
use burn::tensor::{Device, Distribution, Tensor};
use gan_kernels::{Adam, RmsProp};

fn train(mut optimizer: ModuleOptimizer, mut layer: Linear, inputs: &[Tensor<2>]) -> Linear {
    for x in inputs {
        let loss = layer.forward(x.clone()).tanh().square().sum();
        let gradients = GradientsParams::from_grads(loss.backward(), &layer);
        layer = optimizer.step(1e-2, layer, gradients);
    }
    layer
}

/// Both move a layer by twenty steps, and to the same place.
#[track_caller]
fn compare(device: &Device, ours: ModuleOptimizer, theirs: ModuleOptimizer) {
    device.seed(1);
    let layer = LinearConfig::new(37, 41).init(device);
    let _ = layer.weight.val();
    let inputs: Vec<_> = (0..20)
        .map(|_| Tensor::<2>::random([8, 37], Distribution::Normal(0.0, 1.0), device))
        .collect();
    let before = layer.weight.val().inner();
    let ours = train(ours, layer.clone(), &inputs).weight.val().inner();
    let theirs = train(theirs, layer, &inputs).weight.val().inner();
    let off = |a: Tensor<2>, b: Tensor<2>| (a - b).abs().max().into_scalar::<f32>();
    assert!(off(ours.clone(), before) > 0.05, "the weights have moved");
    let off = off(ours, theirs);
    assert!(off < 2e-5, "off by {off}");
}

pub(crate) fn adam(device: &Device) {
    let (beta_1, beta_2, epsilon) = (0.5, 0.999, 1e-8);
    let theirs = AdamConfig::new().with_beta_1(beta_1).with_beta_2(beta_2).with_epsilon(epsilon);
    compare(device, ModuleOptimizer::from(Adam { beta_1, beta_2, epsilon }), theirs.init());
}

pub(crate) fn rms_prop(device: &Device) {
    let (alpha, epsilon) = (0.99, 1e-8);
    let theirs = RmsPropConfig::new().with_alpha(alpha).with_momentum(0.0).with_epsilon(epsilon);
    compare(device, ModuleOptimizer::from(RmsProp { alpha, epsilon }), theirs.init());
}
