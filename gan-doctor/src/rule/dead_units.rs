//! Most units of a layer are off for every input.
//!
//! # What it means
//! They compute 0 and get no gradient: the network is as narrow as what is left, and does not come
//! back.
//!
//! # What one sees
//! Weights without any gradient from a whole batch, in seven tenths of a layer and more.
//!
//! # Why it happens
//! Rectifiers whose bias was pushed far below 0 by one large step; too large a learning rate;
//! weights that start too large.
//!
//! # Told apart from
//! `saturated-output` is about the last layer. Units that are off for most inputs and on for some
//! are at work. `learning-rate-too-high` is the usual reason.
//!
//! # Cure
//! Leaky rectifiers; smaller steps; weights that start smaller.
//!
//! # Source
//! TheDeepChecker (Ben Braiek & Khomh 2023): dead where the 95th percentile of absolute values is
//! below 10⁻⁵, alarming from half of a layer on; ganhacks (Chintala et al. 2016), §5, on leaky
//! rectifiers.

use super::{Need, Rule};
use crate::cure::{LR_FACTOR, Player, scale_lr};
use crate::number::percent;
use crate::series::{CRITIC_DEAD_UNITS, GENERATOR_DEAD_UNITS};
use crate::{Certainty, Diagnosis, Marks, Patient, Remedy, Series, Severity, cure, plot};

/// More than half of a layer: critics of rectifiers that end well have had up to two thirds of their
/// units off while they began.
const MOST: f64 = 0.7;

/// See the [module](self).
#[derive(Clone, Copy, Debug)]
pub struct DeadUnits;

impl Rule for DeadUnits {
    fn id(&self) -> &'static str {
        "dead-units"
    }

    fn source(&self) -> &'static str {
        include_str!("dead_units.rs")
    }

    fn needs(&self) -> &'static [Need] {
        const { &[Need::sparse(&[&GENERATOR_DEAD_UNITS, &CRITIC_DEAD_UNITS])] }
    }

    fn explains(&self) -> &'static [&'static str] {
        &[
            "critic-weak",
            "generator-gradient-gone",
            "mode-collapse",
            "mode-dropping",
            "label-ignored",
            "late-decline",
        ]
    }

    fn examine(&self, patient: &Patient<'_>) -> Option<Diagnosis> {
        dead(patient, Player::Generator, &GENERATOR_DEAD_UNITS)
            .or_else(|| dead(patient, Player::Critic, &CRITIC_DEAD_UNITS))
    }
}

fn dead(patient: &Patient<'_>, player: Player, series: &Series) -> Option<Diagnosis> {
    let share = patient.signal(series)?;
    let evidence = share.last(Need::SPARSE).all_above(MOST)?;
    let since = share.since(|value| value > MOST);
    let cause = format!(
        "{} of the units of a layer of the {} are off for every input",
        percent(evidence.value),
        player.name()
    );
    let activation = match player {
        Player::Generator => "model.generator_activation",
        Player::Critic => "model.critic_activation",
    };
    let lower = scale_lr(player, patient.case, 1.0 / LR_FACTOR);
    Some(
        Diagnosis::new(Severity::Warning, Certainty::Likely, cause)
            .since(since)
            .with([evidence])
            .chart(plot(&share, Marks { threshold: Some(MOST), since: Some(since) }))
            .cure(cure::less_momentum(patient.case))
            .cure(
                Remedy::set(activation, "leaky-relu")
                    .because("it has a gradient below 0 too, where the model has a choice"),
            )
            .cure(lower.because("smaller steps push fewer units off"))
            .cure(Remedy::set("train.weights", "dcgan").because("weights start at 0.02")),
    )
}

#[cfg(test)]
pub(super) fn examples() -> crate::examples::Examples {
    use crate::examples::{Examples, Run};
    use crate::series::SATURATED_OUTPUTS;
    Examples {
        ill: (
            Run::healthy().sparse(&CRITIC_DEAD_UNITS, |t| if t < 0.3 { 0.05 } else { 0.8 }),
            3_000,
        ),
        healthy: Run::healthy().sparse(&CRITIC_DEAD_UNITS, |_| 0.3),
        look_alike: (
            Run::healthy().sparse(&SATURATED_OUTPUTS, |_| 0.999),
            Some("saturated-output"),
        ),
    }
}
