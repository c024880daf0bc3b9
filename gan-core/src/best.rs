//! The best value of a quantity so far: which checkpoint to keep, and early stopping.

use serde::{Deserialize, Serialize};

use crate::GanError;
use crate::measurement::{Measurement, Quantity};
use crate::progress::{Progress, Span};

/// A value and the step at which it was measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Best {
    /// The step.
    pub step: u64,
    /// The value.
    pub value: f64,
}

/// Keep the checkpoint of the best value of a quantity.
#[derive(Clone, Debug, PartialEq)]
pub struct KeepBest {
    /// The quantity's name.
    pub quantity: String,
    /// The best so far: of the part of the run before it was resumed, at the beginning.
    pub so_far: Option<Best>,
}

impl KeepBest {
    /// Nothing measured yet.
    pub fn new(quantity: impl Into<String>) -> Self {
        Self { quantity: quantity.into(), so_far: None }
    }

    /// Take note of measurements; whether one of them is the best value so far.
    pub fn note(&mut self, step: u64, measured: &[Measurement]) -> bool {
        let Some(found) = value_of(measured, &self.quantity) else { return false };
        let improves = found.quantity.improves(found.value, self.so_far.map(|best| best.value));
        if improves {
            self.so_far = Some(Best { step, value: found.value });
        }
        improves
    }
}

/// Stop a run when a quantity no longer improves.
///
/// # Example
/// ```
/// use gan_core::best::StopRule;
/// use gan_core::measurement::{Direction, Quantity};
/// use gan_core::progress::{Progress, Span};
///
/// const FRECHET: Quantity = Quantity::new("samples/frechet", "1").better(Direction::Lower);
/// let mut rule = StopRule::new("samples/frechet", Span::Steps(20));
/// let at = |step| Progress { step, steps_per_epoch: 10 };
/// assert_eq!(rule.note(at(10), &[FRECHET.measured(5.0)]), None);
/// assert_eq!(rule.note(at(20), &[FRECHET.measured(6.0)]), None);
/// assert!(rule.note(at(30), &[FRECHET.measured(6.0)]).is_some());
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StopRule {
    /// The quantity's name.
    pub quantity: String,
    /// How long the quantity may go without an improvement, at least 1 step.
    pub patience: Span,
    /// An improvement is larger than this, in the quantity's unit, from 0 up.
    #[serde(default)]
    pub min_delta: f64,
    /// The best so far: of the part of the run before it was resumed, at the beginning.
    #[serde(skip)]
    pub so_far: Option<Best>,
}

impl StopRule {
    /// Any improvement counts; nothing measured yet.
    pub fn new(quantity: impl Into<String>, patience: Span) -> Self {
        Self { quantity: quantity.into(), patience, min_delta: 0.0, so_far: None }
    }

    /// Take note of measurements; the reason to stop, if there is one.
    pub fn note(&mut self, progress: Progress, measured: &[Measurement]) -> Option<String> {
        let found = value_of(measured, &self.quantity)?;
        let best = self.so_far.map(|best| best.value);
        if found.quantity.improves_by(self.min_delta, found.value, best) {
            self.so_far = Some(Best { step: progress.step, value: found.value });
            return None;
        }
        let since = self.so_far.map_or(0, |best| best.step);
        let waited = progress.step - since.min(progress.step);
        (waited >= self.patience.steps(progress.steps_per_epoch)).then(|| {
            let best = self.so_far.map_or("no number so far".to_owned(), |best| {
                format!("{} at step {}", best.value, best.step)
            });
            format!("{} has not improved for {} (best: {best})", self.quantity, self.patience)
        })
    }

    /// Whether its numbers are in their range; `key` states where it stands in the configuration.
    ///
    /// # Errors
    /// [`GanError::OutOfRange`].
    pub fn validate(&self, key: &str) -> Result<(), GanError> {
        if self.patience.steps(1) == 0 {
            let name = format!("{key}.patience");
            return Err(GanError::OutOfRange { name, expected: "at least 1 step", found: 0.0 });
        }
        if !(self.min_delta.is_finite() && self.min_delta >= 0.0) {
            let (name, found) = (format!("{key}.min_delta"), self.min_delta);
            let expected = "a finite number from 0 up";
            return Err(GanError::OutOfRange { name, expected, found });
        }
        Ok(())
    }
}

fn value_of<'m>(measured: &'m [Measurement], name: &str) -> Option<&'m Measurement> {
    measured.iter().find(|each| each.quantity.name == name)
}

/// The quantity that `key` names, if it is measured and has a better direction.
pub(crate) fn find(all: &[Quantity], key: &str, name: &str) -> Result<Quantity, GanError> {
    let directed: Vec<Quantity> =
        all.iter().copied().filter(|each| each.better.is_some()).collect();
    directed.iter().copied().find(|each| each.name == name).ok_or_else(|| {
        GanError::UnknownQuantity {
            key: key.to_owned(),
            found: name.to_owned(),
            known: directed.iter().map(|each| each.name).collect(),
        }
    })
}
