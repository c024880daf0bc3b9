//! Probability masses that were checked once.

use crate::error::{DivergenceError, ensure_finite, ensure_range, ensure_some};
use crate::pmf::{LogPmf, SUM_TOLERANCE};
use crate::sum::sum;

/// A probability mass function over `n ≥ 1` outcomes: finite, non-negative, summing to 1.
///
/// The functions that compare two of them can therefore fail in one way only: by their lengths.
///
/// # Example
/// ```
/// use gan_divergence::Pmf;
/// let fair = Pmf::new(vec![0.5, 0.5])?;
/// assert!(Pmf::new(vec![0.5, 0.6]).is_err());
/// assert_eq!(Pmf::normalized(vec![3.0, 3.0])?, fair);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Pmf {
    masses: Vec<f64>,
}

impl Pmf {
    /// Takes masses that already sum to 1 within [`SUM_TOLERANCE`]; they are kept as they are.
    ///
    /// # Errors
    /// [`DivergenceError::Empty`], [`DivergenceError::NotFinite`] and
    /// [`DivergenceError::Negative`] naming the entry, [`DivergenceError::NotNormalized`].
    ///
    /// # Example
    /// ```
    /// use gan_divergence::{DivergenceError, Pmf};
    /// let error = Pmf::new(vec![0.5, -0.5, 1.0]).unwrap_err();
    /// assert!(matches!(error, DivergenceError::Negative { index: 1, .. }));
    /// ```
    pub fn new(masses: Vec<f64>) -> Result<Self, DivergenceError> {
        let total = checked_total("the masses", &masses)?;
        if (total - 1.0).abs() > SUM_TOLERANCE {
            let tolerance = SUM_TOLERANCE;
            return Err(DivergenceError::NotNormalized { sum: total, tolerance });
        }
        Ok(Self { masses })
    }

    /// Takes non-negative weights and divides them by their sum.
    ///
    /// This is what SciPy's `entropy` and `jensenshannon` do without being asked.
    ///
    /// # Errors
    /// As [`Pmf::new`], with [`DivergenceError::Total`] instead for a sum that is zero or
    /// overflows.
    ///
    /// # Example
    /// ```
    /// use gan_divergence::Pmf;
    /// assert_eq!(Pmf::normalized(vec![1.0, 3.0])?.masses(), [0.25, 0.75]);
    /// # Ok::<(), gan_divergence::DivergenceError>(())
    /// ```
    pub fn normalized(mut weights: Vec<f64>) -> Result<Self, DivergenceError> {
        let what = "the weights";
        let total = checked_total(what, &weights)?;
        if !(total > 0.0 && total.is_finite()) {
            return Err(DivergenceError::Total { what, total });
        }
        weights.iter_mut().for_each(|w| *w /= total);
        Ok(Self { masses: weights })
    }

    /// Takes masses that sum to 1 within [`SUM_TOLERANCE`] as they are, and divides those that do so
    /// within `tolerance` by their sum: masses that were rounded to fewer digits than an `f64` has.
    ///
    /// # Errors
    /// As [`Pmf::new`].
    ///
    /// # Example
    /// ```
    /// use gan_divergence::Pmf;
    /// let rounded = vec![0.25f32, 0.75f32 - 1e-7].into_iter().map(f64::from).collect();
    /// let p = Pmf::rounded(rounded, 1e-6)?;
    /// assert!((p.masses().iter().sum::<f64>() - 1.0).abs() < 1e-15);
    /// assert!(Pmf::rounded(vec![0.5, 0.4], 1e-6).is_err());
    /// # Ok::<(), gan_divergence::DivergenceError>(())
    /// ```
    pub fn rounded(masses: Vec<f64>, tolerance: f64) -> Result<Self, DivergenceError> {
        let sum = checked_total("the masses", &masses)?;
        let off = (sum - 1.0).abs();
        if off <= SUM_TOLERANCE {
            return Ok(Self { masses });
        }
        if off <= tolerance {
            return Self::normalized(masses);
        }
        Err(DivergenceError::NotNormalized { sum, tolerance: tolerance.max(SUM_TOLERANCE) })
    }

    /// Estimates masses from counts with additive smoothing.
    ///
    /// `pᵢ = (cᵢ + α) / (N + α·n)`. With `α = 0` these are the plain frequencies; `α = 1` is
    /// Laplace's rule and `α = ½` the Krichevsky–Trofimov one. There is no default.
    ///
    /// # Errors
    /// [`DivergenceError::Empty`], [`DivergenceError::OutOfRange`] for a negative or non-finite
    /// `alpha`, [`DivergenceError::Total`] if all counts are zero and `alpha` is too.
    ///
    /// # Example
    /// ```
    /// use gan_divergence::Pmf;
    /// assert_eq!(Pmf::from_counts(&[3, 0, 1], 0.0)?.masses(), [0.75, 0.0, 0.25]);
    /// assert_eq!(Pmf::from_counts(&[1, 0], 1.0)?.masses(), [2.0 / 3.0, 1.0 / 3.0]);
    /// # Ok::<(), gan_divergence::DivergenceError>(())
    /// ```
    pub fn from_counts(counts: &[u64], alpha: f64) -> Result<Self, DivergenceError> {
        let valid = alpha >= 0.0 && alpha.is_finite();
        ensure_range(valid, "the smoothing alpha", "a finite number of at least 0", alpha)?;
        Self::normalized(counts.iter().map(|&c| c as f64 + alpha).collect())
    }

