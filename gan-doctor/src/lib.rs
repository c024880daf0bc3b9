#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]

pub mod case;
mod error;
mod evidence;
mod nearest;
mod number;
pub mod reader;
pub mod series;
pub mod trace;

pub use case::{
    Averaging, Case, Constraint, CriticFacts, DataFacts, Fact, GeneratorFacts, LabelOrder, Loss,
    Objective, OptimizerFacts, Output, Penalty, PenaltyKind, RunFacts, Upsampling,
};
pub use error::DoctorError;
pub use evidence::{Evidence, Relation};
pub use series::{SERIES, Series, Supplier, find_series};
pub use trace::{Signal, Trace, Trend, Window};
