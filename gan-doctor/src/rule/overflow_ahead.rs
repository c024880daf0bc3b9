//! Numbers grow toward overflow.
//!
//! # What it means
//! Gradients, scores or weights multiply, and go on doing so. Nothing is broken yet; in a while it
//! is.
//!
//! # What one sees
//! A gradient norm above 100 and ten times its usual, or scores in the thousands, still rising.
//!
//! # Why it happens
//! Each player answers the other's larger scores with still larger ones, and nothing bounds the
//! critic.
//!
//! # Told apart from
//! `non-finite` is what comes of it. A generator's gradient that grows to 50 beside a critic that
//! is ahead is usual in healthy runs of the course's DCGAN, and so are large norms that have always
//! been large.
//!
//! # Cure
//! A penalty on the critic's input gradient; clip gradients; a third of both learning rates.
//!
//! # Source
//! ganhacks (Chintala et al. 2016), §10: "norm over 100: things are screwing up"; Karras et al.
//! (2018), arXiv:1710.10196, §4 and appendix on magnitudes that escalate before a collapse.

use super::{Need, Rule};
use crate::number::short;
use crate::series::{
    CRITIC_GRADIENT_NORM, CRITIC_WEIGHT_NORM, GENERATOR_GRADIENT_NORM, GENERATOR_WEIGHT_NORM,
    SCORE_SIZE,
};
use crate::{Certainty, Diagnosis, Marks, Patient, Remedy, Series, Severity, cure, plot};

/// What may grow, and the size from which its growth is alarming: that of ganhacks for gradients,
/// scores whose exponential no float holds, weights a thousand times the usual.
const GROWING: [(&Series, f64); 5] = [
    (&GENERATOR_GRADIENT_NORM, 100.0),
    (&CRITIC_GRADIENT_NORM, 100.0),
    (&SCORE_SIZE, 1_000.0),
    (&CRITIC_WEIGHT_NORM, 10_000.0),
    (&GENERATOR_WEIGHT_NORM, 10_000.0),
];
/// Growth over the median of what was before.
const FACTOR: f64 = 10.0;
/// Kendall's tau of what still rises.
const RISING: f64 = 0.5;

/// See the [module](self).
#[derive(Clone, Copy, Debug)]
pub struct OverflowAhead;

impl Rule for OverflowAhead {
    fn id(&self) -> &'static str {
        "overflow-ahead"
    }

    fn source(&self) -> &'static str {
        include_str!("overflow_ahead.rs")
    }

    fn needs(&self) -> &'static [Need] {
        const {
            &[Need::dense(&[
                &GENERATOR_GRADIENT_NORM,
                &CRITIC_GRADIENT_NORM,
                &SCORE_SIZE,
                &CRITIC_WEIGHT_NORM,
                &GENERATOR_WEIGHT_NORM,
            ])]
        }
    }

    fn explains(&self) -> &'static [&'static str] {
        &["non-finite"]
    }

    fn examine(&self, patient: &Patient<'_>) -> Option<Diagnosis> {
        GROWING.iter().find_map(|(series, size)| growing(patient, series, *size))
    }
}

fn growing(patient: &Patient<'_>, series: &Series, size: f64) -> Option<Diagnosis> {
    let norm = patient.signal(series)?;
    let recent = norm.recent();
    let usual = norm.before(recent.window().from).median();
    let threshold = size.max(FACTOR * usual);
    let evidence = recent.median_above(threshold)?;
    let half = norm.last(norm.len() / 2);
    if !half.trend().rises(RISING) {
        return None;
    }
    let since = norm.since(|value| value > threshold);
    let cause =
        format!("{} is {} times its usual and rising", norm.name(), short(evidence.value / usual));
    let case = patient.case;
    Some(
        Diagnosis::new(Severity::Severe, Certainty::Likely, cause)
            .since(since)
            .with([evidence])
            .chart(plot(&norm, Marks { threshold: Some(threshold), since: Some(since) }))
            .cure(cure::gradient_penalty(case, "it bounds what scores can become"))
            .cure(Remedy::set("train.clip_norm", "10.0").because("no gradient is longer than this"))
            .cure(cure::lower_both_lrs(case).because("growth is slower")),
    )
}

#[cfg(test)]
pub(super) fn examples() -> crate::examples::Examples {
    use crate::examples::{Examples, Run};
    Examples {
        ill: (Run::healthy().dense(&GENERATOR_GRADIENT_NORM, |t| 3.0 * (6.0 * t).exp()), 8_350),
        healthy: Run::healthy().dense(&GENERATOR_GRADIENT_NORM, |t| 3.0 + 50.0 * t),
        look_alike: (Run::healthy().dense(&GENERATOR_GRADIENT_NORM, |_| 400.0), None),
    }
}
