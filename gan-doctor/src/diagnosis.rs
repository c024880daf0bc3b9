//! A fault that was found: since when, on which evidence, why it happens, what cures it.

use serde::Serialize;

use crate::{Evidence, Remedy};

/// How bad a fault is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Worth knowing; nothing is wrong with the training.
    Note,
    /// Results will be worse than they could be.
    Warning,
    /// The training is failing.
    Severe,
    /// Going on is of no use.
    Fatal,
}

impl Severity {
    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Severe => "severe",
            Self::Fatal => "fatal",
        }
    }
}

/// How much speaks for a diagnosis: an order, not a probability. How often each is right was
/// measured, see the README.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Certainty {
    /// One indirect signal, which also has harmless reasons.
    Suspected,
    /// The thing itself was measured, once or on few points, or several indirect signals agree.
    Likely,
    /// It is a fact of the configuration or the data, or independent measurements agree.
    Certain,
}

impl Certainty {
    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Suspected => "suspected",
            Self::Likely => "likely",
            Self::Certain => "certain",
        }
    }
}

/// A fault that was found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Diagnosis {
    /// The rule that found it.
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// How much speaks for it.
    pub certainty: Certainty,
    /// The step from which it holds; 0 for what was so before the first step.
    pub since: u64,
    /// Why it happens here, in a sentence.
    pub cause: String,
    /// The numbers that speak for it.
    pub evidence: Vec<Evidence>,
    /// The series in question over the steps, with threshold and onset, as text; empty for a fact
    /// of the configuration or the data.
    pub chart: String,
    /// What cures it, in order of preference.
    pub remedies: Vec<Remedy>,
    /// Other findings that this one explains.
    pub symptoms: Vec<Diagnosis>,
}

impl Diagnosis {
    /// A diagnosis with its cause; the rule's name is filled in by the examination.
    pub fn new(severity: Severity, certainty: Certainty, cause: impl Into<String>) -> Self {
        Self {
            rule: "",
            severity,
            certainty,
            since: 0,
            cause: cause.into(),
            evidence: Vec::new(),
            chart: String::new(),
            remedies: Vec::new(),
            symptoms: Vec::new(),
        }
    }

    /// A fault of the configuration or the data, which is certain and was there before step 0.
    pub fn of_case(severity: Severity, cause: impl Into<String>) -> Self {
        Self::new(severity, Certainty::Certain, cause)
    }

    /// States since when.
    #[must_use]
    pub fn since(self, step: u64) -> Self {
        Self { since: step, ..self }
    }

    /// Adds evidence.
    #[must_use]
    pub fn with(mut self, evidence: impl IntoIterator<Item = Evidence>) -> Self {
        self.evidence.extend(evidence);
        self
    }

    /// Shows a chart.
    #[must_use]
    pub fn chart(self, chart: String) -> Self {
        Self { chart, ..self }
    }

    /// Adds a remedy, if it is one, behind those that are preferred.
    #[must_use]
    pub fn cure(mut self, remedy: impl Into<Option<Remedy>>) -> Self {
        self.remedies.extend(remedy.into());
        self
    }
}
