//! The measurements of a run: named series of numbers over its steps.

mod onset;
mod recorded;
mod signal;
mod statistics;
mod trend;
mod window;

use std::collections::BTreeMap;

pub use onset::INTERRUPTION;
pub use recorded::{CAPACITY, NonFinite, Recorded};
pub use signal::Signal;
pub(crate) use statistics::rank_correlation;
pub use trend::Trend;
pub use window::Window;

use crate::DoctorError;

/// Named series of `(step, value)`, as a run has measured them.
///
/// Each series has a cadence of its own, regular or not. A value may be NaN or infinite: that is
/// evidence and no error. Memory is bounded: of a series with more than [`CAPACITY`] points every
/// second, fourth, … is kept, the newest always, and what was not finite is counted before.
///
/// # Example
/// ```
/// use gan_doctor::Trace;
///
/// let mut trace = Trace::new();
/// trace.push("critic/loss", 0, 1.39)?;
/// trace.push("critic/loss", 50, f64::NAN)?;
/// trace.push("samples/frechet", 0, 900.0)?;
/// assert_eq!(trace.last_step(), Some(50));
/// assert!(trace.push("critic/loss", 50, 1.2).is_err(), "steps only go up");
/// # Ok::<(), gan_doctor::DoctorError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace {
    series: BTreeMap<String, Recorded>,
    last_step: Option<u64>,
}

impl Trace {
    /// Nothing measured yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes note of a value.
    ///
    /// # Errors
    /// [`DoctorError::NotIncreasing`] if the series has a value of this step or a later one; the
    /// trace is then as it was.
    pub fn push(&mut self, name: &str, step: u64, value: f64) -> Result<(), DoctorError> {
        let newest = self.series.get(name).and_then(Recorded::last).map(|(step, _)| step);
        if let Some(after) = newest.filter(|newest| *newest >= step) {
            return Err(DoctorError::NotIncreasing { series: name.to_owned(), step, after });
        }
        match self.series.get_mut(name) {
            Some(recorded) => recorded.push(step, value),
            None => {
                self.series.entry(name.to_owned()).or_default().push(step, value);
            }
        }
        self.last_step = self.last_step.max(Some(step));
        Ok(())
    }

    /// The series of a name, if anything was measured under it.
    #[must_use]
    pub fn recorded(&self, name: &str) -> Option<&Recorded> {
        self.series.get(name)
    }

    /// The finite points of a series.
    #[must_use]
    pub fn signal(&self, name: &str) -> Option<Signal> {
        self.recorded(name).map(|recorded| Signal::new(name, recorded.points().iter().copied()))
    }

    /// All series with their names, in alphabetical order.
    pub fn series(&self) -> impl Iterator<Item = (&str, &Recorded)> {
        self.series.iter().map(|(name, recorded)| (name.as_str(), recorded))
    }

    /// The first step of any series; that of a run that was resumed is not 0.
    #[must_use]
    pub fn first_step(&self) -> Option<u64> {
        let first = |recorded: &Recorded| recorded.points().first().map(|(step, _)| *step);
        self.series.values().filter_map(first).min()
    }

    /// The newest step of any series.
    #[must_use]
    pub fn last_step(&self) -> Option<u64> {
        self.last_step
    }

    /// Whether nothing was measured.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.series.is_empty()
    }
}
