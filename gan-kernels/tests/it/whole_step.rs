//! A training of both players on the kernels against the same training in Burn's own layers.

use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig, ConvTranspose2d, ConvTranspose2dConfig};
use burn::nn::{BatchNorm, BatchNormConfig, Linear, LinearConfig, PaddingConfig2d};
use burn::optim::{AdamConfig, GradientsParams, ModuleOptimizer};
use burn::tensor::activation::{leaky_relu, relu, softplus};
use burn::tensor::{Device, Distribution, Tensor};
use gan_kernels::{Activation, Adam};

#[derive(Module, Debug)]
struct Generator {
    project: Linear,
    up: ConvTranspose2d,
    norm: BatchNorm,
    output: ConvTranspose2d,
}

#[derive(Module, Debug)]
struct Critic {
    enter: Conv2d,
    down: Conv2d,
    norm: BatchNorm,
    score: Linear,
}

/// Whose layers are used.
#[derive(Clone, Copy)]
enum Layers {
    Ours,
    Burns,
}

impl Generator {
    fn new(device: &Device) -> Self {
        let up = |maps: [usize; 2]| {
            ConvTranspose2dConfig::new(maps, [4, 4])
                .with_stride([2, 2])
                .with_padding([1, 1])
                .init(device)
        };
        Self {
            project: LinearConfig::new(10, 12 * 4).init(device),
            up: up([12, 8]),
            norm: BatchNormConfig::new(8).init(device),
            output: up([8, 1]),
        }
    }

    fn forward(&self, x: Tensor<2>, layers: Layers) -> Tensor<4> {
        let batch = x.dims()[0];
        match layers {
            Layers::Ours => {
                let x = gan_kernels::linear(&self.project, x, Activation::Identity);
                let x = gan_kernels::unflatten(x, [12, 2, 2]);
                let x = gan_kernels::conv_transpose2d(&self.up, x, Activation::Identity);
                let x = gan_kernels::batch_norm(&self.norm, x, Activation::Relu);
                gan_kernels::conv_transpose2d(&self.output, x, Activation::Tanh)
            }
            Layers::Burns => {
                let x = self.project.forward(x).reshape([batch, 12, 2, 2]);
                let x = relu(self.norm.forward(self.up.forward(x)));
                self.output.forward(x).tanh()
            }
        }
    }
}

impl Critic {
    fn new(device: &Device) -> Self {
        let down = |maps: [usize; 2]| {
            Conv2dConfig::new(maps, [4, 4])
                .with_stride([2, 2])
                .with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))
                .init(device)
        };
        Self {
            enter: down([1, 8]),
            down: down([8, 16]),
            norm: BatchNormConfig::new(16).init(device),
            score: LinearConfig::new(16 * 4, 1).init(device),
        }
    }

    fn forward(&self, x: Tensor<4>, layers: Layers) -> Tensor<2> {
        match layers {
            Layers::Ours => {
                let leaky = Activation::LeakyRelu(0.2);
                let x = gan_kernels::conv2d(&self.enter, x, leaky);
                let x = gan_kernels::conv2d(&self.down, x, Activation::Identity);
                let x = gan_kernels::batch_norm(&self.norm, x, leaky);
                gan_kernels::linear(&self.score, x.flatten(1, 3), Activation::Identity)
            }
            Layers::Burns => {
                let x = leaky_relu(self.enter.forward(x), 0.2);
                let x = leaky_relu(self.norm.forward(self.down.forward(x)), 0.2);
                self.score.forward(x.flatten(1, 3))
            }
        }
    }
}

/// Scores of the last step and the images that the trained generator makes.
fn train(
    mut generator: Generator,
    mut critic: Critic,
    optimizer: &dyn Fn() -> ModuleOptimizer,
    layers: Layers,
    (real, noise): (&Tensor<4>, &[Tensor<2>]),
) -> (Tensor<2>, Tensor<4>) {
    let (mut of_generator, mut of_critic) = (optimizer(), optimizer());
    let mut scores = None;
    for noise in noise {
        let fake = generator.forward(noise.clone(), layers);
        let (on_real, on_fake) =
            (critic.forward(real.clone(), layers), critic.forward(fake.clone().detach(), layers));
        scores = Some(on_real.clone().inner());
        let loss = softplus(-on_real, 1.0).mean() + softplus(on_fake, 1.0).mean();
        let gradients = GradientsParams::from_grads(loss.backward(), &critic);
        critic = of_critic.step(1e-3, critic, gradients);
        let on_fake = critic.clone().no_grad().forward(fake, layers);
        let gradients = softplus(-on_fake, 1.0).mean().backward();
        let gradients = GradientsParams::from_grads(gradients, &generator);
        generator = of_generator.step(1e-3, generator, gradients);
    }
    let images = generator.forward(noise[0].clone(), layers).inner();
    (scores.expect("a step at least"), images)
}

/// The same training on the kernels of a device and in Burn's layers.
pub(crate) fn compare_trainings(device: &Device) {
    device.seed(1);
    let (generator, critic) = (Generator::new(device), Critic::new(device));
    // Weights are drawn at their first use; both trainings are to have the same.
    let (generator, critic) = (generator.fork(device), critic.fork(device));
    let real = Tensor::<4>::random([48, 1, 8, 8], Distribution::Uniform(-1.0, 1.0), device);
    let noise: Vec<_> = (0..6)
        .map(|_| Tensor::<2>::random([48, 10], Distribution::Normal(0.0, 1.0), device))
        .collect();
    let adam = || ModuleOptimizer::from(Adam { beta_1: 0.5, beta_2: 0.999, epsilon: 1e-4 });
    let burns = || {
        let config = AdamConfig::new().with_beta_1(0.5).with_beta_2(0.999).with_epsilon(1e-4);
        config.init()
    };
    let draws = (&real, &noise[..]);
    let ours = train(generator.clone(), critic.clone(), &adam, Layers::Ours, draws);
    let theirs = train(generator, critic, &burns, Layers::Burns, draws);
    let off = (ours.0 - theirs.0).abs().max().into_scalar::<f32>();
    assert!(off < 1e-4, "scores are off by {off}");
    let off = (ours.1 - theirs.1).abs().max().into_scalar::<f32>();
    assert!(off < 1e-4, "images are off by {off}");
}
