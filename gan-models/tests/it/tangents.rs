//! Every critic's derivative along a direction against its gradient.

use burn::tensor::{Device, Int, Tensor, TensorData};
use gan_core::batch::Batch;
use gan_core::latent::LatentPrior;
use gan_core::player::Critic;
use gan_core::seed::Seed;
use gan_models::{
    Activation, ConvolutionalConfig, CriticNorm, DcganConfig, MlpConfig, ResidualConfig,
};

use crate::images::Shake;

/// The derivatives of all scores along the gradient `g` of their sum add up to `|g|²`.
fn derivative_agrees_with_gradient<C: Critic<D>, const D: usize>(critic: C, shape: [usize; D]) {
    let critic = critic.map(&mut Shake(Seed(8).stream("weights").draw(0)));
    let device = Device::flex().autodiff();
    let mut rng = Seed(1).stream("samples").draw(0);
    let size = [shape[0], shape[1..].iter().product()];
    let samples = LatentPrior::Uniform.draw(size, &mut rng, &device).reshape(shape);
    let labels: Vec<i64> = (0..shape[0] as i64).map(|label| label % 3).collect();
    let labels = Tensor::<1, Int>::from_data(TensorData::new(labels, [shape[0]]), &device);
    let batch = Batch { samples: samples.require_grad(), labels: Some(labels) };
    let gradients = critic.score(batch.clone()).raw().sum().backward();
    let gradient = batch.samples.grad(&gradients).unwrap();
    let expected = gradient.clone().square().sum().into_scalar::<f64>();
    let batch = Batch { samples: batch.samples.inner().autodiff(), ..batch };
    let along = critic.differentiable().unwrap().jvp(batch, gradient);
    assert_eq!(along.dims(), [shape[0], 1]);
    let found = along.sum().into_scalar::<f64>();
    assert!((found / expected - 1.0).abs() < 1e-4, "{found} {expected}");
}

#[test]
fn derivatives_of_fully_connected_critics_agree_with_gradients() {
    let device = Device::flex().autodiff();
    for critic_activation in
        [Activation::Relu, Activation::LeakyRelu, Activation::Silu, Activation::Softplus]
    {
        let config = MlpConfig { hidden: 9, depth: 3, critic_activation, ..Default::default() };
        let critic = config.init(&[2], 1, &device).unwrap().critic;
        derivative_agrees_with_gradient::<_, 2>(critic, [6, 2]);
        let config = MlpConfig { classes: 3, ..config };
        let critic = config.init(&[1, 5, 5], 1, &device).unwrap().critic;
        derivative_agrees_with_gradient(critic, [6, 1, 5, 5]);
    }
}

#[test]
fn derivatives_of_convolutional_critics_agree_with_gradients() {
    let device = Device::flex().autodiff();
    let dcgan = DcganConfig { critic_width: 2, ..Default::default() };
    let critic = dcgan.init(&[1, 32, 32], 1, &device).unwrap().critic;
    derivative_agrees_with_gradient(critic, [6, 1, 32, 32]);
    for critic_norm in
        [CriticNorm::None, CriticNorm::Batch, CriticNorm::Layer, CriticNorm::Instance]
    {
        for classes in [0, 3] {
            let config =
                ConvolutionalConfig { critic_width: 3, critic_norm, classes, ..Default::default() };
            let critic = config.init(&[1, 28, 28], 1, &device).unwrap().critic;
            derivative_agrees_with_gradient(critic, [6, 1, 28, 28]);
        }
    }
    let residual = ResidualConfig { critic_width: 4, ..Default::default() };
    let critic = residual.init(&[3, 32, 32], 1, &device).unwrap().critic;
    derivative_agrees_with_gradient(critic, [6, 3, 32, 32]);
}
