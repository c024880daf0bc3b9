//! A class-conditional DCGAN, by the methods that replaced concatenated labels.

use gan_core::optimizer::OptimizerConfig;
use gan_core::progress::Span;
use gan_core::weights::WeightInit;

use crate::{Architecture, ConvolutionalConfig, Recipe, Source, Training};

/// The networks and numbers of DCGAN with the conditioning of Miyato & Koyama (2018), §3.
pub(super) fn recipe() -> Recipe {
    let adam = OptimizerConfig::adam(2e-4, 0.5, 0.999);
    Recipe {
        summary: "convolutional conditional GAN: class-conditional batch norm, projection critic",
        source: Source {
            citation: "Miyato & Koyama (2018)",
            title: "cGANs with Projection Discriminator",
            locator: "arXiv:1802.05637",
        },
        deviations: &[
            "Networks, logistic loss, Adam (2e-4, 0.5, 0.999) and weights from N(0, 0.02²) are those \
             of DCGAN; the paper has residual networks, the hinge loss, spectral norm, Adam (2e-4, \
             0, 0.9) and five critic steps.",
            "The critic has batch normalization, which the paper's does without.",
            "The label's vector is multiplied with the sum of the last maps over their pixels as in \
             the paper, but the part of the score without label is a convolution over the whole \
             map, where the paper has a linear layer on that sum.",
            "The generator's batch normalization keeps a scale and a shift for all classes; those \
             of a class come on top, as 1 + gain and shift, and start at 0.",
            "Batches of 64; how long to train is our choice.",
        ],
        architecture: Architecture::Conv(ConvolutionalConfig {
            classes: 10,
            ..ConvolutionalConfig::default()
        }),
        training: Training {
            weights: WeightInit::Dcgan,
            ..Training::plain(64, Span::Epochs(30), adam)
        },
    }
}
