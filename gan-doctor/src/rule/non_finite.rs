//! A loss, a gradient or a score is NaN or infinite.
//!
//! # What it means
//! The arithmetic has broken down. Weights that were updated with such a gradient are lost, and
//! every number after it is worthless.
//!
//! # What one sees
//! `nan` or `inf` in a series of a player, usually in all of them within a step or two.
//!
//! # Why it happens
//! Steps that are too large, scores that grow without bound, a logarithm of a probability that has
//! become 0, a square root at 0 in a penalty, half precision whose range is too short.
//!
//! # Told apart from
//! `overflow-ahead` sees the growth before it gets here. Distances of samples may honestly be
//! infinite, as a KL divergence is where a mode is missing: only series of the players count. A
//! value that is not finite now and then, between finite ones, has cost a step and not the weights:
//! mixed precision tries its scale that way, and some logs write `nan` for what was not measured.
//! It is a warning.
//!
//! # Cure
//! Go back to the last checkpoint; a third of both learning rates; clip gradients; single
//! precision.
//!
//! # Source
//! ganhacks (Chintala et al. 2016), §10; threads StudioGAN #175, gigagan #40, BEGAN
//! #11.

use super::{Need, Rule};
use crate::series::{
    CRITIC_GRADIENT_NORM, CRITIC_LOSS, GENERATOR_GRADIENT_NORM, GENERATOR_LOSS, PENALTY,
};
use crate::trace::Recorded;
use crate::{
    Certainty, Diagnosis, Evidence, Marks, Patient, Relation, Remedy, Severity, cure, plot,
};

/// See the [module](self).
#[derive(Clone, Copy, Debug)]
pub struct NonFinite;

/// A single one is enough, so that no number of points is too few.
const NEEDS: &[Need] = &[Need {
    any_of: &[
        &CRITIC_LOSS,
        &GENERATOR_LOSS,
        &CRITIC_GRADIENT_NORM,
        &GENERATOR_GRADIENT_NORM,
        &PENALTY,
    ],
    points: 0,
}];

impl Rule for NonFinite {
    fn id(&self) -> &'static str {
        "non-finite"
    }

    fn source(&self) -> &'static str {
        include_str!("non_finite.rs")
    }

    fn needs(&self) -> &'static [Need] {
        NEEDS
    }

    fn examine(&self, patient: &Patient<'_>) -> Option<Diagnosis> {
        let broken = |(name, recorded): (_, &Recorded)| Some((name, recorded.non_finite()?));
        let all: Vec<(&str, _)> = patient
            .trace
            .series()
            .filter(|(name, _)| is_of_a_player(name))
            .filter_map(broken)
            .collect();
        let (first, found) = all.iter().min_by_key(|(_, found)| found.step)?;
        let evidence = all.iter().filter_map(|(name, found)| {
            let evidence = Evidence::of_fact(name, found.count as f64, Relation::Above, 0.0)?;
            Some(Evidence { statistic: "number of values not finite", ..evidence })
        });
        let (severity, what) =
            outlook(all.iter().filter_map(|(name, _)| patient.trace.recorded(name)));
        let cause = format!("{first} is {} at step {} {what}", found.value, found.step);
        let case = patient.case;
        let chart = patient
            .trace
            .signal(first)
            .map(|signal| plot(&signal, Marks { since: Some(found.step), ..Marks::default() }));
        Some(
            Diagnosis::new(severity, Certainty::Certain, cause)
                .since(found.step)
                .with(evidence)
                .chart(chart.unwrap_or_default())
                .cure(
                    cure::lower_both_lrs(case)
                        .because("smaller steps, from the last checkpoint on"),
                )
                .cure(
                    Remedy::set("train.clip_norm", "10.0")
                        .because("no gradient is longer than this"),
                )
                .cure(
                    Remedy::set("train.precision", "f32")
                        .because("half precision has a short range"),
                ),
        )
    }
}

/// How it went on: two newest values that are not finite, of one series or of two, are no accident.
fn outlook<'a>(broken: impl Iterator<Item = &'a Recorded>) -> (Severity, &'static str) {
    let newest = |recorded: &'a Recorded| recorded.points().iter().rev().map(|point| point.1);
    let standing = |recorded| newest(recorded).take_while(|value| !value.is_finite()).count();
    match broken.map(standing).sum() {
        0 => (Severity::Warning, "and is finite again"),
        1 => (Severity::Warning, "which is its newest value"),
        _ => (Severity::Fatal, "and does not become finite again"),
    }
}

fn is_of_a_player(name: &str) -> bool {
    name.starts_with("critic/") || name.starts_with("generator/")
}

#[cfg(test)]
pub(super) fn examples() -> crate::examples::Examples {
    use crate::examples::{Examples, Run};
    use crate::series::FRECHET;
    let broken = |t: f64| if t < 0.7 { 1.0 } else { f64::NAN };
    let infinite = |t: f64| if t < 0.7 { 500.0 } else { f64::INFINITY };
    Examples {
        ill: (Run::healthy().dense(&GENERATOR_LOSS, broken), 7_000),
        healthy: Run::healthy(),
        look_alike: (Run::healthy().sparse(&FRECHET, infinite), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Verdict;
    use crate::examples::Run;

    fn found(value: impl Fn(f64) -> f64) -> Box<Diagnosis> {
        let run = Run::healthy().dense(&CRITIC_GRADIENT_NORM, value);
        let Verdict::Found(found) = run.judged_by(&NonFinite) else { panic!() };
        found
    }

    #[test]
    fn a_step_that_was_lost_is_a_warning_and_weights_that_are_lost_are_the_end() {
        let once = found(|t| if t == 0.5 { f64::INFINITY } else { 2.0 });
        assert_eq!((once.severity, once.since), (Severity::Warning, 5_000));
        assert!(once.cause.ends_with("and is finite again"), "{}", once.cause);
        let always = found(|_| f64::NAN);
        assert_eq!((always.severity, always.since), (Severity::Fatal, 0));
        assert!(!always.cause.contains("before"), "{}", always.cause);
        let at_last = found(|t| if t == 1.0 { f64::INFINITY } else { 2.0 });
        assert_eq!(at_last.severity, Severity::Warning);
    }
}
