//! Steps are too small to get anywhere.
//!
//! # What it means
//! Updates are so short against the weights that the whole run hardly moves a player.
//!
//! # What one sees
//! Updates of less than a ten-thousandth of the weights from the beginning on; losses and samples
//! that stay what they were.
//!
//! # Why it happens
//! A rate of another optimizer, a typing error in an exponent, a schedule that has ended long ago.
//!
//! # Told apart from
//! `critic-weak` sees a critic that does not separate, for whatever reason. Updates that become
//! short at the end, after a schedule, were long enough before. `generator-gradient-gone` loses the
//! gradient, whose length Adam's steps do not follow.
//!
//! # Cure
//! A rate of the player in question at which an update changes a few thousandths of the weights,
//! but no more than a hundred times the old one.
//!
//! # Source
//! TheDeepChecker (Ben Braiek & Khomh 2023): updates of 10⁻⁴ to 10⁻¹ of the weights are usual;
//! UMLAUT (Schoop et al. 2021) warns of rates below 10⁻⁷.

use super::{Need, Rule};
use crate::cure::{Player, scale_lr};
use crate::series::{CRITIC_UPDATE_RATIO, GENERATOR_UPDATE_RATIO};
use crate::{Certainty, Diagnosis, Marks, Patient, Series, Severity, plot};

/// The lower end of what is usual.
const TOO_SHORT: f64 = 1e-4;
/// The geometric middle of what is usual, which the cure aims at.
const USUAL: f64 = 3e-3;
/// The most that a rate is raised at a time: the ratio need not grow with it in proportion.
const LARGEST: f64 = 100.0;

/// See the [module](self).
#[derive(Clone, Copy, Debug)]
pub struct LearningRateTooLow;

impl Rule for LearningRateTooLow {
    fn id(&self) -> &'static str {
        "learning-rate-too-low"
    }

    fn source(&self) -> &'static str {
        include_str!("learning_rate_too_low.rs")
    }

    fn needs(&self) -> &'static [Need] {
        const { &[Need::dense(&[&GENERATOR_UPDATE_RATIO, &CRITIC_UPDATE_RATIO])] }
    }

    fn explains(&self) -> &'static [&'static str] {
        &["critic-weak"]
    }

    fn examine(&self, patient: &Patient<'_>) -> Option<Diagnosis> {
        short_updates(patient, Player::Generator, &GENERATOR_UPDATE_RATIO)
            .or_else(|| short_updates(patient, Player::Critic, &CRITIC_UPDATE_RATIO))
    }
}

fn short_updates(patient: &Patient<'_>, player: Player, series: &Series) -> Option<Diagnosis> {
    let ratio = patient.signal(series)?;
    let evidence = [ratio.early().median_below(TOO_SHORT)?, ratio.median_below(TOO_SHORT)?];
    let cause = format!("updates of the {} are too short to change it", player.name());
    let raise = scale_lr(player, patient.case, (USUAL / ratio.median()).min(LARGEST))
        .because("an update then changes a weight by a few thousandths of its size");
    Some(
        Diagnosis::new(Severity::Warning, Certainty::Likely, cause)
            .since(ratio.window().from)
            .with(evidence)
            .chart(plot(&ratio, Marks { threshold: Some(TOO_SHORT), since: None }))
            .cure(raise),
    )
}

#[cfg(test)]
pub(super) fn examples() -> crate::examples::Examples {
    use crate::examples::{Examples, Run};
    Examples {
        ill: (Run::healthy().dense(&CRITIC_UPDATE_RATIO, |_| 2e-5), 0),
        healthy: Run::healthy(),
        look_alike: (Run::healthy().dense(&CRITIC_UPDATE_RATIO, |t| 3e-3 * (1.0 - t)), None),
    }
}
