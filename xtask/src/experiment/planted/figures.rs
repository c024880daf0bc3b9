//! The figures of the suite as numbers by name, which claims are of: `figures.json`.

use std::collections::BTreeMap;

use super::score::{Part, Score};
use super::tally::{Cures, FalseAlarms, Of, Share, only_harmed, precision, recall, spoiled};

/// The groups of spoiled runs that the tables have, by the names that claims have for them.
const GROUPS: [(&str, Of<'static>); 4] = [
    ("known", Of::Seen),
    ("known/rules", Of::Part(Part::Rules)),
    ("known/report", Of::Part(Part::Report)),
    ("unseen", Of::Part(Part::Unseen)),
];

/// Every share that is of any run, as one JSON object.
///
/// # Errors
/// None that a number in `[0, 1]` has.
pub(super) fn json(scores: &[Score]) -> anyhow::Result<String> {
    Ok(serde_json::to_string_pretty(&figures(scores))? + "\n")
}

fn figures(scores: &[Score]) -> BTreeMap<String, f64> {
    let mut figures = BTreeMap::new();
    let mut add = |group: &str, name: &str, share: Share| {
        if share.of > 0 {
            figures.insert(format!("{group}/{name}"), share.hits as f64 / share.of as f64);
        }
    };
    for (group, of) in GROUPS {
        let runs = spoiled(scores, of);
        let harmed = only_harmed(&runs);
        add(group, "recall@1", recall(&runs, 1));
        add(group, "recall@3", recall(&runs, 3));
        add(group, "precision", precision(&runs));
        add(group, "harmed/recall@1", recall(&harmed, 1));
        add(group, "harmed/recall@3", recall(&harmed, 3));
        add(group, "repaired", Cures::of(&runs).repaired);
        add(group, "harmed/repaired", Cures::of(&harmed).repaired);
    }
    for (group, part) in [
        ("healthy", None),
        ("healthy/rules", Some(Part::Rules)),
        ("healthy/report", Some(Part::Report)),
    ] {
        let alarms = FalseAlarms::of(scores, |score| part.is_none_or(|part| score.part == part));
        add(group, "alarmed", Share { hits: alarms.runs_alarmed, of: alarms.runs });
    }
    figures
}

#[cfg(test)]
mod tests {
    use super::super::score::tests::{judged, record};
    use super::*;

    #[test]
    fn figures_are_those_of_the_tables() {
        let scores = judged(vec![
            ("healthy--ring", 0, record(&[], [4.0, 2.0])),
            ("healthy--moons", 0, record(&["critic-won"], [1.0, 1.0])),
            ("fast-critic--ring", 0, record(&["critic-won"], [9.0, 9.0])),
            ("fast-critic--ring", 1, record(&["dead-units", "critic-won"], [9.0, 9.0])),
            ("narrow--ring", 0, record(&["dead-units"], [2.0, 2.0])),
        ]);
        let figures = figures(&scores);
        for (name, value) in [
            ("known/recall@1", 0.5),
            ("known/recall@3", 1.0),
            ("known/harmed/recall@1", 0.5),
            ("known/report/recall@1", 0.0),
            ("known/rules/harmed/recall@1", 1.0),
            ("unseen/precision", 0.0),
            ("healthy/alarmed", 0.5),
            ("healthy/report/alarmed", 1.0),
        ] {
            assert_eq!(figures.get(name), Some(&value), "{name}: {figures:?}");
        }
        assert!(!figures.contains_key("unseen/harmed/recall@1"), "none was harmed: {figures:?}");
        assert!(!figures.contains_key("known/repaired"), "no cure was tried: {figures:?}");
    }

    #[test]
    fn they_are_written_as_one_object() {
        let scores = judged(vec![("healthy--ring", 0, record(&[], [4.0, 2.0]))]);
        let json = json(&scores).unwrap();
        assert_eq!(json, "{\n  \"healthy/alarmed\": 0.0,\n  \"healthy/rules/alarmed\": 0.0\n}\n");
    }
}
