//! The facts of a case that rules may need, by name.

use super::Case;

/// A fact of a [`Case`] that a rule needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fact {
    /// The loss.
    Loss,
    /// The penalties on the critic.
    Penalties,
    /// The constraint on the critic's weights.
    Constraint,
    /// The batch size.
    Batch,
    /// The number of classes.
    Classes,
    /// The average of the generator's weights.
    Averaging,
    /// The noise on what the critic sees.
    InstanceNoise,
    /// The generator's learning rate.
    GeneratorLr,
    /// The critic's learning rate.
    CriticLr,
    /// Adam's decay of the mean of gradients, of either player.
    Momentum,
    /// Coordinates of the generator's noise.
    Latent,
    /// Whether the generator has batch normalization.
    GeneratorBatchNorm,
    /// Whether the critic has batch normalization.
    CriticBatchNorm,
    /// Whether the critic sees real samples and fakes in one batch.
    JointBatches,
    /// The range of the generator's output.
    Output,
    /// Whether the samples are images.
    AreImages,
    /// The number of real samples.
    Samples,
    /// The least and the largest real value.
    DataRange,
    /// The median real value, and that of the data that the feature extractor was made for.
    Medians,
    /// Channels that never change.
    ConstantChannels,
    /// The share of exact duplicates.
    DuplicateShare,
    /// Samples of each class.
    ClassCounts,
    /// The order of the samples.
    Order,
}

impl Fact {
    /// Where it stands in a [`Case`].
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Loss => "objective.loss",
            Self::Penalties => "objective.penalties",
            Self::Constraint => "objective.constraint",
            Self::Batch => "objective.batch",
            Self::Classes => "objective.classes",
            Self::Averaging => "objective.averaging",
            Self::InstanceNoise => "objective.instance_noise",
            Self::GeneratorLr => "generator.optimizer.lr",
            Self::CriticLr => "critic.optimizer.lr",
            Self::Momentum => "generator.optimizer.beta_1 or critic.optimizer.beta_1",
            Self::Latent => "generator.latent",
            Self::GeneratorBatchNorm => "generator.batch_norm",
            Self::CriticBatchNorm => "critic.batch_norm",
            Self::JointBatches => "critic.joint_batches",
            Self::Output => "generator.output",
            Self::AreImages => "data.are_images",
            Self::Samples => "data.samples",
            Self::DataRange => "data.min and data.max",
            Self::Medians => "data.median and data.expected_median",
            Self::ConstantChannels => "data.constant_channels",
            Self::DuplicateShare => "data.duplicate_share",
            Self::ClassCounts => "data.class_counts",
            Self::Order => "data.order",
        }
    }

    /// Who knows it.
    #[must_use]
    pub fn hint(self) -> &'static str {
        if self.name().starts_with("data.") {
            "a look at the data before the first step"
        } else {
            "the configuration of the run"
        }
    }

    /// Whether the case has it.
    #[must_use]
    pub fn is_known(self, case: &Case) -> bool {
        let Case { objective, generator, critic, data, .. } = case;
        match self {
            Self::Loss => objective.loss.is_some(),
            Self::Penalties => objective.penalties.is_some(),
            Self::Constraint => objective.constraint.is_some(),
            Self::Batch => objective.batch.is_some(),
            Self::Classes => objective.classes.is_some(),
            Self::Averaging => objective.averaging.is_some(),
            Self::InstanceNoise => objective.instance_noise.is_some(),
            Self::GeneratorLr => generator.optimizer.lr.is_some(),
            Self::CriticLr => critic.optimizer.lr.is_some(),
            Self::Momentum => {
                generator.optimizer.beta_1.is_some() || critic.optimizer.beta_1.is_some()
            }
            Self::Latent => generator.latent.is_some(),
            Self::GeneratorBatchNorm => generator.batch_norm.is_some(),
            Self::CriticBatchNorm => critic.batch_norm.is_some(),
            Self::JointBatches => critic.joint_batches.is_some(),
            Self::Output => generator.output.is_some(),
            Self::AreImages => data.are_images.is_some(),
            Self::Samples => data.samples.is_some(),
            Self::DataRange => data.min.is_some() && data.max.is_some(),
            Self::Medians => data.median.is_some() && data.expected_median.is_some(),
            Self::ConstantChannels => data.constant_channels.is_some(),
            Self::DuplicateShare => data.duplicate_share.is_some(),
            Self::ClassCounts => data.class_counts.is_some(),
            Self::Order => data.order.is_some(),
        }
    }
}
