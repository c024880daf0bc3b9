//! The original GAN, with two small fully connected networks.

use gan_core::optimizer::OptimizerConfig;
use gan_core::progress::Span;

use crate::{Architecture, MlpConfig, Recipe, Source, Training};

/// The course's first experiment, "moons A": lr 1e-4, batch 50.
pub(super) fn recipe() -> Recipe {
    Recipe {
        summary: "fully connected GAN of the course, for points and images",
        source: Source {
            citation: "Goodfellow et al. (2014)",
            title: "Generative Adversarial Nets",
            locator: "arXiv:1406.2661",
        },
        deviations: &[
            "The networks are the course's: one hidden layer of 128 ReLU units in each player, \
             where the paper has deeper maxout and sigmoid networks with dropout.",
            "Adam where the paper has momentum, as in the course; its decays are PyTorch's.",
            "The generator's objective is the non-saturating one of the paper's §3.",
        ],
        architecture: Architecture::Mlp(MlpConfig::default()),
        training: Training::plain(50, Span::Epochs(200), OptimizerConfig::adam(1e-4, 0.9, 0.999)),
    }
}
