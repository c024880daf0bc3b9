//! Divergences between mass functions, by name.

use crate::catalog::{Entry, Input, InputKind, OptionSpec, Options, Unit};
use crate::discrete;
use crate::error::DivergenceError;
use crate::estimate::{Estimate, Warning};
use crate::f_divergence::{FDivergence, f_divergence, f_divergence_rows};
use crate::pmf::Pmf;

const NORMALIZE: OptionSpec = OptionSpec {
    key: "normalize",
    default: "false",
    meaning: "divide the masses by their sum instead of insisting that it is 1",
};
const PLAIN: &[OptionSpec] = &[NORMALIZE];
const WITH_ORDER: &[OptionSpec] =
    &[NORMALIZE, OptionSpec { key: "order", default: "2", meaning: "the order alpha" }];
const WITH_WEIGHT: &[OptionSpec] =
    &[NORMALIZE, OptionSpec { key: "weight", default: "0.5", meaning: "the weight of p" }];
const WITH_ROW: &[OptionSpec] = &[
    NORMALIZE,
    OptionSpec { key: "row", default: "jensen-shannon", meaning: "a row of the f-GAN table" },
];

type OfTwo = fn(&Pmf, &Pmf) -> Result<f64, DivergenceError>;

/// An entry that needs nothing but the two mass functions.
macro_rules! exact {
    ($name:literal, $summary:literal, $range:literal, $unit:ident, $function:path) => {
        Entry {
            name: $name,
            summary: $summary,
            range: $range,
            unit: Unit::$unit,
            input: InputKind::Masses,
            cost: "n",
            options: PLAIN,
            compute: |input, options| plain(input, options, $name, $function),
        }
    };
}

/// An entry with an order.
macro_rules! with_order {
    ($name:literal, $summary:literal, $unit:ident, $function:path) => {
        Entry {
            name: $name,
            summary: $summary,
            range: "[0, ∞]",
            unit: Unit::$unit,
            input: InputKind::Masses,
            cost: "n",
            options: WITH_ORDER,
            compute: |input, options| {
                let order = options.number("order", 2.0)?;
                let name = format!("exact {} of order {order}", $name);
                on_masses(input, options, &name, |p, q| $function(order, p, q))
            },
        }
    };
}

pub(super) const ENTRIES: &[Entry] = &[
    exact!("kl", "Kullback–Leibler KL(p ‖ q)", "[0, ∞]", Nats, discrete::kl),
    exact!("reverse-kl", "Kullback–Leibler KL(q ‖ p)", "[0, ∞]", Nats, discrete::reverse_kl),
    exact!("jeffreys", "KL(p ‖ q) + KL(q ‖ p)", "[0, ∞]", Nats, discrete::jeffreys),
    exact!("js", "Jensen–Shannon divergence", "[0, ln 2]", Nats, discrete::js_divergence),
    exact!("js-distance", "its root, a metric", "[0, √ln 2]", RootNats, discrete::js_distance),
    exact!("cross-entropy", "H(p) + KL(p ‖ q)", "[0, ∞]", Nats, discrete::cross_entropy),
    exact!("total-variation", "½·Σ|p − q|", "[0, 1]", Probability, discrete::total_variation),
    exact!("hellinger", "√(½·Σ(√p − √q)²)", "[0, 1]", Number, discrete::hellinger),
    exact!("bhattacharyya", "−ln Σ√(pq)", "[0, ∞]", Nats, discrete::bhattacharyya_distance),
    exact!(
        "bhattacharyya-coefficient",
        "Σ√(pq)",
        "[0, 1]",
        Number,
        discrete::bhattacharyya_coefficient
    ),
    exact!(
        "pearson",
        "χ² with q below: Σ(p − q)²/q",
        "[0, ∞]",
        Number,
        discrete::pearson_chi_squared
    ),
    exact!(
        "neyman",
        "χ² with p below: Σ(p − q)²/p",
        "[0, ∞]",
        Number,
        discrete::neyman_chi_squared
    ),
    with_order!("renyi", "Rényi divergence", Nats, discrete::renyi),
    with_order!("tsallis", "Tsallis divergence", Number, discrete::tsallis),
    with_order!("alpha", "Amari's α-divergence", Number, discrete::alpha_divergence),
    Entry {
        name: "weighted-js",
        summary: "Jensen–Shannon divergence with unequal weights",
        range: "[0, H(weight)]",
        unit: Unit::Nats,
        input: InputKind::Masses,
        cost: "n",
        options: WITH_WEIGHT,
        compute: weighted_js,
    },
    Entry {
        name: "f-divergence",
        summary: "any row of the f-GAN table, exactly",
        range: "[f(1), ∞]",
        unit: Unit::Nats,
        input: InputKind::Masses,
        cost: "n",
        options: WITH_ROW,
        compute: by_row,
    },
];

fn plain(
    input: &Input<'_>,
    options: &Options,
    name: &str,
    function: OfTwo,
) -> Result<Estimate, DivergenceError> {
    on_masses(input, options, &format!("exact {name}"), function)
}

fn on_masses(
    input: &Input<'_>,
    options: &Options,
    name: &str,
    function: impl Fn(&Pmf, &Pmf) -> Result<f64, DivergenceError>,
) -> Result<Estimate, DivergenceError> {
    let (p, q) = input.lists()?;
    let normalize = options.flag("normalize")?;
    let read = |masses: &[f64]| {
        if normalize { Pmf::normalized(masses.to_vec()) } else { Pmf::new(masses.to_vec()) }
    };
    let (p, q) = (read(p)?, read(q)?);
    let value = function(&p, &q)?;
    let missing = p.masses().iter().zip(q.masses()).filter(|(p, q)| **p > 0.0 && **q == 0.0);
    let count = missing.count();
    let estimate = Estimate::new(value, p.len(), q.len(), name);
    Ok(estimate.warn_if(value == f64::INFINITY && count > 0, Warning::EmptyBins { count }))
}

fn weighted_js(input: &Input<'_>, options: &Options) -> Result<Estimate, DivergenceError> {
    let weight = options.number("weight", 0.5)?;
    let weights = Pmf::new(vec![weight, 1.0 - weight])?;
    let function = |p: &Pmf, q: &Pmf| discrete::weighted_js(&[p.clone(), q.clone()], &weights);
    on_masses(input, options, &format!("exact weighted-js, weight {weight}"), function)
}

fn by_row(input: &Input<'_>, options: &Options) -> Result<Estimate, DivergenceError> {
    let row = row(options)?;
    let name = format!("exact f-divergence, row {}", row.name());
    on_masses(input, options, &name, |p, q| f_divergence(row, p, q))
}

/// The row that the options name.
pub(super) fn row(options: &Options) -> Result<&'static dyn FDivergence, DivergenceError> {
    let wanted = options.text("row").unwrap_or("jensen-shannon");
    let found = f_divergence_rows().into_iter().find(|row| row.name() == wanted);
    found.ok_or_else(|| DivergenceError::OptionValue {
        option: "row",
        expected: "kl, reverse-kl, pearson, neyman, squared-hellinger, jensen-shannon, gan, \
                   total-variation, jeffreys or weighted-jensen-shannon",
        found: wanted.to_owned(),
    })
}
