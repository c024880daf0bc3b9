//! A learning rate is far from any that is in use.
//!
//! # What it means
//! With the optimizers of GANs, steps of this size overshoot everything, or do not move a weight in
//! a whole run.
//!
//! # What one sees
//! Before the first step: the number itself. Later a player that jumps about, or one that stays
//! what it was.
//!
//! # Why it happens
//! A typing error in an exponent; a rate that was made for plain gradient descent.
//!
//! # Told apart from
//! `learning-rate-too-high` and `learning-rate-too-low` measure what updates do, with any number.
//! `unequal-learning-rates` compares the two players.
//!
//! # Cure
//! The rate of the opponent, where that is usual; or else DCGAN's, 2e-4, and 10⁻³ for points.
//!
//! # Source
//! UMLAUT (Schoop et al. 2021) warns of rates above 0.01 and below 10⁻⁷; Radford et al. (2016),
//! arXiv:1511.06434, §4; Kingma & Ba (2015), arXiv:1412.6980.

use super::Rule;
use crate::cure::{Player, USUAL_LR, number};
use crate::{Case, Diagnosis, Evidence, Fact, Patient, Relation, Remedy, Severity};

/// UMLAUT's bounds.
const USUAL: (f64, f64) = (1e-7, 0.01);
/// The rate of Adam's authors, for networks of points, where DCGAN's is slow.
const OF_POINTS: f64 = 1e-3;

/// See the [module](self).
#[derive(Clone, Copy, Debug)]
pub struct UnusualLearningRate;

impl Rule for UnusualLearningRate {
    fn id(&self) -> &'static str {
        "unusual-learning-rate"
    }

    fn source(&self) -> &'static str {
        include_str!("unusual_learning_rate.rs")
    }

    fn facts(&self) -> &'static [Fact] {
        &[Fact::GeneratorLr, Fact::CriticLr]
    }

    fn explains(&self) -> &'static [&'static str] {
        &[
            "learning-rate-too-high",
            "learning-rate-too-low",
            "unequal-learning-rates",
            "critic-won",
            "critic-weak",
            "mode-collapse",
            "mode-dropping",
            "oscillation",
            "generator-gradient-gone",
            "overflow-ahead",
            "non-finite",
            "dead-units",
            "saturated-output",
            "noise-ignored",
            "label-ignored",
            "checkerboard",
            "batch-norm-gap",
            "batch-norm-collapse",
            "late-decline",
        ]
    }

    fn examine(&self, patient: &Patient<'_>) -> Option<Diagnosis> {
        let case = patient.case;
        let (generator, critic) = (case.generator.optimizer.lr?, case.critic.optimizer.lr?);
        let found = [(Player::Generator, generator), (Player::Critic, critic)];
        let unusual =
            found.into_iter().filter_map(|(player, lr)| Some((player, unusual(player, lr)?)));
        let (players, evidence): (Vec<_>, Vec<_>) = unusual.unzip();
        let cause =
            format!("learning rates of {generator:e} and {critic:e}, of generator and critic");
        let remedy = usual(case, &players);
        (!evidence.is_empty())
            .then(|| Diagnosis::of_case(Severity::Severe, cause).with(evidence).cure(remedy))
    }
}

/// The rate of the opponent where that is usual, or else what most recipes have.
fn usual(case: &Case, players: &[Player]) -> Remedy {
    let opponent = [Player::Generator, Player::Critic].into_iter().find(|p| !players.contains(p));
    let common = if case.data.are_images == Some(false) { OF_POINTS } else { USUAL_LR };
    let (lr, why) = match opponent.and_then(|player| player.lr(case)) {
        Some(lr) => (lr, "both players then learn alike"),
        None => (common, "what most recipes have"),
    };
    let set = |remedy: Remedy, player: &Player| remedy.and(player.lr_key(), number(lr));
    players.iter().fold(Remedy::default(), set).because(why)
}

fn unusual(player: Player, lr: f64) -> Option<Evidence> {
    let name = format!("{}.optimizer.lr", player.name());
    let (low, high) = USUAL;
    Evidence::of_fact(&name, lr, Relation::Above, high)
        .or_else(|| Evidence::of_fact(&name, lr, Relation::Below, low))
}

#[cfg(test)]
pub(super) fn examples() -> crate::examples::Examples {
    use crate::examples::{Examples, Run};
    use crate::series::CRITIC_UPDATE_RATIO;
    let lr = |lr| move |case: &mut crate::Case| case.critic.optimizer.lr = Some(lr);
    Examples {
        ill: (Run::healthy().case(lr(0.3)), 0),
        healthy: Run::healthy().case(lr(1e-3)),
        look_alike: (
            Run::healthy().dense(&CRITIC_UPDATE_RATIO, |_| 0.3),
            Some("learning-rate-too-high"),
        ),
    }
}
