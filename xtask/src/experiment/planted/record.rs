//! What a run's folder says after the runs: what was found, when, how good the samples were.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::Deserialize;
use serde_json::Value;

use crate::experiment::summary::{number, numbers};

/// What `gan doctor --json` printed of a run, in its folder.
pub(super) const EXAMINATION: &str = "examination.json";
/// What `gan doctor --record` wrote of a run, in its folder.
pub(super) const RECORD: &str = "record.json";
/// What `gan doctor --try-cure --json` printed of a run, in its folder.
pub(super) const CURE: &str = "cure.json";

/// What became of a run.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Record {
    /// The verdicts of the examination at its end, the first one first.
    pub(super) findings: Vec<Finding>,
    /// The verdicts that were given during the training: when, and which.
    pub(super) opened: Vec<(u64, String)>,
    /// What was measured of the samples: when, and how far from the data.
    pub(super) quality: Vec<(u64, f64)>,
    /// Its last step.
    pub(super) steps: u64,
    /// What came of its cure, if one was tried.
    pub(super) cure: Option<Cure>,
}

/// A verdict.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(super) struct Finding {
    pub(super) rule: String,
    pub(super) severity: Severity,
    /// How sure it is, in its own word.
    pub(super) certainty: String,
    pub(super) since: u64,
}

/// How bad it is, by the doctor's words.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Severity {
    Note,
    Warning,
    Severe,
    Fatal,
}

/// What came of a cure.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Cure {
    /// What was cured; `None` where there was nothing to try.
    pub(super) rule: Option<String>,
    /// What was measured before and after it.
    pub(super) quantity: Option<String>,
    pub(super) before: Option<f64>,
    pub(super) after: Option<f64>,
    pub(super) helped: bool,
    /// How good the samples of the cured run are, by the measure of its base; of the best one, if
    /// several cures were tried.
    pub(super) quality: Option<f64>,
    /// The same of the cure that was tried first.
    pub(super) first: Option<f64>,
    /// Why it could not be tried.
    pub(super) error: Option<String>,
}

impl Record {
    /// Reads the folder of a run whose samples are judged by `quality`.
    ///
    /// # Errors
    /// A file is missing or is not what it should be.
    pub(super) fn read(run: &Path, quality: &str) -> anyhow::Result<Self> {
        #[derive(Deserialize)]
        struct Examination {
            findings: Vec<Finding>,
            /// What is said beside the training.
            history: Vec<Value>,
        }
        let examination: Examination = parsed(&run.join(EXAMINATION))?;
        let of_cured = |folder: &Path| {
            let beside = run.with_file_name(folder.file_name()?);
            numbers(&beside).ok()?.get(quality).copied()
        };
        let (steps, measured) = measured(&lines(&run.join("metrics.jsonl"))?, quality);
        let cure = run.join(CURE);
        let cure: Option<Value> = cure.exists().then(|| parsed(&cure)).transpose()?;
        Ok(Self {
            opened: opened(&examination.history),
            findings: examination.findings,
            quality: measured,
            steps,
            cure: cure.map(|json| Cure::of(&json, of_cured)),
        })
    }
}

impl Cure {
    /// What was printed of a cure; `quality` is that of the samples of a cured run.
    fn of(json: &Value, quality: impl Fn(&Path) -> Option<f64>) -> Self {
        let text = |key: &str| json[key].as_str().map(str::to_owned);
        let quality = |attempt: &Value| quality(Path::new(attempt["folder"].as_str()?));
        Self {
            rule: text("rule"),
            quantity: text("quantity"),
            before: number(&json["before"]),
            after: number(&json["after"]),
            helped: json["helped"].as_bool().unwrap_or(false),
            quality: quality(json),
            first: quality(&json["attempts"][0]),
            error: text("error"),
        }
    }
}

