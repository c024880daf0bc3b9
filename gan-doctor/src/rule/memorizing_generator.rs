//! Samples are copies of training samples.
//!
//! # What it means
//! The generator gives back what it was trained on. Its distances from the data are small, and it
//! has made nothing.
//!
//! # What one sees
//! Samples nearer to the training data than held-out real samples are, by two tests that agree.
//!
//! # Why it happens
//! Few samples, many epochs, a critic that knows them by heart.
//!
//! # Told apart from
//! Good samples are near the data as well: held-out real ones are the measure. One of the two tests
//! alone is no verdict, because published tests of this kind are not reliable by themselves.
//! `mode-collapse` repeats itself and need not repeat the data.
//!
//! # Cure
//! Random changes of what the critic sees; fewer epochs; more data.
//!
//! # Source
//! Meehan et al. (2020), arXiv:2004.05675 (C_T); Alaa et al. (2022), arXiv:2102.08921
//! (authenticity); Stein et al. (2023), arXiv:2306.04675: "current metrics do not properly detect
//! memorization".

use super::{Need, Rule};
use crate::series::{AUTHENTICITY, COPYING};
use crate::{Certainty, Diagnosis, Marks, Patient, Series, Severity, cure, plot};

/// Standard errors below what held-out samples have.
const NEARER: f64 = 3.0;
/// Shares below that of held-out samples.
const LESS: f64 = 0.1;
/// What held-out samples score where that was not measured: half of all fresh samples are farther.
const HELD_OUT: f64 = 0.5;
/// Of measurements that are made once, after training.
const ONCE: [Need; 2] =
    [Need { any_of: &[&AUTHENTICITY], points: 1 }, Need { any_of: &[&COPYING], points: 1 }];

/// See the [module](self).
#[derive(Clone, Copy, Debug)]
pub struct MemorizingGenerator;

impl Rule for MemorizingGenerator {
    fn id(&self) -> &'static str {
        "memorizing-generator"
    }

    fn source(&self) -> &'static str {
        include_str!("memorizing_generator.rs")
    }

    fn needs(&self) -> &'static [Need] {
        &ONCE
    }

    fn examine(&self, patient: &Patient<'_>) -> Option<Diagnosis> {
        let (authentic, copying) = (patient.signal(&AUTHENTICITY)?, patient.signal(&COPYING)?);
        let real = |series: &Series| patient.of_real(series.name);
        let least = real(&AUTHENTICITY).unwrap_or(HELD_OUT) - LESS;
        let nearest = real(&COPYING).unwrap_or(0.0).min(0.0) - NEARER;
        let evidence = [copying.last(1).all_below(nearest)?, authentic.last(1).all_below(least)?];
        let since = copying.since(|value| value < nearest);
        let cause = "samples lie nearer to the training data than held-out real samples do";
        Some(
            Diagnosis::new(Severity::Severe, Certainty::Likely, cause)
                .since(since)
                .with(evidence)
                .chart(plot(&copying, Marks { threshold: Some(nearest), since: Some(since) }))
                .cure(cure::augment(patient.case))
                .cure(cure::keep_best(patient)),
        )
    }
}

#[cfg(test)]
pub(super) fn examples() -> crate::examples::Examples {
    use crate::examples::{Examples, Run};
    let copies = |t: f64| if t < 0.5 { 10.0 } else { -30.0 };
    let copied = Run::healthy().sparse(&COPYING, copies);
    Examples {
        ill: (copied.clone().sparse(&AUTHENTICITY, |t| if t < 0.5 { 0.7 } else { 0.1 }), 5_000),
        healthy: Run::healthy(),
        look_alike: (copied, None),
    }
}
