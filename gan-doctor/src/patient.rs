//! What a rule looks at: the case and the trace of one run.

use crate::series::{DUALITY_GAP, FRECHET, JS, KERNEL_DISTANCE, MODES_KL, SLICED_W2};
use crate::{Case, Series, Signal, Trace};

/// Distances of samples from data, lower is better, those that see most first: what "quality" is to
/// every rule that asks for it.
pub const QUALITY: &[&Series] =
    &[&FRECHET, &JS, &KERNEL_DISTANCE, &MODES_KL, &SLICED_W2, &DUALITY_GAP];

/// Samples whose distance is this share of the first ones' have learned, so that there was a
/// teacher: runs of the course's DCGAN go from 935 to 150, and from 384 after an epoch to 125.
const NEARER: f64 = 0.4;
/// Measurements that outvote an outlier.
const LEAST: usize = 3;

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

    /// Whether samples have come a good deal nearer to the data than they were at first; `false` if
    /// that was not measured.
    #[must_use]
    pub fn has_come_nearer(&self) -> bool {
        let quality = self.quality().filter(|quality| quality.len() > LEAST);
        quality.is_some_and(|quality| {
            let first = quality.points().first().map_or(0.0, |point| point.1);
            quality.last(LEAST).median() < NEARER * first
        })
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
