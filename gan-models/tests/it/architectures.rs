//! Shapes, ranges and sizes as the course states them.

use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::{Device, Tensor};
use gan_core::{Batch, Critic, Generator, LatentPrior, Latents, Seed};
use gan_models::{DcganConfig, MlpConfig, ModelError, Networks};

const COURSE_MLP: MlpConfig = MlpConfig { latent: 32, hidden: 128 };
const COURSE_DCGAN: DcganConfig =
    DcganConfig { latent: 100, generator_width: 64, critic_width: 16 };

fn latents(batch: usize, latent_dim: usize) -> Latents {
    let mut rng = Seed(1).stream("latent").draw(0);
    Latents::unlabeled(LatentPrior::Normal.draw([batch, latent_dim], &mut rng, &Device::flex()))
}

/// Weights that an optimizer moves; running statistics are not among them.
fn trainable<M: Module>(module: &M) -> usize {
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
    let Networks { generator, critic } = COURSE_MLP.init(&[2], &device).unwrap();
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
    let Networks { generator, critic } = COURSE_DCGAN.init(&[1, 32, 32], &device).unwrap();
    // Counted with PyTorch's layers of the same description.
    assert_eq!((trainable(&generator), trainable(&critic)), (783_937, 155_073));
}

#[test]
fn the_dcgan_makes_images_between_minus_one_and_one_and_scores_them() {
    for channels in [1, 3] {
        let config = DcganConfig { latent: 7, generator_width: 4, critic_width: 2 };
        let device = Device::flex();
        let Networks { generator, critic } = config.init(&[channels, 32, 32], &device).unwrap();
        let images = generator.forward(latents(3, 7));
        assert_eq!(images.dims(), [3, channels, 32, 32]);
        assert!(images.clone().abs().max().into_scalar::<f32>() <= 1.0);
        assert_eq!(critic.score(Batch::unlabeled(images)).raw().dims(), [3, 1]);
    }
}

#[test]
fn shapes_that_cannot_be_made_are_refused_with_both_named() {
    let device = Device::flex();
    let message = COURSE_DCGAN.init(&[1, 28, 28], &device).map(|_| ()).unwrap_err().to_string();
    assert_eq!(
        message,
        "the dcgan architecture makes samples of shape [channels, 32, 32], found [1, 28, 28]"
    );
    assert!(COURSE_MLP.init(&[1, 32, 32], &device).is_err());
    let empty = MlpConfig { hidden: 0, ..COURSE_MLP }.init(&[2], &device);
    assert_eq!(empty.map(|_| ()).unwrap_err(), ModelError::Zero { name: "hidden" });
}
