//! What an examination has to say about one rule.

use std::fmt;

use serde::Serialize;

use crate::{Case, Diagnosis, Patient, Rule, Trace};

/// What was found of one rule.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// The fault is there.
    Found(Box<Diagnosis>),
    /// It was looked for and is not there.
    Healthy,
    /// The run cannot have it.
    DoesNotApply(&'static str),
    /// What it takes to look for it is not there.
    NotChecked(Vec<Missing>),
    /// It was measured too few times to say.
    TooShort(Vec<Short>),
}

/// Something that a rule needs and the run does not have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// The series, several of which one would do, or the fact of the case.
    pub name: String,
    /// How to get it.
    pub supplied_by: &'static str,
}

/// A series with too few points.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Short {
    /// The series.
    pub series: &'static str,
    /// The finite points there are.
    pub found: usize,
    /// The points that the rule needs.
    pub needed: usize,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.name, self.supplied_by)
    }
}

impl fmt::Display for Short {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { series, found, needed } = self;
        write!(f, "{series} has {found} of {needed} points")
    }
}

/// Asks one rule about one run.
#[must_use]
pub fn judge(rule: &dyn Rule, case: &Case, trace: &Trace) -> Verdict {
    if let Some(why) = rule.exempts(case) {
        return Verdict::DoesNotApply(why);
    }
    let missing = missing(rule, case, trace);
    if !missing.is_empty() {
        return Verdict::NotChecked(missing);
    }
    let short = short(rule, trace);
    if !short.is_empty() {
        return Verdict::TooShort(short);
    }
    match rule.examine(&Patient { case, trace }) {
        Some(found) => Verdict::Found(Box::new(Diagnosis { rule: rule.id(), ..found })),
        None => Verdict::Healthy,
    }
}

fn missing(rule: &dyn Rule, case: &Case, trace: &Trace) -> Vec<Missing> {
    let facts = rule.facts().iter().filter(|fact| !fact.is_known(case));
    let facts =
        facts.map(|fact| Missing { name: fact.name().to_owned(), supplied_by: fact.hint() });
    let is_there = |name: &str| trace.recorded(name).is_some();
    let needs = rule.needs().iter().filter(|need| !need.any_of.iter().any(|s| is_there(s.name)));
    let series = needs.map(|need| {
        let names: Vec<_> = need.any_of.iter().map(|series| series.name).collect();
        let supplied_by = need.any_of.first().map_or("", |series| series.supplier.hint());
        Missing { name: names.join(" or "), supplied_by }
    });
    facts.chain(series).collect()
}

fn short(rule: &dyn Rule, trace: &Trace) -> Vec<Short> {
    let lacking = rule.needs().iter().filter_map(|need| {
        let signal = |series: &str| trace.signal(series);
        let counted = need.any_of.iter().filter_map(|s| Some((s.name, signal(s.name)?.len())));
        let (series, found) = counted.max_by_key(|(_, n)| *n)?;
        (found < need.points).then_some(Short { series, found, needed: need.points })
    });
    lacking.collect()
}
