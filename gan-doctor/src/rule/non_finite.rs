//! A loss, a gradient or a score is NaN or infinite.
//!
//! # What it means
//! The arithmetic has broken down. Weights that were updated with such a gradient are lost, and every number
//! after it is worthless.
//!
//! # What one sees
//! `nan` or `inf` in a series of a player, usually in all of them within a step or two.
//!
//! # Why it happens
//! Steps that are too large, scores that grow without bound, a logarithm of a probability that has become 0,
//! a square root at 0 in a penalty, half precision whose range is too short.
//!
//! # Told apart from
//! `overflow-ahead` sees the growth before it gets here. Distances of samples may honestly be infinite, as a
//! KL divergence is where a mode is missing: only series of the players count.
//!
//! # Cure
//! Go back to the last checkpoint; a third of both learning rates; clip gradients; single precision.
//!
//! # Source
//! ganhacks (Chintala et al. 2016), §10; the threads listed as StudioGAN #175, gigagan #40, BEGAN #11.

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
        let cause =
            format!("{first} is {} at step {} and was finite before", found.value, found.step);
        let case = patient.case;
        let chart = patient
            .trace
            .signal(first)
            .map(|signal| plot(&signal, Marks { since: Some(found.step), ..Marks::default() }));
        Some(
            Diagnosis::new(Severity::Fatal, Certainty::Certain, cause)
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
