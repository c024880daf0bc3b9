#![doc = include_str!("../README.md")]

mod batch;
mod cadence;
mod drawn;
mod latent;
mod micro_batch;
mod rng_key;
mod schedule;
mod scores;
mod seed;
mod span;

mod augmentation;
mod critic_preprocessing;

mod ema;
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
mod objective;
mod penalty;
mod rules;
mod step;

mod best;
mod checkpoint;
mod error;
mod event;
mod learner;
mod measurement;
mod prefetch;
mod probe;
mod sampler;
mod session;
pub mod step_metrics;

pub use augmentation::Augmentation;
pub use batch::{Batch, BatchSource};
pub use best::{Best, KeepBest, StopRule};
pub use cadence::Cadence;
pub use checkpoint::{Checkpoint, CheckpointError, CheckpointPlan, GameState};
pub use constraint::Constraint;
pub use contradiction::{LipschitzBound, contradictions};
pub use critic_preprocessing::{CriticPreprocessing, InstanceNoise};
pub use drawn::Drawn;
pub use ema::{Ema, EmaConfig};
pub use error::{GanError, Unrecorded};
pub use event::{Control, Ending, Event, Observer, ObserverError, Stepped};
pub use gan_kernels::{Activation, KernelSet, Precision, keep_freed_memory};
pub use gradient_norm::GradientNorm;
pub use latent::{LatentPath, LatentPrior, Latents, TruncatedNormal};
pub use learner::{Fitted, Game, Learner};
pub use loss::{
    AdversarialLoss, FGan, FGanDivergence, FGanGenerator, Hinge, LeastSquares, LossConfig, Minimax,
    NonSaturating, RelativisticAverage, RelativisticPaired, Wasserstein,
};
pub use measurement::{Direction, Measurement, Quantity};
pub use micro_batch::{Fakes, MicroBatch};
pub use mode::{Dual, Jvp, Mode, Primal};
pub use objective::Objective;
pub use optimizer::OptimizerConfig;
pub use penalty::{
    BatchNormUnderPenalty, CriticPenalty, GradientPenaltyMethod, InputGradientCost, Penalty,
    PenaltyInputs, PenaltyTerm, RegisteredPenalty, Sides, check_critic, self_check,
};
pub use player::{Critic, Differentiable, ForwardPass, Generator, Player, Players};
pub use prefetch::Prefetch;
pub use probe::{Probe, ProbeError, Snapshot};
pub use rng_key::RngKey;
pub use rules::Rules;
pub use sampler::{LatentNoise, Sampler, Selection};
pub use schedule::Schedule;
pub use scores::{Probabilities, Scores};
pub use seed::{Seed, Stream};
pub use session::Session;
pub use span::{Progress, Span, SpanError};
pub use step::{CriticReport, GeneratorReport, critic_step, generator_step};
pub use weights::{WeightInit, initialize};
