//! The penalty is too small to do anything.
//!
//! # What it means
//! The critic's loss decides alone: the game is the one without the penalty, with the cost of
//! computing it.
//!
//! # What one sees
//! A penalty below a thousandth of the loss at all times, beside a critic that does separate.
//!
//! # Why it happens
//! A weight of 0 or nearly 0, or one that was copied from a loss of another scale.
//!
//! # Told apart from
//! A critic that cannot tell is flat, and its penalty small with reason: that is `critic-weak`, or
//! the end of a good game. A drift penalty is meant to be small. A penalty that is applied every
//! few steps is 0 in between: only the steps that have one count, unless none has. A penalty whose
//! gradient is not computed, as in mlpack #2891, is not small but left to grow: `critic-slope` and
//! `penalty-overwhelming` see it.
//!
//! # Cure
//! Ten times the weight, and no less than the published one.
//!
//! # Source
//! Huang et al. (2024), arXiv:2501.05441, and Mescheder et al. (2018), arXiv:1801.04406, on weights
//! in use; issues mlpack #2891 and #3063. The ratio of a thousandth is chosen here.

use super::{Need, Rule};
use crate::series::{CRITIC_LOSS, INPUT_GRADIENT, PENALTY};
use crate::{
    Case, Certainty, Diagnosis, Evidence, Fact, Marks, Patient, Relation, Series, Severity, Signal,
    cure, plot,
};

/// A term of a thousandth of another is less than the noise of a batch.
const SMALL: f64 = 1e-3;
/// The share of the points that have to be below: a few come near where the loss passes through 0.
const SHARE: f64 = 0.9;
/// A critic whose loss is this near to that of indifference, as a share of it, does not separate.
const SEPARATES: f64 = 0.1;
/// A fiftieth of the smallest weight of published settings, which is 0.05.
const NEGLIGIBLE: f64 = 1e-3;
/// An input gradient that a penalty in working order would not leave.
const STEEP: f64 = 3.0;

/// See the [module](self).
#[derive(Clone, Copy, Debug)]
pub struct PenaltyInactive;

impl Rule for PenaltyInactive {
    fn id(&self) -> &'static str {
        "penalty-inactive"
    }

    fn source(&self) -> &'static str {
        include_str!("penalty_inactive.rs")
    }

    fn needs(&self) -> &'static [Need] {
        const { &[Need::dense(&[&PENALTY]), Need::dense(&[&CRITIC_LOSS])] }
    }

    fn also_reads(&self) -> &'static [&'static Series] {
        &[&INPUT_GRADIENT]
    }

    fn facts(&self) -> &'static [Fact] {
        &[Fact::Penalties, Fact::Loss]
    }

    fn exempts(&self, case: &Case) -> Option<&'static str> {
        let penalties = case.objective.penalties.as_ref()?;
        let is_bounded = penalties.iter().any(|penalty| penalty.kind.is_on_gradients());
        (!is_bounded).then_some("there is no penalty on input gradients")
    }

    fn explains(&self) -> &'static [&'static str] {
        &["critic-slope", "critic-won", "overflow-ahead"]
    }

    fn examine(&self, patient: &Patient<'_>) -> Option<Diagnosis> {
        let ratio = computed(&patient.signal(&PENALTY)?).ratio_to(&patient.signal(&CRITIC_LOSS)?);
        let small = ratio.evidence("90 % quantile", ratio.quantile(SHARE), Relation::Below, SMALL);
        let weight = negligible_weight(patient.case);
        // A large slope makes a large penalty of a weight that holds nothing.
        if weight.is_none() && (small.is_none() || !separates(patient)?) {
            return None;
        }
        let slope = patient.signal(&INPUT_GRADIENT);
        let steep = slope.and_then(|slope| slope.recent().median_above(STEEP));
        let is_sure = steep.is_some() || weight.is_some();
        let certainty = if is_sure { Certainty::Certain } else { Certainty::Likely };
        let case = patient.case;
        Some(
            Diagnosis::new(Severity::Warning, certainty, "the penalty is lost beside the loss")
                .since(ratio.window().from)
                .with(small)
                .with(weight)
                .with(steep)
                .chart(plot(&ratio, Marks { threshold: Some(SMALL), since: None }))
                .cure(cure::raise_penalties(case).because("it has to count beside the loss")),
        )
    }
}

/// Where the penalty was computed: programs that do so every few steps log 0 in between.
fn computed(penalty: &Signal) -> Signal {
    let other = penalty.points().iter().copied().filter(|(_, value)| *value != 0.0);
    let other = Signal::new(penalty.name(), other);
    if other.is_empty() { penalty.clone() } else { other }
}

/// Whether the critic tells samples from data: one that does not is flat, and its penalty small
/// with reason.
fn separates(patient: &Patient<'_>) -> Option<bool> {
    let level = patient.case.objective.loss?.of_indifference().unwrap_or(0.0);
    let loss = patient.signal(&CRITIC_LOSS)?.recent().median();
    Some((loss - level).abs() > SEPARATES * level)
}

/// The weight itself, if no critic would notice it.
fn negligible_weight(case: &Case) -> Option<Evidence> {
    let penalties = case.objective.penalties.iter().flatten();
    let weights = penalties.filter(|each| each.kind.is_on_gradients()).map(|each| each.weight);
    let largest = weights.max_by(f64::total_cmp)?;
    Evidence::of_fact("weight of the penalty", largest, Relation::Below, NEGLIGIBLE)
}

#[cfg(test)]
pub(super) fn examples() -> crate::examples::Examples {
    use crate::PenaltyKind::R1;
    use crate::examples::{Examples, Run};
    use crate::series::FRECHET;
    let pinned = |t: f64| 1.386 - 1e-4 * t;
    Examples {
        ill: (Run::healthy().penalized(R1, 1e-6, |_| 1e-6).sparse(&INPUT_GRADIENT, |_| 9.0), 0),
        healthy: Run::healthy().penalized(R1, 10.0, |_| 0.05),
        look_alike: (
            Run::healthy()
                .penalized(R1, 10.0, |_| 1e-4)
                .dense(&CRITIC_LOSS, pinned)
                .sparse(&FRECHET, |_| 900.0),
            Some("critic-weak"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PenaltyKind::R1;
    use crate::Verdict;
    use crate::examples::Run;

    #[test]
    fn a_penalty_of_every_sixteenth_step_is_at_work_and_one_of_none_is_not() {
        let lazy =
            |t: f64| if ((t * 200.0).round() as u64).is_multiple_of(16) { 0.05 } else { 0.0 };
        let run = Run::healthy().penalized(R1, 10.0, lazy);
        assert_eq!(run.judged_by(&PenaltyInactive), Verdict::Healthy);
        let none = Run::healthy().penalized(R1, 10.0, |_| 0.0);
        assert!(matches!(none.judged_by(&PenaltyInactive), Verdict::Found(_)));
    }
}
