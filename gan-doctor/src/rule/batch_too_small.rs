//! Batch normalization over a handful of samples.
//!
//! # What it means
//! Mean and deviation of so few samples are noise. A sample is normalized by its neighbors more
//! than by the data, and training and sampling see different networks.
//!
//! # What one sees
//! Pictures that depend on what else was in their batch, color casts, samples that are worse with
//! running statistics than in training.
//!
//! # Why it happens
//! The batch was made small to fit into memory.
//!
//! # Told apart from
//! `batch-norm-gap` measures the difference, whatever its reason. Small batches without batch
//! normalization are slow and not wrong.
//!
//! # Cure
//! Larger batches; another normalization in the critic. Accumulation does not help: each part is
//! normalized by itself.
//!
//! # Source
//! Wu & He (2018), arXiv:1803.08494, figure 1: errors rise steeply below 8 samples; thread
//! stylegan2-pytorch #210.

use super::Rule;
use crate::{Case, Diagnosis, Evidence, Fact, Patient, Relation, Remedy, Severity};

/// Below it, errors rise steeply in the paper's figure.
const FEW: u64 = 8;

/// See the [module](self).
#[derive(Clone, Copy, Debug)]
pub struct BatchTooSmall;

impl Rule for BatchTooSmall {
    fn id(&self) -> &'static str {
        "batch-too-small"
    }

    fn source(&self) -> &'static str {
        include_str!("batch_too_small.rs")
    }

    fn facts(&self) -> &'static [Fact] {
        &[Fact::Batch, Fact::GeneratorBatchNorm, Fact::CriticBatchNorm]
    }

    fn exempts(&self, case: &Case) -> Option<&'static str> {
        let has_none =
            case.generator.batch_norm == Some(false) && case.critic.batch_norm == Some(false);
        has_none.then_some("there is no batch normalization")
    }

    fn explains(&self) -> &'static [&'static str] {
        &["batch-norm-gap", "batch-norm-coupling", "oscillation", "critic-weak"]
    }

    fn examine(&self, patient: &Patient<'_>) -> Option<Diagnosis> {
        let batch = patient.case.objective.batch?;
        let evidence =
            Evidence::of_fact("objective.batch", batch as f64, Relation::Below, FEW as f64)?;
        let cause = format!("batch normalization takes its statistics from {batch} samples");
        Some(
            Diagnosis::of_case(Severity::Severe, cause)
                .with([evidence])
                .cure(
                    Remedy::set("train.batch", "64").because("statistics of 64 samples are steady"),
                )
                .cure(
                    Remedy::set("model.critic_norm", "layer").because(
                        "each sample is normalized by itself, where the model has a choice",
                    ),
                ),
        )
    }
}

#[cfg(test)]
pub(super) fn examples() -> crate::examples::Examples {
    use crate::examples::{Examples, Run};
    let small = |case: &mut Case| case.objective.batch = Some(2);
    let bare = |case: &mut Case| {
        (case.generator.batch_norm, case.critic.batch_norm) = (Some(false), Some(false));
    };
    Examples {
        ill: (Run::healthy().case(small), 0),
        healthy: Run::healthy(),
        look_alike: (Run::healthy().case(small).case(bare), None),
    }
}
