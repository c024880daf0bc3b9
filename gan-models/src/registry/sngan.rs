//! SNGAN: spectral normalization of the critic, with the hinge loss.

use gan_core::constraint::Constraint;
use gan_core::loss::Hinge;
use gan_core::optimizer::OptimizerConfig;
use gan_core::progress::Span;
use gan_core::rules::Rules;
use gan_core::weights::WeightInit;

use crate::{Architecture, ConvolutionalConfig, CriticNorm, Recipe, Source, Training};

/// Miyato et al. (2018), §4: the hinge loss of eq. 16 and 17, one power iteration an update, five
/// critic steps, Adam 2e-4 with β = (0, 0.9), batch 64, noise of 128 coordinates.
pub(super) fn recipe() -> Recipe {
    let adam = OptimizerConfig::adam(2e-4, 0.0, 0.9);
    Recipe {
        summary: "hinge loss and a critic of spectral norm 1 in every layer",
        source: Source {
            citation: "Miyato et al. (2018)",
            title: "Spectral Normalization for Generative Adversarial Networks",
            locator: "arXiv:1802.05957",
        },
        deviations: &[
            "The networks are those of dcgan-classic without normalization in the critic; the \
             paper's convolutional critic has a 3×3 convolution of stride 1 beside each 4×4 one.",
            "The vectors of the power iteration move once after each update of the critic, and \
             start from fifteen iterations; in the authors' code they move in every forward pass.",
            "The paper tries six settings of Adam and of the critic steps; this is the one of its \
             residual networks.",
            "Weights start from N(0, 0.02²).",
            "How long to train is our choice.",
        ],
        architecture: Architecture::Conv(ConvolutionalConfig {
            latent: 128,
            critic_norm: CriticNorm::None,
            ..ConvolutionalConfig::default()
        }),
        training: Training {
            rules: Rules {
                critic_steps: 5,
                constraint: Constraint::SpectralNorm { iterations: 1 },
                ..Rules::alternating(Hinge)
            },
            weights: WeightInit::Dcgan,
            ..Training::plain(64, Span::Epochs(50), adam)
        },
    }
}
