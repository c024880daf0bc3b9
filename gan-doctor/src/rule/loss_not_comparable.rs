//! The loss says nothing about quality here.
//!
//! # What it means
//! A GAN's losses are the state of a game, not a distance to the data. A run that is stopped by
//! them, or compared by them, is judged by chance.
//!
//! # What one sees
//! A Wasserstein game of which nothing but losses was measured; or one whose generator loss goes
//! its own way while a distance of samples goes another.
//!
//! # Why it happens
//! The opponent changes with every step. Scores of a Wasserstein critic have no zero; those of the
//! others say how well this critic does against this generator.
//!
//! # Told apart from
//! `late-decline` is a verdict on quality itself. A loss that follows quality in one run need not
//! in the next. The *critic's* loss of a Wasserstein game is an estimate of a distance, up to the
//! slope of its critic.
//!
//! # Cure
//! Measure samples: distances in features, a known density, or the duality gap where there is
//! neither.
//!
//! # Source
//! Arjovsky et al. (2017), arXiv:1701.07875, §4.2; threads WassersteinGAN #77,
//! improved_wgan_training #17 and #44; Grnarova et al. (2019), arXiv:1811.05512. The correlation of
//! 0.2 is chosen here.

use super::{Need, Rule};
use crate::patient::QUALITY;
use crate::series::GENERATOR_LOSS;
use crate::trace::rank_correlation;
use crate::{
    Case, Certainty, Diagnosis, Evidence, Fact, Loss, Marks, Patient, Relation, Remedy, Series,
    Severity, Signal, plot,
};

/// Rank correlation below which a loss does not follow quality.
const FOLLOWS: f64 = 0.2;
/// Pairs from which a correlation is taken: its own error is then about 0.35.
const PAIRS: usize = 8;

/// See the [module](self).
#[derive(Clone, Copy, Debug)]
pub struct LossNotComparable;

impl Rule for LossNotComparable {
    fn id(&self) -> &'static str {
        "loss-not-comparable"
    }

    fn source(&self) -> &'static str {
        include_str!("loss_not_comparable.rs")
    }

    fn needs(&self) -> &'static [Need] {
        const { &[Need::dense(&[&GENERATOR_LOSS])] }
    }

    fn also_reads(&self) -> &'static [&'static Series] {
        QUALITY
    }

    fn facts(&self) -> &'static [Fact] {
        &[Fact::Loss]
    }

    fn exempts(&self, case: &Case) -> Option<&'static str> {
        let loss = case.objective.loss?;
        (loss != Loss::Wasserstein).then_some("only a Wasserstein loss is taken for a distance")
    }

    fn examine(&self, patient: &Patient<'_>) -> Option<Diagnosis> {
        let loss = patient.signal(&GENERATOR_LOSS)?;
        let evidence = match patient.quality() {
            None => nothing_else(&loss),
            Some(quality) => goes_its_own_way(&loss, &quality),
        }?;
        let cause = "the generator's loss is no measure of its samples";
        Some(
            Diagnosis::new(Severity::Note, Certainty::Likely, cause)
                .since(loss.window().from)
                .with([evidence])
                .chart(plot(&loss, Marks::default()))
                .cure(compare(patient))
                .cure(
                    Remedy::set("evaluation.duality_gap", "50")
                        .because("a number for any data, and comparable along a run"),
                ),
        )
    }
}

/// What to look at instead.
fn compare(patient: &Patient<'_>) -> Remedy {
    match patient.quality() {
        Some(quality) => Remedy::advise(format!("judge samples by {}", quality.name())),
        None => {
            Remedy::set("evaluation.features", "auto").because("samples are compared with the data")
        }
    }
}

/// Nothing but losses was measured.
fn nothing_else(loss: &Signal) -> Option<Evidence> {
    loss.evidence("distances of samples measured beside it", 0.0, Relation::Below, 1.0)
}

/// The loss and the quality of samples have no rank correlation to speak of.
fn goes_its_own_way(loss: &Signal, quality: &Signal) -> Option<Evidence> {
    let pairs = loss.pairs(quality);
    let follows = rank_correlation(&pairs);
    let evidence =
        loss.evidence("rank correlation with quality", follows, Relation::Below, FOLLOWS);
    (pairs.len() >= PAIRS).then_some(evidence)?
}

#[cfg(test)]
pub(super) fn examples() -> crate::examples::Examples {
    use crate::examples::{Examples, Run};
    use crate::series::FRECHET;
    let unmeasured = |run: Run| run.without(&FRECHET);
    Examples {
        ill: (unmeasured(Run::healthy().wasserstein()), 0),
        healthy: Run::healthy().wasserstein(),
        look_alike: (unmeasured(Run::healthy()), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Verdict;
    use crate::examples::Run;

    #[test]
    fn a_loss_that_goes_against_quality_is_noted() {
        let run = Run::healthy().wasserstein().dense(&GENERATOR_LOSS, |t| 1.0 + t);
        let Verdict::Found(found) = run.judged_by(&LossNotComparable) else { panic!() };
        assert_eq!(found.severity, Severity::Note);
    }
}
