//! The rules of one game: what the players minimize, how often each moves and what else applies.

use crate::contradiction::contradictions;
use crate::penalty::check_critic;
use crate::{
    AdversarialLoss, BatchNormUnderPenalty, Chance, Clock, Constraint, Critic, Fakes, GanError,
    Generator, LossConfig, Penalty, PenaltyTerm, Precision, Presentation, Schedule, Seen,
    SlopeMethod, Span,
};

/// Everything that a step needs to know apart from the players and the data.
pub struct Rules {
    /// What each player minimizes.
    pub loss: Box<dyn AdversarialLoss>,
    /// Terms of the critic's loss that need more than its scores.
    pub penalties: Vec<Penalty>,
    /// How penalties come by the weight gradient of the critic's slope.
    pub slope: SlopeMethod,
    /// Whether penalties on slopes put up with batch normalization in the critic.
    pub batch_norm: BatchNormUnderPenalty,
    /// What the critic's weights are held to.
    pub constraint: Constraint,
    /// Critic updates before each generator update, from 1 to 1000.
    pub critic_steps: u64,
    /// Batches whose mean gradient makes one update of either player, from 1 to 65,536.
    pub accumulation: u64,
    /// Which fakes the generator's step is scored on.
    pub fakes: Fakes,
    /// What the layers' products are rounded to.
    pub precision: Precision,
    /// How samples are shown to the critic.
    pub presentation: Presentation,
    /// The factor on both players' learning rates over time.
    pub schedule: Schedule,
    /// Gradients of an update that are longer than this, all weights together, are shortened to it.
    pub clip_norm: Option<f64>,
    /// The half-life of the generator's moving average, if one is kept.
    pub average: Option<Span>,
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
    pub fn alternating(loss: LossConfig) -> Self {
        Self {
            loss: loss.build(),
            penalties: Vec::new(),
            slope: SlopeMethod::default(),
            batch_norm: BatchNormUnderPenalty::default(),
            constraint: Constraint::default(),
            critic_steps: 1,
            accumulation: 1,
            fakes: Fakes::default(),
            precision: Precision::default(),
            presentation: Presentation::default(),
            schedule: Schedule::default(),
            clip_norm: None,
            average: None,
        }
    }

    /// Whether every number is in its range for batches of `batch_size` samples.
    ///
    /// # Errors
    /// [`GanError::OutOfRange`] or [`GanError::Rules`] with the reason.
    pub fn validate(&self, batch_size: usize) -> Result<(), GanError> {
        ensure_count("critic_steps", self.critic_steps, 1000, "at most 1000")?;
        ensure_count("accumulation", self.accumulation, 65_536, "at most 65536")?;
        if let Some(norm) = self.clip_norm.filter(|norm| !(norm.is_finite() && *norm > 0.0)) {
            let (name, expected) = ("clip_norm".to_owned(), "a finite number above 0");
            return Err(GanError::OutOfRange { name, expected, found: norm });
        }
        if self.average.is_some_and(|half_life| half_life.steps(1) == 0) {
            let (name, expected) = ("ema.half_life".to_owned(), "at least 1 step");
            return Err(GanError::OutOfRange { name, expected, found: 0.0 });
        }
        self.schedule.validate("schedule")?;
        for (index, penalty) in self.penalties.iter().enumerate() {
            penalty.validate(&format!("penalties.{index}"))?;
        }
        self.slope.validate("slope")?;
        self.constraint.validate("constraint")?;
        let bound = self.loss.lipschitz_bound();
        if let Some((key, why)) =
            contradictions(bound, &self.penalties, self.constraint).into_iter().next()
        {
            return Err(GanError::Rules { key: key.to_owned(), why });
        }
        self.presentation.validate(batch_size)
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
        self.presentation.fits::<D>(generator.classes())?;
        check_critic(&self.penalties, self.slope, critic, self.batch_norm)
    }

    /// Whether there is a penalty that relies on the critic's own derivative.
    pub(crate) fn uses_exact_slopes(&self) -> bool {
        self.slope == SlopeMethod::Exact
            && self.penalties.iter().any(|penalty| penalty.is_on_slopes())
    }

    /// The sum of all penalties of this turn, if there are any.
    pub(crate) fn penalize<C: Critic<D>, const D: usize>(
        &self,
        seen: &Seen<'_, C, D>,
        clock: Clock,
        chance: &Chance,
    ) -> Result<Option<PenaltyTerm>, GanError> {
        let mut sum: Option<PenaltyTerm> = None;
        for penalty in &self.penalties {
            let factor = penalty.schedule().factor(clock);
            let term = penalty.evaluate(seen, factor, self.slope, chance)?;
            sum = Some(match sum {
                Some(sum) => PenaltyTerm {
                    surrogate: sum.surrogate + term.surrogate,
                    value: sum.value + term.value,
                },
                None => term,
            });
        }
        Ok(sum)
    }
}
