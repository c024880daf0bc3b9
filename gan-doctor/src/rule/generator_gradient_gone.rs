//! The generator has lost its gradient.
//!
//! # What it means
//! What comes back through the critic is less than a hundredth of what it was. With Adam the
//! generator still moves, in directions that are mostly noise.
//!
//! # What one sees
//! The norm of the loss's gradient by the samples, or of the weights' gradient, falls by a factor
//! of a hundred.
//!
//! # Why it happens
//! It is a symptom. The loss saturates, the critic is flat, or a layer passes nothing on.
//!
//! # Told apart from
//! `saturating-loss`, `critic-won`, `clip-wall`, `dead-units` and `saturated-output` are the
//! reasons, under which it is listed where one of them is found. Gradients that become a few times
//! smaller belong to a game that converges.
//!
//! # Cure
//! That of its reason; where none is found, a loss that does not saturate and a critic of bounded
//! slope.
//!
//! # Source
//! Arjovsky & Bottou (2017), arXiv:1701.04862, theorem 2.4; AUTOTRAINER (Zhang et al. 2021) has
//! 10⁻³ for the ratio of first and last layer. The hundredth is chosen here.

use super::{Need, Rule};
use crate::series::{GENERATOR_GRADIENT_NORM, SAMPLE_GRADIENT};
use crate::{Certainty, Diagnosis, Loss, Marks, Patient, Remedy, Severity, cure, plot};

/// Share of the early norm.
const GONE: f64 = 0.01;

/// See the [module](self).
#[derive(Clone, Copy, Debug)]
pub struct GeneratorGradientGone;

impl Rule for GeneratorGradientGone {
    fn id(&self) -> &'static str {
        "generator-gradient-gone"
    }

    fn source(&self) -> &'static str {
        include_str!("generator_gradient_gone.rs")
    }

    fn needs(&self) -> &'static [Need] {
        const { &[Need::dense(&[&SAMPLE_GRADIENT, &GENERATOR_GRADIENT_NORM])] }
    }

    fn examine(&self, patient: &Patient<'_>) -> Option<Diagnosis> {
        let norm = patient.any(&[&SAMPLE_GRADIENT, &GENERATOR_GRADIENT_NORM])?;
        let threshold = GONE * norm.early().median();
        let evidence = norm.recent().median_below(threshold)?;
        let since = norm.since(|value| value < threshold);
        let case = patient.case;
        let loss = (case.objective.loss == Some(Loss::Minimax)).then(|| {
            Remedy::set("train.loss", "non-saturating").because("its gradient does not vanish")
        });
        Some(
            Diagnosis::new(
                Severity::Severe,
                Certainty::Likely,
                "hardly anything comes back through the critic",
            )
            .since(since)
            .with([evidence])
            .chart(plot(&norm, Marks { threshold: Some(threshold), since: Some(since) }))
            .cure(loss)
            .cure(cure::gradient_penalty(case, "a critic of bounded slope passes gradients on")),
        )
    }
}

#[cfg(test)]
pub(super) fn examples() -> crate::examples::Examples {
    use crate::examples::{Examples, Run};
    let gone = |t: f64| if t < 0.4 { 1.0 } else { 1e-4 };
    Examples {
        ill: (Run::healthy().dense(&SAMPLE_GRADIENT, gone), 4_000),
        healthy: Run::healthy(),
        look_alike: (Run::healthy().dense(&SAMPLE_GRADIENT, |t| 0.1 + (-9.0 * t).exp()), None),
    }
}
