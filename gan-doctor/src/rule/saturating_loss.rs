//! The saturating loss gives the generator no gradient while the critic is ahead.
//!
//! # What it means
//! With the minimax loss the generator's gradient is proportional to D(G(z)). Where the critic
//! rejects every fake, nothing is left to learn from.
//!
//! # What one sees
//! D(G(z)) near 0, the generator's gradient norm falling with it, samples that stay noise. The
//! non-saturating loss would have a gradient `(1 − D)/D` times as long.
//!
//! # Why it happens
//! `ln(1 − D(G(z)))` is flat where D(G(z)) is 0, and early in the game a critic is easily that
//! sure.
//!
//! # Told apart from
//! `critic-won` is what one sees; this is why, where the loss is minimax. With another loss the
//! same scores come from learning rates (`unequal-learning-rates`) or from samples that nothing
//! confuses with data.
//!
//! # Cure
//! The non-saturating loss. A weaker critic only postpones it.
//!
//! # Source
//! Goodfellow et al. (2014), arXiv:1406.2661, §3; Arjovsky & Bottou (2017), arXiv:1701.04862,
//! theorem 2.4.

use super::{Need, Rule};
use crate::number::short;
use crate::series::FAKE_PROBABILITY;
use crate::{
    Case, Certainty, Diagnosis, Evidence, Fact, Loss, Marks, Patient, Remedy, Severity, Signal,
    plot,
};

/// D(G(z)) at which the non-saturating gradient is about a hundred times as long.
const STARVED: f64 = 0.01;
/// D(G(z)) at which it is nine times as long: a tenth of a run there is lost for the generator.
const HUNGRY: f64 = 0.1;
/// Parts of a run that are looked at one by one.
const PARTS: usize = 10;

/// See the [module](self).
#[derive(Clone, Copy, Debug)]
pub struct SaturatingLoss;

impl Rule for SaturatingLoss {
    fn id(&self) -> &'static str {
        "saturating-loss"
    }

    fn source(&self) -> &'static str {
        include_str!("saturating_loss.rs")
    }

    fn needs(&self) -> &'static [Need] {
        const { &[Need::dense(&[&FAKE_PROBABILITY])] }
    }

    fn facts(&self) -> &'static [Fact] {
        &[Fact::Loss]
    }

    fn exempts(&self, case: &Case) -> Option<&'static str> {
        let loss = case.objective.loss?;
        (loss != Loss::Minimax).then_some("the loss is not minimax")
    }

    fn explains(&self) -> &'static [&'static str] {
        &["critic-won", "generator-gradient-gone", "mode-collapse", "mode-dropping", "checkerboard"]
    }

    fn examine(&self, patient: &Patient<'_>) -> Option<Diagnosis> {
        let fake = patient.signal(&FAKE_PROBABILITY)?;
        let (evidence, severity) = match fake.recent().median_below(STARVED) {
            Some(now) => (now, Severity::Severe),
            None => (hungry(&fake)?, Severity::Warning),
        };
        let threshold = evidence.threshold;
        let first = fake.points().iter().find(|(_, value)| *value < threshold);
        let since = match severity {
            Severity::Severe => fake.since(|value| value < threshold),
            _ => first.map_or(0, |(step, _)| *step),
        };
        let shorter = (1.0 - evidence.value) / evidence.value.max(f64::MIN_POSITIVE);
        let cause = format!(
            "at this D(G(z)) the minimax gradient is {} times shorter than the non-saturating one",
            short(shorter)
        );
        Some(
            Diagnosis::new(severity, Certainty::Certain, cause)
                .since(since)
                .with([evidence])
                .chart(plot(&fake, Marks { threshold: Some(threshold), since: Some(since) }))
                .cure(
                    Remedy::set("train.loss", "non-saturating")
                        .because("its gradient is longest where the critic rejects the fakes"),
                ),
        )
    }
}

/// The part of the run in which the critic rejected the fakes most.
fn hungry(fake: &Signal) -> Option<Evidence> {
    let parts = fake.points().chunks(fake.len().div_ceil(PARTS).max(1));
    let parts = parts.map(|part| Signal::new(fake.name(), part.iter().copied()));
    let lowest = parts.min_by(|one, other| one.median().total_cmp(&other.median()))?;
    lowest.median_below(HUNGRY)
}

#[cfg(test)]
pub(super) fn examples() -> crate::examples::Examples {
    use crate::examples::{Examples, Run};
    let minimax = |case: &mut Case| case.objective.loss = Some(Loss::Minimax);
    Examples {
        ill: (Run::healthy().critic_wins(0.3).case(minimax), 3_000),
        healthy: Run::healthy().case(minimax),
        look_alike: (Run::healthy().critic_wins(0.3), Some("critic-won")),
    }
}
