//! Divergences from a critic's scores, by name.

use crate::catalog::masses::row;
use crate::catalog::{Entry, InputKind, OptionSpec, Unit};
use crate::critic;
use crate::f_divergence::variational_bound;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        name: "critic-js",
        summary: "Jensen–Shannon from logistic scores, a lower bound",
        range: "(−∞, ln 2]",
        unit: Unit::Nats,
        input: InputKind::Scores,
        cost: "n + m",
        options: &[],
        compute: |input, _| critic::js_from_logistic_scores(input.lists()?.0, input.lists()?.1),
    },
    Entry {
        name: "critic-kl",
        summary: "KL(real ‖ fake) by Donsker–Varadhan",
        range: "(−∞, ∞)",
        unit: Unit::Nats,
        input: InputKind::Scores,
        cost: "n + m",
        options: &[],
        compute: |input, _| critic::kl_donsker_varadhan(input.lists()?.0, input.lists()?.1),
    },
    Entry {
        name: "ratio-kl",
        summary: "KL(real ‖ fake) by the mean log density ratio of real samples",
        range: "(−∞, ∞)",
        unit: Unit::Nats,
        input: InputKind::Scores,
        cost: "n",
        options: &[],
        compute: |input, _| critic::kl_from_log_ratios(input.lists()?.0),
    },
    Entry {
        name: "ratio-reverse-kl",
        summary: "KL(fake ‖ real) by the mean log density ratio of fake samples",
        range: "(−∞, ∞)",
        unit: Unit::Nats,
        input: InputKind::Scores,
        cost: "m",
        options: &[],
        compute: |input, _| critic::reverse_kl_from_log_ratios(input.lists()?.1),
    },
    Entry {
        name: "critic-w1",
        summary: "W₁ from a Lipschitz critic, a lower bound",
        range: "(−∞, ∞)",
        unit: Unit::Points,
        input: InputKind::Scores,
        cost: "n + m",
        options: &[OptionSpec {
            key: "lipschitz",
            default: "1",
            meaning: "the Lipschitz constant of the critic",
        }],
        compute: |input, options| {
            let (real, fake) = input.lists()?;
            critic::wasserstein_1_from_critic(real, fake, options.number("lipschitz", 1.0)?)
        },
    },
    Entry {
        name: "critic-f",
        summary: "variational lower bound of an f-divergence from raw scores",
        range: "(−∞, ∞)",
        unit: Unit::Nats,
        input: InputKind::Scores,
        cost: "n + m",
        options: &[OptionSpec {
            key: "row",
            default: "jensen-shannon",
            meaning: "a row of the f-GAN table",
        }],
        compute: |input, options| {
            let (real, fake) = input.lists()?;
            variational_bound(row(options)?, real, fake)
        },
    },
];
