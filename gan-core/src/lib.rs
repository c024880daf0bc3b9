#![doc = include_str!("../README.md")]

mod batch;
mod chance;
mod deal;
mod drawn;
mod latent;
mod latent_path;
mod schedule;
mod scores;
mod seed;
mod span;
mod truncated_normal;

mod augmentation;
mod presentation;

mod average;
mod layers;
mod mode;
mod noise_ahead;
mod optimizer;
mod player;
mod weight_matrix;
mod weights;

mod constraint;
mod contradiction;
mod gradient_clip;
mod gradient_norm;
mod loss;
mod penalty;
mod rules;
mod step;

mod checkpoint;
mod error;
mod event;
mod learner;
mod prefetch;
mod readings;

pub use augmentation::Augmentation;
pub use average::Average;
pub use batch::{Batch, BatchSource};
pub use chance::Chance;
pub use checkpoint::{Checkpoint, CheckpointError, CheckpointPlan, GameState};
pub use constraint::Constraint;
pub use contradiction::{LipschitzBound, contradictions};
pub use deal::{Deal, Fakes};
pub use drawn::Drawn;
pub use error::{GanError, Unrecorded};
pub use event::{Control, Event, Observer, ObserverError, Stepped};
pub use gan_kernels::{Activation, KernelSet, Precision, keep_freed_memory};
pub use gradient_norm::GradientNorm;
pub use latent::{LatentPrior, Latents};
pub use latent_path::LatentPath;
pub use learner::{Fitted, Game, Learner};
pub use loss::{
    AdversarialLoss, FGan, FGanDivergence, FGanGenerator, Hinge, LeastSquares, LossConfig, Minimax,
    NonSaturating, RelativisticAverage, RelativisticPaired, Wasserstein,
};
pub use mode::{Dual, Evaluate, Mode, Tangent};
pub use optimizer::OptimizerConfig;
pub use penalty::{
    BatchNormUnderPenalty, Penalty, PenaltyTerm, Seen, Sides, SlopeMethod, check_critic, self_check,
};
pub use player::{Critic, Differentiable, ForwardPass, Generator, Player, Players};
pub use prefetch::Prefetch;
pub use presentation::{InstanceNoise, Presentation};
pub use readings::Readings;
pub use rules::Rules;
pub use schedule::Schedule;
pub use scores::{Probabilities, Scores};
pub use seed::{Seed, Stream};
pub use span::{Clock, Span, SpanError};
pub use step::{CriticReport, GeneratorReport, critic_step, generator_step};
pub use truncated_normal::TruncatedNormal;
pub use weights::{WeightInit, initialize};
