//! One player learns many times as fast as the other.
//!
//! # What it means
//! The players take turns, but not equal steps: the faster one answers every move of the slower one
//! completely before it is made again.
//!
//! # What one sees
//! A critic that separates everything, or one that separates nothing, beside learning rates that
//! differ by a factor of ten or more, critic steps counted.
//!
//! # Why it happens
//! Only one of two learning rates was changed, or `critic_steps` was raised and the rate was left
//! as it was. Factors of two to five are common and meant (TTUR).
//!
//! # Told apart from
//! `critic-won` with equal rates has its reason in the samples, `saturating-loss` in the loss.
//! Unequal rates beside scores that overlap are no fault.
//!
//! # Cure
//! Bring the rates together; a penalty on the critic does more than a slower critic.
//!
//! # Source
//! Heusel et al. (2017), arXiv:1706.08500, on two time scales; Arjovsky & Bottou (2017),
//! arXiv:1701.04862. The factor of ten is chosen here.

use super::{Need, Rule};
use crate::cure::{Player, USUAL_LR, scale_lr};
use crate::series::{FAKE_PROBABILITY, REAL_PROBABILITY};
use crate::{
    Case, Certainty, Diagnosis, Evidence, Fact, Marks, Patient, Relation, Remedy, Severity, cure,
    plot,
};

/// Twice the largest factor that published settings have (five critic steps at equal rates, four
/// times the rate in TTUR).
const UNEQUAL: f64 = 10.0;
/// D(x) − D(G(z)) above which the critic is ahead, and below which it is behind: ganhacks and
/// course notes call .90 against .10 too strong.
const AHEAD: f64 = 0.8;
const BEHIND: f64 = 0.05;

/// See the [module](self).
#[derive(Clone, Copy, Debug)]
pub struct UnequalLearningRates;

impl Rule for UnequalLearningRates {
    fn id(&self) -> &'static str {
        "unequal-learning-rates"
    }

    fn source(&self) -> &'static str {
        include_str!("unequal_learning_rates.rs")
    }

    fn needs(&self) -> &'static [Need] {
        const { &[Need::dense(&[&REAL_PROBABILITY]), Need::dense(&[&FAKE_PROBABILITY])] }
    }

    fn facts(&self) -> &'static [Fact] {
        &[Fact::Loss, Fact::GeneratorLr, Fact::CriticLr]
    }

    fn exempts(&self, case: &Case) -> Option<&'static str> {
        let loss = case.objective.loss?;
        (!loss.is_logistic()).then_some("scores are no probabilities with this loss")
    }

    fn explains(&self) -> &'static [&'static str] {
        &[
            "learning-rate-too-low",
            "critic-won",
            "critic-weak",
            "generator-gradient-gone",
            "dead-units",
            "saturated-output",
            "noise-ignored",
            "mode-collapse",
            "mode-dropping",
            "label-ignored",
            "checkerboard",
            "late-decline",
        ]
    }

    fn examine(&self, patient: &Patient<'_>) -> Option<Diagnosis> {
        let case = patient.case;
        let steps = case.objective.critic_steps.unwrap_or(1) as f64;
        let pace = case.critic.optimizer.lr? * steps / case.generator.optimizer.lr?;
        let (real, fake) = (patient.signal(&REAL_PROBABILITY)?, patient.signal(&FAKE_PROBABILITY)?);
        let gap = real.recent().median() - fake.recent().median();
        let name = "critic lr × critic steps ÷ generator lr";
        let (evidence, faster) = if gap > AHEAD {
            (Evidence::of_fact(name, pace, Relation::Above, UNEQUAL)?, Player::Critic)
        } else if gap < BEHIND {
            (Evidence::of_fact(name, pace, Relation::Below, 1.0 / UNEQUAL)?, Player::Generator)
        } else {
            return None;
        };
        let cause = format!("the {} learns many times as fast as its opponent", faster.name());
        Some(
            Diagnosis::new(Severity::Severe, Certainty::Likely, cause)
                .with([evidence])
                .chart(plot(&fake, Marks::default()))
                .cure(alike(case, faster))
                .cure(cure::gradient_penalty(case, "a bounded critic may be faster")),
        )
    }
}

/// Both at the rate of the one of them that is nearer to DCGAN's.
fn alike(case: &Case, faster: Player) -> Option<Remedy> {
    let slower = match faster {
        Player::Critic => Player::Generator,
        Player::Generator => Player::Critic,
    };
    let (fast, slow) = (faster.lr(case)?, slower.lr(case)?);
    let distance = |lr: f64| (lr / USUAL_LR).ln().abs();
    let (player, factor) =
        if distance(fast) < distance(slow) { (slower, fast / slow) } else { (faster, slow / fast) };
    Some(scale_lr(player, case, factor).because("both players then learn alike"))
}

#[cfg(test)]
pub(super) fn examples() -> crate::examples::Examples {
    use crate::examples::{Examples, Run};
    let critic_lr = |lr| move |case: &mut Case| case.critic.optimizer.lr = Some(lr);
    Examples {
        ill: (Run::healthy().critic_wins(0.1).case(critic_lr(4e-3)), 0),
        healthy: Run::healthy().case(critic_lr(4e-3)),
        look_alike: (Run::healthy().critic_wins(0.1).case(critic_lr(8e-4)), Some("critic-won")),
    }
}
