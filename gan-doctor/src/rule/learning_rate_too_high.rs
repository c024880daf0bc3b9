//! Steps are too large.
//!
//! # What it means
//! One update changes a tenth of a weight's size or more, so that the player jumps over what it
//! aims at and its opponent learns against weights that are gone a step later.
//!
//! # What one sees
//! Updates that are long against the weights; a critic's loss with spikes many times its usual
//! spread.
//!
//! # Why it happens
//! A rate of another optimizer or another batch size; Adam's default β₁ = 0.9, whose momentum
//! carries a player past where the other one was.
//!
//! # Told apart from
//! `oscillation` has a period and no spikes. `labels-in-order` has spikes where the class changes.
//! A single spike is nothing. Neither is a loss near 0 that is ten times its median now and then:
//! positive losses are compared by ratios.
//!
//! # Cure
//! A rate at which an update changes a few thousandths of the weights; after spikes a third of it;
//! β₁ = 0.5 or 0; clip gradients where spikes come from few batches.
//!
//! # Source
//! TheDeepChecker (Ben Braiek & Khomh 2023): updates of 10⁻⁴ to 10⁻¹ of the weights are usual;
//! ganhacks (Chintala et al. 2016), §10, on spikes; Radford et al. (2016), arXiv:1511.06434, §4, on
//! β₁.

use super::{Need, Rule};
use crate::cure::{LR_FACTOR, Player, scale_lr};
use crate::number::percent;
use crate::series::{CRITIC_LOSS, CRITIC_UPDATE_RATIO, GENERATOR_UPDATE_RATIO};
use crate::{
    Certainty, Diagnosis, Evidence, Marks, Patient, Relation, Remedy, Series, Severity, Signal,
    cure, plot,
};

/// The upper end of what is usual.
const TOO_LONG: f64 = 0.1;
/// The geometric middle of what is usual, which the cure aims at.
const USUAL: f64 = 3e-3;
/// A spike is this many robust deviations from the median of its neighbors; of normal noise one
/// point in 10¹⁵ is.
const SPIKE: f64 = 8.0;
/// And this many deviations of the whole series: a smooth one has small residuals all over.
const RANGE: f64 = 4.0;
/// And this share of the loss's usual size: small jumps of a quiet loss are no spikes.
const HIGH: f64 = 0.5;
/// Spikes are a habit from one point in fifty on, and at least five.
const SHARE: f64 = 0.02;
const LEAST: usize = 5;
/// Neighbors that a point is compared with, its own value among them.
const NEIGHBORS: usize = 9;

/// See the [module](self).
#[derive(Clone, Copy, Debug)]
pub struct LearningRateTooHigh;

impl Rule for LearningRateTooHigh {
    fn id(&self) -> &'static str {
        "learning-rate-too-high"
    }

    fn source(&self) -> &'static str {
        include_str!("learning_rate_too_high.rs")
    }

    fn needs(&self) -> &'static [Need] {
        const { &[Need::dense(&[&GENERATOR_UPDATE_RATIO, &CRITIC_UPDATE_RATIO, &CRITIC_LOSS])] }
    }

    fn explains(&self) -> &'static [&'static str] {
        &[
            "oscillation",
            "overflow-ahead",
            "non-finite",
            "dead-units",
            "mode-collapse",
            "generator-gradient-gone",
        ]
    }

    fn examine(&self, patient: &Patient<'_>) -> Option<Diagnosis> {
        long_updates(patient, Player::Generator, &GENERATOR_UPDATE_RATIO)
            .or_else(|| long_updates(patient, Player::Critic, &CRITIC_UPDATE_RATIO))
            .or_else(|| spikes(patient))
    }
}

fn long_updates(patient: &Patient<'_>, player: Player, series: &Series) -> Option<Diagnosis> {
    let ratio = patient.signal(series)?;
    let evidence = ratio.recent().median_above(TOO_LONG)?;
    let since = ratio.since(|value| value > TOO_LONG);
    let changed = percent(evidence.value);
    let cause = format!("an update changes the {}'s weights by {changed}", player.name());
    let lower = scale_lr(player, patient.case, USUAL / evidence.value)
        .because("an update then changes a weight by a few thousandths of its size");
    Some(
        Diagnosis::new(Severity::Severe, Certainty::Likely, cause)
            .since(since)
            .with([evidence])
            .chart(plot(&ratio, Marks { threshold: Some(TOO_LONG), since: Some(since) }))
            .cure(lower),
    )
}

