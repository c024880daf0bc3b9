//! The momentum is above any that is in use.
//!
//! # What it means
//! Each update repeats what a hundred updates before it wanted. The opponent has moved since, and a
//! player goes on toward where it was.
//!
//! # What one sees
//! Before the first step: the number itself, β₁ of Adam. Later players that overshoot each other:
//! samples that swing, units that die, a distance that does not fall.
//!
//! # Why it happens
//! β₁ and β₂ exchanged; a number from the training of a single network.
//!
//! # Told apart from
//! Adam's default of 0.9 is high for a game and in use: where it does harm, `oscillation` or
//! `learning-rate-too-high` measure that. `unusual-learning-rate` is about the length of steps.
//!
//! # Cure
//! DCGAN's 0.5; 0 for critics under a gradient penalty.
//!
//! # Source
//! Radford et al. (2016), arXiv:1511.06434, §4: with 0.9 "training oscillation and instability";
//! Gidel et al. (2019), arXiv:1807.04740: what helps in a game is negative momentum. The bound lies
//! halfway between Adam's default and 1, by the updates that are remembered: twenty against ten.

use super::Rule;
use crate::{Case, Diagnosis, Evidence, Fact, Patient, Relation, Remedy, Severity};

/// Adam's default remembers ten updates, this twenty.
const UNUSUAL: f64 = 0.95;

/// See the [module](self).
#[derive(Clone, Copy, Debug)]
pub struct UnusualMomentum;

impl Rule for UnusualMomentum {
    fn id(&self) -> &'static str {
        "unusual-momentum"
    }

    fn source(&self) -> &'static str {
        include_str!("unusual_momentum.rs")
    }

    fn facts(&self) -> &'static [Fact] {
        &[Fact::Momentum]
    }

    fn exempts(&self, case: &Case) -> Option<&'static str> {
        let players = [case.generator.optimizer, case.critic.optimizer];
        let has_none = players.iter().all(|each| each.lr.is_some() && each.beta_1.is_none());
        has_none.then_some("the optimizers have no momentum")
    }

    fn explains(&self) -> &'static [&'static str] {
        &[
            "learning-rate-too-high",
            "learning-rate-too-low",
            "oscillation",
            "critic-won",
            "critic-weak",
            "mode-collapse",
            "mode-dropping",
            "noise-ignored",
            "label-ignored",
            "dead-units",
            "saturated-output",
            "checkerboard",
            "batch-norm-gap",
            "batch-norm-collapse",
            "generator-gradient-gone",
            "overflow-ahead",
            "non-finite",
            "late-decline",
        ]
    }

    fn examine(&self, patient: &Patient<'_>) -> Option<Diagnosis> {
        let case = patient.case;
        let players = [
            ("generator.optimizer.beta_1", "train.generator.beta_1", case.generator.optimizer),
            ("critic.optimizer.beta_1", "train.critic.beta_1", case.critic.optimizer),
        ];
        let high = players.into_iter().filter_map(|(name, key, optimizer)| {
            let evidence = Evidence::of_fact(name, optimizer.beta_1?, Relation::Above, UNUSUAL)?;
            Some((key, evidence))
        });
        let (keys, evidence): (Vec<_>, Vec<_>) = high.unzip();
        let largest = evidence.iter().map(|each| each.value).fold(0.0, f64::max);
        let cause = format!("an update goes where the last {:.0} went", 1.0 / (1.0 - largest));
        let lower = keys.iter().fold(Remedy::default(), |remedy, key| remedy.and(key, "0.5"));
        (!evidence.is_empty()).then(|| {
            Diagnosis::of_case(Severity::Severe, cause)
                .with(evidence)
                .cure(lower.because("a player then follows its opponent (Radford et al. 2016)"))
        })
    }
}

#[cfg(test)]
pub(super) fn examples() -> crate::examples::Examples {
    use crate::examples::{Examples, Run};
    use crate::series::CRITIC_LOSS;
    let critic = |beta_1| move |case: &mut Case| case.critic.optimizer.beta_1 = Some(beta_1);
    Examples {
        ill: (Run::healthy().case(critic(0.99)), 0),
        healthy: Run::healthy().case(critic(0.9)),
        look_alike: (
            Run::healthy().case(critic(0.9)).dense(&CRITIC_LOSS, |t| 1.0 + 0.4 * (62.8 * t).sin()),
            Some("oscillation"),
        ),
    }
}
