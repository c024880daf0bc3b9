//! What the doctor found, as lines of `diagnoses.jsonl`, and as Markdown.

mod page;

use serde::Deserialize;

use crate::number::Number;

pub(crate) use page::{page, timeline};

/// A change of what is wrong with a training.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(crate) enum Change {
    Opened { step: u64, diagnosis: Diagnosis },
    Worsened { step: u64, diagnosis: Diagnosis },
    Closed { step: u64, rule: String },
}

/// What is wrong, why that is believed, and what helps.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct Diagnosis {
    pub(crate) rule: String,
    pub(crate) severity: String,
    pub(crate) certainty: String,
    pub(crate) since: u64,
    pub(crate) cause: String,
    #[serde(default)]
    pub(crate) evidence: Vec<Evidence>,
    /// A drawing of characters.
    #[serde(default)]
    pub(crate) chart: String,
    #[serde(default)]
    pub(crate) remedies: Vec<Remedy>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct Evidence {
    pub(crate) series: String,
    #[serde(default)]
    pub(crate) statistic: String,
    pub(crate) value: Number,
    pub(crate) relation: String,
    pub(crate) threshold: Number,
    #[serde(default)]
    pub(crate) window: Option<Window>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct Window {
    pub(crate) from: u64,
    pub(crate) to: u64,
    pub(crate) points: u64,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct Remedy {
    #[serde(default)]
    pub(crate) settings: Vec<NewValue>,
    pub(crate) why: String,
}

/// A setting with the value that it should have.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct NewValue {
    pub(crate) key: String,
    pub(crate) value: String,
}

impl Change {
    /// The change that a line of `diagnoses.jsonl` tells of.
    pub(crate) fn parse(line: &str) -> serde_json::Result<Self> {
        serde_json::from_str(line)
    }

    pub(crate) fn step(&self) -> u64 {
        match self {
            Self::Opened { step, .. } | Self::Worsened { step, .. } | Self::Closed { step, .. } => {
                *step
            }
        }
    }

    pub(crate) fn rule(&self) -> &str {
        match self {
            Self::Opened { diagnosis, .. } | Self::Worsened { diagnosis, .. } => &diagnosis.rule,
            Self::Closed { rule, .. } => rule,
        }
    }
}

#[cfg(test)]
mod tests;
