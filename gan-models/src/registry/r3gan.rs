//! R3GAN: the relativistic GAN with both zero-centered gradient penalties (R1, R2), small.

use gan_core::ema::EmaConfig;
use gan_core::loss::RelativisticPaired;
use gan_core::optimizer::OptimizerConfig;
use gan_core::penalty::{R1, R2};
use gan_core::progress::Span;
use gan_core::rules::{Rules, Schedule};
use gan_core::weights::WeightInit;

use crate::{Architecture, Recipe, ResidualConfig, Source, Training};

/// How long to train; the schedules end with it.
const BUDGET: Span = Span::Epochs(30);

/// Huang et al. (2024): relativistic pairing loss, R1 and R2 of the same weight at every step, Adam
/// 2e-4 to 5e-5 with β₁ = 0, γ annealed to a tenth, an average of the generator, noise of 64
/// coordinates.
pub(super) fn recipe() -> Recipe {
    let adam = OptimizerConfig::adam(2e-4, 0.0, 0.99);
    let falling_to = |end| Schedule::Cosine { end, over: BUDGET, warm_up: Span::Steps(0) };
    let (weight, schedule) = (1.0, falling_to(0.1));
    Recipe {
        summary: "relativistic loss, R1 and R2, residual networks without normalization",
        source: Source {
            citation: "Huang et al. (2024)",
            title: "The GAN is dead; long live the GAN! A Modern GAN Baseline",
            locator: "arXiv:2501.05441",
        },
        deviations: &[
            "Small networks: one block a stage and 16 to 64 maps, where the paper's have two and \
             hundreds; a block is as wide inside as outside, in the paper it is twice as wide.",
            "Weights other than those that start at 0 are drawn after He et al., without the \
             paper's factor for the depth.",
            "Maps are enlarged by repeating and shrunk by averaging pixels, in the paper by the \
             filter [1, 2, 1].",
            "The smallest maps come from, and go into, a full linear layer; the paper has a basis \
             of one map a channel there.",
            "The last layer ends in a hyperbolic tangent, in the paper in nothing.",
            "γ begins at 1, which is our choice for 32×32 digits; the paper sets it for each data \
             set. β₂ is 0.99 from the start; the paper raises it from 0.9.",
            "The average of the generator has a half-life of 500 steps from the start; the paper \
             raises it. Batches of 64, in the paper 512 and more. No augmentation.",
            "How long to train is our choice.",
        ],
        architecture: Architecture::Residual(ResidualConfig::default()),
        training: Training {
            rules: Rules {
                penalties: vec![R1 { weight, schedule }.into(), R2 { weight, schedule }.into()],
                schedule: falling_to(0.25),
                ema: Some(EmaConfig { half_life: Span::Steps(500) }),
                ..Rules::alternating(RelativisticPaired)
            },
            weights: WeightInit::He,
            ..Training::plain(64, BUDGET, adam)
        },
    }
}
