//! Which quantities say most about samples, and which direction is the better one.

use crate::run::Metrics;

/// What is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Better {
    /// A smaller value.
    Lower,
    /// A larger one.
    Higher,
    /// What real samples have.
    LikeReal,
}

/// From the one that sees most on.
const RANKED: &[(&str, Better)] = &[
    ("samples/frechet", Better::Lower),
    ("samples/js", Better::Lower),
    ("samples/modes", Better::Higher),
    ("samples/modes_kl", Better::Lower),
    ("samples/modes_covered", Better::Higher),
    ("samples/precision", Better::Higher),
    ("samples/recall", Better::Higher),
    ("samples/high_quality", Better::Higher),
    ("samples/sliced_w2", Better::Lower),
    ("samples/label_agreement", Better::Higher),
    ("samples/coverage", Better::Higher),
    ("samples/spread", Better::LikeReal),
    ("samples/kernel_distance", Better::Lower),
    ("samples/class_js", Better::Lower),
    ("samples/duplicates", Better::LikeReal),
    ("game/duality_gap", Better::Lower),
];
/// What every game has.
const OF_THE_GAME: &[&str] = &["critic/real_probability", "critic/fake_probability"];

/// The better direction of a quantity, where it has one.
pub(crate) fn better(name: &str) -> Option<Better> {
    RANKED.iter().find(|(found, _)| *found == name).map(|(_, better)| *better)
}

/// At most `most` of the quantities that a run has measured, those that see most first.
pub(crate) fn telling<'a>(metrics: &Metrics, most: usize) -> Vec<&'a str> {
    let is_measured = |name: &&str| !metrics.series(name).is_empty();
    let ranked = RANKED.iter().map(|(name, _)| *name).filter(is_measured);
    let ranked: Vec<&str> = ranked.take(most.saturating_sub(OF_THE_GAME.len())).collect();
    ranked.into_iter().chain(OF_THE_GAME.iter().copied().filter(is_measured)).collect()
}

/// The step and the value at which a quantity was best; none where no direction is better.
pub(crate) fn best(metrics: &Metrics, name: &str) -> Option<(u64, f64)> {
    let points = metrics.series(name).iter().copied().filter(|(_, value)| value.is_finite());
    let real = metrics.of_real(name);
    let badness = |value: f64| match better(name)? {
        Better::Lower => Some(value),
        Better::Higher => Some(-value),
        Better::LikeReal => real.map(|real| (value - real).abs()),
    };
    let rated = points.filter_map(|(step, value)| Some((badness(value)?, step, value)));
    let best = rated.min_by(|one, other| one.0.total_cmp(&other.0));
    best.map(|(_, step, value)| (step, value))
}
