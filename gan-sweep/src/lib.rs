#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod child;
mod collection;
mod definition;
mod error;
mod failure;
mod folder;
mod interval;
mod plan;
mod profile;
mod scheduler;
mod state;
mod status;
mod stop;
mod tally;
mod work;

pub use collection::{Collected, Collection, Quantity};
pub use definition::{Definition, DefinitionProblem, Run};
pub use error::SweepError;
pub use failure::Failure;
pub use folder::SweepFolder;
pub use interval::Spread;
pub use plan::{Plan, Planned, Resolve, Training};
pub use profile::{Kubernetes, Profile};
pub use scheduler::{Array, Job, Limits, Slurm, Submission, kubernetes_job, parallel_line};
pub use state::State;
pub use status::{Status, TrainingStatus};
pub use stop::Stop;
pub use tally::Tally;
pub use work::Work;
