//! Random inputs for property tests, edge cases among them.

use gan_divergence::Pmf;
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, prop_oneof};

/// A weight: ordinary, zero, subnormal, tiny or large.
fn weight() -> impl Strategy<Value = f64> {
    prop_oneof![
        6 => 0.0..1.0f64,
        2 => Just(0.0),
        1 => Just(5e-324),
        1 => Just(1e-310),
        1 => (-250.0..-1.0f64).prop_map(f64::exp),
        1 => 1.0..100.0f64,
    ]
}

fn masses(n: usize) -> impl Strategy<Value = Pmf> {
    vec(weight(), n)
        .prop_filter_map("all weights are zero", |weights| Pmf::normalized(weights).ok())
}

/// Two mass functions over the same outcomes: unrelated, equal, or nearly equal.
pub(crate) fn pmf_pair() -> impl Strategy<Value = (Pmf, Pmf)> {
    let near = |(p, nudges): (Pmf, Vec<f64>)| {
        let weights = p.masses().iter().zip(nudges).map(|(m, e)| m * (1.0 + e)).collect();
        let q = Pmf::normalized(weights).ok()?;
        Some((p, q))
    };
    (1usize..24).prop_flat_map(move |n| {
        let nudged = (masses(n), vec(-1e-9..1e-9f64, n));
        prop_oneof![
            4 => (masses(n), masses(n)),
            1 => masses(n).prop_map(|p| (p.clone(), p)),
            2 => nudged.prop_filter_map("no mass is left", near),
        ]
    })
}

/// Three mass functions over the same outcomes.
pub(crate) fn pmf_triple() -> impl Strategy<Value = (Pmf, Pmf, Pmf)> {
    (1usize..16).prop_flat_map(|n| (masses(n), masses(n), masses(n)))
}

/// Two samples of `n` points in `dim` dimensions, with duplicates.
pub(crate) fn samples() -> impl Strategy<Value = (usize, Vec<f64>, Vec<f64>)> {
    let coordinate = || prop_oneof![4 => -3.0..3.0f64, 1 => (-3i32..4).prop_map(f64::from)];
    (1usize..4, 2usize..20).prop_flat_map(move |(dim, n)| {
        (Just(dim), vec(coordinate(), n * dim), vec(coordinate(), n * dim))
    })
}
