//! One run judged: was the fault named, when, and could one have seen it without the doctor.

use super::definition::Plant;
use super::record::{Finding, Record, Severity};

/// Samples are visibly worse above this many times the median of healthy runs at the same step.
const WORSE: f64 = 1.25;
/// A cured run is well up to this many times the median of healthy runs at their end.
const WELL: f64 = 1.1;

/// A run with what it was to be and what became of it.
pub(super) struct Trial<'a> {
    pub(super) plant: Plant<'a>,
    pub(super) seed: u32,
    /// Whether it ended early, of numbers that were no longer finite.
    pub(super) diverged: bool,
    pub(super) record: Record,
}

/// A run, judged.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Score {
    /// The kind of fault; none in a healthy run.
    pub(super) fault: Option<String>,
    pub(super) base: String,
    pub(super) seed: u32,
    pub(super) part: Part,
    /// The first verdict that is accepted.
    pub(super) accepted: Option<Accepted>,
    /// The first verdict, right or wrong.
    pub(super) first: Option<String>,
    /// How sure the first verdict that is more than a note is, if that is the first of all.
    pub(super) certainty: Option<String>,
    /// The rules of all verdicts that are more than a note.
    pub(super) alarms: Vec<String>,
    /// When the doctor first gave an accepted verdict during the training.
    pub(super) named_at: Option<u64>,
    /// When the samples were first measured to be visibly worse than those of healthy runs.
    pub(super) visible_at: Option<u64>,
    /// The last step.
    pub(super) steps: u64,
    /// The last measurement of its samples.
    pub(super) quality: Option<f64>,
    /// Whether that is visibly worse than the end of healthy runs.
    pub(super) harmed: bool,
    /// The median of that in healthy runs of the same base.
    pub(super) healthy: Option<f64>,
    pub(super) healing: Option<Healing>,
    /// Why no cure could be tried.
    pub(super) cure_error: Option<String>,
}

/// What a run was used for.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum Part {
    /// Thresholds of rules may have been set with it.
    Rules,
    /// Nothing: figures are reported on it.
    #[default]
    Report,
    /// Nothing, and no rule was made with its kind of fault in mind.
    Unseen,
}

/// The first accepted verdict of an examination.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Accepted {
    pub(super) rule: String,
    /// Its place among all verdicts, from 1 on.
    pub(super) rank: usize,
    /// Since when it says that the fault is there.
    pub(super) since: u64,
}

/// What a cure made of a run.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Healing {
    /// What was cured.
    pub(super) rule: String,
    /// What was compared, before the cure and after it.
    pub(super) quantity: Option<String>,
    pub(super) before: Option<f64>,
    pub(super) after: Option<f64>,
    /// Whether it helped, by the doctor's own comparison.
    pub(super) helped: bool,
    /// How far the samples of the cured run are from the data, over the median of healthy runs at
    /// their end; of the best of those that were tried.
    pub(super) ratio: Option<f64>,
    /// The same of the cure that was tried first.
    pub(super) first_ratio: Option<f64>,
}

impl Healing {
    /// Whether a cured run is as good as healthy ones.
    pub(super) fn repaired(&self) -> bool {
        self.ratio.is_some_and(|ratio| ratio <= WELL)
    }

    /// Whether the first one is.
    pub(super) fn repaired_at_once(&self) -> bool {
        self.first_ratio.is_some_and(|ratio| ratio <= WELL)
    }
}

