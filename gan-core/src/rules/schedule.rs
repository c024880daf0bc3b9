//! Schedules: hyperparameters that change during training (learning rates, penalty weights, noise).

use std::f64::consts::PI;

use serde::{Deserialize, Serialize};

use crate::GanError;
use crate::progress::{Progress, Span};

/// A factor over time: 1 at first (after the warm-up), `end` once it has run `over` its length.
///
/// Lengths are given in steps or epochs and not as a share of the budget, so that a run that is
/// resumed with a longer budget continues exactly where it was.
///
/// | Kind | Factor after a share `t ∈ [0, 1]` of `over` |
/// |---|---|
/// | `constant` | 1 |
/// | `linear` | `1 + (end − 1)·t` |
/// | `cosine` | `end + (1 − end)·(1 + cos πt)/2` |
/// | `exponential` | `endᵗ` |
///
/// During the `warm_up` the factor is also multiplied by `(step + 1)/warm_up`, from the first step
/// up to 1; the other progress runs meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Schedule {
    /// Always 1, apart from the warm-up.
    Constant {
        /// How long the factor rises from 0.
        #[serde(default = "no_warm_up")]
        warm_up: Span,
    },
    /// A straight line.
    Linear {
        /// The last factor, at least 0.
        end: f64,
        /// How long it takes to get there, at least 1 step.
        over: Span,
        /// How long the factor rises from 0.
        #[serde(default = "no_warm_up")]
        warm_up: Span,
    },
    /// Half a cosine wave: Loshchilov & Hutter (2017), arXiv:1608.03983, eq. 5, without restarts.
    Cosine {
        /// The last factor, at least 0.
        end: f64,
        /// How long it takes to get there, at least 1 step.
        over: Span,
        /// How long the factor rises from 0.
        #[serde(default = "no_warm_up")]
        warm_up: Span,
    },
    /// The same ratio from every step to the next.
    Exponential {
        /// The last factor, above 0.
        end: f64,
        /// How long it takes to get there, at least 1 step.
        over: Span,
        /// How long the factor rises from 0.
        #[serde(default = "no_warm_up")]
        warm_up: Span,
    },
}

fn no_warm_up() -> Span {
    Span::Steps(0)
}

impl Default for Schedule {
    fn default() -> Self {
        Self::Constant { warm_up: no_warm_up() }
    }
}

impl Schedule {
    /// The factor for the step that `progress` stands before.
    pub fn factor(self, progress: Progress) -> f64 {
        let share = |over: Span| {
            let over = over.steps(progress.steps_per_epoch).max(1);
            (progress.step as f64 / over as f64).min(1.0)
        };
        let (factor, warm_up) = match self {
            Self::Constant { warm_up } => (1.0, warm_up),
            Self::Linear { end, over, warm_up } => (1.0 + (end - 1.0) * share(over), warm_up),
            Self::Cosine { end, over, warm_up } => {
                (end + (1.0 - end) * 0.5 * (1.0 + (PI * share(over)).cos()), warm_up)
            }
            Self::Exponential { end, over, warm_up } => (end.powf(share(over)), warm_up),
        };
        let warm_up = warm_up.steps(progress.steps_per_epoch);
        if progress.step < warm_up {
            return factor * (progress.step + 1) as f64 / warm_up as f64;
        }
        factor
    }

    /// Whether every number is in its range; `key` identifies the schedule in the error.
    ///
    /// # Errors
    /// [`GanError::OutOfRange`] for the first that is not.
    pub fn validate(self, key: &str) -> Result<(), GanError> {
        let (end, over, expected, least) = match self {
            Self::Constant { .. } => return Ok(()),
            Self::Linear { end, over, .. } | Self::Cosine { end, over, .. } => {
                (end, over, "a finite number from 0 up", 0.0)
            }
            Self::Exponential { end, over, .. } => {
                (end, over, "a finite number above 0", f64::MIN_POSITIVE)
            }
        };
        if !(end.is_finite() && end >= least) {
            return Err(GanError::OutOfRange { name: format!("{key}.end"), expected, found: end });
        }
        if over.steps(1) == 0 {
            let name = format!("{key}.over");
            return Err(GanError::OutOfRange { name, expected: "at least 1 step", found: 0.0 });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OVER: Span = Span::Steps(100);
    const NONE: Span = Span::Steps(0);

    fn at(schedule: Schedule, step: u64) -> f64 {
        schedule.factor(Progress { step, steps_per_epoch: 10 })
    }

    #[test]
    fn every_kind_starts_at_1_and_stays_at_its_end() {
        for schedule in [
            Schedule::Linear { end: 0.1, over: OVER, warm_up: NONE },
            Schedule::Cosine { end: 0.1, over: OVER, warm_up: NONE },
            Schedule::Exponential { end: 0.1, over: OVER, warm_up: NONE },
        ] {
            assert!((at(schedule, 0) - 1.0).abs() < 1e-12, "{schedule:?}");
            assert!((at(schedule, 100) - 0.1).abs() < 1e-12, "{schedule:?}");
            assert!((at(schedule, 5_000) - 0.1).abs() < 1e-12, "{schedule:?}");
        }
        assert_eq!(at(Schedule::default(), 77), 1.0);
    }

    #[test]
    fn halfway_each_kind_has_its_own_value() {
        let half = |schedule| at(schedule, 50);
        assert!(
            (half(Schedule::Linear { end: 0.0, over: OVER, warm_up: NONE }) - 0.5).abs() < 1e-12
        );
        let epochs = Span::Epochs(10);
        assert!(
            (half(Schedule::Cosine { end: 0.2, over: epochs, warm_up: NONE }) - 0.6).abs() < 1e-12
        );
        let ratio = half(Schedule::Exponential { end: 0.01, over: OVER, warm_up: NONE });
        assert!((ratio - 0.1).abs() < 1e-12);
    }

    #[test]
    fn a_warm_up_rises_to_its_full_value() {
        let schedule = Schedule::Constant { warm_up: Span::Steps(4) };
        let factors: Vec<f64> = (0..6).map(|step| at(schedule, step)).collect();
        assert_eq!(factors, [0.25, 0.5, 0.75, 1.0, 1.0, 1.0]);
    }

    #[test]
    fn numbers_out_of_range_are_named_by_key() {
        let complaint = |schedule: Schedule| schedule.validate("train.lr").unwrap_err().to_string();
        let negative = Schedule::Linear { end: -0.5, over: OVER, warm_up: NONE };
        assert_eq!(
            complaint(negative),
            "`train.lr.end` must be a finite number from 0 up, found -0.5"
        );
        let zero = Schedule::Exponential { end: 0.0, over: OVER, warm_up: NONE };
        assert!(complaint(zero).starts_with("`train.lr.end` must be a finite number above 0"));
        let short = Schedule::Cosine { end: 0.5, over: NONE, warm_up: NONE };
        assert!(complaint(short).starts_with("`train.lr.over` must be at least 1 step"));
    }
}
