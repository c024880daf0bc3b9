//! The rules (hyperparameters) of one game, as data: what the players minimize, how often each
//! moves and what else applies.

mod contradiction;
mod schedule;

use serde::{Deserialize, Serialize};

pub use contradiction::{LipschitzBound, contradictions};
pub use schedule::Schedule;

use crate::GanError;
use crate::batch::Fakes;
use crate::batch_statistics::BatchStatistics;
use crate::constraint::Constraint;
use crate::critic_preprocessing::CriticPreprocessing;
use crate::ema::EmaConfig;
use crate::loss::LossConfig;
use crate::penalty::check_critic;
use crate::penalty::{BatchNormUnderPenalty, GradientPenaltyMethod, Penalty};
use crate::player::{Critic, Generator};
use crate::precision::PrecisionRule;

/// Hyperparameters of a step: everything that it needs to know apart from the players and the data.
///
/// Every field but `loss` has a default that changes nothing. Written as a table of a configuration,
/// the fields of `preprocessing` stand beside the others.
///
/// | Field | Range | Default |
/// |---|---|---|
/// | `loss` | see [`LossConfig`] | none |
/// | `critic_steps` | 1 to 1000 | 1 |
/// | `accumulation` | 1 to 65,536 | 1 |
/// | `fakes` | `fresh`, `shared` | `fresh` |
/// | `batch_statistics` | `ghost`, `synchronized`: see [`BatchStatistics`] | `ghost` |
/// | `packing` | divides the batch | 1 |
/// | `augment` | see [`Augmentation`](crate::critic_preprocessing::Augmentation) | none |
/// | `instance_noise` | see [`InstanceNoise`](crate::critic_preprocessing::InstanceNoise) | none |
/// | `penalties` | see [`Penalty`] | none |
/// | `gradient_penalty_method` | `exact`, `finite-difference` | `exact` |
/// | `batch_norm_under_penalty` | `refuse`, `allow` | `refuse` |
/// | `constraint` | see [`Constraint`] | `none` |
/// | `schedule` | see [`Schedule`] | `constant` |
/// | `clip_norm` | above 0 | none |
/// | `precision` | `f32`, `bf16`, `auto`: see [`PrecisionRule`] | `f32` |
/// | `ema.half_life` | at least 1 step | none |
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rules {
    /// What each player minimizes. [`Learner::with_loss`](crate::learner::Learner::with_loss) takes a
    /// user-defined loss in its place.
    pub loss: LossConfig,
    /// Critic updates before each generator update, from 1 to 1000.
    #[serde(default = "one")]
    pub critic_steps: u64,
    /// Micro-batches whose mean gradient makes one update of either player, from 1 to 65,536.
    #[serde(default = "one")]
    pub accumulation: u64,
    /// Which fakes the generator's step is scored on.
    #[serde(default)]
    pub fakes: Fakes,
    /// The samples that a mean and a variance of batch normalization are over.
    #[serde(default)]
    pub batch_statistics: BatchStatistics,
    /// What is done to every batch before the critic scores it.
    #[serde(flatten)]
    pub preprocessing: CriticPreprocessing,
    /// Terms of the critic's loss that need more than its scores.
    /// [`Learner::with_penalty`](crate::learner::Learner::with_penalty) adds a user-defined one.
    #[serde(default)]
    pub penalties: Vec<Penalty>,
    /// How the weight gradient of a gradient penalty is computed.
    #[serde(default)]
    pub gradient_penalty_method: GradientPenaltyMethod,
    /// Whether a gradient penalty accepts batch normalization in the critic.
    #[serde(default)]
    pub batch_norm_under_penalty: BatchNormUnderPenalty,
    /// What the critic's weights are held to.
    #[serde(default)]
    pub constraint: Constraint,
    /// The factor on both players' learning rates over time.
    #[serde(default)]
    pub schedule: Schedule,
    /// Gradients of an update whose norm over all weights is larger are scaled down to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clip_norm: Option<f64>,
    /// What the layers' products are rounded to, where the device can.
    #[serde(default)]
    pub precision: PrecisionRule,
    /// The EMA of the generator's weights, if one is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ema: Option<EmaConfig>,
}

fn one() -> u64 {
    1
}

