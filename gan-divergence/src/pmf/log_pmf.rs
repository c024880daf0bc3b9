//! Probability masses in log space.

use crate::error::{DivergenceError, ensure_some};
use crate::pmf::{Pmf, SUM_TOLERANCE};
use crate::sum::log_sum_exp;

/// Logarithms of probability masses, in nats: none above 0, `−∞` for a mass of 0.
///
/// Use it for the output of a classifier, whose smallest masses underflow as plain numbers.
///
/// # Example
/// ```
/// use gan_divergence::LogPmf;
/// use gan_divergence::discrete::kl_from_logs;
/// let p = LogPmf::from_logits(&[0.0, -2000.0])?;
/// let q = LogPmf::from_logits(&[-2000.0, 0.0])?;
/// assert_eq!(kl_from_logs(&p, &q)?, 2000.0);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct LogPmf {
    logs: Vec<f64>,
}

impl LogPmf {
    /// Takes log masses whose exponentials already sum to 1 within [`SUM_TOLERANCE`].
    ///
    /// # Errors
    /// [`DivergenceError::Empty`], [`DivergenceError::NotFinite`] for NaN or `+∞`,
    /// [`DivergenceError::NotNormalized`].
    ///
    /// # Example
    /// ```
    /// use gan_divergence::LogPmf;
    /// assert!(LogPmf::new(vec![0.5f64.ln(), 0.5f64.ln()]).is_ok());
    /// assert!(LogPmf::new(vec![0.0, 0.0]).is_err());
    /// ```
    pub fn new(logs: Vec<f64>) -> Result<Self, DivergenceError> {
        let sum = total(&logs)?.exp();
        if (sum - 1.0).abs() > SUM_TOLERANCE {
            let tolerance = SUM_TOLERANCE;
            return Err(DivergenceError::NotNormalized { sum, tolerance });
        }
        Ok(Self { logs })
    }

    /// The log-softmax of logits.
    ///
    /// `ln pᵢ = xᵢ − ln Σⱼ exp(xⱼ)`.
    ///
    /// # Errors
    /// [`DivergenceError::Empty`], [`DivergenceError::NotFinite`] for NaN or `+∞`,
    /// [`DivergenceError::Total`] if every logit is `−∞`.
    ///
    /// # Example
    /// ```
    /// use gan_divergence::LogPmf;
    /// assert_eq!(LogPmf::from_logits(&[7.0])?.logs(), [0.0]);
    /// # Ok::<(), gan_divergence::DivergenceError>(())
    /// ```
    pub fn from_logits(logits: &[f64]) -> Result<Self, DivergenceError> {
        let total = total(logits)?;
        if total == f64::NEG_INFINITY {
            return Err(DivergenceError::Total { what: "the logits", total });
        }
        // Shifting by the largest logit first keeps the digits of large logits.
        let largest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let rest = log_sum_exp(logits.iter().map(|x| x - largest));
        Ok(Self { logs: logits.iter().map(|x| (x - largest) - rest).collect() })
    }

    /// The log masses in the order of the outcomes, in nats.
    ///
    /// # Example
    /// ```
    /// assert_eq!(gan_divergence::LogPmf::from_logits(&[3.0])?.logs(), [0.0]);
    /// # Ok::<(), gan_divergence::DivergenceError>(())
    /// ```
    #[must_use]
    pub fn logs(&self) -> &[f64] {
        &self.logs
    }

    /// How many outcomes there are.
    ///
    /// # Example
    /// ```
    /// assert_eq!(gan_divergence::LogPmf::from_logits(&[3.0, 1.0])?.len(), 2);
    /// # Ok::<(), gan_divergence::DivergenceError>(())
    /// ```
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a mass function has at least one outcome")]
    pub fn len(&self) -> usize {
        self.logs.len()
    }

    /// The plain masses; those below the smallest positive `f64` become 0.
    ///
    /// # Example
    /// ```
    /// let p = gan_divergence::LogPmf::from_logits(&[0.0, -1e4])?;
    /// assert_eq!(p.to_pmf().masses(), [1.0, 0.0]);
    /// # Ok::<(), gan_divergence::DivergenceError>(())
    /// ```
    #[must_use]
    pub fn to_pmf(&self) -> Pmf {
        Pmf::trusted(self.logs.iter().map(|l| l.exp()).collect())
    }
}

impl From<&Pmf> for LogPmf {
    fn from(p: &Pmf) -> Self {
        Self { logs: p.masses().iter().map(|m| m.ln()).collect() }
    }
}

/// `ln Σ exp` of entries that are neither NaN nor `+∞`.
fn total(logs: &[f64]) -> Result<f64, DivergenceError> {
    let what = "the log masses";
    ensure_some(what, logs.len())?;
    match logs.iter().position(|l| l.is_nan() || *l == f64::INFINITY) {
        Some(index) => Err(DivergenceError::NotFinite { what, index, value: logs[index] }),
        None => Ok(log_sum_exp(logs.iter().copied())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strictness_matches_that_of_plain_masses() {
        assert!(LogPmf::new(vec![]).is_err());
        assert!(LogPmf::new(vec![f64::NAN]).is_err());
        assert!(LogPmf::new(vec![f64::INFINITY]).is_err());
        assert!(LogPmf::new(vec![f64::NEG_INFINITY]).is_err());
        assert!(LogPmf::new(vec![0.0, f64::NEG_INFINITY]).is_ok());
    }

    #[test]
    fn there_and_back() {
        let p = Pmf::new(vec![0.25, 0.0, 0.75]).unwrap();
        let back = LogPmf::from(&p).to_pmf();
        assert_eq!(back.masses()[1], 0.0);
        assert!(p.masses().iter().zip(back.masses()).all(|(a, b)| (a - b).abs() < 1e-15));
    }
}
