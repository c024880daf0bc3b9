//! What a rule looks at: the case and the trace of one run.

use crate::series::{DUALITY_GAP, FRECHET, JS, KERNEL_DISTANCE, MODES_KL, SLICED_W2};
use crate::{Case, Series, Signal, Trace};

/// Distances of samples from data, lower is better, those that see most first: what "quality" is to
/// every rule that asks for it.
pub const QUALITY: &[&Series] =
    &[&FRECHET, &JS, &KERNEL_DISTANCE, &MODES_KL, &SLICED_W2, &DUALITY_GAP];

/// One run, as a rule looks at it.
#[derive(Clone, Copy, Debug)]
pub struct Patient<'a> {
    /// Its configuration and its data.
    pub case: &'a Case,
    /// Its measurements.
    pub trace: &'a Trace,
}

impl Patient<'_> {
    /// The finite points of a series, if there are any.
    #[must_use]
    pub fn signal(&self, series: &Series) -> Option<Signal> {
        self.trace.signal(series.name).filter(|signal| !signal.is_empty())
    }

    /// The first of several series that was measured.
    #[must_use]
    pub fn any(&self, series: &[&Series]) -> Option<Signal> {
        series.iter().find_map(|each| self.signal(each))
    }

    /// The distance of samples from data: the first of [`QUALITY`] that was measured.
    #[must_use]
    pub fn quality(&self) -> Option<Signal> {
        self.any(QUALITY)
    }

    /// The same of real samples: what a perfect generator would score.
    #[must_use]
    pub fn of_real(&self, series: &str) -> Option<f64> {
        self.trace.signal(&format!("{series}/of_real"))?.last_value()
    }

    /// The newest standard error of a series.
    #[must_use]
    pub fn standard_error(&self, series: &str) -> Option<f64> {
        self.trace.signal(&format!("{series}/standard_error"))?.last_value()
    }
}
