//! Adam against Burn's.

use burn::nn::{Linear, LinearConfig};
use burn::optim::{AdamConfig, GradientsParams, ModuleOptimizer};
use burn::tensor::{Device, Distribution, Tensor};
use gan_kernels::Adam;

fn train(mut optimizer: ModuleOptimizer, mut layer: Linear, inputs: &[Tensor<2>]) -> Linear {
    for x in inputs {
        let loss = layer.forward(x.clone()).tanh().square().sum();
        let gradients = GradientsParams::from_grads(loss.backward(), &layer);
        layer = optimizer.step(1e-2, layer, gradients);
    }
    layer
}

#[test]
fn adam_moves_weights_as_burns_does() {
    let device = Device::flex().autodiff();
    device.seed(1);
    let (beta_1, beta_2, epsilon) = (0.5, 0.999, 1e-8);
    let ours = ModuleOptimizer::from(Adam { beta_1, beta_2, epsilon });
    let theirs =
        AdamConfig::new().with_beta_1(beta_1).with_beta_2(beta_2).with_epsilon(epsilon).init();
    let layer = LinearConfig::new(37, 41).init(&device);
    let _ = layer.weight.val();
    let inputs: Vec<_> = (0..20)
        .map(|_| Tensor::<2>::random([8, 37], Distribution::Normal(0.0, 1.0), &device))
        .collect();
    let before = layer.weight.val().inner();
    let ours = train(ours, layer.clone(), &inputs).weight.val().inner();
    let theirs = train(theirs, layer, &inputs).weight.val().inner();
    let off = |a: Tensor<2>, b: Tensor<2>| (a - b).abs().max().into_scalar::<f32>();
    assert!(off(ours.clone(), before) > 0.05, "the weights have moved");
    let off = off(ours, theirs);
    assert!(off < 2e-5, "off by {off}");
}