/// The scores of all runs.
pub(super) fn scores(trials: &[Trial<'_>]) -> Vec<Score> {
    trials.iter().map(|trial| score(trial, &Healthy::of(&trial.plant.base.name, trials))).collect()
}

fn score(trial: &Trial<'_>, healthy: &Healthy<'_>) -> Score {
    let Trial { plant, seed, diverged, record } = trial;
    let accepts = |rule: &String| plant.fault.is_some_and(|fault| fault.accept.contains(rule));
    let first_accepted = record.findings.iter().position(|finding| accepts(&finding.rule));
    let quality = record.quality.last().map(|(_, value)| *value);
    let is_alarm = |finding: &&Finding| finding.severity > Severity::Note;
    let alarming = record.findings.iter().filter(is_alarm);
    let first = record.findings.first();
    Score {
        fault: plant.fault.map(|fault| fault.name.clone()),
        base: plant.base.name.clone(),
        seed: *seed,
        part: match plant.fault {
            Some(fault) if !fault.seen => Part::Unseen,
            _ if plant.base.made_rules(*seed) => Part::Rules,
            _ => Part::Report,
        },
        accepted: first_accepted.map(|idx| Accepted {
            rule: record.findings[idx].rule.clone(),
            rank: idx + 1,
            since: record.findings[idx].since,
        }),
        first: first.map(|finding| finding.rule.clone()),
        certainty: first.filter(is_alarm).map(|finding| finding.certainty.clone()),
        alarms: alarming.map(|finding| finding.rule.clone()).collect(),
        named_at: record.opened.iter().find(|(_, rule)| accepts(rule)).map(|(step, _)| *step),
        visible_at: visible_at(record, healthy).or(diverged.then_some(record.steps)),
        steps: record.steps,
        quality,
        harmed: *diverged || is_worse(quality, healthy.last()),
        healthy: healthy.last(),
        healing: healing(record, healthy),
        cure_error: record.cure.as_ref().and_then(|cure| cure.error.clone()),
    }
}

fn visible_at(record: &Record, healthy: &Healthy<'_>) -> Option<u64> {
    let is_visible = |(step, value): &&(u64, f64)| is_worse(Some(*value), healthy.at(*step));
    record.quality.iter().find(is_visible).map(|(step, _)| *step)
}

fn is_worse(value: Option<f64>, healthy: Option<f64>) -> bool {
    // NaN is worse than anything.
    value.zip(healthy).is_some_and(|(value, healthy)| value.is_nan() || value > WORSE * healthy)
}

fn healing(record: &Record, healthy: &Healthy<'_>) -> Option<Healing> {
    let cure = record.cure.as_ref()?;
    let ratio = |after: Option<f64>| after.zip(healthy.last()).map(|(after, well)| after / well);
    Some(Healing {
        rule: cure.rule.clone()?,
        quantity: cure.quantity.clone(),
        before: cure.before,
        after: cure.after,
        helped: cure.helped,
        ratio: ratio(cure.quality),
        first_ratio: ratio(cure.first),
    })
}

/// What was measured of the samples of the healthy runs of one base.
struct Healthy<'a>(Vec<&'a [(u64, f64)]>);

impl<'a> Healthy<'a> {
    fn of(base: &str, trials: &'a [Trial<'_>]) -> Self {
        let is_of_base =
            |trial: &&Trial<'_>| trial.plant.fault.is_none() && trial.plant.base.name == base;
        Self(trials.iter().filter(is_of_base).map(|trial| &trial.record.quality[..]).collect())
    }

    /// The median of the newest measurements at a step.
    fn at(&self, step: u64) -> Option<f64> {
        let newest = |run: &&[(u64, f64)]| {
            run.iter().rev().find(|(at, _)| *at <= step).map(|(_, value)| *value)
        };
        median(self.0.iter().filter_map(newest).collect())
    }

    /// The median at the end.
    fn last(&self) -> Option<f64> {
        median(self.0.iter().filter_map(|run| Some(run.last()?.1)).collect())
    }
}

