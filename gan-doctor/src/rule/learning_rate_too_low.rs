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
//! A rate of the player in question, of both where both are slow, at which an update changes a few
//! thousandths of the weights; Adam's updates grow in proportion to it.
//!
//! # Source
//! TheDeepChecker (Ben Braiek & Khomh 2023): updates of 10⁻⁴ to 10⁻¹ of the weights are usual;
//! UMLAUT (Schoop et al. 2021) warns of rates below 10⁻⁷.

use super::{Need, Rule};
use crate::cure::{Player, scale_lr};
use crate::series::{CRITIC_UPDATE_RATIO, GENERATOR_UPDATE_RATIO};
use crate::{
    Certainty, Diagnosis, Evidence, Marks, Patient, Remedy, Series, Severity, Signal, plot,
};

/// The lower end of what is usual.
const TOO_SHORT: f64 = 1e-4;
/// The geometric middle of what is usual, which the cure aims at.
const USUAL: f64 = 3e-3;

/// Measurements that outvote an outlier.
const FEW: usize = 3;

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
        const { &[Need { any_of: &[&GENERATOR_UPDATE_RATIO, &CRITIC_UPDATE_RATIO], points: FEW }] }
    }

    fn explains(&self) -> &'static [&'static str] {
        &[
            "critic-weak",
            "mode-collapse",
            "mode-dropping",
            "noise-ignored",
            "label-ignored",
            "checkerboard",
        ]
    }

    fn examine(&self, patient: &Patient<'_>) -> Option<Diagnosis> {
        let generator = short_updates(patient, Player::Generator, &GENERATOR_UPDATE_RATIO);
        let critic = short_updates(patient, Player::Critic, &CRITIC_UPDATE_RATIO);
        let slow: Vec<_> = generator.into_iter().chain(critic).collect();
        let first = slow.first()?;
        let names: Vec<_> = slow.iter().map(|each| each.player.name()).collect();
        let cause =
            format!("updates of the {} are too short to change it", names.join(" and the "));
        let raised =
            slow.iter().fold(Remedy::default(), |remedy, each| each.raise(remedy, patient));
        let (since, chart) = (
            first.ratio.window().from,
            plot(&first.ratio, Marks { threshold: Some(TOO_SHORT), since: None }),
        );
        Some(
            Diagnosis::new(Severity::Warning, Certainty::Likely, cause)
                .since(since)
                .chart(chart)
                .with(slow.into_iter().flat_map(|each| each.evidence))
                .cure(
                    raised.because(
                        "an update then changes a weight by a few thousandths of its size",
                    ),
                ),
        )
    }
}

/// A player whose updates are short.
struct Slow {
    player: Player,
    ratio: Signal,
    evidence: [Evidence; 2],
}

impl Slow {
    /// A rate at which its updates are as long as they usually are.
    fn raise(&self, mut remedy: Remedy, patient: &Patient<'_>) -> Remedy {
        let raised = scale_lr(self.player, patient.case, USUAL / self.ratio.median());
        remedy.settings.extend(raised.settings);
        remedy
    }
}

fn short_updates(patient: &Patient<'_>, player: Player, series: &Series) -> Option<Slow> {
    let ratio = patient.signal(series)?;
    let evidence = [ratio.early().median_below(TOO_SHORT)?, ratio.median_below(TOO_SHORT)?];
    Some(Slow { player, ratio, evidence })
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
