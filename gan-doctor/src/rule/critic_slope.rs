//! The slope of a Wasserstein critic is far from what its game asks for.
//!
//! # What it means
//! A Wasserstein critic measures distance only as far as its slope is known. Where it is nearly
//! flat, the generator has nothing to follow; where it is steep, the penalty does not hold and
//! scores grow.
//!
//! # What one sees
//! A mean input gradient that is not near 1 under a gradient penalty, or below a thousandth under
//! clipping.
//!
//! # Why it happens
//! A clipping bound so small that slopes vanish from layer to layer; a penalty weight too small to
//! hold.
//!
//! # Told apart from
//! `penalty-inactive` compares losses and needs no slope. R1 and R2 ask for no slope of 1, and
//! clipping for none in particular: only a vanishing one counts there.
//!
//! # Cure
//! Under clipping a gradient penalty; under a penalty more weight for a steep critic, less for a
//! flat one.
//!
//! # Source
//! Gulrajani et al. (2017), arXiv:1704.00028, figure 1, on gradients that vanish or explode under
//! clipping. The bounds are chosen here.

use super::{Need, Rule};
use crate::series::INPUT_GRADIENT;
use crate::{
    Case, Certainty, Constraint, Diagnosis, Fact, Loss, Marks, Patient, Severity, cure, plot,
};

/// Slopes that a gradient penalty of target 1 leaves in working order.
const HELD: (f64, f64) = (0.3, 3.0);
/// Under clipping the slope is whatever the bound makes it; below this it is lost, and above that
/// nothing is held.
const CLIPPED: (f64, f64) = (1e-3, 100.0);

/// See the [module](self).
#[derive(Clone, Copy, Debug)]
pub struct CriticSlope;

impl CriticSlope {
    fn has_target(case: &Case) -> bool {
        let penalties = case.objective.penalties.iter().flatten();
        penalties.into_iter().any(|penalty| penalty.kind.asks_for_norm_1())
    }
}

impl Rule for CriticSlope {
    fn id(&self) -> &'static str {
        "critic-slope"
    }

    fn source(&self) -> &'static str {
        include_str!("critic_slope.rs")
    }

    fn needs(&self) -> &'static [Need] {
        const { &[Need::sparse(&[&INPUT_GRADIENT])] }
    }

    fn facts(&self) -> &'static [Fact] {
        &[Fact::Loss, Fact::Penalties, Fact::Constraint]
    }

    fn exempts(&self, case: &Case) -> Option<&'static str> {
        if case.objective.loss? != Loss::Wasserstein {
            return Some("the loss asks for no slope");
        }
        let is_clipped = matches!(case.objective.constraint?, Constraint::Clip { .. });
        (!is_clipped && !Self::has_target(case)).then_some("nothing asks for a slope of 1")
    }

    fn explains(&self) -> &'static [&'static str] {
        &[
            "generator-gradient-gone",
            "critic-weak",
            "overflow-ahead",
            "mode-collapse",
            "mode-dropping",
            "oscillation",
            "learning-rate-too-high",
            "learning-rate-too-low",
            "late-decline",
        ]
    }

    fn examine(&self, patient: &Patient<'_>) -> Option<Diagnosis> {
        let case = patient.case;
        let slope = patient.signal(&INPUT_GRADIENT)?;
        let (low, high) = if Self::has_target(case) { HELD } else { CLIPPED };
        let recent = slope.recent();
        let (evidence, how) = match (recent.median_below(low), recent.median_above(high)) {
            (Some(flat), _) => (flat, "too flat to follow"),
            (None, steep) => (steep?, "steeper than what bounds it should allow"),
        };
        let is_flat = evidence.threshold == low;
        let since = slope.since(|value| if is_flat { value < low } else { value > high });
        let cause = format!("the critic is {how}");
        let remedy = match (Self::has_target(case), is_flat) {
            (false, _) => cure::gradient_penalty(case, "it asks for a slope of 1 everywhere"),
            (true, true) => Some(cure::lower_penalties(case).because("less is held down")),
            (true, false) => Some(cure::raise_penalties(case).because("it has to hold")),
        };
        let threshold = Some(evidence.threshold);
        Some(
            Diagnosis::new(Severity::Warning, Certainty::Likely, cause)
                .since(since)
                .with([evidence])
                .chart(plot(&slope, Marks { threshold, since: Some(since) }))
                .cure(remedy),
        )
    }
}

#[cfg(test)]
pub(super) fn examples() -> crate::examples::Examples {
    use crate::PenaltyKind;
    use crate::examples::{Examples, Run};
    let penalized =
        || Run::healthy().wasserstein().penalized(PenaltyKind::GradientPenalty, 10.0, |_| 0.2);
    Examples {
        ill: (penalized().sparse(&INPUT_GRADIENT, |t| if t < 0.4 { 1.0 } else { 20.0 }), 4_000),
        healthy: penalized(),
        look_alike: (
            Run::healthy()
                .penalized(PenaltyKind::R1, 10.0, |_| 0.05)
                .sparse(&INPUT_GRADIENT, |_| 0.05),
            None,
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Verdict;
    use crate::examples::Run;

    #[test]
    fn a_clipped_critic_may_have_any_slope_that_has_not_vanished() {
        let sloped =
            |slope: f64| Run::clipped_wasserstein().sparse(&INPUT_GRADIENT, move |_| slope);
        assert!(matches!(sloped(1e-5).judged_by(&CriticSlope), Verdict::Found(_)));
        assert_eq!(sloped(0.05).judged_by(&CriticSlope), Verdict::Healthy);
    }
}