/// Refuse a count of 0, and one above `most`.
fn ensure_count(name: &str, count: u64, most: u64, at_most: &'static str) -> Result<(), GanError> {
    let expected = if count == 0 { "at least 1" } else { at_most };
    if (1..=most).contains(&count) {
        return Ok(());
    }
    Err(GanError::OutOfRange { name: name.to_owned(), expected, found: count as f64 })
}

impl Rules {
    /// The rules of the original game: one critic step for each generator step, and nothing else.
    pub fn alternating(loss: impl Into<LossConfig>) -> Self {
        Self {
            loss: loss.into(),
            critic_steps: 1,
            accumulation: 1,
            fakes: Fakes::default(),
            batch_statistics: BatchStatistics::default(),
            preprocessing: CriticPreprocessing::default(),
            penalties: Vec::new(),
            gradient_penalty_method: GradientPenaltyMethod::default(),
            batch_norm_under_penalty: BatchNormUnderPenalty::default(),
            constraint: Constraint::default(),
            schedule: Schedule::default(),
            clip_norm: None,
            precision: PrecisionRule::default(),
            ema: None,
        }
    }

    /// Whether every number is in its range for batches of `batch_size` samples, and no rule
    /// contradicts another.
    ///
    /// # Errors
    /// [`GanError::OutOfRange`] or [`GanError::Rules`] with the reason.
    pub fn validate(&self, batch_size: usize) -> Result<(), GanError> {
        self.ensure_ranges(batch_size)?;
        self.ensure_consistent(self.loss.build().lipschitz_bound())
    }

    /// Whether every number is in its range.
    fn ensure_ranges(&self, batch_size: usize) -> Result<(), GanError> {
        ensure_count("critic_steps", self.critic_steps, 1000, "at most 1000")?;
        ensure_count("accumulation", self.accumulation, 65_536, "at most 65536")?;
        if let Some(norm) = self.clip_norm.filter(|norm| !(norm.is_finite() && *norm > 0.0)) {
            let (name, expected) = ("clip_norm".to_owned(), "a finite number above 0");
            return Err(GanError::OutOfRange { name, expected, found: norm });
        }
        self.loss.validate("loss")?;
        self.ema.map_or(Ok(()), |ema| ema.validate("ema"))?;
        self.schedule.validate("schedule")?;
        for (index, penalty) in self.penalties.iter().enumerate() {
            penalty.validate(&format!("penalties.{index}"))?;
        }
        self.gradient_penalty_method.validate("gradient_penalty_method")?;
        self.constraint.validate("constraint")?;
        self.preprocessing.validate(batch_size)
    }

    /// Whether no rule contradicts another, where the loss has this need of a bound.
    pub(crate) fn ensure_consistent(&self, bound: LipschitzBound) -> Result<(), GanError> {
        match contradictions(bound, &self.penalties, self.constraint).into_iter().next() {
            Some((key, why)) => Err(GanError::Rules { key: key.to_owned(), why }),
            None => Ok(()),
        }
    }

    /// Whether these rules fit a game of rank-`D` samples and these two players.
    ///
    /// # Errors
    /// [`GanError::Rules`] with the reason.
    pub fn check<G: Generator<D>, C: Critic<D>, const D: usize>(
        &self,
        generator: &G,
        critic: &C,
    ) -> Result<(), GanError> {
        self.preprocessing.fits::<D>(generator.classes())?;
        let (method, batch_norm) = (self.gradient_penalty_method, self.batch_norm_under_penalty);
        check_critic(&self.penalties, method, critic, batch_norm)
    }

    /// What a reader of the results has to know, one sentence each.
    pub fn warnings(&self) -> Vec<&'static str> {
        let has_gradient_penalty = self.penalties.iter().any(|each| each.uses_input_gradient());
        let warning = self.gradient_penalty_method.warning();
        warning.filter(|_| has_gradient_penalty).into_iter().collect()
    }

    /// Whether there is a penalty that relies on the critic's own derivative.
    pub(crate) fn uses_exact_input_gradients(&self) -> bool {
        self.gradient_penalty_method == GradientPenaltyMethod::Exact
            && self.penalties.iter().any(|penalty| penalty.uses_input_gradient())
    }
}
