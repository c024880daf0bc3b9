//! Which quantities share a chart, and on which axis.

use gan_doctor::find_series;
use gan_plot::YScale;

use crate::quality;
use crate::run::Metrics;

/// Where a chart stands on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Section {
    /// What tells at a glance how a run went.
    First,
    /// What was measured of samples.
    Samples,
    /// What was measured of the players.
    Players,
}

/// Quantities of one chart.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    /// The name of its only quantity, or what they have in common.
    pub(crate) key: String,
    pub(crate) section: Section,
    pub(crate) quantities: Vec<String>,
}

/// All charts of a run; quantities of both players are in one chart.
pub(crate) fn of_run(metrics: &Metrics) -> Vec<Group> {
    grouped(metrics.names().map(|name| (key(name), name)), metrics)
}

/// All charts of several runs; each has a single quantity.
pub(crate) fn of_runs<'a>(names: impl IntoIterator<Item = &'a str>, first: &Metrics) -> Vec<Group> {
    grouped(names.into_iter().map(|name| (name, name)), first)
}

fn grouped<'a>(names: impl Iterator<Item = (&'a str, &'a str)>, metrics: &Metrics) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (key, name) in names.filter(|(_, name)| !is_beside(name)) {
        match groups.iter_mut().find(|group| group.key == key) {
            Some(group) => group.quantities.push(name.to_owned()),
            None => groups.push(Group {
                key: key.to_owned(),
                section: if is_of_samples(name) { Section::Samples } else { Section::Players },
                quantities: vec![name.to_owned()],
            }),
        }
    }
    let best = quality::telling(metrics, 3).first().copied();
    let first = [best.unwrap_or_default(), "loss", "probability", "gradient_norm"];
    let first = first.into_iter().chain([
        "critic/loss",
        "generator/loss",
        "critic/real_probability",
        "critic/fake_probability",
    ]);
    let first: Vec<&str> = first.collect();
    let rank = |group: &Group| first.iter().position(|key| *key == group.key);
    for group in &mut groups {
        // D(x) comes before D(G(z)).
        group.quantities.sort_by_key(|name| (name.ends_with("/fake_probability"), name.clone()));
        if rank(group).is_some() {
            group.section = Section::First;
        }
    }
    let telling = quality::telling(metrics, usize::MAX);
    let told = |group: &Group| telling.iter().position(|name| *name == group.key);
    groups.sort_by_key(|group| {
        let told = told(group).unwrap_or(usize::MAX);
        (group.section, rank(group).unwrap_or(usize::MAX), told, group.key.clone())
    });
    groups
}

/// Whether it is what stands beside another quantity.
fn is_beside(name: &str) -> bool {
    name.ends_with("/of_real") || name.ends_with("/standard_error")
}

/// Whether it is of samples and not of the players.
fn is_of_samples(name: &str) -> bool {
    ["samples/", "live/", "game/"].iter().any(|prefix| name.starts_with(prefix))
}

/// What quantities of one chart have in common.
fn key(name: &str) -> &str {
    match (name, name.rsplit_once('/')) {
        ("critic/penalty", _) => "loss",
        (_, Some((_, "real_probability" | "fake_probability"))) => "probability",
        _ if is_of_samples(name) => name,
        (_, Some((_, last))) => last,
        (_, None) => name,
    }
}

/// Quantities from 0 to 1 that no rule of the doctor reads.
const SHARES: &[&str] = &[
    "samples/precision",
    "samples/confident",
    "samples/label_agreement",
    "samples/least_agreement",
    "samples/high_quality",
];

/// The axis of a chart, and the other one that it can have, of the values that are drawn.
pub(crate) fn scales(group: &Group, values: impl Iterator<Item = f64>) -> (YScale, Option<YScale>) {
    let unit = |name: &String| find_series(name).map(|series| series.unit);
    let is_share = |name: &String| {
        SHARES.contains(&name.as_str()) || matches!(unit(name), Some("share" | "probability"))
    };
    if group.quantities.iter().all(is_share) {
        return (YScale::Unit, Some(YScale::Linear));
    }
    let values = values.filter(|value| value.is_finite());
    let ends = values.fold(None, |ends: Option<(f64, f64)>, value| {
        let (low, high) = ends.unwrap_or((value, value));
        Some((value.min(low), value.max(high)))
    });
    match ends {
        Some((low, high)) if low > 0.0 && high > 100.0 * low => (YScale::Log, Some(YScale::Linear)),
        Some((low, high)) if low > 0.0 && high > 3.0 * low => (YScale::Linear, Some(YScale::Log)),
        _ => (YScale::Linear, None),
    }
}