/// The folders in which the doctor has trained a run with its cures: `RUN-cured`, `RUN-cured-2`, ….
///
/// # Errors
/// The folder with all runs cannot be listed.
pub(super) fn cured(run: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let all = run.parent().context("a run lies in a folder")?;
    let cannot_list = || format!("cannot list {}", all.display());
    let name = run.file_name().unwrap_or_default().to_string_lossy();
    let mut found = Vec::new();
    for entry in fs::read_dir(all).with_context(cannot_list)? {
        let path = entry.with_context(cannot_list)?.path();
        let its = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Some(number) = its.strip_prefix(&*name).and_then(|rest| rest.strip_prefix("-cured"))
        else {
            continue;
        };
        let is_number = |text: &str| text.parse::<u32>().is_ok();
        if number.is_empty() || number.strip_prefix('-').is_some_and(is_number) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn parsed<T: serde::de::DeserializeOwned>(path: &Path) -> anyhow::Result<T> {
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is not as expected", path.display()))
}

/// The objects of a file that has one a line.
fn lines(path: &Path) -> anyhow::Result<Vec<Value>> {
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let parse = |(n, line)| {
        serde_json::from_str(line).with_context(|| format!("{}, line {}", path.display(), n + 1))
    };
    text.lines().enumerate().map(parse).collect()
}

/// The last step, and the steps at which a quantity was measured.
fn measured(lines: &[Value], quantity: &str) -> (u64, Vec<(u64, f64)>) {
    let step = |line: &Value| line["step"].as_u64();
    let value = |line: &Value| Some((step(line)?, number(&line[quantity])?));
    (lines.iter().filter_map(step).max().unwrap_or(0), lines.iter().filter_map(value).collect())
}

fn opened(events: &[Value]) -> Vec<(u64, String)> {
    let of_event = |event: &Value| {
        let rule = event["diagnosis"]["rule"].as_str().filter(|_| event["event"] == "opened")?;
        Some((event["step"].as_u64()?, rule.to_owned()))
    };
    events.iter().filter_map(of_event).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run_folder() -> tempfile::TempDir {
        let run = tempfile::tempdir().unwrap();
        for (name, text) in [
            (
                EXAMINATION,
                r#"{"step": 90, "healthy": ["non-finite"], "findings": [
                    {"rule": "critic-won", "severity": "severe", "certainty": "likely", "since": 20}],
                    "history": [
                    {"event": "opened", "step": 30, "diagnosis": {"rule": "critic-won"}},
                    {"event": "closed", "step": 50, "rule": "critic-won"}]}"#,
            ),
            (
                "metrics.jsonl",
                "{\"step\":1,\"critic/loss\":1.4}\n{\"step\":40,\"samples/js\":0.5}\n\
                 {\"step\":80,\"samples/js\":\"inf\"}\n{\"step\":90,\"critic/loss\":\"nan\"}\n",
            ),
        ] {
            fs::write(run.path().join(name), text).unwrap();
        }
        run
    }

    #[test]
    fn a_folder_is_read_as_it_was_written() {
        let run = run_folder();
        let record = Record::read(run.path(), "samples/js").unwrap();
        let finding = Finding {
            rule: "critic-won".into(),
            severity: Severity::Severe,
            certainty: "likely".into(),
            since: 20,
        };
        assert_eq!(
            record,
            Record {
                findings: vec![finding],
                opened: vec![(30, "critic-won".into())],
                quality: vec![(40, 0.5), (80, f64::INFINITY)],
                steps: 90,
                cure: None,
            }
        );
    }

    #[test]
    fn a_cure_may_have_nothing_to_try_or_fail_or_help() {
        let run = run_folder();
        let cure = |text: &str| {
            fs::write(run.path().join(CURE), text).unwrap();
            Record::read(run.path(), "samples/js").unwrap().cure.unwrap()
        };
        assert_eq!(cure("{\"rule\": null}"), Cure::default());
        assert_eq!(cure("{\"error\": \"no\"}").error.as_deref(), Some("no"));
        let helped = cure(
            "{\"rule\": \"critic-won\", \"settings\": [\"a=1\"], \"quantity\": \"samples/js\", \
              \"before\": \"nan\", \"after\": 0.25, \"helped\": true, \"folder\": \"x\"}",
        );
        assert!(helped.helped && helped.before.unwrap().is_nan() && helped.after == Some(0.25));
    }

    #[test]
    fn what_is_missing_is_named() {
        let run = run_folder();
        fs::remove_file(run.path().join(EXAMINATION)).unwrap();
        let complaint = format!("{:#}", Record::read(run.path(), "samples/js").unwrap_err());
        assert!(complaint.contains(EXAMINATION), "{complaint}");
    }

    #[test]
    fn cured_runs_lie_beside_their_run() {
        let all = tempfile::tempdir().unwrap();
        let names =
            ["a-seed1", "a-seed1-cured", "a-seed1-cured-2", "a-seed10-cured", "a-seed1-cured-x"];
        names.iter().for_each(|name| fs::create_dir(all.path().join(name)).unwrap());
        let found = cured(&all.path().join("a-seed1")).unwrap();
        assert_eq!(found, [names[1], names[2]].map(|name| all.path().join(name)));
    }

    #[test]
    fn a_cure_is_as_good_as_its_best_attempt_and_the_first_is_known() {
        let all = tempfile::tempdir().unwrap();
        let run = all.path().join("run");
        fs::rename(run_folder().keep(), &run).unwrap();
        for (name, quality) in [("run-cured", "0.75"), ("run-cured-2", "0.25")] {
            fs::create_dir(all.path().join(name)).unwrap();
            let summary = format!("{{\"samples/js\": {quality}}}");
            fs::write(all.path().join(name).join("summary.json"), summary).unwrap();
        }
        let cure = "{\"rule\": \"critic-won\", \"helped\": true, \"folder\": \"moved/run-cured-2\", \
                    \"attempts\": [{\"folder\": \"moved/run-cured\"}, {\"folder\": \"moved/run-cured-2\"}]}";
        fs::write(run.join(CURE), cure).unwrap();
        let cure = Record::read(&run, "samples/js").unwrap().cure.unwrap();
        assert_eq!((cure.first, cure.quality), (Some(0.75), Some(0.25)));
    }
}
