//! WGAN: Wasserstein GAN with weight clipping.

use gan_core::constraint::Constraint;
use gan_core::loss::Wasserstein;
use gan_core::optimizer::OptimizerConfig;
use gan_core::progress::Span;
use gan_core::rules::Rules;
use gan_core::weights::WeightInit;

use crate::{Architecture, ConvolutionalConfig, Recipe, Source, Training};

/// Arjovsky et al. (2017), algorithm 1: RMSProp 5e-5, clipping at 0.01, batch 64, five critic steps.
pub(super) fn recipe() -> Recipe {
    // The decay is that of PyTorch's RMSProp, which the authors' code uses; the paper names none.
    let rms_prop = OptimizerConfig::RmsProp { lr: 5e-5, alpha: 0.99, epsilon: 1e-8 };
    Recipe {
        summary: "Wasserstein GAN, its critic's weights clipped to ±0.01",
        source: Source {
            citation: "Arjovsky, Chintala & Bottou (2017)",
            title: "Wasserstein GAN",
            locator: "arXiv:1701.07875",
        },
        deviations: &[
            "Always five critic steps; the authors' code makes a hundred in each of the first 25 \
             generator steps and in every 500th.",
            "The default data are 32×32 digits, the paper's 64×64 scenes.",
            "Convolutions without a normalization have biases; they are clipped too, and so are the \
             scales and shifts of the batch normalization, as in the authors' code.",
            "How long to train is our choice.",
        ],
        architecture: Architecture::Conv(ConvolutionalConfig::default()),
        training: Training {
            rules: Rules {
                critic_steps: 5,
                constraint: Constraint::Clip { bound: 0.01 },
                ..Rules::alternating(Wasserstein)
            },
            weights: WeightInit::Dcgan,
            ..Training::plain(64, Span::Epochs(100), rms_prop)
        },
    }
}
