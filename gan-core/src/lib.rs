#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod batch;
pub mod latent;
pub mod seed;

pub mod forward_mode;
pub mod player;
pub mod weights;

pub mod batch_statistics;
pub mod constraint;
pub mod critic_preprocessing;
pub mod ema;
pub mod loss;
pub mod optimizer;
pub mod penalty;
pub mod precision;
pub mod rules;

pub mod learner;
pub mod progress;
pub mod session;
pub mod step;

pub mod event;
pub mod exchange;
pub mod measurement;
pub mod probe;
pub mod step_metrics;

pub mod best;
pub mod checkpoint;
pub mod sampler;

pub mod kernels;
pub mod prelude;

mod error;
mod layers;
pub mod weight_matrix;

pub use error::{GanError, Unrecorded};

// The scope of the README's links.
#[cfg(doc)]
#[expect(clippy::wildcard_imports, reason = "names for links only")]
use {
    batch::*, batch_statistics::*, best::*, checkpoint::*, constraint::*, critic_preprocessing::*,
    event::*, exchange::*, forward_mode::*, kernels::*, latent::*, learner::*, loss::*,
    measurement::*, penalty::*, player::*, probe::*, rules::*, sampler::*, seed::*, session::*,
    step::*, weights::*,
};
