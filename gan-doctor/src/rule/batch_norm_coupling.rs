//! Real samples and fakes share the statistics of one batch.
//!
//! # What it means
//! A critic with batch normalization that scores both in one batch sees, in the statistics, what
//! the other half looks like. It scores batches, and a sample's score is not its own.
//!
//! # What one sees
//! Scores of the same real samples that change when their companions do; a critic that is good in
//! training and knows nothing alone.
//!
//! # Why it happens
//! The two batches were joined for one forward pass, to save time.
//!
//! # Told apart from
//! `batch-norm-gap` is about running statistics. In separate batches statistics differ between real
//! and fake ones, which is meant. Joint batches without batch normalization are the same as
//! separate ones.
//!
//! # Cure
//! Score real and fake batches apart (this program does so wherever the critic has batch
//! normalization), or normalize each sample by itself.
//!
//! # Source
//! ganhacks (Chintala et al. 2016), §4: "construct different mini-batches for real and fake";
//! threads DCGAN-tensorflow #266, PyTorch-GAN #135.

use super::Rule;
use crate::series::BATCH_COUPLING;
use crate::{Case, Diagnosis, Evidence, Fact, Patient, Relation, Remedy, Series, Severity};

/// Scores that move by their own spread are no scores of samples.
const STRONG: f64 = 1.0;

/// See the [module](self).
#[derive(Clone, Copy, Debug)]
pub struct BatchNormCoupling;

impl Rule for BatchNormCoupling {
    fn id(&self) -> &'static str {
        "batch-norm-coupling"
    }

    fn source(&self) -> &'static str {
        include_str!("batch_norm_coupling.rs")
    }

    fn also_reads(&self) -> &'static [&'static Series] {
        &[&BATCH_COUPLING]
    }

    fn facts(&self) -> &'static [Fact] {
        &[Fact::CriticBatchNorm, Fact::JointBatches]
    }

    fn exempts(&self, case: &Case) -> Option<&'static str> {
        (case.critic.batch_norm == Some(false)).then_some("the critic has no batch normalization")
    }

    fn explains(&self) -> &'static [&'static str] {
        &["critic-weak", "oscillation", "critic-won"]
    }

    fn examine(&self, patient: &Patient<'_>) -> Option<Diagnosis> {
        let joint = f64::from(u8::from(patient.case.critic.joint_batches?));
        let fact = Evidence::of_fact("critic.joint_batches", joint, Relation::Equal, 1.0)?;
        let strong = patient
            .signal(&BATCH_COUPLING)
            .and_then(|coupling| coupling.recent().median_above(STRONG));
        let severity = if strong.is_some() { Severity::Severe } else { Severity::Warning };
        let cause = "batch statistics tell the critic whether fakes are in the batch";
        Some(
            Diagnosis::of_case(severity, cause)
                .with([fact])
                .with(strong)
                .cure(Remedy::advise("score real samples and fakes in batches of their own"))
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
    let joint = |case: &mut Case| case.critic.joint_batches = Some(true);
    let coupled = Run::healthy().sparse(&BATCH_COUPLING, |_| 2.0);
    Examples {
        ill: (coupled.clone().case(joint), 0),
        healthy: coupled,
        look_alike: (
            Run::healthy().case(joint).case(|case| case.critic.batch_norm = Some(false)),
            None,
        ),
    }
}
