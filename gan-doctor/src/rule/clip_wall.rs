//! Most of the critic's weights lie at the clipping bound.
//!
//! # What it means
//! The optimizer pushes every weight outward and the clipping pushes it back: the weights are
//! two-valued, and the critic is about as simple as its architecture allows. It cannot learn what
//! the bound does not admit.
//!
//! # What one sees
//! A share of weights at ±c that rises to nearly all; samples that keep to the coarse shape of the
//! data.
//!
//! # Why it happens
//! A critic gains by steeper scores, and with weight clipping the steepest ones are those of
//! extreme weights.
//!
//! # Told apart from
//! `critic-slope` measures the slope that comes of it. Spectral normalization has no wall. A share
//! of a third is usual in the paper's own recipe.
//!
//! # Cure
//! A gradient penalty in place of clipping; a wider bound; spectral normalization.
//!
//! # Source
//! Gulrajani et al. (2017), arXiv:1704.00028, §3 and figure 1: weights pushed to the two extremes.
//! The share of 0.6 is chosen here.

use super::{Need, Rule};
use crate::number::percent;
use crate::series::CLIP_SHARE;
use crate::{
    Case, Certainty, Constraint, Diagnosis, Fact, Marks, Patient, Remedy, Severity, cure, plot,
};

/// The paper's histograms have nearly all weights at the bound; a healthy clipped critic has about
/// a third.
const WALL: f64 = 0.6;
/// How far a bound is widened.
const WIDER: f64 = 5.0;

/// See the [module](self).
#[derive(Clone, Copy, Debug)]
pub struct ClipWall;

impl Rule for ClipWall {
    fn id(&self) -> &'static str {
        "clip-wall"
    }

    fn source(&self) -> &'static str {
        include_str!("clip_wall.rs")
    }

    fn needs(&self) -> &'static [Need] {
        const { &[Need::sparse(&[&CLIP_SHARE])] }
    }

    fn facts(&self) -> &'static [Fact] {
        &[Fact::Constraint]
    }

    fn exempts(&self, case: &Case) -> Option<&'static str> {
        let constraint = case.objective.constraint?;
        (!matches!(constraint, Constraint::Clip { .. })).then_some("weights are not clipped")
    }

    fn explains(&self) -> &'static [&'static str] {
        &["critic-slope", "critic-weak", "generator-gradient-gone", "mode-dropping"]
    }

    fn examine(&self, patient: &Patient<'_>) -> Option<Diagnosis> {
        let share = patient.signal(&CLIP_SHARE)?;
        let evidence = share.recent().median_above(WALL)?;
        let since = share.since(|value| value > WALL);
        let case = patient.case;
        let Constraint::Clip { bound } = case.objective.constraint? else { return None };
        let cause = format!("{} of the critic's weights are at ±{bound}", percent(evidence.value));
        Some(
            Diagnosis::new(Severity::Warning, Certainty::Certain, cause)
                .since(since)
                .with([evidence])
                .chart(plot(&share, Marks { threshold: Some(WALL), since: Some(since) }))
                .cure(cure::gradient_penalty(
                    case,
                    "it bounds the slope and leaves the weights free",
                ))
                .cure(
                    Remedy::set("train.constraint.bound", cure::number(WIDER * bound))
                        .because("a wider bound admits finer critics"),
                ),
        )
    }
}

#[cfg(test)]
pub(super) fn examples() -> crate::examples::Examples {
    use crate::examples::{Examples, Run};
    let rising = |t: f64| 0.9 * (1.0 - (-6.0 * t).exp());
    Examples {
        ill: (Run::clipped_wasserstein().sparse(&CLIP_SHARE, rising), 1_800),
        healthy: Run::clipped_wasserstein().sparse(&CLIP_SHARE, |_| 0.35),
        look_alike: (Run::healthy().sparse(&CLIP_SHARE, rising), None),
    }
}
