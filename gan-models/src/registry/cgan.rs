//! The conditional GAN (CGAN): fully connected, the digit's label in both players.

use gan_core::optimizer::OptimizerConfig;
use gan_core::progress::Span;

use crate::{Architecture, MlpConfig, Recipe, Source, Training};

/// The course's CGAN: lr 2e-4, β = (0.5, 0.999), batch 64, 100 epochs.
pub(super) fn recipe() -> Recipe {
    Recipe {
        summary: "fully connected conditional GAN of the course, for labeled images",
        source: Source {
            citation: "Mirza & Osindero (2014)",
            title: "Conditional Generative Adversarial Nets",
            locator: "arXiv:1411.1784",
        },
        deviations: &[
            "The networks are the course's: noise of 100 coordinates and the label as a unit vector \
             into one hidden layer of 128 ReLU units, and the same for the critic; the paper maps \
             noise and label to hidden layers of their own and has maxout units and dropout.",
            "Images are in [-1, 1] by a hyperbolic tangent, in the paper in [0, 1] by a sigmoid.",
            "Adam and batches of 64 as in the course; the paper has momentum with a decaying \
             learning rate and batches of 100.",
            "Noise is normal, in the paper uniform.",
        ],
        architecture: Architecture::Mlp(MlpConfig {
            latent: 100,
            classes: 10,
            ..MlpConfig::default()
        }),
        training: Training::plain(64, Span::Epochs(100), OptimizerConfig::adam(2e-4, 0.5, 0.999)),
    }
}
