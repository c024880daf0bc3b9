//! The prelude, for programs that train a GAN of their own: `use gan_core::prelude::*;`.

pub use crate::GanError;
pub use crate::batch::{Batch, BatchSource, Drawn, Prefetch};
pub use crate::checkpoint::{Checkpoint, CheckpointPlan};
pub use crate::event::{Control, Event, Observer};
pub use crate::forward_mode::Mode;
pub use crate::latent::{LatentPrior, Latents};
pub use crate::learner::{Game, Learner};
pub use crate::loss::{AdversarialLoss, LossConfig, Scores};
pub use crate::measurement::{Direction, Measurement, Quantity};
pub use crate::optimizer::OptimizerConfig;
pub use crate::penalty::{CriticPenalty, Penalty, PenaltyInputs, PenaltyTerm};
pub use crate::player::{Critic, Differentiable, ForwardPass, Generator, Player, Players};
pub use crate::probe::{Probe, ProbeError, Snapshot};
pub use crate::progress::{Cadence, Progress, Span};
pub use crate::rules::Rules;
pub use crate::sampler::{Sampler, Selection};
pub use crate::seed::{RngKey, Seed};
pub use crate::session::Session;
pub use crate::weights::{WeightInit, initialize};
