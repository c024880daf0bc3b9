//! Compensated summation, which does not lose small terms.

/// A running sum with Neumaier's correction, exact to about one rounding of the result.
///
/// Source: Neumaier (1974), doi:10.1002/zamm.19740540106.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sum {
    total: f64,
    correction: f64,
}

impl Sum {
    pub(crate) fn add(&mut self, term: f64) {
        let next = self.total + term;
        // An infinite total has no rounding error; the correction would turn it into NaN.
        if next.is_finite() {
            self.correction += if self.total.abs() >= term.abs() {
                (self.total - next) + term
            } else {
                (term - next) + self.total
            };
        }
        self.total = next;
    }

    pub(crate) fn value(self) -> f64 {
        self.total + self.correction
    }
}

impl FromIterator<f64> for Sum {
    fn from_iter<I: IntoIterator<Item = f64>>(terms: I) -> Self {
        let mut sum = Self::default();
        terms.into_iter().for_each(|term| sum.add(term));
        sum
    }
}

/// The corrected sum of all terms.
pub(crate) fn sum(terms: impl IntoIterator<Item = f64>) -> f64 {
    terms.into_iter().collect::<Sum>().value()
}

/// Mean and standard error of the mean (`s / √n`, with `n − 1` in `s²`; `NaN` for `n = 1`).
pub(crate) fn mean_and_error(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = sum(values.iter().copied()) / n;
    let squares = sum(values.iter().map(|v| (v - mean) * (v - mean)));
    (mean, (squares / (n - 1.0) / n).sqrt())
}

/// Standard error of a share of `n` independent cases: `√(p·(1 − p)/n)`.
pub(crate) fn share_error(share: f64, n: usize) -> f64 {
    (share * (1.0 - share) / n as f64).sqrt()
}

/// `exp` of this, and of anything below, is 0.
const LEAST: f64 = -746.0;

/// `ln Σ exp(xᵢ)` without overflow; `−∞` for no terms.
pub(crate) fn log_sum_exp(logs: impl Iterator<Item = f64> + Clone) -> f64 {
    let max = logs.clone().fold(f64::NEG_INFINITY, f64::max);
    if max.is_infinite() {
        return max;
    }
    // Terms whose exponential is 0 are left out: computing it is slow just there.
    let terms = logs.map(|x| x - max).filter(|&power| power > LEAST).map(f64::exp);
    max + sum(terms).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_terms_survive_large_ones() {
        assert_eq!(sum([1.0, 1e100, 1.0, -1e100]), 2.0);
        assert_eq!(sum([1.0, f64::INFINITY, 2.0]), f64::INFINITY);
        assert_eq!(sum([]), 0.0);
    }

    #[test]
    fn log_sum_exp_is_shifted_by_a_constant() {
        let logs = [1.0, 2.0, -3.0];
        let plain = logs.iter().map(|x: &f64| x.exp()).sum::<f64>().ln();
        assert!((log_sum_exp(logs.iter().copied()) - plain).abs() < 1e-15);
        let far = log_sum_exp(logs.iter().map(|x| x + 1e4));
        assert!((far - plain - 1e4).abs() < 1e-11);
        assert_eq!(log_sum_exp([f64::NEG_INFINITY].into_iter()), f64::NEG_INFINITY);
    }

    #[test]
    fn standard_error_is_that_of_the_mean() {
        let (mean, error) = mean_and_error(&[1.0, 2.0, 3.0, 4.0]);
        assert_eq!(mean, 2.5);
        assert!((error - (5.0f64 / 3.0 / 4.0).sqrt()).abs() < 1e-15);
    }
}
