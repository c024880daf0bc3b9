//! There are too few real samples.
//!
//! # What it means
//! A critic learns a few hundred samples by heart. From then on it rejects everything that is not
//! one of them, and a generator that follows becomes a copier or collapses.
//!
//! # What one sees
//! First good progress; then scores of training samples leave those of held-out ones behind, and
//! quality turns.
//!
//! # Why it happens
//! A few hundred pictures are much for a person and nothing for a critic that sees each of them
//! every few steps.
//!
//! # Told apart from
//! `memorizing-critic` measures it, with any amount of data; this is the warning before step 0.
//! `duplicate-data` has many samples of which few differ.
//!
//! # Cure
//! Random changes of what the critic sees; a smaller critic; more data.
//!
//! # Source
//! Karras et al. (2020), arXiv:2006.06676; threads on sets of 140 to 400 pictures that collapsed,
//! such as BMSG-GAN #38.

use super::Rule;
use crate::{Diagnosis, Evidence, Fact, Patient, Relation, Severity, cure};

/// Threads about collapse name sets of 140 to 400; with 1000 the critic of a small game sees each
/// sample every 15 steps.
const FEW: u64 = 1_000;
/// The range that those threads are about.
const VERY_FEW: u64 = 300;

/// See the [module](self).
#[derive(Clone, Copy, Debug)]
pub struct TinyData;

impl Rule for TinyData {
    fn id(&self) -> &'static str {
        "tiny-data"
    }

    fn source(&self) -> &'static str {
        include_str!("tiny_data.rs")
    }

    fn facts(&self) -> &'static [Fact] {
        &[Fact::Samples]
    }

    fn explains(&self) -> &'static [&'static str] {
        &["memorizing-critic", "memorizing-generator", "critic-won", "mode-collapse"]
    }

    fn examine(&self, patient: &Patient<'_>) -> Option<Diagnosis> {
        let samples = patient.case.data.samples?;
        let evidence =
            Evidence::of_fact("data.samples", samples as f64, Relation::Below, FEW as f64)?;
        let severity = if samples <= VERY_FEW { Severity::Severe } else { Severity::Warning };
        let cause =
            format!("{samples} real samples are few enough for the critic to learn them by heart");
        Some(
            Diagnosis::of_case(severity, cause)
                .with([evidence])
                .cure(cure::augment(patient.case))
                .cure(cure::instance_noise(patient.case)),
        )
    }
}

#[cfg(test)]
pub(super) fn examples() -> crate::examples::Examples {
    use crate::examples::{Examples, Run};
    use crate::series::HELD_OUT_GAP;
    Examples {
        ill: (Run::healthy().case(|case| case.data.samples = Some(200)), 0),
        healthy: Run::healthy(),
        look_alike: (Run::healthy().sparse(&HELD_OUT_GAP, |t| 4.0 * t), Some("memorizing-critic")),
    }
}
