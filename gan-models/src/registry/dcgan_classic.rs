//! The DCGAN of Radford et al., in the form of the authors' Torch code.

use gan_core::batch::Fakes;
use gan_core::latent::LatentPrior;
use gan_core::loss::NonSaturating;
use gan_core::optimizer::OptimizerConfig;
use gan_core::progress::Span;
use gan_core::rules::Rules;
use gan_core::weights::WeightInit;

use crate::{Architecture, ConvolutionalConfig, Recipe, Source, Training};

/// Radford et al. (2016), §4: batch 128, Adam 2e-4 with β₁ = 0.5, weights from N(0, 0.02²), uniform
/// noise of 100 coordinates; both players are scored on the same fakes, as in the authors' code.
pub(super) fn recipe() -> Recipe {
    let adam = OptimizerConfig::adam(2e-4, 0.5, 0.999);
    Recipe {
        summary: "convolutional GAN of the paper: strided 4×4 kernels, weights from N(0, 0.02²)",
        source: Source {
            citation: "Radford, Metz & Chintala (2016)",
            title: "Unsupervised Representation Learning with Deep Convolutional GANs",
            locator: "arXiv:1511.06434",
        },
        deviations: &[
            "Kernels are 4×4, as in the Torch code of one of the authors; the paper's figure 1 has \
             5×5.",
            "Half the paper's generator width by default: 64 maps before the last layer, not 128.",
            "The default data are 32×32, one doubling fewer than the paper's 64×64.",
            "Convolutions without a normalization have biases.",
            "How long to train is our choice.",
        ],
        architecture: Architecture::Conv(ConvolutionalConfig::default()),
        training: Training {
            rules: Rules { fakes: Fakes::Shared, ..Rules::alternating(NonSaturating::default()) },
            prior: LatentPrior::Uniform,
            weights: WeightInit::Dcgan,
            ..Training::plain(128, Span::Epochs(25), adam)
        },
    }
}
