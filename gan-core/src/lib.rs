#![doc = include_str!("../README.md")]

mod batch;
mod drawn;
mod latent;
mod latent_path;
mod scores;
mod seed;
mod span;
mod truncated_normal;

mod optimizer;
mod player;
mod weights;

mod gradient_norm;
mod loss;
mod rules;
mod step;

mod checkpoint;
mod error;
mod event;
mod learner;
mod readings;

pub use batch::{Batch, BatchSource};
pub use checkpoint::{Checkpoint, CheckpointError, CheckpointPlan, GameState};
pub use drawn::Drawn;
pub use error::GanError;
pub use event::{Control, Event, Observer, ObserverError, Stepped};
pub use gradient_norm::GradientNorm;
pub use latent::{LatentPrior, Latents};
pub use latent_path::LatentPath;
pub use learner::{Fitted, Game, Learner};
pub use loss::{AdversarialLoss, LossKind, Minimax, NonSaturating};
pub use optimizer::OptimizerConfig;
pub use player::{Critic, Generator, Player, Players};
pub use readings::Readings;
pub use rules::Rules;
pub use scores::Scores;
pub use seed::{Seed, Stream};
pub use span::{Clock, Span, SpanError};
pub use step::{CriticReport, GeneratorReport, critic_step, generator_step};
pub use truncated_normal::TruncatedNormal;
pub use weights::{WeightInit, initialize};
