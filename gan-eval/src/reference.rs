//! Real samples that generated ones are compared with, and those that stand for a perfect generator.

use std::cell::OnceCell;

use gan_core::measurement::Measurement;
use gan_divergence::gaussian::Moments;
use gan_divergence::neighbors::nearest_distances_within;
use gan_divergence::{DivergenceError, Pmf};

use crate::EvalError;
use crate::observed::{Observed, Rows};
use crate::quantities::{COPYING, Card, measure, memorization};

/// The share of real samples that have another one nearer than what counts as a duplicate.
const DUPLICATES_AMONG_REAL: f64 = 1e-3;

/// Real samples, looked at once.
///
/// `real` are samples that were trained on, `held_out` others of the same kind that were not: what they score is
/// what a perfect generator scores.
#[derive(Debug)]
pub struct Reference {
    real: Observed,
    held_out: Observed,
    pub(crate) real_rows: Rows,
    pub(crate) held_out_rows: Rows,
    moments: OnceCell<Moments>,
    duplicate_radius: OnceCell<f64>,
    /// Whether the held-out samples were trained on as well.
    is_halved: bool,
}

impl Reference {
    /// Compare with `real`, and every number with that of `held_out`.
    ///
    /// # Errors
    /// [`EvalError::OtherFeatures`]: the two were not looked at by one extractor.
    pub fn new(real: Observed, held_out: Observed) -> Result<Self, EvalError> {
        let (real_rows, held_out_rows) = (real.rows(), held_out.rows());
        let reference = Self {
            real,
            held_out,
            real_rows,
            held_out_rows,
            moments: OnceCell::new(),
            duplicate_radius: OnceCell::new(),
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
        if let Some(moments) = self.moments.get() {
            return Ok(moments);
        }
        let moments = Moments::of(self.real_rows.points()?)?;
        Ok(self.moments.get_or_init(|| moments))
    }

    /// The shares of the classes among the real samples.
    pub(crate) fn shares(&self) -> Result<Pmf, DivergenceError> {
        let mut counts = vec![0; self.real.classes];
        for class in self.real.found_classes() {
            counts[class] += 1;
        }
        Pmf::from_counts(&counts, 0.0)
    }

    /// How near two samples are that count as the same one: one in a thousand real ones has another so near.
    pub(crate) fn duplicate_radius(&self) -> Result<f64, DivergenceError> {
        if let Some(radius) = self.duplicate_radius.get() {
            return Ok(*radius);
        }
        let mut nearest = nearest_distances_within(self.real_rows.points()?)?;
        nearest.sort_by(f64::total_cmp);
        let at = (nearest.len() as f64 * DUPLICATES_AMONG_REAL) as usize;
        let radius = nearest.get(at).copied().unwrap_or(0.0);
        Ok(*self.duplicate_radius.get_or_init(|| radius))
    }
}
