//! Different latents make the same sample.
//!
//! # What it means
//! The generator has found one sample, or a few, that the critic takes, and makes nothing else.
//! Quality of single pictures may be good; the distribution is not.
//!
//! # What one sees
//! A spread of samples far below the data's, near-duplicates, a coverage near 0. Precision may be
//! 1, and losses need not show anything.
//!
//! # Why it happens
//! Against a fixed critic the best answer of a generator is the single sample that the critic likes
//! best. What keeps it from that is a critic that changes in time and is flat enough to be
//! followed.
//!
//! # Told apart from
//! `mode-dropping`: some of the variety is gone, not all. `noise-ignored`: it never was there.
//! `batch-norm-collapse` and `critic-won` are reasons, and are named first where they are found.
//! Samples of the first steps are alike because nothing has been learned: a spread that was small
//! from the beginning on and still rises is no collapse. One that fell is no recovery when it rises a
//! little: a generator that has collapsed wanders from pattern to pattern, and it is over when three
//! quarters of the data's spread are there again. Where the spread of real samples is not known, only
//! a fall is seen, and not a spread that was small from the beginning.
//!
//! # Cure
//! From the last good checkpoint: the rules of R3GAN, or R1; two samples at a time for the critic;
//! smaller steps.
//!
//! # Source
//! Goodfellow (2016), arXiv:1701.00160, §5.1.1; Lin et al. (2018), arXiv:1712.04086; Huang et al.
//! (2024), arXiv:2501.05441. Half of the data's spread is the bound of this project's own goal;
//! untrained generators of checkerboards had three quarters.

use super::{Need, Rule};
use crate::alike::Alike;
use crate::series::{DUPLICATES, SPREAD};
use crate::{Certainty, Diagnosis, Evidence, Marks, Patient, Severity, Signal, cure, plot};

/// Share of samples that have a near-duplicate, above that of real ones.
const REPEATED: f64 = 0.5;
/// Kendall's tau of a spread that still rises.
const RISING: f64 = 0.5;

/// See the [module](self).
#[derive(Clone, Copy, Debug)]
pub struct ModeCollapse;

impl Rule for ModeCollapse {
    fn id(&self) -> &'static str {
        "mode-collapse"
    }

    fn source(&self) -> &'static str {
        include_str!("mode_collapse.rs")
    }

    fn needs(&self) -> &'static [Need] {
        const { &[Need::sparse(&[&SPREAD, &DUPLICATES])] }
    }

    fn explains(&self) -> &'static [&'static str] {
        &["mode-dropping", "checkerboard", "late-decline", "label-ignored"]
    }

    fn examine(&self, patient: &Patient<'_>) -> Option<Diagnosis> {
        let (low, many) = (small_spread(patient), duplicates(patient));
        let certainty =
            if low.is_some() && many.is_some() { Certainty::Certain } else { Certainty::Likely };
        let other = low.as_ref().and(many.as_ref()).map(|many| many.evidence.clone());
        let Sign { signal, evidence, since } = low.or(many)?;
        let threshold = Some(evidence.threshold);
        let case = patient.case;
        Some(
            Diagnosis::new(
                Severity::Severe,
                certainty,
                "different latents make nearly the same sample",
            )
            .since(since)
            .with([evidence])
            .with(other)
            .chart(plot(&signal, Marks { threshold, since: Some(since) }))
            .cure(cure::larger_latent(case))
            .cure(cure::less_momentum(case))
            .cure(cure::relativistic(case))
            .cure(cure::gradient_penalty(case, "a bounded critic stays beatable"))
            .cure(cure::packing(case))
            .cure(
                cure::lower_both_lrs(case)
                    .because("from the last good checkpoint, if it was sudden"),
            ),
        )
    }
}

/// One of the two signs of a collapse.
struct Sign {
    signal: Signal,
    evidence: Evidence,
    since: u64,
}

fn small_spread(patient: &Patient<'_>) -> Option<Sign> {
    let Alike { spread, evidence, since, times, fell } = Alike::of(patient)?;
    let still_rises = !fell && spread.len() > Need::SPARSE && spread.rises_notably(RISING);
    let is_found = times >= Need::SPARSE && !still_rises;
    is_found.then_some(Sign { signal: spread, evidence, since })
}

fn duplicates(patient: &Patient<'_>) -> Option<Sign> {
    let signal = patient.signal(&DUPLICATES)?;
    let threshold = REPEATED + patient.of_real(signal.name()).unwrap_or(0.0);
    let evidence = signal.last(Need::SPARSE).all_above(threshold)?;
    let since = signal.since(|value| value > threshold);
    Some(Sign { signal, evidence, since })
}

#[cfg(test)]
pub(super) fn examples() -> crate::examples::Examples {
    use crate::examples::{Examples, Run};
    use crate::series::SMALLEST_CLASS;
    let collapse = |t: f64| if t < 0.65 { 0.32 } else { 0.04 };
    let dropped = |t: f64| if t < 0.4 { 0.6 } else { 0.01 };
    Examples {
        ill: (Run::healthy().sparse(&SPREAD, collapse), 6_500),
        healthy: Run::healthy().sparse(&SPREAD, |t| 0.3 * t).until(4_000),
        look_alike: (Run::healthy().sparse(&SMALLEST_CLASS, dropped), Some("mode-dropping")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Verdict;
    use crate::examples::Run;

    #[test]
    fn a_collapse_is_found_two_measurements_after_it() {
        let collapse = |t: f64| if t < 0.5 { 0.32 } else { 0.1 };
        let run = Run::healthy().sparse(&SPREAD, collapse);
        assert_eq!(run.clone().until(5_000).judged_by(&ModeCollapse), Verdict::Healthy);
        let Verdict::Found(found) = run.until(5_500).judged_by(&ModeCollapse) else { panic!() };
        assert_eq!(found.since, 5_000);
    }

    /// A DCGAN in bfloat16 that collapsed in its second epoch and wandered from pattern to pattern.
    #[test]
    fn a_spread_that_rises_a_little_from_nothing_is_no_learning() {
        let wandering = |t: f64| if t < 0.1 { 0.36 } else { 0.2 * t };
        let run = Run::healthy().sparse(&SPREAD, wandering).without(&DUPLICATES);
        for until in [3_000, 6_000, 10_000] {
            let verdict = run.clone().until(until).judged_by(&ModeCollapse);
            assert!(matches!(verdict, Verdict::Found(_)), "{until}");
        }
        let recovered = |t: f64| if t < 0.8 { wandering(t) } else { 0.3 };
        let run = run.sparse(&SPREAD, recovered);
        assert_eq!(run.judged_by(&ModeCollapse), Verdict::Healthy);
    }
}