    /// The softmax of logits.
    ///
    /// `pᵢ = exp(xᵢ) / Σⱼ exp(xⱼ)`, computed through [`LogPmf::from_logits`]. A logit of `−∞` is a
    /// mass of 0.
    ///
    /// # Errors
    /// As [`LogPmf::from_logits`].
    ///
    /// # Numerics
    /// Masses below the smallest positive `f64` become 0; [`LogPmf`] keeps them.
    ///
    /// # Example
    /// ```
    /// use gan_divergence::Pmf;
    /// assert!((Pmf::from_logits(&[1e4, 1e4])?.masses()[0] - 0.5).abs() < 1e-15);
    /// # Ok::<(), gan_divergence::DivergenceError>(())
    /// ```
    pub fn from_logits(logits: &[f64]) -> Result<Self, DivergenceError> {
        Ok(LogPmf::from_logits(logits)?.to_pmf())
    }

    /// The uniform distribution over `n` outcomes.
    ///
    /// # Errors
    /// [`DivergenceError::Empty`] for `n = 0`.
    ///
    /// # Example
    /// ```
    /// assert_eq!(gan_divergence::Pmf::uniform(4)?.masses(), [0.25; 4]);
    /// # Ok::<(), gan_divergence::DivergenceError>(())
    /// ```
    pub fn uniform(n: usize) -> Result<Self, DivergenceError> {
        ensure_some("the set of outcomes", n)?;
        Ok(Self { masses: vec![1.0 / n as f64; n] })
    }

    /// The masses in the order of the outcomes.
    ///
    /// # Example
    /// ```
    /// assert_eq!(gan_divergence::Pmf::new(vec![1.0])?.masses(), [1.0]);
    /// # Ok::<(), gan_divergence::DivergenceError>(())
    /// ```
    #[must_use]
    pub fn masses(&self) -> &[f64] {
        &self.masses
    }

    /// How many outcomes there are, those of mass 0 included.
    ///
    /// # Example
    /// ```
    /// assert_eq!(gan_divergence::Pmf::new(vec![1.0, 0.0])?.len(), 2);
    /// # Ok::<(), gan_divergence::DivergenceError>(())
    /// ```
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a mass function has at least one outcome")]
    pub fn len(&self) -> usize {
        self.masses.len()
    }

    pub(crate) fn trusted(masses: Vec<f64>) -> Self {
        Self { masses }
    }
}

/// The sum of entries that were found finite and non-negative.
pub(crate) fn checked_total(what: &'static str, masses: &[f64]) -> Result<f64, DivergenceError> {
    ensure_some(what, masses.len())?;
    ensure_finite(what, masses)?;
    match masses.iter().position(|&m| m < 0.0) {
        Some(index) => Err(DivergenceError::Negative { what, index, value: masses[index] }),
        None => Ok(sum(masses.iter().copied())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strict_construction_names_the_fault() {
        let message = |masses: &[f64]| Pmf::new(masses.to_vec()).unwrap_err().to_string();
        assert_eq!(message(&[]), "the masses is empty");
        assert_eq!(
            message(&[0.5, -0.1, 0.6]),
            "entry 1 of the masses is -0.1, expected no negative mass"
        );
        assert_eq!(
            message(&[0.5, f64::NAN]),
            "entry 1 of the masses is NaN, expected a finite number"
        );
        assert_eq!(message(&[0.5, 0.4]), "the masses sum to 0.9, expected 1 within 0.000000001");
    }

    #[test]
    fn a_rounded_sum_is_accepted_and_kept() {
        let third = vec![0.333_333_333_3; 3];
        assert_eq!(Pmf::new(third.clone()).unwrap().masses(), third);
    }

    #[test]
    fn normalizing_needs_a_usable_total() {
        assert!(matches!(Pmf::normalized(vec![0.0; 3]), Err(DivergenceError::Total { .. })));
        assert!(matches!(Pmf::normalized(vec![f64::MAX; 3]), Err(DivergenceError::Total { .. })));
        assert_eq!(Pmf::normalized(vec![5e-324, 5e-324]).unwrap().masses(), [0.5, 0.5]);
    }

    #[test]
    fn smoothing_is_the_stated_formula() {
        let p = Pmf::from_counts(&[3, 0, 1], 0.5).unwrap();
        assert_eq!(p.masses(), [3.5 / 5.5, 0.5 / 5.5, 1.5 / 5.5]);
        assert!(Pmf::from_counts(&[1], -1.0).is_err());
        assert!(Pmf::from_counts(&[0, 0], 0.0).is_err());
        assert_eq!(Pmf::from_counts(&[0, 0], 1.0).unwrap().masses(), [0.5, 0.5]);
    }

    #[test]
    fn softmax_survives_large_logits() {
        let p = Pmf::from_logits(&[1000.0, 1000.0 + 3f64.ln(), f64::NEG_INFINITY]).unwrap();
        assert!((p.masses()[0] - 0.25).abs() < 1e-13);
        assert_eq!(p.masses()[2], 0.0);
        assert!(Pmf::from_logits(&[f64::NEG_INFINITY]).is_err());
        assert!(Pmf::from_logits(&[f64::NAN]).is_err());
    }
}
