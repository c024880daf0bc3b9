#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod board;
mod convert;
mod error;
mod event;
mod event_file;
mod finding;
mod histogram;
pub mod hparams;
mod markdown;
mod protobuf;
mod record;
mod run;
mod run_log;
mod settings;
mod table;
mod value;

pub use convert::to_tensorboard;
pub use error::EventsError;
pub use event::Moment;
pub use event_file::{Cut, EventFile, cut_after};
pub use gan_run::MetricsLine;
pub use histogram::Histogram;
pub use run::Run;
pub use run_log::{Description, RunLog};
pub use settings::settings;
pub use table::Table;
pub use value::Value;
