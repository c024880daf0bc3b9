//! Figures of many runs: shares, medians, counts.

use std::collections::BTreeMap;
use std::fmt;

use super::score::{Healing, Part, Score, median};

/// So many of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Share {
    pub(super) hits: usize,
    pub(super) of: usize,
}

impl Share {
    fn of<'a>(scores: &[&'a Score], is_hit: impl Fn(&&&'a Score) -> bool) -> Self {
        Self { hits: scores.iter().filter(is_hit).count(), of: scores.len() }
    }
}

/// `83 % (25 of 30)`, or a dash for none of none.
impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.of == 0 {
            return f.write_str("–");
        }
        let percent = 100.0 * self.hits as f64 / self.of as f64;
        write!(f, "{percent:.0} % ({} of {})", self.hits, self.of)
    }
}

/// Which spoiled runs a figure is of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Of<'a> {
    /// All kinds that were known when rules were written.
    Seen,
    /// Those of them in one part.
    Part(Part),
    /// One kind, in all parts.
    Kind(&'a str),
}

/// The spoiled runs of a figure.
pub(super) fn spoiled<'a>(scores: &'a [Score], of: Of<'_>) -> Vec<&'a Score> {
    let belongs = |score: &&Score| {
        score.fault.as_ref().is_some_and(|fault| match of {
            Of::Seen => score.part != Part::Unseen,
            Of::Part(part) => score.part == part,
            Of::Kind(kind) => fault == kind,
        })
    };
    scores.iter().filter(belongs).collect()
}

/// The kinds of faults, in the order of their first run.
pub(super) fn kinds(scores: &[Score]) -> Vec<&str> {
    let mut kinds: Vec<&str> = Vec::new();
    for kind in scores.iter().filter_map(|score| score.fault.as_deref()) {
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    kinds
}

/// Of the first verdicts that are this sure, in healthy runs too, how many are accepted ones.
pub(super) fn right_at(scores: &[Score], certainty: &str, is_of: impl Fn(Part) -> bool) -> Share {
    let as_sure =
        |score: &&Score| is_of(score.part) && score.certainty.as_deref() == Some(certainty);
    let as_sure: Vec<&Score> = scores.iter().filter(as_sure).collect();
    recall(&as_sure, 1)
}

/// In how many runs an accepted verdict is among the first `k`.
pub(super) fn recall(scores: &[&Score], k: usize) -> Share {
    let is_named = |score: &&&Score| score.accepted.as_ref().is_some_and(|found| found.rank <= k);
    Share::of(scores, is_named)
}

/// How many first verdicts are accepted ones, of the runs that have any.
pub(super) fn precision(scores: &[&Score]) -> Share {
    let judged: Vec<&Score> =
        scores.iter().filter(|score| score.first.is_some()).copied().collect();
    recall(&judged, 1)
}

/// How many runs end with samples that are visibly worse than healthy ones.
pub(super) fn harmed(scores: &[&Score]) -> Share {
    Share::of(scores, |score| score.harmed)
}

/// Those of the runs that were harmed.
pub(super) fn only_harmed<'a>(scores: &[&'a Score]) -> Vec<&'a Score> {
    scores.iter().filter(|score| score.harmed).copied().collect()
}

