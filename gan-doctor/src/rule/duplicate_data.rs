//! Many real samples are exact copies of others.
//!
//! # What it means
//! There is less data than it seems. What is repeated has a large weight, and is learned by heart
//! first.
//!
//! # What one sees
//! Epochs that are longer than the data deserves; samples that are copies.
//!
//! # Why it happens
//! The same files under several names, a set that was made longer by copying, frames of a film that
//! stands still.
//!
//! # Told apart from
//! `tiny-data` counts samples, whether they are equal or not. Repeated samples of the generator are
//! `mode-collapse`. Tables of whole numbers have equal rows by chance.
//!
//! # Cure
//! Remove the copies; random changes of what the critic sees, where they have to stay.
//!
//! # Source
//! Feng et al. (2021), "When do GANs replicate? On the choice of dataset size": replication falls
//! exponentially with the number of different samples.

use super::Rule;
use crate::number::percent;
use crate::{Diagnosis, Evidence, Fact, Patient, Relation, Remedy, Severity, cure};

/// Sets that are collected from the web have a few percent; more is a mistake in how they were
/// made.
const TOLERATED: f64 = 0.05;
/// Most of the data is copies.
const GRAVE: f64 = 0.5;

/// See the [module](self).
#[derive(Clone, Copy, Debug)]
pub struct DuplicateData;

impl Rule for DuplicateData {
    fn id(&self) -> &'static str {
        "duplicate-data"
    }

    fn source(&self) -> &'static str {
        include_str!("duplicate_data.rs")
    }

    fn facts(&self) -> &'static [Fact] {
        &[Fact::DuplicateShare]
    }

    fn explains(&self) -> &'static [&'static str] {
        &["memorizing-critic", "memorizing-generator", "mode-collapse"]
    }

    fn examine(&self, patient: &Patient<'_>) -> Option<Diagnosis> {
        let share = patient.case.data.duplicate_share?;
        let evidence =
            Evidence::of_fact("data.duplicate_share", share, Relation::Above, TOLERATED)?;
        let severity = if share > GRAVE { Severity::Severe } else { Severity::Warning };
        let cause = format!("{} of the real samples are copies of others", percent(share));
        Some(
            Diagnosis::of_case(severity, cause)
                .with([evidence])
                .cure(Remedy::advise("remove the copies from the data"))
                .cure(cure::augment(patient.case)),
        )
    }
}

#[cfg(test)]
pub(super) fn examples() -> crate::examples::Examples {
    use crate::examples::{Examples, Run};
    use crate::series::DUPLICATES;
    Examples {
        ill: (Run::healthy().case(|case| case.data.duplicate_share = Some(0.99)), 0),
        healthy: Run::healthy().case(|case| case.data.duplicate_share = Some(0.01)),
        look_alike: (Run::healthy().sparse(&DUPLICATES, |_| 0.9), Some("mode-collapse")),
    }
}
