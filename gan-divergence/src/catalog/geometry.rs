//! Transport between samples, by name.

use crate::catalog::{Entry, Input, InputKind, OptionSpec, Options, Unit};
use crate::error::DivergenceError;
use crate::estimate::Estimate;
use crate::pmf::Pmf;
use crate::points::{Points, ensure_same_space};
use crate::transport::{
    Atoms, Sinkhorn, Slicing, energy_distance_1d, max_sliced_wasserstein, sinkhorn_debiased,
    sinkhorn_debiased_sharp, sinkhorn_regularized, sinkhorn_sharp, sliced_wasserstein,
    wasserstein_1d, wasserstein_1d_power, wasserstein_matched, wasserstein_weighted,
};

const ORDER: OptionSpec =
    OptionSpec { key: "order", default: "1", meaning: "the order p of W_p, at least 1" };
const SLICES: &[OptionSpec] = &[
    ORDER,
    OptionSpec { key: "directions", default: "200", meaning: "random directions" },
    OptionSpec { key: "seed", default: "0", meaning: "the seed of the directions" },
];
const ENTROPIC: &[OptionSpec] = &[
    OptionSpec { key: "order", default: "2", meaning: "the cost is the distance to this power" },
    OptionSpec {
        key: "epsilon",
        default: "0.1",
        meaning: "strength of the entropy, in cost units",
    },
    OptionSpec { key: "tolerance", default: "1e-9", meaning: "largest violation of the masses" },
    OptionSpec { key: "max-iterations", default: "10000", meaning: "when to stop in any case" },
];

/// An entropic cost.
macro_rules! entropic {
    ($name:literal, $summary:literal, $range:literal, $function:path) => {
        Entry {
            name: $name,
            summary: $summary,
            range: $range,
            unit: Unit::PointsToTheOrder,
            input: InputKind::Points,
            cost: "n·m·iterations",
            options: ENTROPIC,
            compute: |input, options| entropic(input, options, $function),
        }
    };
}

/// A distance over random directions.
macro_rules! sliced {
    ($name:literal, $summary:literal, $function:path) => {
        Entry {
            name: $name,
            summary: $summary,
            range: "[0, ∞)",
            unit: Unit::Points,
            input: InputKind::Points,
            cost: "directions·(n + m)·(d + ln(n + m))",
            options: SLICES,
            compute: |input, options| {
                let (p, q) = input.rows()?;
                let slicing = Slicing {
                    directions: options.count("directions", 200)?,
                    seed: options.seed()?,
                };
                $function(options.number("order", 1.0)?, p, q, slicing)
            },
        }
    };
}

/// A distance between samples on the line.
macro_rules! on_line {
    ($name:literal, $summary:literal, $unit:ident, $options:expr, $function:expr) => {
        Entry {
            name: $name,
            summary: $summary,
            range: "[0, ∞)",
            unit: Unit::$unit,
            input: InputKind::Points,
            cost: "(n + m)·ln(n + m)",
            options: $options,
            compute: |input, options| on_line(input, options, $name, $function),
        }
    };
}

pub(super) const ENTRIES: &[Entry] = &[
    on_line!("wasserstein-1d", "W_p on the line, with the root", Points, &[ORDER], wasserstein_1d),
    on_line!(
        "wasserstein-1d-power",
        "W_p^p on the line, without the root",
        PointsToTheOrder,
        &[ORDER],
        wasserstein_1d_power
    ),
    on_line!("energy-1d", "SciPy's energy distance, with the root", RootPoints, &[], |_, p, q| {
        Ok(energy_distance_1d(p, q))
    }),
    Entry {
        name: "wasserstein",
        summary: "exact W_p: by assignment for equal sizes, else by network simplex",
        range: "[0, ∞)",
        unit: Unit::Points,
        input: InputKind::Points,
        cost: "n³ at worst, memory n·m",
        options: &[ORDER],
        compute: exact,
    },
    sliced!("sliced-wasserstein", "W_p of random projections, averaged", sliced_wasserstein),
    sliced!(
        "max-sliced-wasserstein",
        "the largest W_p of random projections",
        max_sliced_wasserstein
    ),
    entropic!("sinkhorn-sharp", "⟨P, C⟩ of the entropic plan", "[0, ∞)", sinkhorn_sharp),
    entropic!("sinkhorn-regularized", "⟨P, C⟩ + ε·KL(P ‖ p⊗q)", "[0, ∞)", sinkhorn_regularized),
    entropic!("sinkhorn-debiased", "the Sinkhorn divergence", "[0, ∞)", sinkhorn_debiased),
    entropic!(
        "sinkhorn-debiased-sharp",
        "sharp costs, debiased: may be negative",
        "(−∞, ∞)",
        sinkhorn_debiased_sharp
    ),
];

fn on_line(
    input: &Input<'_>,
    options: &Options,
    name: &str,
    function: fn(f64, &Atoms, &Atoms) -> Result<f64, DivergenceError>,
) -> Result<Estimate, DivergenceError> {
    let (p, q) = input.rows()?;
    for points in [p, q] {
        if points.dim() != 1 {
            let what = "a sample on the line";
            let found = points.dim();
            return Err(DivergenceError::DimensionMismatch { what, expected: 1, found });
        }
    }
    let order = options.number("order", 1.0)?;
    let value = function(order, &Atoms::uniform(p.data())?, &Atoms::uniform(q.data())?)?;
    let name =
        if name == "energy-1d" { name.to_owned() } else { format!("{name} of order {order}") };
    Ok(Estimate::new(value, p.len(), q.len(), name))
}

fn exact(input: &Input<'_>, options: &Options) -> Result<Estimate, DivergenceError> {
    let (p, q) = input.rows()?;
    ensure_same_space(p, q)?;
    let order = options.number("order", 1.0)?;
    if p.len() == q.len() {
        return wasserstein_matched(order, p, q);
    }
    wasserstein_weighted(order, p, &Pmf::uniform(p.len())?, q, &Pmf::uniform(q.len())?)
}

type Entropic = fn(f64, Points<'_>, Points<'_>, Sinkhorn) -> Result<Estimate, DivergenceError>;

fn entropic(
    input: &Input<'_>,
    options: &Options,
    function: Entropic,
) -> Result<Estimate, DivergenceError> {
    let (p, q) = input.rows()?;
    let settings = Sinkhorn {
        epsilon: options.number("epsilon", 0.1)?,
        tolerance: options.number("tolerance", 1e-9)?,
        max_iterations: options.count("max-iterations", 10_000)?,
    };
    function(options.number("order", 2.0)?, p, q, settings)
}
