//! `diagnoses.jsonl`: what the doctor found during a training, as `gan_doctor::Event` is written.

use serde::Deserialize;

use crate::Number;

/// A change of what is wrong with a training: a line of the file.
///
/// # Example
/// ```
/// use gan_run::Change;
///
/// let line = r#"{"event":"closed","step":500,"rule":"critic-weak"}"#;
/// let change: Change = serde_json::from_str(line)?;
/// assert_eq!((change.step(), change.rule()), (500, "critic-weak"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Change {
    /// A fault is there that was not.
    Opened {
        /// The step of the examination.
        step: u64,
        /// What was found.
        diagnosis: Finding,
    },
    /// A fault is more severe than when it was last reported.
    Worsened {
        /// The step of the examination.
        step: u64,
        /// What was found.
        diagnosis: Finding,
    },
    /// A fault is no longer there.
    Closed {
        /// The step of the examination.
        step: u64,
        /// The rule that had found it.
        rule: String,
    },
}

/// A fault, as `gan_doctor::Diagnosis` is written.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Finding {
    /// The rule that found it.
    pub rule: String,
    /// `note`, `warning`, `severe` or `fatal`.
    pub severity: String,
    /// `suspected`, `likely` or `certain`.
    pub certainty: String,
    /// The step from which it holds; 0 for what was so before the first step.
    pub since: u64,
    /// Why it happens, in a clause.
    pub cause: String,
    /// The numbers that speak for it.
    #[serde(default)]
    pub evidence: Vec<Evidence>,
    /// A drawing of characters; empty where there is none.
    #[serde(default)]
    pub chart: String,
    /// What cures it, in order of preference.
    #[serde(default)]
    pub remedies: Vec<Remedy>,
    /// Other findings that it explains.
    #[serde(default)]
    pub symptoms: Vec<Finding>,
}

/// A number beside the threshold that it passes.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Evidence {
    /// The series, or the fact.
    pub series: String,
    /// What of it; empty for a fact.
    #[serde(default)]
    pub statistic: String,
    /// Its value.
    pub value: Number,
    /// `below`, `above` or `equal`.
    pub relation: String,
    /// The threshold.
    pub threshold: Number,
    /// Where it was computed; none for a fact.
    #[serde(default)]
    pub window: Option<Window>,
}

/// A stretch of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Window {
    /// Its first step.
    pub from: u64,
    /// Its last step.
    pub to: u64,
    /// How many values it has.
    pub points: u64,
}

/// What cures a fault.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Remedy {
    /// What to set; empty where no key of the configuration does it.
    #[serde(default)]
    pub settings: Vec<Setting>,
    /// Why it should help, or what to do.
    #[serde(default)]
    pub why: String,
}

/// A key of the configuration and the value that it should have.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Setting {
    /// The key.
    pub key: String,
    /// Its value, as it is typed.
    pub value: String,
}

impl Change {
    /// The step of the examination.
    #[must_use]
    pub fn step(&self) -> u64 {
        match self {
            Self::Opened { step, .. } | Self::Worsened { step, .. } | Self::Closed { step, .. } => {
                *step
            }
        }
    }

    /// The rule that it is about.
    #[must_use]
    pub fn rule(&self) -> &str {
        match self {
            Self::Opened { diagnosis, .. } | Self::Worsened { diagnosis, .. } => &diagnosis.rule,
            Self::Closed { rule, .. } => rule,
        }
    }

    /// What was found, unless it has gone.
    #[must_use]
    pub fn finding(&self) -> Option<&Finding> {
        match self {
            Self::Opened { diagnosis, .. } | Self::Worsened { diagnosis, .. } => Some(diagnosis),
            Self::Closed { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_missing_may_be_missing() {
        let line = r#"{"event":"opened","step":76,"diagnosis":{"rule":"critic-won","severity":"severe",
            "certainty":"likely","since":70,"cause":"c","evidence":[{"series":"critic/loss","value":"inf",
            "relation":"above","threshold":0.5}],"remedies":[{"why":"w"}]}}"#;
        let change: Change = serde_json::from_str(line).unwrap();
        let finding = change.finding().unwrap();
        assert_eq!((change.step(), change.rule(), finding.since), (76, "critic-won", 70));
        assert_eq!(finding.evidence[0].value, Number(f64::INFINITY));
        assert!(finding.chart.is_empty() && finding.symptoms.is_empty());
        assert!(finding.evidence[0].window.is_none() && finding.remedies[0].settings.is_empty());
        assert!(serde_json::from_str::<Change>(r#"{"event":"opened","step":1}"#).is_err());
    }
}
