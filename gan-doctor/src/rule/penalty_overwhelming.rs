//! The penalty leaves the critic no room to learn.
//!
//! # What it means
//! The critic minimizes the penalty and not its loss. A critic that is held flat everywhere gives
//! no direction to the generator.
//!
//! # What one sees
//! A penalty many times the loss; or a critic that stays where it cannot tell samples from data,
//! under a penalty of enormous weight.
//!
//! # Why it happens
//! A weight copied from another loss, another size of picture, or another definition (`γ` or
//! `γ/2`).
//!
//! # Told apart from
//! `critic-weak` has the same scores without such a penalty. A penalty that is large in the first
//! steps only, or beside a loss that still grows, is doing its work. A Wasserstein loss goes to 0
//! as samples get good, and a gradient penalty does not: it is compared with the loss at its
//! largest, and samples that have come a good deal nearer to the data have had a teacher.
//!
//! # Cure
//! A tenth of the weight, again and again while it helps.
//!
//! # Source
//! TheDeepChecker (Ben Braiek & Khomh 2023) compares the gradients of penalty and loss; Mescheder
//! et al. (2018), arXiv:1801.04406, on the range of γ that converges. The bounds are chosen here.

use super::{Need, Rule};
use crate::patient::QUALITY;
use crate::series::{CRITIC_LOSS, PENALTY};
use crate::{
    Case, Certainty, Diagnosis, Evidence, Fact, Marks, Patient, Relation, Series, Severity, Signal,
    cure, plot,
};

/// A penalty of ten times the loss is what the critic works on.
const LARGE: f64 = 10.0;
/// The quantile that stands for the largest early loss, outliers apart.
const LARGEST: f64 = 0.9;
/// Kendall's tau of a penalty that still falls, and of a loss whose size still rises.
const FALLING: f64 = 0.5;
/// A hundred times the largest weight of published settings.
const HEAVY: f64 = 1_000.0;

/// See the [module](self).
#[derive(Clone, Copy, Debug)]
pub struct PenaltyOverwhelming;

impl Rule for PenaltyOverwhelming {
    fn id(&self) -> &'static str {
        "penalty-overwhelming"
    }

    fn source(&self) -> &'static str {
        include_str!("penalty_overwhelming.rs")
    }

    fn needs(&self) -> &'static [Need] {
        const { &[Need::dense(&[&PENALTY]), Need::dense(&[&CRITIC_LOSS])] }
    }

    fn also_reads(&self) -> &'static [&'static Series] {
        QUALITY
    }

    fn facts(&self) -> &'static [Fact] {
        &[Fact::Penalties]
    }

    fn exempts(&self, case: &Case) -> Option<&'static str> {
        let penalties = case.objective.penalties.as_ref()?;
        penalties.is_empty().then_some("there is no penalty")
    }

    fn explains(&self) -> &'static [&'static str] {
        &[
            "critic-weak",
            "critic-slope",
            "generator-gradient-gone",
            "mode-collapse",
            "mode-dropping",
        ]
    }

    fn examine(&self, patient: &Patient<'_>) -> Option<Diagnosis> {
        let (penalty, loss) = (patient.signal(&PENALTY)?, patient.signal(&CRITIC_LOSS)?);
        let evidence = large(&penalty, &loss).or_else(|| heavy(patient.case))?;
        if patient.has_come_nearer() {
            return None;
        }
        let threshold = LARGE * size(&loss);
        let first = penalty.points().iter().find(|(_, value)| *value > threshold);
        let since = first.map_or(loss.window().from, |(step, _)| *step);
        let cause = "the critic minimizes its penalty and not its loss";
        Some(
            Diagnosis::new(Severity::Severe, Certainty::Likely, cause)
                .since(since)
                .with([evidence])
                .chart(plot(&penalty, Marks { threshold: Some(threshold), since: Some(since) }))
                .cure(cure::lower_penalties(patient.case).because("the loss has to count")),
        )
    }
}

/// The size of the loss at its largest, outliers apart: of all, or of what it was early on. A
/// Wasserstein loss passes through 0, and stays near it where samples are good.
fn size(loss: &Signal) -> f64 {
    let sizes = sizes(loss);
    sizes.quantile(LARGEST).max(sizes.early().quantile(LARGEST))
}

fn sizes(loss: &Signal) -> Signal {
    Signal::new("", loss.points().iter().map(|(step, value)| (*step, value.abs())))
}

/// The penalty itself is large, in the newer half of the run, and does not fall there any more.
fn large(penalty: &Signal, loss: &Signal) -> Option<Evidence> {
    let newer = penalty.last(penalty.len() / 2);
    let sizes = sizes(loss);
    let is_learning = sizes.last(sizes.len() / 2).rises_notably(FALLING);
    let is_settled = !is_learning && !newer.trend().falls(FALLING);
    is_settled.then(|| newer.median_above(LARGE * size(loss)))?
}

/// The weight is enormous: whatever the critic does, it does for the penalty's sake.
fn heavy(case: &Case) -> Option<Evidence> {
    let penalties = case.objective.penalties.iter().flatten();
    let weight = penalties.filter(|each| each.kind.is_on_gradients()).map(|each| each.weight);
    let weight = weight.max_by(f64::total_cmp)?;
    Evidence::of_fact("weight of the penalty", weight, Relation::Above, HEAVY)
}

#[cfg(test)]
pub(super) fn examples() -> crate::examples::Examples {
    use crate::PenaltyKind::R1;
    use crate::examples::{Examples, Run};
    use crate::series::FRECHET;
    let pinned = Run::healthy()
        .penalized(R1, 10.0, |_| 0.01)
        .dense(&CRITIC_LOSS, |_| 1.386)
        .sparse(&FRECHET, |_| 900.0);
    Examples {
        ill: (Run::healthy().penalized(R1, 1e4, |_| 500.0).sparse(&FRECHET, |_| 900.0), 0),
        healthy: Run::healthy().penalized(R1, 10.0, |t| 40.0 * (-20.0 * t).exp()),
        look_alike: (pinned, Some("critic-weak")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PenaltyKind::GradientPenalty;
    use crate::Verdict;
    use crate::examples::Run;
    use crate::series::FRECHET;

    /// A Wasserstein loss that goes to 0 under a gradient penalty that does not.
    fn at_rest() -> Run {
        let run = Run::healthy().wasserstein().penalized(GradientPenalty, 10.0, |_| 0.15);
        run.dense(&CRITIC_LOSS, |t| -0.01 - 2.0 * (-20.0 * t).exp())
    }

    #[test]
    fn a_loss_that_goes_to_0_is_not_overwhelmed() {
        assert_eq!(at_rest().judged_by(&PenaltyOverwhelming), Verdict::Healthy);
        let unmeasured = at_rest().without(&FRECHET);
        assert_eq!(unmeasured.judged_by(&PenaltyOverwhelming), Verdict::Healthy);
    }

    #[test]
    fn a_critic_that_still_learns_is_not_overwhelmed() {
        let young = at_rest().dense(&CRITIC_LOSS, |t| -0.5 * t).dense(&PENALTY, |_| 8.0);
        assert_eq!(young.without(&FRECHET).judged_by(&PenaltyOverwhelming), Verdict::Healthy);
    }

    #[test]
    fn a_loss_that_never_left_0_is() {
        let flat = at_rest().dense(&CRITIC_LOSS, |_| -0.01).sparse(&FRECHET, |_| 900.0);
        assert!(matches!(flat.judged_by(&PenaltyOverwhelming), Verdict::Found(_)));
    }
}
