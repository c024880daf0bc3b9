//! A patient's record: what an examination is made of, small enough to be kept or sent.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Case, DoctorError, Examination, Trace, number};

/// The case and the measurements of a run.
///
/// # Format
/// One line of JSON: `{"case": {…}, "series": {"critic/loss": [[step, …], [value, …]], …}}`. Values
/// have five significant digits; `"nan"`, `"inf"` and `"-inf"` stand for what is not finite.
///
/// # Example
/// ```
/// use gan_doctor::{Case, Record, Trace};
///
/// let mut trace = Trace::new();
/// trace.push("critic/loss", 10, 1.386_294_4)?;
/// trace.push("critic/loss", 20, f64::NAN)?;
/// let record = Record { case: Case::default(), trace };
/// let line = record.to_json(100);
/// assert!(line.ends_with(r#""series":{"critic/loss":[[10,20],[1.3863,"nan"]]}}"#), "{line}");
/// let read = Record::from_json(&line)?;
/// assert_eq!(read.examine().findings[0].rule, "non-finite");
/// # Ok::<(), gan_doctor::DoctorError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// The configuration and facts of the data.
    pub case: Case,
    /// The measurements.
    pub trace: Trace,
}

/// The same as it is written.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Line {
    case: Case,
    series: BTreeMap<String, (Vec<u64>, Vec<Value>)>,
}

impl Record {
    /// What is found in it.
    #[must_use]
    pub fn examine(&self) -> Examination {
        Examination::of(&self.case, &self.trace)
    }

    /// One line of JSON with about `points` points of each series: evenly chosen, and the newest, and
    /// all that are not finite. It does not end with a line feed.
    #[must_use]
    pub fn to_json(&self, points: usize) -> String {
        let series = self.trace.series().map(|(name, recorded)| {
            let all = recorded.points();
            let (stride, newest) = (all.len().div_ceil(points.max(1)).max(1), all.len() - 1);
            let is_kept = |index: usize, value: f64| {
                index.is_multiple_of(stride) || index == newest || !value.is_finite()
            };
            let kept = all.iter().enumerate().filter(|(index, (_, value))| is_kept(*index, *value));
            let kept = kept.map(|(_, (step, value))| (*step, number::to_json(rounded(*value))));
            (name.to_owned(), kept.unzip())
        });
        let line = Line { case: self.case.clone(), series: series.collect() };
        serde_json::to_string(&line).unwrap_or_default()
    }

    /// Reads what [`to_json`](Self::to_json) has written.
    ///
    /// # Errors
    /// [`DoctorError::Record`] for what is no such line, [`DoctorError::NotIncreasing`] where steps go
    /// back.
    pub fn from_json(line: &str) -> Result<Self, DoctorError> {
        let refuse = |why: String| DoctorError::Record { why };
        let Line { case, series } =
            serde_json::from_str(line).map_err(|error| refuse(error.to_string()))?;
        let mut trace = Trace::new();
        for (name, (steps, values)) in series {
            if steps.len() != values.len() {
                let (steps, values) = (steps.len(), values.len());
                return Err(refuse(format!("`{name}` has {steps} steps and {values} values")));
            }
            for (step, value) in steps.into_iter().zip(&values) {
                let no_number = || refuse(format!("`{name}` has {value} at step {step}"));
                trace.push(&name, step, number::of_json(value).ok_or_else(no_number)?)?;
            }
        }
        Ok(Self { case, trace })
    }
}

/// Five significant digits.
fn rounded(value: f64) -> f64 {
    if value.is_finite() { format!("{value:.4e}").parse().unwrap_or(value) } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examples::Run;

    #[test]
    fn a_record_that_was_written_has_the_findings_of_the_run() {
        let run = Run::healthy().critic_wins(0.2);
        let record = Record { case: run.case.clone(), trace: run.trace() };
        let read = Record::from_json(&record.to_json(usize::MAX)).unwrap();
        assert_eq!(read.case, record.case);
        let rules = |of: &Record| {
            of.examine().all_findings().map(|found| (found.rule, found.since)).collect::<Vec<_>>()
        };
        assert!(!rules(&record).is_empty());
        assert_eq!(rules(&read), rules(&record));
        let thinned = Record::from_json(&record.to_json(50)).unwrap();
        assert!(thinned.trace.series().all(|(_, series)| series.count() <= 101));
        assert_eq!(thinned.trace.last_step(), record.trace.last_step());
    }

    #[test]
    fn numbers_that_are_not_finite_are_never_thinned_away() {
        let mut trace = Trace::new();
        for step in 0..1000 {
            trace.push("critic/loss", step, if step == 777 { f64::INFINITY } else { 1.0 }).unwrap();
        }
        let line = Record { case: Case::default(), trace }.to_json(10);
        let read = Record::from_json(&line).unwrap();
        let first = read.trace.recorded("critic/loss").unwrap().non_finite().unwrap();
        assert_eq!((first.step, first.value), (777, f64::INFINITY));
    }

    #[test]
    fn what_is_no_record_is_named() {
        let complaint = |line: &str| Record::from_json(line).unwrap_err().to_string();
        assert!(complaint("{}").contains("missing field `case`"));
        let series = |series: &str| complaint(&format!(r#"{{"case":{{}},"series":{series}}}"#));
        assert!(series(r#"{"a/b":[[1,2],[0.5]]}"#).contains("`a/b` has 2 steps and 1 values"));
        assert!(series(r#"{"a/b":[[1],["high"]]}"#).contains("`a/b` has \"high\" at step 1"));
        assert!(series(r#"{"a/b":[[2,1],[0.5,0.5]]}"#).contains("steps must go up"));
    }
}
