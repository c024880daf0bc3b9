//! A DCGAN on 32×32 digits.

use gan_core::batch::Fakes;
use gan_core::loss::NonSaturating;
use gan_core::optimizer::OptimizerConfig;
use gan_core::progress::Span;
use gan_core::rules::Rules;

use crate::{Architecture, DcganConfig, Recipe, Source, Training};

/// The course's DCGAN: lr 2e-4, β = (0.5, 0.999), batch 64, 30 epochs; both players
/// are scored on the same fakes, as in the authors' code.
pub(super) fn recipe() -> Recipe {
    Recipe {
        summary: "convolutional GAN of the course, for 32×32 images",
        source: Source {
            citation: "Radford, Metz & Chintala (2016)",
            title: "Unsupervised Representation Learning with Deep Convolutional GANs",
            locator: "arXiv:1511.06434",
        },
        deviations: &[
            "The networks are the course's: 3×3 kernels and 256-128-64 generator maps from a \
             linear layer, 16-32-64-128 critic maps, a linear head; the paper has 5×5 kernels.",
            "Weights start as PyTorch's layers do, as in the course; the paper draws N(0, 0.02²).",
            "The paper's batches have 128 samples, the course's 64.",
        ],
        architecture: Architecture::Dcgan(DcganConfig::default()),
        training: Training {
            rules: Rules { fakes: Fakes::Shared, ..Rules::alternating(NonSaturating::default()) },
            ..Training::plain(64, Span::Epochs(30), OptimizerConfig::adam(2e-4, 0.5, 0.999))
        },
    }
}
