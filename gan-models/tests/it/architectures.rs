//! Shapes, ranges and sizes as the course states them.

use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::{Device, Tensor};
use gan_core::{Batch, Critic, Generator, LatentPrior, Latents, Seed};
use gan_models::{Activation, ConvolutionalConfig, DcganConfig, MlpConfig, Networks};

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
fn the_scale_of_points_stretches_samples_and_is_divided_out_of_scores() {
    let device = Device::flex();
    let unit =
        MlpConfig { hidden: 9, depth: 3, activation: Activation::Silu, ..MlpConfig::default() };
    let wide = MlpConfig { scale: 4.0, ..unit };
    let weights = unit.init(&[2], 1, &device).unwrap();
    let other = wide.init(&[2], 1, &device).unwrap();
    let generator = other.generator.load_record(weights.generator.clone().into_record());
    let critic = other.critic.load_record(weights.critic.clone().into_record());
    let one = Generator::<2>::forward(&weights.generator, latents(5, 32));
    let four = Generator::<2>::forward(&generator, latents(5, 32));
    assert_eq!((one.clone() * 4.0).into_data(), four.clone().into_data());
    let scores =
        |critic: &dyn Fn(Batch<2>) -> Tensor<2>, x| critic(Batch::unlabeled(x)).into_data();
    assert_eq!(
        scores(&|batch| weights.critic.score(batch).raw(), one),
        scores(&|batch| critic.score(batch).raw(), four)
    );
}
