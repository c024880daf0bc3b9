//! Divergences between the classes that a classifier sees, by name.

use crate::catalog::{Entry, Input, InputKind, Unit};
use crate::discrete;
use crate::error::DivergenceError;
use crate::estimate::{Estimate, Warning};
use crate::pmf::Pmf;
use crate::points::{Points, ensure_same_space};

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        name: "class-kl",
        summary: "KL(real ‖ fake) between frequencies of the likeliest class",
        range: "[0, ∞]",
        unit: Unit::Nats,
        input: InputKind::Logits,
        cost: "(n + m)·d",
        options: &[],
        compute: |input, _| between_classes(input, "KL", discrete::kl),
    },
    Entry {
        name: "class-js",
        summary: "Jensen–Shannon between frequencies of the likeliest class",
        range: "[0, ln 2]",
        unit: Unit::Nats,
        input: InputKind::Logits,
        cost: "(n + m)·d",
        options: &[],
        compute: |input, _| between_classes(input, "JS", discrete::js_divergence),
    },
    Entry {
        name: "class-total-variation",
        summary: "total variation between frequencies of the likeliest class",
        range: "[0, 1]",
        unit: Unit::Probability,
        input: InputKind::Logits,
        cost: "(n + m)·d",
        options: &[],
        compute: |input, _| between_classes(input, "total variation", discrete::total_variation),
    },
];

fn between_classes(
    input: &Input<'_>,
    what: &str,
    divergence: fn(&Pmf, &Pmf) -> Result<f64, DivergenceError>,
) -> Result<Estimate, DivergenceError> {
    let (real, fake) = input.rows()?;
    ensure_same_space(real, fake)?;
    let (p, q) = (class_counts(real), class_counts(fake));
    let value = divergence(&Pmf::from_counts(&p, 0.0)?, &Pmf::from_counts(&q, 0.0)?)?;
    let count = p.iter().zip(&q).filter(|(p, q)| **p > 0 && **q == 0).count();
    let name = format!("{what} of class frequencies, {} classes", real.dim());
    let estimate = Estimate::new(value, real.len(), fake.len(), name);
    Ok(estimate.warn_if(value == f64::INFINITY, Warning::EmptyBins { count }))
}

/// How often each column holds the largest logit; the first of equal ones counts.
fn class_counts(logits: Points<'_>) -> Vec<u64> {
    let mut counts = vec![0; logits.dim()];
    for row in logits.rows() {
        let best = (1..row.len()).fold(0, |best, c| if row[c] > row[best] { c } else { best });
        counts[best] += 1;
    }
    counts
}
