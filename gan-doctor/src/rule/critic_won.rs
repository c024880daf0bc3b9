//! The critic separates real samples from fakes without doubt.
//!
//! # What it means
//! σ of every score is 0 or 1. What the generator still gets is a direction in which the critic is
//! a little less sure, which has little to do with the data.
//!
//! # What one sees
//! A critic's loss near 0, D(x) near 1, D(G(z)) near 0, a generator's loss that climbs; with a
//! saturating loss the generator's gradient is gone as well.
//!
//! # Why it happens
//! Samples and data lie on thin sets that do not meet, so that a critic which is steep enough has
//! no doubt. One that is unbounded becomes steep enough.
//!
//! # Told apart from
//! `saturating-loss`, `unequal-learning-rates`, `memorizing-critic`, `data-range` and
//! `constant-channel` are reasons of their own, and are named first where they are found. Without
//! them the supports are disjoint. A critic that is merely ahead (loss near 0.1, D(G(z)) near 0.05)
//! is usual in healthy runs of the course's DCGAN.
//!
//! # Cure
//! Bound the critic: R1, or the rules of R3GAN. Make samples overlap: instance noise. Label
//! smoothing and a slower critic soften the symptom.
//!
//! # Source
//! Arjovsky & Bottou (2017), arXiv:1701.04862, theorem 2.1; Mescheder et al. (2018),
//! arXiv:1801.04406; threads ganhacks #36, PyTorch-GAN #132, pytorch-MNIST-CelebA-GAN-DCGAN #12.

use super::{Need, Rule};
use crate::cure::{LR_FACTOR, Player, scale_lr};
use crate::series::{FAKE_PROBABILITY, REAL_PROBABILITY, SATURATED_SCORES, SCORE_OVERLAP};
use crate::{
    Case, Certainty, Diagnosis, Evidence, Fact, Marks, Patient, Remedy, Series, Severity, cure,
    plot,
};

/// D(G(z)) below it, and D(x) as near to 1, leave no doubt. Runs of the course's DCGAN that keep
/// their digits stay between 0.03 and 0.04, so that the bound is a third of that.
const DOUBT: f64 = 0.01;
/// Share of saturated scores that leaves no doubt.
const SATURATED: f64 = 0.95;
/// Overlap of scores that leaves no doubt.
const OVERLAP: f64 = 0.01;
/// Kendall's tau of a distance that still falls, in its newer half.
const IMPROVING: f64 = 0.4;

/// See the [module](self).
#[derive(Clone, Copy, Debug)]
pub struct CriticWon;

impl Rule for CriticWon {
    fn id(&self) -> &'static str {
        "critic-won"
    }

    fn source(&self) -> &'static str {
        include_str!("critic_won.rs")
    }

    fn needs(&self) -> &'static [Need] {
        const { &[Need::dense(&[&REAL_PROBABILITY]), Need::dense(&[&FAKE_PROBABILITY])] }
    }

    fn also_reads(&self) -> &'static [&'static Series] {
        &[&SATURATED_SCORES, &SCORE_OVERLAP]
    }

    fn facts(&self) -> &'static [Fact] {
        &[Fact::Loss]
    }

    fn exempts(&self, case: &Case) -> Option<&'static str> {
        let loss = case.objective.loss?;
        (!loss.is_logistic()).then_some("scores are no probabilities with this loss")
    }

    fn explains(&self) -> &'static [&'static str] {
        &["generator-gradient-gone", "mode-collapse", "mode-dropping", "late-decline"]
    }

    fn examine(&self, patient: &Patient<'_>) -> Option<Diagnosis> {
        let (real, fake) = (patient.signal(&REAL_PROBABILITY)?, patient.signal(&FAKE_PROBABILITY)?);
        let evidence =
            [fake.recent().median_below(DOUBT)?, real.recent().median_above(1.0 - DOUBT)?];
        let scores = scores(patient);
        let is_measured = scores.is_some();
        let since = fake.since(|value| value < DOUBT).max(real.since(|value| value > 1.0 - DOUBT));
        let severity = if improves(patient) { Severity::Warning } else { Severity::Severe };
        let certainty = if is_measured { Certainty::Certain } else { Certainty::Likely };
        let cause =
            "real samples and fakes do not overlap, and nothing keeps the critic from certainty";
        let found = Diagnosis::new(severity, certainty, cause)
            .since(since)
            .with(evidence)
            .with(scores)
            .chart(plot(&fake, Marks { threshold: Some(DOUBT), since: Some(since) }));
        Some(cured(found, patient.case))
    }
}

/// The scores themselves, if they were looked at.
fn scores(patient: &Patient<'_>) -> Option<Evidence> {
    let saturated = || patient.signal(&SATURATED_SCORES)?.recent().median_above(SATURATED);
    let overlap = || patient.signal(&SCORE_OVERLAP)?.recent().median_below(OVERLAP);
    saturated().or_else(overlap)
}

/// Whether samples still come nearer to the data.
fn improves(patient: &Patient<'_>) -> bool {
    let quality = patient.quality().filter(|quality| quality.len() >= 6);
    quality.is_some_and(|quality| quality.last(quality.len() / 2).falls_notably(IMPROVING))
}

fn cured(found: Diagnosis, case: &Case) -> Diagnosis {
    found
        .cure(cure::gradient_penalty(
            case,
            "a critic of bounded slope stays in doubt where samples are near",
        ))
        .cure(cure::relativistic(case))
        .cure(cure::instance_noise(case))
        .cure(
            Remedy::set("train.loss.smoothing", "0.1")
                .because("the critic aims at 0.9 and no longer at certainty"),
        )
        .cure(
            scale_lr(Player::Critic, case, 1.0 / LR_FACTOR)
                .because("the generator has time to answer"),
        )
}

#[cfg(test)]
pub(super) fn examples() -> crate::examples::Examples {
    use crate::examples::{Examples, Run};
    use crate::series::{CRITIC_LOSS, FRECHET, GENERATOR_GRADIENT_NORM};
    let stuck = |t: f64| if t < 0.2 { 900.0 - 2000.0 * t } else { 500.0 };
    // Seed 1 of the course's DCGAN, which keeps its digits.
    let alive = Run::healthy()
        .dense(&CRITIC_LOSS, |t| 0.07 + 0.9 * (-5.0 * t).exp())
        .dense(&FAKE_PROBABILITY, |t| 0.034 + 0.34 * (-5.0 * t).exp())
        .dense(&REAL_PROBABILITY, |t| 0.97 - 0.35 * (-5.0 * t).exp())
        .dense(&GENERATOR_GRADIENT_NORM, |t| 2.0 + 50.0 * t);
    Examples {
        ill: (Run::healthy().critic_wins(0.2).sparse(&FRECHET, stuck), 2_000),
        healthy: Run::healthy(),
        look_alike: (alive, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Verdict;
    use crate::examples::Run;
    use crate::series::FRECHET;

    fn severity(frechet: impl Fn(f64) -> f64) -> Severity {
        let run = Run::healthy().critic_wins(0.2).sparse(&FRECHET, frechet);
        let Verdict::Found(found) = run.judged_by(&CriticWon) else { panic!() };
        found.severity
    }

    #[test]
    fn samples_that_come_nearer_by_next_to_nothing_do_not_come_nearer() {
        assert_eq!(severity(|t| 900.0 - 600.0 * t), Severity::Warning);
        assert_eq!(severity(|t| 900.0 - 60.0 * t), Severity::Severe);
    }
}
