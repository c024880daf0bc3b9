//! Gradients against central differences, of a small network of all kinds of layers.

use burn::nn::conv::{Conv2d, Conv2dConfig, ConvTranspose2d, ConvTranspose2dConfig};
use burn::nn::{BatchNorm, BatchNormConfig, Linear, LinearConfig, PaddingConfig2d};
use burn::tensor::{Device, Distribution, Tensor};
use gan_kernels::Activation;

use crate::compare::with_kernels;

struct Net {
    project: Linear,
    up: ConvTranspose2d,
    norm: BatchNorm,
    down: Conv2d,
}

impl Net {
    fn new(device: &Device) -> Self {
        Self {
            project: LinearConfig::new(5, 8).init(device),
            up: ConvTranspose2dConfig::new([2, 3], [4, 4])
                .with_stride([2, 2])
                .with_padding([1, 1])
                .init(device),
            norm: BatchNormConfig::new(3).init(device),
            down: Conv2dConfig::new([3, 2], [3, 3])
                .with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))
                .init(device),
        }
    }

    /// Smooth activations only: differences know nothing of kinks.
    fn forward(&self, x: Tensor<2>) -> Tensor<1> {
        let x = gan_kernels::linear(&self.project, x, Activation::Tanh);
        let x = gan_kernels::unflatten(x, [2, 2, 2]);
        let x = gan_kernels::conv_transpose2d(&self.up, x, Activation::Identity);
        let x = gan_kernels::batch_norm(&self.norm, x, Activation::Tanh);
        gan_kernels::conv2d(&self.down, x, Activation::Tanh).square().sum()
    }
}

#[test]
fn the_gradient_of_the_input_is_what_differences_say() {
    with_kernels(Device::flex().autodiff(), |device| {
        device.seed(1);
        let net = Net::new(device);
        let x = Tensor::<2>::random([20, 5], Distribution::Normal(0.0, 1.0), device).require_grad();
        let gradients = net.forward(x.clone()).backward();
        let gradient = x.grad(&gradients).expect("a gradient");
        for seed in 0..5 {
            device.seed(100 + seed);
            let direction = Tensor::<2>::random([20, 5], Distribution::Normal(0.0, 1.0), device);
            let step = 1e-2;
            let along = |t: f64| {
                net.forward(x.clone().detach() + direction.clone() * t).into_scalar::<f64>()
            };
            // Fourth order, so that rounding is what is left.
            let near = along(step) - along(-step);
            let far = along(2.0 * step) - along(-2.0 * step);
            let expected = (8.0 * near - far) / (12.0 * step);
            let found = (gradient.clone() * direction.clone().inner()).sum().into_scalar::<f64>();
            assert!(
                (found - expected).abs() < 2e-3 * expected.abs().max(1.0),
                "{found}, {expected}"
            );
        }
    });
}
