//! Real samples that generated ones are compared with, and those that stand for a perfect generator.

use std::cell::{OnceCell, RefCell};
use std::sync::Arc;

use gan_core::measurement::Measurement;
use gan_divergence::gaussian::Moments;
use gan_divergence::neighbors::{CopyingReference, DataCopying, Neighborhoods};
use gan_divergence::{DivergenceError, Pmf};

use crate::EvalError;
use crate::observed::{Observed, Rows};
use crate::quantities::{COPYING, Card, NEIGHBORS, measure, memorization};

/// The share of real samples that have another one nearer than what counts as a duplicate.
const DUPLICATES_AMONG_REAL: f64 = 1e-3;

/// Real samples, looked at once.
///
/// `real` are samples that were trained on, `held_out` others of the same kind that were not: what they score is
/// what a perfect generator scores.
///
/// What the numbers need of the real samples alone (moments, neighbors, distances of the held-out samples) is
/// worked out when it is first needed, and kept.
#[derive(Debug)]
pub struct Reference {
    real: Observed,
    held_out: Observed,
    pub(crate) real_rows: Rows,
    moments: OnceCell<Moments>,
    neighborhoods: OnceCell<Arc<Neighborhoods>>,
    /// The same of the first real samples, as many as were asked for last.
    first_neighborhoods: RefCell<Option<Arc<Neighborhoods>>>,
    duplicate_radius: OnceCell<f64>,
    copying: OnceCell<CopyingReference>,
    /// Whether the held-out samples were trained on as well.
    is_halved: bool,
}

impl Reference {
    /// Compare with `real`, and every number with that of `held_out`.
    ///
    /// # Errors
    /// [`EvalError::OtherFeatures`]: the two were not looked at by one extractor.
    pub fn new(real: Observed, held_out: Observed) -> Result<Self, EvalError> {
        let real_rows = real.rows();
        let reference = Self {
            real,
            held_out,
            real_rows,
            moments: OnceCell::new(),
            neighborhoods: OnceCell::new(),
            first_neighborhoods: RefCell::new(None),
            duplicate_radius: OnceCell::new(),
            copying: OnceCell::new(),
            is_halved: false,
        };
        reference.ensure_comparable(&reference.held_out)?;
        Ok(reference)
    }

    /// The same, of data that was trained on as a whole: one half stands for it and the other for held-out
    /// samples. What tells copies from others is not measured then.
    #[must_use]
    pub fn halved(self) -> Self {
        Self { is_halved: true, ..self }
    }

    /// Whether the held-out samples were trained on as well.
    pub fn is_halved(&self) -> bool {
        self.is_halved
    }

    /// The same, where [`duplicate_radius`](Self::duplicate_radius) is known from before.
    #[must_use]
    pub fn knowing_duplicate_radius(self, radius: f64) -> Self {
        Self { duplicate_radius: OnceCell::from(radius), ..self }
    }

    /// What was trained on.
    pub fn real(&self) -> &Observed {
        &self.real
    }

    /// What was not.
    pub fn held_out(&self) -> &Observed {
        &self.held_out
    }

    /// The numbers of samples, without those of real ones beside them.
    ///
    /// # Errors
    /// [`EvalError::OtherFeatures`] for samples that another extractor has looked at;
    /// [`EvalError::Divergence`] for too few of them, or features that are infinite or not a number.
    pub fn measure(&self, samples: &Observed, card: Card) -> Result<Vec<Measurement>, EvalError> {
        self.ensure_comparable(samples)?;
        measure(self, samples, card)
    }

    /// The numbers of `n` held-out samples, or of as many as there are: what a perfect generator scores.
    ///
    /// Copies are looked for in one half of the held-out samples beside the other.
    ///
    /// # Errors
    /// As [`Reference::measure`].
    pub fn measure_held_out(&self, n: usize, card: Card) -> Result<Vec<Measurement>, EvalError> {
        let mut measured = self.measure(&self.held_out.first(n), card)?;
        if let Some(copying) = measured.iter_mut().find(|each| each.quantity == COPYING) {
            *copying = memorization::copying_of_held_out(self, n)?;
        }
        Ok(measured)
    }

    /// How near two samples are that count as the same one: one in a thousand real ones has another so near.
    ///
    /// # Errors
    /// [`EvalError::Divergence`] for too few real samples, or features that are infinite or not a number.
    pub fn duplicate_radius(&self) -> Result<f64, EvalError> {
        let radius = known(&self.duplicate_radius, || {
            let mut nearest = self.all_neighborhoods()?.nearest_distances();
            nearest.sort_by(f64::total_cmp);
            let at = (nearest.len() as f64 * DUPLICATES_AMONG_REAL) as usize;
            Ok(nearest.get(at).copied().unwrap_or(0.0))
        })?;
        Ok(*radius)
    }

    fn ensure_comparable(&self, samples: &Observed) -> Result<(), EvalError> {
        let (expected, found) =
            ([self.real.dim, self.real.classes], [samples.dim, samples.classes]);
        if expected != found {
            return Err(EvalError::OtherFeatures { expected, found });
        }
        Ok(())
    }

    /// Mean and covariance of the real features.
    pub(crate) fn moments(&self) -> Result<&Moments, DivergenceError> {
        known(&self.moments, || Moments::of(self.real_rows.points()?))
    }

    /// The neighbors of the first `n` real samples among each other.
    pub(crate) fn neighborhoods(&self, n: usize) -> Result<Arc<Neighborhoods>, DivergenceError> {
        if n >= self.real.len() {
            return self.all_neighborhoods().cloned();
        }
        let mut kept = self.first_neighborhoods.borrow_mut();
        if let Some(known) = kept.as_ref().filter(|known| known.points().len() == n) {
            return Ok(known.clone());
        }
        let found = Arc::new(Neighborhoods::new(NEIGHBORS, self.real_rows.first(n)?)?);
        Ok(kept.insert(found).clone())
    }

    fn all_neighborhoods(&self) -> Result<&Arc<Neighborhoods>, DivergenceError> {
        known(&self.neighborhoods, || {
            Ok(Arc::new(Neighborhoods::new(NEIGHBORS, self.real_rows.points()?)?))
        })
    }

    /// What samples are compared with to tell copies.
    pub(crate) fn copying(&self) -> Result<&CopyingReference, DivergenceError> {
        known(&self.copying, || {
            let held_out = self.held_out.rows();
            let (real, held_out) = (self.real_rows.points()?, held_out.points()?);
            CopyingReference::new(real, held_out, DataCopying::default())
        })
    }

    /// The shares of the classes among the real samples.
    pub(crate) fn shares(&self) -> Result<Pmf, DivergenceError> {
        let mut counts = vec![0; self.real.classes];
        for class in self.real.found_classes() {
            counts[class] += 1;
        }
        Pmf::from_counts(&counts, 0.0)
    }
}

/// What a cell holds, or what `find` finds, which it holds from then on.
fn known<T>(
    cell: &OnceCell<T>,
    find: impl FnOnce() -> Result<T, DivergenceError>,
) -> Result<&T, DivergenceError> {
    if let Some(known) = cell.get() {
        return Ok(known);
    }
    let found = find()?;
    Ok(cell.get_or_init(|| found))
}
