//! Every image architecture at every size: shapes, ranges, and that all of it is in use.

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor, TensorData};
use gan_core::batch::Batch;
use gan_core::latent::{LatentPrior, Latents};
use gan_core::player::{Critic, Generator};
use gan_core::seed::Seed;
use gan_models::{
    ConvolutionalConfig, CriticNorm, DcganConfig, MlpConfig, Networks, ResidualConfig,
};
use rand::RngExt;

use crate::architectures::latents;

/// Give every trained weight, those that start at 0 included, a value of its own.
pub(crate) struct Shake(pub(crate) rand_chacha::ChaCha8Rng);

impl ModuleMapper for Shake {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let shape: [usize; D] = param.lazy_shape().dims();
        if !param.base().is_require_grad() {
            return param;
        }
        let count: usize = shape.iter().product();
        let shaken: Vec<f32> = (0..count).map(|_| self.0.random::<f32>() * 0.4 - 0.2).collect();
        let shaken = Tensor::from_data(TensorData::new(shaken, shape), &param.lazy_device());
        Param::initialized(param.id, shaken.require_grad())
    }
}

/// Names of the trained weights whose gradient is zero or absent.
struct Untouched<'a> {
    gradients: &'a GradientsParams,
    path: Vec<String>,
    names: Vec<String>,
}

impl ModuleVisitor for Untouched<'_> {
    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let reached = self.gradients.get::<D>(param.id);
        let size = reached.map_or(0.0, |g| g.abs().sum().into_scalar::<f64>());
        if param.is_require_grad() && (size == 0.0 || !size.is_finite()) {
            self.names.push(self.path.join("."));
        }
    }
}

fn untouched<M: Module>(module: &M, loss: Tensor<1>) -> Vec<String> {
    let gradients = GradientsParams::from_grads(loss.backward(), module);
    let mut untouched = Untouched { gradients: &gradients, path: Vec::new(), names: Vec::new() };
    module.visit(&mut untouched);
    untouched.names
}

/// Batches of four in pairs: the critic of a packed game sees two images at once.
fn paired(batch: Batch<4>) -> Batch<4> {
    let [samples, channels, height, width] = batch.samples.dims();
    Batch::unlabeled(batch.samples.reshape([samples / 2, 2 * channels, height, width]))
}

/// Networks that make images of `shape`, and a critic for `packing` of them at once.
fn play_with_images<G: Generator<4>, C: Critic<4>>(
    networks: Networks<G, C>,
    shape: [usize; 3],
    packing: usize,
) {
    let shake = || Shake(Seed(8).stream("weights").draw(0));
    let (generator, critic) =
        (networks.generator.map(&mut shake()), networks.critic.map(&mut shake()));
    let noise = |device: &Device| {
        let mut rng = Seed(1).stream("latent").draw(0);
        LatentPrior::Normal.draw([4, 5], &mut rng, device)
    };
    let device = Device::flex().autodiff();
    let fake = generator.generate(Latents::unlabeled(noise(&device)));
    let [channels, height, width] = shape;
    assert_eq!(fake.samples.dims(), [4, channels, height, width]);
    let farthest = fake.samples.clone().inner().abs().max().into_scalar::<f32>();
    assert!(farthest <= 1.0 && farthest > 0.0, "{farthest}");
    let inputs = if packing == 2 { paired(fake) } else { fake };
    let scores = critic.score(inputs.clone()).raw();
    assert_eq!(scores.dims(), [4 / packing, 1]);
    assert_eq!(untouched(&generator, scores.square().mean()), [""; 0]);
    let scores = critic.score(inputs.detach()).raw();
    assert_eq!(untouched(&critic, scores.square().mean()), [""; 0]);
    let inferred = generator.valid().forward(Latents::unlabeled(noise(&Device::flex())));
    assert!(inferred.abs().max().into_scalar::<f32>() <= 1.0);
}

const SIZES: [[usize; 3]; 6] =
    [[1, 28, 28], [3, 28, 28], [1, 32, 32], [3, 32, 32], [1, 64, 64], [3, 64, 64]];

#[test]
fn convolutional_networks_make_and_score_images_of_every_size() {
    let device = Device::flex().autodiff();
    for shape in SIZES {
        for packing in [1, 2] {
            let config = ConvolutionalConfig {
                latent: 5,
                generator_width: 2,
                critic_width: 3,
                ..Default::default()
            };
            play_with_images(config.init(&shape, packing, &device).unwrap(), shape, packing);
        }
    }
}

#[test]
fn every_normalization_of_the_convolutional_critic_is_in_use() {
    let device = Device::flex().autodiff();
    for critic_norm in
        [CriticNorm::None, CriticNorm::Batch, CriticNorm::Layer, CriticNorm::Instance]
    {
        let config = ConvolutionalConfig {
            latent: 5,
            generator_width: 2,
            critic_width: 3,
            critic_norm,
            classes: 0,
        };
        let shape = [1, 32, 32];
        play_with_images(config.init(&shape, 1, &device).unwrap(), shape, 1);
    }
}

#[test]
fn residual_networks_make_and_score_images_of_every_size() {
    let device = Device::flex().autodiff();
    for shape in SIZES {
        for packing in [1, 2] {
            let config =
                ResidualConfig { latent: 5, generator_width: 4, critic_width: 3, blocks: 1 };
            play_with_images(config.init(&shape, packing, &device).unwrap(), shape, packing);
        }
    }
    let grouped = ResidualConfig { latent: 5, generator_width: 16, critic_width: 16, blocks: 2 };
    let shape = [3, 28, 28];
    play_with_images(grouped.init(&shape, 1, &device).unwrap(), shape, 1);
}

#[test]
fn the_course_networks_and_the_fully_connected_ones_make_and_score_images() {
    let device = Device::flex().autodiff();
    for packing in [1, 2] {
        let shape = [3, 32, 32];
        let config = DcganConfig { latent: 5, generator_width: 2, critic_width: 2 };
        play_with_images(config.init(&shape, packing, &device).unwrap(), shape, packing);
        for shape in [[1, 28, 28], [3, 5, 4]] {
            let config = MlpConfig { latent: 5, hidden: 9, depth: 2, ..Default::default() };
            play_with_images(config.init(&shape, packing, &device).unwrap(), shape, packing);
        }
    }
}

/// Without its blocks, each of which starts as the identity, the residual critic is linear.
#[test]
fn a_fresh_residual_critic_is_an_affine_function() {
    let device = Device::flex();
    let config = ResidualConfig { latent: 5, critic_width: 4, ..Default::default() };
    let Networks { generator, critic } = config.init(&[1, 28, 28], 1, &device).unwrap();
    let score = |x: Tensor<4>| critic.score(Batch::unlabeled(x)).raw();
    let x = generator.forward(latents(2, 5));
    let of_mean = score((x.clone() + x.clone().flip([0])) * 0.5);
    let mean_of = (score(x.clone()) + score(x.flip([0]))) * 0.5;
    let difference = (of_mean - mean_of).abs().max().into_scalar::<f32>();
    assert!(difference < 1e-5, "{difference}");
}
