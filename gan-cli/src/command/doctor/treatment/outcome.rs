//! What came of a cure, by measurement.

use std::fmt;
use std::path::{Path, PathBuf};

use gan_doctor::{QUALITY, Record};
use gan_run::to_json;
use serde_json::{Value, json};

use crate::overview::has_diverged;

/// Newest measurements that the median is taken of: one of them may be an outlier.
const NEWEST: usize = 3;
/// A distance this much smaller than before is an improvement.
const HELPED: f64 = 0.9;

/// What was tried.
pub(super) struct Attempt {
    /// The run that it was to cure.
    pub(super) of: PathBuf,
    pub(super) rule: &'static str,
    pub(super) settings: Vec<String>,
    /// The step at which the cured run branches off; none of one that began anew.
    pub(super) from_step: Option<u64>,
    pub(super) folder: PathBuf,
}

impl fmt::Display for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rule, settings, from_step, .. } = self;
        write!(f, "trying a cure of {rule} {}: {}", start(*from_step), settings.join(" "))
    }
}

/// Where a cured run starts from, in words.
fn start(from_step: Option<u64>) -> String {
    from_step.map_or("from the start".to_owned(), |step| format!("from step {step}"))
}

/// An attempt with the distance from the data, before it and after.
pub(super) struct Outcome {
    pub(super) attempt: Attempt,
    quantity: &'static str,
    before: f64,
    after: f64,
}

impl Outcome {
    pub(super) fn new(
        attempt: Attempt,
        (before, after): (&Record, &Record),
        has_ended: bool,
    ) -> Self {
        let measured_in = |records: &[&Record]| {
            let is_in = |of: &&Record, name: &str| of.trace.signal(name).is_some();
            QUALITY.iter().find(|series| records.iter().all(|of| is_in(of, series.name)))
        };
        // A run that has diverged early has no distance.
        let series = measured_in(&[before, after]).or_else(|| measured_in(&[after]));
        let quantity = series.map_or("samples/frechet", |series| series.name);
        let after = if has_ended { distance(after, quantity) } else { f64::INFINITY };
        Self { attempt, quantity, before: distance(before, quantity), after }
    }

    pub(super) fn has_helped(&self) -> bool {
        has_helped(self.before, self.after)
    }

    /// The folder of the cured run.
    pub(super) fn folder(&self) -> &Path {
        &self.attempt.folder
    }

    /// The attempt after which samples were nearest to the data, with the distance before all of them;
    /// none if there was none.
    pub(super) fn of_all(outcomes: &[Self]) -> Option<Value> {
        let best = outcomes.iter().min_by(|one, other| one.after.total_cmp(&other.after))?;
        let before = outcomes.first()?.before;
        let mut object = best.to_json();
        object["before"] = to_json(before);
        object["helped"] = has_helped(before, best.after).into();
        object["attempts"] = outcomes.iter().map(Self::to_json).collect();
        Some(object)
    }

    fn to_json(&self) -> Value {
        let Attempt { of, rule, settings, from_step, folder } = &self.attempt;
        json!({
            "run": of.display().to_string(),
            "rule": rule,
            "settings": settings,
            "from_step": from_step,
            "quantity": self.quantity,
            "before": to_json(self.before),
            "after": to_json(self.after),
            "helped": self.has_helped(),
            "folder": folder.display().to_string(),
        })
    }

    pub(super) fn to_text(&self) -> String {
        let Self { attempt, quantity, before, after } = self;
        let Attempt { rule, from_step, folder, .. } = attempt;
        let verdict = if self.has_helped() { "it helped" } else { "it did not help" };
        let from = start(*from_step);
        format!(
            "{verdict}: {quantity} {before:.4} before, {after:.4} with the cure of {rule} {from} (median of \
             the newest {NEWEST})\n{}\n",
            folder.display()
        )
    }
}

fn has_helped(before: f64, after: f64) -> bool {
    after < HELPED * before
}

/// The median of the newest distances from the data; infinite where the run has diverged.
fn distance(record: &Record, quantity: &str) -> f64 {
    if has_diverged(&record.trace) {
        return f64::INFINITY;
    }
    let newest = record.trace.signal(quantity).map(|signal| signal.last(NEWEST).median());
    newest.unwrap_or(f64::INFINITY)
}
