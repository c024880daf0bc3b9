//! Class-conditional networks: every label counts, and only where there are labels.

use burn::tensor::{Device, Int, Tensor, TensorData};
use gan_core::batch::Batch;
use gan_core::latent::{LatentPrior, Latents};
use gan_core::player::{Critic, Generator};
use gan_core::seed::Seed;
use gan_models::{ConvolutionalConfig, MlpConfig, ModelError, Networks};

use crate::architectures::trainable;
use crate::images::Shake;

fn same_noise(labels: &[i64]) -> Latents {
    let mut rng = Seed(1).stream("latent").draw(0);
    let noise = LatentPrior::Normal.draw([1, 5], &mut rng, &Device::flex());
    Latents { noise: noise.repeat_dim(0, labels.len()), labels: Some(tensor(labels)) }
}

fn tensor(labels: &[i64]) -> Tensor<1, Int> {
    Tensor::from_data(TensorData::new(labels.to_vec(), [labels.len()]), &Device::flex())
}

/// No two of the first `count` rows are the same.
fn rows_differ(rows: Tensor<2>, count: usize) {
    for first in 0..count {
        for second in 0..first {
            let row = |index| rows.clone().narrow(0, index, 1);
            let apart = (row(first) - row(second)).abs().max().into_scalar::<f32>();
            assert!(apart > 1e-6, "labels {first} and {second}");
        }
    }
}

fn labels_count<G: Generator<4>, C: Critic<4>>(networks: Networks<G, C>) {
    // The initial weights may give all classes the same.
    let shake = || Shake(Seed(8).stream("weights").draw(0));
    let generator = networks.generator.map(&mut shake()).valid();
    let critic = networks.critic.map(&mut shake()).valid();
    assert_eq!(generator.classes(), 3);
    let fake = generator.generate(same_noise(&[0, 1, 2]));
    rows_differ(fake.samples.clone().flatten(1, 3), 3);
    let same = fake.samples.narrow(0, 0, 1).repeat_dim(0, 3);
    let scores = critic.score(Batch { samples: same, labels: fake.labels }).raw();
    rows_differ(scores, 3);
}

#[test]
fn another_label_is_another_sample_and_another_score() {
    let device = Device::flex().autodiff();
    let mlp = MlpConfig { latent: 5, hidden: 9, classes: 3, ..Default::default() };
    labels_count(mlp.init(&[1, 28, 28], 1, &device).unwrap());
    for shape in [[1, 28, 28], [3, 32, 32]] {
        let conv = ConvolutionalConfig {
            latent: 5,
            generator_width: 2,
            critic_width: 2,
            classes: 3,
            ..Default::default()
        };
        labels_count(conv.init(&shape, 1, &device).unwrap());
    }
}

#[test]
fn the_course_cgan_has_the_course_sizes() {
    let device = Device::flex().autodiff();
    let config = MlpConfig { latent: 100, hidden: 128, classes: 10, ..Default::default() };
    let Networks { generator, critic } = config.init(&[1, 28, 28], 1, &device).unwrap();
    // Linear(110→128), Linear(128→784); Linear(794→128), Linear(128→1).
    assert_eq!(trainable(&generator), 111 * 128 + 129 * 784);
    assert_eq!(trainable(&critic), 795 * 128 + 129);
}

#[test]
fn classes_and_packing_that_make_no_sense_are_refused() {
    let device = Device::flex();
    let one = ConvolutionalConfig { classes: 1, ..Default::default() };
    let refused = one.init(&[1, 32, 32], 1, &device).map(|_| ()).unwrap_err();
    assert_eq!(refused.to_string(), "`model.classes` must be 0 (no labels) or at least 2, found 1");
    let ten = MlpConfig { classes: 10, ..Default::default() };
    let refused = ten.init(&[1, 28, 28], 2, &device).map(|_| ()).unwrap_err();
    assert_eq!(refused, ModelError::PackedLabels { packing: 2, classes: 10 });
}
