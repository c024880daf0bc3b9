#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]

mod alike;
pub mod case;
mod chart;
mod cure;
mod diagnosis;
mod error;
mod evidence;
mod examination;
#[cfg(test)]
mod examples;
mod monitor;
mod nearest;
mod number;
mod page;
mod patient;
#[cfg(test)]
mod properties;
pub mod reader;
mod record;
mod remedy;
pub mod rule;
pub mod series;
pub mod trace;
mod verdict;

pub use case::{
    Averaging, Case, Constraint, CriticFacts, DataFacts, Fact, GeneratorFacts, LabelOrder, Loss,
    Objective, OptimizerFacts, Output, Penalty, PenaltyKind, RunFacts, Upsampling,
};
pub use chart::{Marks, plot};
pub use diagnosis::{Certainty, Diagnosis, Severity};
pub use error::DoctorError;
pub use evidence::{Evidence, Relation};
pub use examination::{DoesNotApply, Examination, NotChecked, Quality, TooShort};
pub use monitor::{Event, Monitor};
pub use page::{HEADINGS, Page};
pub use patient::{Patient, QUALITY};
pub use record::Record;
pub use remedy::{Remedy, Setting, keep_networks};
pub use rule::{Need, RULES, Rule, find_rule};
pub use series::{SERIES, Series, Supplier, find_series};
pub use trace::{Signal, Trace, Trend, Window};
pub use verdict::{Missing, Short, Verdict, judge};
