#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]

mod citation;
mod error;
mod groups;
mod language;
mod note;
mod number;
mod page;
mod quality;
mod report;
mod run;
mod shell;

pub use error::ReportError;
pub use language::{Language, LanguageError};
pub use report::Report;
pub use run::{Difference, Run};
