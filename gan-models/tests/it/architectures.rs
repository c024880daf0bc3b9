//! Shapes, ranges and sizes of the networks, as the course states them.

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{Device, Tensor};
use gan_core::batch::Batch;
use gan_core::latent::{LatentPrior, Latents};
use gan_core::player::{Critic, Generator};
use gan_core::seed::Seed;
use gan_models::{Activation, ConvolutionalConfig, DcganConfig, MlpConfig, MlpGenerator, Networks};

pub(crate) fn latents(batch: usize, latent_dim: usize) -> Latents {
    let mut rng = Seed(1).stream("latent").draw(0);
    Latents::unlabeled(LatentPrior::Normal.draw([batch, latent_dim], &mut rng, &Device::flex()))
}

/// Weights that an optimizer moves; running statistics are not among them.
pub(crate) fn trainable<M: Module>(module: &M) -> usize {
    struct Count(usize);
    impl ModuleVisitor for Count {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            if param.is_require_grad() {
                self.0 += param.shape().num_elements();
            }
        }
    }
    let mut count = Count(0);
    module.visit(&mut count);
    count.0
}

#[test]
fn the_mlp_has_the_course_sizes() {
    let device = Device::flex().autodiff();
    let Networks { generator, critic } = MlpConfig::default().init(&[2], 1, &device).unwrap();
    // Linear(32→128), Linear(128→2); Linear(2→128), Linear(128→1).
    assert_eq!(trainable(&generator), 33 * 128 + 129 * 2);
    assert_eq!(trainable(&critic), 3 * 128 + 129);
    let samples = generator.valid().forward(latents(5, 32));
    assert_eq!(samples.dims(), [5, 2]);
    assert_eq!(critic.valid().score(Batch::unlabeled(samples)).raw().dims(), [5, 1]);
}

#[test]
fn the_dcgan_has_the_course_sizes() {
    let device = Device::flex().autodiff();
    let Networks { generator, critic } =
        DcganConfig::default().init(&[1, 32, 32], 1, &device).unwrap();
    // Counted with PyTorch's layers of the same description.
    assert_eq!((trainable(&generator), trainable(&critic)), (783_937, 155_073));
}

#[test]
fn the_dcgan_makes_images_between_minus_one_and_one_and_scores_them() {
    for channels in [1, 3] {
        let config = DcganConfig { latent: 7, generator_width: 4, critic_width: 2 };
        let device = Device::flex();
        let Networks { generator, critic } = config.init(&[channels, 32, 32], 1, &device).unwrap();
        let images = generator.forward(latents(3, 7));
        assert_eq!(images.dims(), [3, channels, 32, 32]);
        assert!(images.clone().abs().max().into_scalar::<f32>() <= 1.0);
        assert_eq!(critic.score(Batch::unlabeled(images)).raw().dims(), [3, 1]);
    }
}

/// Radford et al. (2016), figure 1, at full width: 1024, 512, 256, 128 maps.
#[test]
fn the_classical_networks_have_the_sizes_of_the_paper_at_64_pixels() {
    let device = Device::flex().autodiff();
    let config = ConvolutionalConfig { generator_width: 128, ..ConvolutionalConfig::default() };
    let Networks { generator, critic } = config.init(&[3, 64, 64], 1, &device).unwrap();
    let kernels = |maps: &[usize]| maps.windows(2).map(|w| w[0] * w[1] * 16).sum::<usize>();
    let norms = |maps: &[usize]| 2 * maps.iter().sum::<usize>();
    let up = [100, 1024, 512, 256, 128, 3];
    assert_eq!(trainable(&generator), kernels(&up) + norms(&up[1..5]) + 3);
    let down = [3, 64, 128, 256, 512, 1];
    assert_eq!(trainable(&critic), kernels(&down) + norms(&down[2..5]) + 64 + 1);
}

#[test]
fn activations_are_what_they_are_called() {
    let device = Device::flex();
    let at = |activation, x: f32| {
        let config = MlpConfig {
            latent: 1,
            hidden: 1,
            generator_activation: activation,
            ..MlpConfig::default()
        };
        let ones = |module: MlpGenerator| module.map(&mut Ones);
        let generator = ones(config.init(&[1], 1, &device).unwrap().generator);
        let noise = Tensor::from_data([[x - 1.0]], &device);
        let output: Tensor<2> = generator.forward(Latents::unlabeled(noise));
        output.into_scalar::<f32>() - 1.0
    };
    for (activation, below, above) in [
        (Activation::Relu, 0.0, 2.0),
        (Activation::LeakyRelu, -0.4, 2.0),
        (Activation::Silu, -2.0 / (1.0 + 2f32.exp()), 2.0 / (1.0 + (-2f32).exp())),
        (Activation::Softplus, (-2f32).exp().ln_1p(), 2f32.exp().ln_1p()),
    ] {
        let (found_below, found_above) = (at(activation, -2.0), at(activation, 2.0));
        assert!((found_below - below).abs() < 1e-6, "{activation:?} {found_below} {below}");
        assert!((found_above - above).abs() < 1e-6, "{activation:?} {found_above} {above}");
    }
}

/// Every weight and bias 1.
struct Ones;

impl ModuleMapper for Ones {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        Param::initialized(param.id, param.val().ones_like())
    }
}
