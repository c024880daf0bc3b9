//! LSGAN, the least-squares GAN: scores regressed onto 0 and 1.

use gan_core::loss::LeastSquares;
use gan_core::optimizer::OptimizerConfig;
use gan_core::progress::Span;
use gan_core::rules::Rules;
use gan_core::weights::WeightInit;

use crate::{Architecture, ConvolutionalConfig, Recipe, Source, Training};

/// Mao et al. (2017), eq. 9 (targets 0, 1 and 1) and §4.1: Adam with β₁ = 0.5 and, for handwritten
/// characters, a learning rate of 2e-4.
pub(super) fn recipe() -> Recipe {
    let adam = OptimizerConfig::adam(2e-4, 0.5, 0.999);
    Recipe {
        summary: "convolutional GAN with the least-squares loss",
        source: Source {
            citation: "Mao et al. (2017)",
            title: "Least Squares Generative Adversarial Networks",
            locator: "arXiv:1611.04076",
        },
        deviations: &[
            "The networks are those of dcgan-classic; the paper has deeper ones for 112×112 scenes \
             and, for handwritten characters, ones that are told a class.",
            "Noise is normal with 100 coordinates; the paper has 1024 for its scenes.",
            "Batches of 64; batch and length of training are our choice.",
        ],
        architecture: Architecture::Conv(ConvolutionalConfig::default()),
        training: Training {
            rules: Rules::alternating(LeastSquares { smoothing: 0.0 }),
            weights: WeightInit::Dcgan,
            ..Training::plain(64, Span::Epochs(30), adam)
        },
    }
}
