//! The generator makes other samples with running statistics than it does in training.
//!
//! # What it means
//! The critic has judged samples that were normalized by their own batch; what is shown is
//! normalized by running averages that do not fit. The generator that was trained is better than
//! the one that is used.
//!
//! # What one sees
//! Pictures of noise or of one gray in `eval` mode, good ones in `train` mode.
//!
//! # Why it happens
//! Running averages that lag behind weights that move fast, batches too small to average, an
//! average of weights without one of their statistics.
//!
//! # Told apart from
//! `ema-lagging`: there the weights are old, and the statistics with them. `batch-too-small` is one
//! of the reasons. A gap in the first epoch closes by itself.
//!
//! # Cure
//! Larger batches; smaller steps toward the end; statistics computed anew from the final weights.
//!
//! # Source
//! Threads dcgan.torch #19, pix2pix #1329, FastGAN #4, pytorch/examples #804; TheDeepChecker (Ben
//! Braiek & Khomh 2023) compares both modes. The bound of a quarter is the one noted there for
//! outputs.

use super::{Need, Rule};
use crate::series::TRAIN_EVAL_GAP;
use crate::{Case, Certainty, Diagnosis, Marks, Patient, Remedy, Severity, cure, plot};

/// A quarter of the spread is what TheDeepChecker tolerates between the modes.
const WIDE: f64 = 0.25;
/// A batch whose statistics are steady, or twice the run's own, if that is more.
const LARGE: u64 = 128;
/// As far apart as samples are from each other.
const GRAVE: f64 = 1.0;

/// See the [module](self).
#[derive(Clone, Copy, Debug)]
pub struct BatchNormGap;

impl Rule for BatchNormGap {
    fn id(&self) -> &'static str {
        "batch-norm-gap"
    }

    fn source(&self) -> &'static str {
        include_str!("batch_norm_gap.rs")
    }

    fn needs(&self) -> &'static [Need] {
        const { &[Need::sparse(&[&TRAIN_EVAL_GAP])] }
    }

    fn exempts(&self, case: &Case) -> Option<&'static str> {
        (case.generator.batch_norm == Some(false))
            .then_some("the generator has no batch normalization")
    }

    fn examine(&self, patient: &Patient<'_>) -> Option<Diagnosis> {
        let gap = patient.signal(&TRAIN_EVAL_GAP)?;
        let evidence = gap.last(Need::SPARSE).all_above(WIDE)?;
        let since = gap.since(|value| value > WIDE);
        let larger = patient.case.objective.batch.map_or(LARGE, |batch| LARGE.max(2 * batch));
        let severity = if evidence.value > GRAVE { Severity::Severe } else { Severity::Warning };
        Some(
            Diagnosis::new(
                severity,
                Certainty::Likely,
                "running statistics do not fit the weights",
            )
            .since(since)
            .with([evidence])
            .chart(plot(&gap, Marks { threshold: Some(WIDE), since: Some(since) }))
            .cure(
                Remedy::set("train.batch", larger.to_string())
                    .because("statistics of larger batches are steadier"),
            )
            .cure(cure::lower_both_lrs(patient.case).because("running averages then keep up")),
        )
    }
}

#[cfg(test)]
pub(super) fn examples() -> crate::examples::Examples {
    use crate::examples::{Examples, Run};
    use crate::series::LIVE_FRECHET;
    let late = |t: f64| if t < 0.5 { 0.05 } else { 0.6 };
    Examples {
        ill: (Run::healthy().sparse(&TRAIN_EVAL_GAP, late), 5_000),
        healthy: Run::healthy().sparse(&TRAIN_EVAL_GAP, |t| 0.5 * (-20.0 * t).exp()),
        look_alike: (
            Run::healthy()
                .sparse(&LIVE_FRECHET, |_| 50.0)
                .sparse(&crate::series::FRECHET, |_| 400.0),
            Some("ema-lagging"),
        ),
    }
}