/// How often each rule is the first verdict, the most frequent first; `None`: no verdict.
pub(super) fn first_verdicts<'a>(scores: &[&'a Score]) -> Vec<(Option<&'a str>, usize)> {
    let mut counts = BTreeMap::new();
    for score in scores {
        *counts.entry(score.first.as_deref()).or_insert(0) += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}

/// Verdicts in healthy runs.
#[derive(Debug, Default, PartialEq)]
pub(super) struct FalseAlarms {
    pub(super) runs: usize,
    pub(super) steps: u64,
    /// Runs with at least one.
    pub(super) runs_alarmed: usize,
    /// How many there are of each rule.
    pub(super) by_rule: BTreeMap<String, usize>,
}

impl FalseAlarms {
    /// Those of the healthy runs of a base, or of a part.
    pub(super) fn of(scores: &[Score], belongs: impl Fn(&Score) -> bool) -> Self {
        let mut all = Self::default();
        for score in scores.iter().filter(|score| score.fault.is_none() && belongs(score)) {
            all.runs += 1;
            all.steps += score.steps;
            all.runs_alarmed += usize::from(!score.alarms.is_empty());
            for rule in &score.alarms {
                *all.by_rule.entry(rule.clone()).or_default() += 1;
            }
        }
        all
    }

    pub(super) fn n(&self) -> usize {
        self.by_rule.values().sum()
    }

    pub(super) fn per_run(&self) -> f64 {
        self.n() as f64 / self.runs as f64
    }

    pub(super) fn per_10k_steps(&self) -> f64 {
        1e4 * self.n() as f64 / self.steps as f64
    }
}

/// When something was first noticed: in how many runs, and the medians over those.
#[derive(Debug, PartialEq)]
pub(super) struct Delay {
    pub(super) noticed: Share,
    pub(super) step: Option<f64>,
    /// Of the run's steps.
    pub(super) share: Option<f64>,
}

impl Delay {
    pub(super) fn of(scores: &[&Score], when: impl Fn(&Score) -> Option<u64>) -> Self {
        let times: Vec<(f64, f64)> = scores
            .iter()
            .filter_map(|score| Some((when(score)? as f64, score.steps.max(1) as f64)))
            .collect();
        Self {
            noticed: Share { hits: times.len(), of: scores.len() },
            step: median(times.iter().map(|(step, _)| *step).collect()),
            share: median(times.iter().map(|(step, steps)| step / steps).collect()),
        }
    }
}

/// In how many runs the doctor named the fault no later than the samples showed it, of those that
/// were harmed.
pub(super) fn in_time(scores: &[&Score]) -> Share {
    let is_in_time = |score: &&&Score| match (score.named_at, score.visible_at) {
        (Some(named), Some(visible)) => named <= visible,
        (Some(_), None) => true,
        (None, _) => false,
    };
    Share::of(&only_harmed(scores), is_in_time)
}

/// What came of cures.
#[derive(Debug, PartialEq)]
pub(super) struct Cures {
    /// Runs for which there was something to try, of all.
    pub(super) tried: Share,
    /// Of those, what was helped.
    pub(super) helped: Share,
    /// And what was repaired by the first cure.
    pub(super) repaired_at_once: Share,
    /// And by any.
    pub(super) repaired: Share,
    pub(super) failed: usize,
}

impl Cures {
    pub(super) fn of(scores: &[&Score]) -> Self {
        let is_tried = |score: &&Score| score.healing.is_some();
        let tried: Vec<&Score> = scores.iter().copied().filter(|score| is_tried(score)).collect();
        let healed = |wanted: fn(&Healing) -> bool| {
            Share::of(&tried, move |score| score.healing.as_ref().is_some_and(wanted))
        };
        Self {
            tried: Share::of(scores, |score| is_tried(score)),
            helped: healed(|healing| healing.helped),
            repaired_at_once: healed(Healing::repaired_at_once),
            repaired: healed(Healing::repaired),
            failed: scores.iter().filter(|score| score.cure_error.is_some()).count(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::record::Record;
    use super::super::score::tests::{judged, record};
    use super::*;

    fn example() -> Vec<Score> {
        let bad = [9.0, 9.0];
        judged(vec![
            ("healthy--ring", 0, record(&[], [4.0, 2.0])),
            ("healthy--ring", 1, record(&["mode-collapse", "critic-won"], [4.0, 2.0])),
            ("healthy--moons", 0, record(&["critic-won", "run-too-short"], [1.0, 1.0])),
            ("fast-critic--ring", 0, record(&["critic-won"], bad)),
            ("fast-critic--ring", 1, record(&["dead-units", "critic-won"], bad)),
            ("fast-critic--moons", 0, record(&["oscillation"], [0.5, 0.5])),
            ("narrow--ring", 0, record(&["mode-dropping"], bad)),
            ("narrow--ring", 1, record(&[], bad)),
        ])
    }

    #[test]
    fn recall_counts_runs_and_precision_first_verdicts() {
        let scores = example();
        let seen = spoiled(&scores, Of::Seen);
        assert_eq!(recall(&seen, 1), Share { hits: 1, of: 3 });
        assert_eq!(recall(&seen, 3), Share { hits: 2, of: 3 });
        let report = spoiled(&scores, Of::Part(Part::Report));
        assert_eq!(recall(&report, 3), Share { hits: 1, of: 2 });
        let unseen = spoiled(&scores, Of::Part(Part::Unseen));
        assert_eq!(recall(&unseen, 1), Share { hits: 1, of: 2 });
        assert_eq!(precision(&unseen), Share { hits: 1, of: 1 });
        assert_eq!(harmed(&seen), Share { hits: 2, of: 3 });
        assert_eq!(recall(&only_harmed(&seen), 3), Share { hits: 2, of: 2 });
        assert_eq!(kinds(&scores), ["fast-critic", "narrow"]);
    }

    #[test]
    fn confusion_is_the_first_verdicts_of_a_kind() {
        let scores = example();
        let of = |kind| first_verdicts(&spoiled(&scores, Of::Kind(kind)));
        assert_eq!(of("narrow"), [(None, 1), (Some("mode-dropping"), 1)]);
        let fast = [(Some("critic-won"), 1), (Some("dead-units"), 1), (Some("oscillation"), 1)];
        assert_eq!(of("fast-critic"), fast);
    }

    #[test]
    fn false_alarms_are_per_healthy_run_and_by_rule() {
        let scores = example();
        let all = FalseAlarms::of(&scores, |_| true);
        assert_eq!((all.runs, all.runs_alarmed, all.n()), (3, 2, 3));
        assert_eq!((all.per_run(), all.per_10k_steps()), (1.0, 100.0));
        assert_eq!(all.by_rule["critic-won"], 2);
        assert!(!all.by_rule.contains_key("run-too-short"));
        assert_eq!(FalseAlarms::of(&scores, |score| score.base == "moons").n(), 1);
    }

    #[test]
    fn delays_are_medians_over_the_runs_in_which_it_was_noticed() {
        let scores = example();
        let seen = spoiled(&scores, Of::Seen);
        let named = Delay::of(&seen, |score| score.named_at);
        assert_eq!(named.noticed, Share { hits: 2, of: 3 });
        assert_eq!((named.step, named.share), (Some(40.0), Some(0.4)));
        let visible = Delay::of(&seen, |score| score.visible_at);
        assert_eq!((visible.noticed.hits, visible.step), (2, Some(50.0)));
        assert_eq!(in_time(&seen), Share { hits: 2, of: 2 });
        assert_eq!(in_time(&spoiled(&scores, Of::Kind("narrow"))), Share { hits: 1, of: 2 });
    }

    #[test]
    fn nothing_noticed_has_no_median() {
        let scores = judged(vec![("narrow--ring", 0, Record::default())]);
        let delay = Delay::of(&spoiled(&scores, Of::Kind("narrow")), |score| score.named_at);
        let noticed = Share { hits: 0, of: 1 };
        assert_eq!(delay, Delay { noticed, step: None, share: None });
    }

    #[test]
    fn cures_are_counted_of_all_runs() {
        use super::super::record::Cure;
        let cured = |after: f64| {
            let cure = Cure {
                rule: Some("mode-dropping".into()),
                quality: Some(after),
                first: Some(after),
                helped: after < 9.0,
                ..Cure::default()
            };
            Record { cure: Some(cure), ..record(&["mode-dropping"], [9.0, 9.0]) }
        };
        let failed = Cure { error: Some("no".into()), ..Cure::default() };
        let scores = judged(vec![
            ("healthy--ring", 0, record(&[], [4.0, 2.0])),
            ("narrow--ring", 0, cured(2.0)),
            ("narrow--ring", 1, cured(5.0)),
            ("narrow--ring", 2, Record { cure: Some(failed), ..Record::default() }),
        ]);
        let cures = Cures::of(&spoiled(&scores, Of::Kind("narrow")));
        let all = [cures.tried, cures.helped, cures.repaired_at_once, cures.repaired];
        assert_eq!(all.map(|share| share.hits), [2, 2, 1, 1]);
        assert_eq!(all.map(|share| share.of), [3, 2, 2, 2]);
        assert_eq!(cures.failed, 1);
    }

    #[test]
    fn a_share_says_of_how_many() {
        assert_eq!(Share { hits: 5, of: 6 }.to_string(), "83 % (5 of 6)");
        assert_eq!(Share::default().to_string(), "–");
    }
}
