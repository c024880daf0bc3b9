//! All rules asked about one run: what was found, in order, what is healthy, what was not checked.

mod display;
mod quality;
mod ranking;

pub use quality::Quality;
use serde::Serialize;

use crate::patient::Patient;
use crate::verdict::judge;
use crate::{Case, Diagnosis, Missing, RULES, Rule, Short, Trace, Verdict};

/// What is wrong with a run, what was looked for and not found, and what could not be looked for.
///
/// The first finding is the one to cure first: causes stand before what they explain, which is
/// listed beneath them. Its `Display` is plain text of at most 100 columns, its `Serialize` the
/// same as data.
///
/// # Example
/// ```
/// use gan_doctor::{Case, Examination, Trace};
///
/// let mut trace = Trace::new();
/// for step in 0..100 {
///     trace.push("critic/loss", step, if step < 90 { 1.0 } else { f64::NAN })?;
/// }
/// let examination = Examination::of(&Case::default(), &trace);
/// assert_eq!(examination.findings[0].rule, "non-finite");
/// assert_eq!(examination.findings[0].since, 90);
/// assert!(examination.not_checked.iter().any(|each| each.rule == "mode-collapse"));
/// println!("{examination}");
/// # Ok::<(), gan_doctor::DoctorError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Examination {
    /// The newest step of the trace, if there is any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<u64>,
    /// How near the samples are to the data, if that was measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quality: Option<Quality>,
    /// What was found, the most urgent first, each with its symptoms.
    pub findings: Vec<Diagnosis>,
    /// Rules that looked and found nothing.
    pub healthy: Vec<&'static str>,
    /// Rules that could not look, and what they lack.
    pub not_checked: Vec<NotChecked>,
    /// Rules that were measured too few times to say.
    pub too_short: Vec<TooShort>,
    /// Rules that do not apply to such a run.
    pub does_not_apply: Vec<DoesNotApply>,
}

/// A rule that could not look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotChecked {
    /// The rule.
    pub rule: &'static str,
    /// What it lacks.
    pub missing: Vec<Missing>,
}

/// A rule with too few points.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TooShort {
    /// The rule.
    pub rule: &'static str,
    /// The series that have too few.
    pub series: Vec<Short>,
}

/// A rule that a run cannot break.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DoesNotApply {
    /// The rule.
    pub rule: &'static str,
    /// Why not.
    pub why: &'static str,
}

impl Examination {
    /// Asks all of [`RULES`].
    #[must_use]
    pub fn of(case: &Case, trace: &Trace) -> Self {
        Self::with_rules(RULES, case, trace)
    }

    /// Asks rules of one's choice, among them user-defined ones. Their order decides between
    /// findings that are otherwise equal.
    #[must_use]
    pub fn with_rules(rules: &[&dyn Rule], case: &Case, trace: &Trace) -> Self {
        let mut all = Self {
            step: trace.last_step(),
            quality: Quality::of(&Patient { case, trace }),
            findings: Vec::new(),
            healthy: Vec::new(),
            not_checked: Vec::new(),
            too_short: Vec::new(),
            does_not_apply: Vec::new(),
        };
        let mut found = Vec::new();
        for rule in rules {
            let id = rule.id();
            match judge(*rule, case, trace) {
                Verdict::Found(diagnosis) => found.push((*rule, *diagnosis)),
                Verdict::Healthy => all.healthy.push(id),
                Verdict::DoesNotApply(why) => {
                    all.does_not_apply.push(DoesNotApply { rule: id, why });
                }
                Verdict::NotChecked(missing) => {
                    all.not_checked.push(NotChecked { rule: id, missing });
                }
                Verdict::TooShort(series) => all.too_short.push(TooShort { rule: id, series }),
            }
        }
        all.findings = ranking::ranked(found, trace);
        all
    }

    /// Every finding, symptoms too, in order.
    pub fn all_findings(&self) -> impl Iterator<Item = &Diagnosis> {
        self.findings.iter().flat_map(|each| std::iter::once(each).chain(&each.symptoms))
    }

    /// The finding of a rule, as a cause or as a symptom.
    #[must_use]
    pub fn finding(&self, rule: &str) -> Option<&Diagnosis> {
        self.all_findings().find(|each| each.rule == rule)
    }
}
