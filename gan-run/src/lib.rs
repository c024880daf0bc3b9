#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]

mod command;
mod finding;
mod lines;
mod metrics;
mod number;
mod picture;

pub use command::quoted;
pub use finding::{Change, Evidence, Finding, Remedy, Setting, Window};
pub use lines::{LeftOut, Lines};
pub use metrics::{Measurements, MetricsLine};
pub use number::{Number, of_json, short, to_json};
pub use picture::picture_step;