/// Spikes of the critic's loss in the newer half, because a run settles first; they have other
/// reasons too.
fn spikes(patient: &Patient<'_>) -> Option<Diagnosis> {
    let loss = patient.signal(&CRITIC_LOSS)?;
    let loss = loss.last(loss.len() / 2);
    let (spikes, n) = (steps_of_spikes(&loss), loss.len());
    let since = spikes.first().copied()?;
    let share = spikes.len() as f64 / n as f64;
    let evidence: Evidence = (spikes.len() >= LEAST)
        .then(|| loss.evidence("share of spikes", share, Relation::Above, SHARE))
        .flatten()?;
    let case = patient.case;
    let cause = format!("the critic's loss has {} spikes in {n} values", spikes.len());
    Some(
        Diagnosis::new(Severity::Warning, Certainty::Suspected, cause)
            .since(since)
            .with([evidence])
            .chart(plot(&loss, Marks { threshold: None, since: Some(since) }))
            .cure(
                scale_lr(Player::Critic, case, 1.0 / LR_FACTOR)
                    .because("smaller steps overshoot less"),
            )
            .cure(cure::no_momentum(case))
            .cure(
                Remedy::set("train.clip_norm", "10.0")
                    .because("few batches make the long gradients"),
            ),
    )
}

/// The steps of points that are far from the median of their neighbors; by their ratio to it, where
/// all are positive: the loss of a critic that is ahead is often ten times its median for a batch,
/// and is no spike for that.
fn steps_of_spikes(signal: &Signal) -> Vec<u64> {
    let is_positive = signal.lowest().is_some_and(|(_, value)| value > 0.0);
    let place = |value: f64| if is_positive { value.ln() } else { value };
    let placed =
        Signal::new("", signal.points().iter().map(|(step, value)| (*step, place(*value))));
    let residuals = residuals(&placed);
    let usual = SPIKE * Signal::new("", residuals.iter().copied()).deviation();
    let sizes = signal.points().iter().map(|(step, value)| (*step, value.abs()));
    let least = HIGH * Signal::new("", sizes).median();
    let least = if is_positive { HIGH.ln_1p() } else { least };
    let limit = usual.max(RANGE * placed.deviation()).max(least);
    residuals.into_iter().filter(|(_, far)| far.abs() > limit).map(|(step, _)| step).collect()
}

/// How far each point is from the median of its neighbors.
fn residuals(signal: &Signal) -> Vec<(u64, f64)> {
    let middle = NEIGHBORS / 2;
    let residual = |window: &[(u64, f64)]| {
        let neighbors = Signal::new("", window.iter().copied());
        (window[middle].0, window[middle].1 - neighbors.median())
    };
    signal.points().windows(NEIGHBORS).map(residual).collect()
}

#[cfg(test)]
pub(super) fn examples() -> crate::examples::Examples {
    use crate::examples::{Examples, Run};
    let one_spike = |t: f64| if (t * 200.0).round() as u64 == 100 { 40.0 } else { 1.0 };
    let spiky = Run::healthy().without(&GENERATOR_UPDATE_RATIO).without(&CRITIC_UPDATE_RATIO);
    Examples {
        ill: (Run::healthy().dense(&GENERATOR_UPDATE_RATIO, |_| 0.4), 0),
        healthy: spiky.clone().dense(&CRITIC_LOSS, one_spike),
        look_alike: (
            Run::healthy().dense(&CRITIC_LOSS, |t| 1.0 + 0.4 * (62.8 * t).sin()),
            Some("oscillation"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Verdict;
    use crate::examples::Run;

    #[test]
    fn spikes_alone_are_suspicious() {
        let spike = |t: f64| if (t * 200.0).round() as u64 % 20 == 10 { 40.0 } else { 1.0 };
        let run = Run::healthy().dense(&CRITIC_LOSS, spike);
        let Verdict::Found(found) = run.judged_by(&LearningRateTooHigh) else { panic!() };
        assert_eq!(found.certainty, Certainty::Suspected);
    }

    #[test]
    fn a_loss_near_0_that_scatters_by_its_own_size_has_no_spikes() {
        // Log-normal with a deviation of 1, as the critic's loss late in a run of the course's
        // DCGAN.
        let scattered = |t: f64| {
            let uniform = |of: f64| ((t * 200.0 + 1.0) * of).fract().max(1e-3);
            let radius = (-2.0 * uniform(0.754_877_666).ln()).sqrt();
            0.12 * (radius * (std::f64::consts::TAU * uniform(0.569_840_291)).cos()).exp()
        };
        let run = Run::healthy().dense(&CRITIC_LOSS, scattered);
        assert_eq!(run.judged_by(&LearningRateTooHigh), Verdict::Healthy);
    }
}
