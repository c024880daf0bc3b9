//! WGAN-GP: Wasserstein GAN with a gradient penalty.

use gan_core::loss::Wasserstein;
use gan_core::optimizer::OptimizerConfig;
use gan_core::penalty::{GradientPenalty, Penalty, Sides};
use gan_core::progress::Span;
use gan_core::rules::{Rules, Schedule};
use gan_core::weights::WeightInit;

use crate::{Architecture, ConvolutionalConfig, CriticNorm, Recipe, Source, Training};

/// Gulrajani et al. (2017), algorithm 1: λ = 10, Adam 1e-4 with β = (0, 0.9), batch 64, five critic
/// steps; §4: layer instead of batch normalization in the critic; noise of 128 coordinates.
pub(super) fn recipe() -> Recipe {
    let adam = OptimizerConfig::adam(1e-4, 0.0, 0.9);
    let (sides, schedule) = (Sides::Two, Schedule::default());
    Recipe {
        summary: "Wasserstein GAN with a gradient penalty between real samples and fakes",
        source: Source {
            citation: "Gulrajani et al. (2017)",
            title: "Improved Training of Wasserstein GANs",
            locator: "arXiv:1704.00028",
        },
        deviations: &[
            "The networks are those of dcgan-classic with layer normalization in the critic, which \
             has a scale and a shift for each map; the paper's best images come from residual \
             networks.",
            "Weights start from N(0, 0.02²); the authors' code draws them after He et al.",
            "How long to train is our choice.",
        ],
        architecture: Architecture::Conv(ConvolutionalConfig {
            latent: 128,
            critic_norm: CriticNorm::Layer,
            ..ConvolutionalConfig::default()
        }),
        training: Training {
            rules: Rules {
                critic_steps: 5,
                penalties: vec![Penalty::GradientPenalty(GradientPenalty {
                    weight: 10.0,
                    target: 1.0,
                    sides,
                    schedule,
                })],
                ..Rules::alternating(Wasserstein)
            },
            weights: WeightInit::Dcgan,
            ..Training::plain(64, Span::Epochs(50), adam)
        },
    }
}