/// The median, of an even number the mean of the two in the middle; NaN counts as the largest.
pub(super) fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let upper = *values.get(values.len() / 2)?;
    let is_odd = values.len() % 2 == 1;
    Some(if is_odd { upper } else { f64::midpoint(values[values.len() / 2 - 1], upper) })
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::definition::{Planted, tests::planted};
    use super::super::record::Cure;
    use super::super::tally::{Share, right_at};
    use super::*;

    /// A healthy run and each seed of two kinds of faults, see the definition's example.
    pub(in super::super) fn judged(records: Vec<(&str, u32, Record)>) -> Vec<Score> {
        let planted: Planted = planted();
        let trial = |(run, seed, record): (&str, u32, Record)| {
            let plant = planted.plants().find(|plant| plant.run == run).unwrap();
            Trial { plant, seed, diverged: false, record }
        };
        let trials: Vec<_> = records.into_iter().map(trial).collect();
        scores(&trials)
    }

    /// A run of 100 steps with these verdicts, and its samples at every 50th.
    pub(in super::super) fn record(rules: &[&str], quality: [f64; 2]) -> Record {
        let finding = |rule: &&str| Finding {
            rule: (*rule).into(),
            severity: if *rule == "run-too-short" { Severity::Note } else { Severity::Severe },
            certainty: "likely".into(),
            since: 30,
        };
        Record {
            findings: rules.iter().map(finding).collect(),
            opened: rules.iter().map(|rule| (40, (*rule).to_owned())).collect(),
            quality: vec![(50, quality[0]), (100, quality[1])],
            steps: 100,
            cure: None,
        }
    }

    #[test]
    fn a_first_verdict_is_as_sure_as_it_says_unless_it_is_a_note() {
        let sure = |rules: &[&str]| {
            let runs = vec![("fast-critic--ring", 1, record(rules, [1.0, 1.0]))];
            let scores = judged(runs);
            (scores[0].certainty.clone(), right_at(&scores, "likely", |_| true))
        };
        let likely = Some("likely".to_owned());
        assert_eq!(sure(&["critic-won"]), (likely.clone(), Share { hits: 1, of: 1 }));
        assert_eq!(sure(&["mode-dropping"]), (likely, Share { hits: 0, of: 1 }));
        assert_eq!(sure(&["run-too-short", "critic-won"]), (None, Share { hits: 0, of: 0 }));
    }

    #[test]
    fn the_rank_is_that_of_the_first_verdict_that_is_accepted() {
        let found = |rules: &[&str]| {
            let score = judged(vec![("fast-critic--ring", 1, record(rules, [1.0, 1.0]))]).remove(0);
            (score.accepted.map(|accepted| accepted.rank), score.named_at)
        };
        assert_eq!(found(&["critic-won"]), (Some(1), Some(40)));
        assert_eq!(found(&["dead-units", "critic-won", "unequal-learning-rates"]).0, Some(2));
        assert_eq!(found(&["mode-dropping"]), (None, None));
        assert_eq!(found(&[]), (None, None));
    }

    #[test]
    fn a_note_is_no_alarm() {
        let healthy = record(&["mode-collapse", "run-too-short"], [1.0, 1.0]);
        let score = judged(vec![("healthy--ring", 0, healthy)]).remove(0);
        assert_eq!(score.alarms, ["mode-collapse"]);
        assert_eq!((score.fault, score.accepted), (None, None));
    }

    #[test]
    fn parts_are_the_first_seed_of_bases_for_rules_the_rest_and_unseen_kinds() {
        let part = |run, seed| judged(vec![(run, seed, Record::default())])[0].part;
        assert_eq!(part("fast-critic--ring", 0), Part::Rules);
        assert_eq!(part("healthy--ring", 0), Part::Rules);
        assert_eq!(part("fast-critic--ring", 1), Part::Report);
        assert_eq!(part("fast-critic--moons", 0), Part::Report);
        assert_eq!(part("narrow--ring", 0), Part::Unseen);
    }

    #[test]
    fn it_is_visible_once_samples_are_a_quarter_worse_than_healthy_ones_at_that_step() {
        let seen = |quality| {
            let runs = vec![
                ("healthy--ring", 0, record(&[], [4.0, 1.0])),
                ("healthy--ring", 1, record(&[], [6.0, 3.0])),
                ("healthy--moons", 1, record(&[], [0.0, 0.0])),
                ("narrow--ring", 0, record(&[], quality)),
            ];
            let score = judged(runs).remove(3);
            assert_eq!(score.healthy, Some(2.0));
            (score.visible_at, score.harmed)
        };
        assert_eq!(seen([6.25, 2.5]), (None, false));
        assert_eq!(seen([6.3, 2.5]), (Some(50), false));
        assert_eq!(seen([6.25, 2.6]), (Some(100), true));
        assert_eq!(seen([f64::NAN, f64::INFINITY]), (Some(50), true));
    }

    #[test]
    fn a_run_that_diverged_is_seen_at_its_end_at_the_latest() {
        let planted = planted();
        let plant = planted.plants().nth(4).unwrap();
        let record = Record { quality: Vec::new(), ..record(&[], [0.0; 2]) };
        let trial = Trial { plant, seed: 0, diverged: true, record };
        let score = scores(&[trial]).remove(0);
        assert_eq!((score.visible_at, score.harmed), (Some(100), true));
    }

    #[test]
    fn repaired_is_within_a_tenth_of_healthy_runs() {
        let repaired = |after| {
            let cure = Cure {
                rule: Some("mode-dropping".into()),
                quality: Some(after),
                helped: true,
                ..Cure::default()
            };
            let narrow = Record { cure: Some(cure), ..record(&[], [9.0, 9.0]) };
            let healthy = ("healthy--ring", 0, record(&[], [4.0, 2.0]));
            let score = judged(vec![healthy, ("narrow--ring", 0, narrow)]).remove(1);
            score.healing.unwrap().repaired()
        };
        assert!(repaired(2.19));
        assert!(!repaired(2.21) && !repaired(f64::NAN));
    }

    #[test]
    fn the_middle_of_an_even_number_is_between_two() {
        assert_eq!(median(vec![]), None);
        assert_eq!(median(vec![3.0]), Some(3.0));
        assert_eq!(median(vec![4.0, 1.0]), Some(2.5));
        assert_eq!(median(vec![f64::INFINITY, 1.0, 2.0]), Some(2.0));
    }
}
