//! The generator's loss stands at the value to which its logarithm is clamped.
//!
//! # What it means
//! The loss is computed as `−ln(max(D, ε))`, and D(G(z)) is below ε. The clamp is flat: the
//! generator's gradient is 0 or next to it, and no number of steps will change that.
//!
//! # What one sees
//! A generator loss that is constant to three digits: 16.12 for ε = 1e-7 (Keras), 18.42 for 1e-8,
//! 23.03 for 1e-10, 27.63 for 1e-12, 100 for PyTorch's `BCELoss`.
//!
//! # Why it happens
//! A sigmoid followed by a logarithm, in place of a loss on scores. Losses of this program are on
//! scores and have no clamp; logs of other programs do.
//!
//! # Told apart from
//! `critic-won` has a loss that still moves, with whatever value. A loss that passes one of the
//! values on its way is not constant.
//!
//! # Cure
//! A loss on raw scores (`BCEWithLogitsLoss`, `from_logits=True`), then what helps against a critic
//! that has won.
//!
//! # Source
//! Thread dcgan-facegenerator #1: loss stuck at 16.118 = −ln 1e-7; the documentation of PyTorch's
//! `BCELoss`, whose logarithms are clamped at −100.

use super::{Need, Rule};
use crate::series::GENERATOR_LOSS;
use crate::{
    Case, Certainty, Diagnosis, Loss, Marks, Patient, Relation, Remedy, Severity, cure, plot,
};

/// `−ln ε` for the ε of common programs, and PyTorch's own bound.
const CLAMPS: [f64; 5] = [16.118, 18.421, 23.026, 27.631, 100.0];
/// A loss within this share of a clamp, and with no more spread than that, stands on it.
const CLOSE: f64 = 1e-3;

/// See the [module](self).
#[derive(Clone, Copy, Debug)]
pub struct ClampedLoss;

impl Rule for ClampedLoss {
    fn id(&self) -> &'static str {
        "clamped-loss"
    }

    fn source(&self) -> &'static str {
        include_str!("clamped_loss.rs")
    }

    fn needs(&self) -> &'static [Need] {
        const { &[Need::dense(&[&GENERATOR_LOSS])] }
    }

    fn exempts(&self, case: &Case) -> Option<&'static str> {
        let loss = case.objective.loss?;
        (!loss.is_logistic() && loss != Loss::Other).then_some("the loss has no logarithm")
    }

    fn explains(&self) -> &'static [&'static str] {
        &["critic-won", "generator-gradient-gone", "mode-collapse"]
    }

    fn examine(&self, patient: &Patient<'_>) -> Option<Diagnosis> {
        let loss = patient.signal(&GENERATOR_LOSS)?;
        let recent = loss.recent();
        let level = recent.median().abs();
        let clamp = CLAMPS.into_iter().find(|clamp| (level - clamp).abs() < CLOSE * clamp)?;
        let evidence =
            recent.evidence("deviation", recent.deviation(), Relation::Below, CLOSE * clamp)?;
        let since = loss.since(|value| (value.abs() - clamp).abs() < CLOSE * clamp);
        let cause =
            format!("the generator's loss stands at {clamp}, to which a logarithm is clamped");
        Some(
            Diagnosis::new(Severity::Fatal, Certainty::Likely, cause)
                .since(since)
                .with([evidence])
                .chart(plot(&loss, Marks { threshold: Some(clamp), since: Some(since) }))
                .cure(
                    Remedy::set("train.loss", "non-saturating")
                        .because("it is computed from raw scores"),
                )
                .cure(cure::gradient_penalty(patient.case, "so that the critic stays beatable")),
        )
    }
}

#[cfg(test)]
pub(super) fn examples() -> crate::examples::Examples {
    use crate::examples::{Examples, Run};
    let clamped = |mut run: Run| {
        for (_, points) in run.series.iter_mut().filter(|(name, _)| name == GENERATOR_LOSS.name) {
            points
                .iter_mut()
                .filter(|(step, _)| *step >= 2_000)
                .for_each(|point| point.1 = 16.118_1);
        }
        run
    };
    Examples {
        ill: (clamped(Run::healthy()), 2_000),
        healthy: Run::healthy(),
        look_alike: (Run::healthy().dense(&GENERATOR_LOSS, |t| 10.0 + 7.0 * t), None),
    }
}
