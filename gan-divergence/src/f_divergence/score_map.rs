//! Functions of one score as data, so that numbers and tensors are computed from the same table.

use crate::f_divergence::softplus;

/// An elementary function, each with a form that neither overflows early nor cancels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Elementary {
    /// `x`.
    Identity,
    /// `x²`.
    Square,
    /// `ln(1 + eˣ)`.
    Softplus,
    /// `eˣ`.
    Exponential,
    /// `eˣ − 1`, exact to the last digits near 0.
    ExponentialMinusOne,
    /// `tanh x`.
    HyperbolicTangent,
}

impl Elementary {
    /// The function at `x`.
    ///
    /// # Example
    /// ```
    /// use gan_divergence::f_divergence::Elementary;
    /// assert_eq!(Elementary::Softplus.value(1e4), 1e4);
    /// assert_eq!(Elementary::ExponentialMinusOne.value(1e-20), 1e-20);
    /// ```
    #[must_use]
    pub fn value(self, x: f64) -> f64 {
        match self {
            Self::Identity => x,
            Self::Square => x * x,
            Self::Softplus => softplus(x),
            Self::Exponential => x.exp(),
            Self::ExponentialMinusOne => x.exp_m1(),
            Self::HyperbolicTangent => x.tanh(),
        }
    }

    /// Its derivative at `x`.
    ///
    /// # Example
    /// ```
    /// use gan_divergence::f_divergence::Elementary;
    /// assert_eq!(Elementary::Softplus.derivative(0.0), 0.5);
    /// ```
    #[must_use]
    pub fn derivative(self, x: f64) -> f64 {
        match self {
            Self::Identity => 1.0,
            Self::Square => 2.0 * x,
            Self::Softplus => 1.0 / (1.0 + (-x).exp()),
            Self::Exponential | Self::ExponentialMinusOne => x.exp(),
            Self::HyperbolicTangent => 1.0 / x.cosh().powi(2),
        }
    }

    /// `weight·φ(slope·v)` of a score `v`.
    ///
    /// # Example
    /// ```
    /// use gan_divergence::f_divergence::Elementary;
    /// let log_probability = Elementary::Softplus.of_score(-1.0, -1.0);
    /// assert_eq!(log_probability.value(0.0), -(2f64.ln()));
    /// ```
    #[must_use]
    pub fn of_score(self, weight: f64, slope: f64) -> ScoreMap {
        let term = Term { weight, function: self, slope };
        ScoreMap { constant: 0.0, terms: [Some(term), None] }
    }
}

/// `weight·φ(slope·v)`, a part of a [`ScoreMap`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Term {
    /// What the function's value is multiplied with.
    pub weight: f64,
    /// The function.
    pub function: Elementary,
    /// What the score is multiplied with.
    pub slope: f64,
}

/// A function of one score: a constant and one or two elementary functions of the scaled score.
///
/// Activations and composites of the table are of this form. What computes with other numbers than
/// `f64`, a loss on tensors for instance, reads the terms.
///
/// # Example
/// ```
/// use gan_divergence::f_divergence::{Elementary, FDivergence, Gan};
/// let composite = Gan.composite_map();
/// assert_eq!(composite.terms().next().unwrap().function, Elementary::Softplus);
/// assert_eq!(composite.value(0.0), 2f64.ln());
/// assert_eq!(composite.derivative(0.0), 0.5);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScoreMap {
    constant: f64,
    terms: [Option<Term>; 2],
}

impl ScoreMap {
    /// The score itself.
    pub const SCORE: Self = {
        let term = Term { weight: 1.0, function: Elementary::Identity, slope: 1.0 };
        Self { constant: 0.0, terms: [Some(term), None] }
    };

    /// The same function with `constant` added.
    #[must_use]
    pub fn plus(self, constant: f64) -> Self {
        Self { constant: self.constant + constant, ..self }
    }

    /// The same function with the score itself added; in place of a second term.
    ///
    /// # Example
    /// ```
    /// use gan_divergence::f_divergence::Elementary;
    /// let parabola = Elementary::Square.of_score(1.0, 1.0).plus_score().plus(-6.0);
    /// assert_eq!(parabola.value(2.0), 0.0);
    /// ```
    #[must_use]
    pub fn plus_score(self) -> Self {
        Self { terms: [self.terms[0], Self::SCORE.terms[0]], ..self }
    }

    /// What the function adds to its terms.
    #[must_use]
    pub fn constant(&self) -> f64 {
        self.constant
    }

    /// The terms, one or two.
    pub fn terms(&self) -> impl Iterator<Item = Term> {
        self.terms.into_iter().flatten()
    }

    /// The function at a score.
    #[must_use]
    pub fn value(&self, score: f64) -> f64 {
        let value = |term: Term| term.weight * term.function.value(term.slope * score);
        self.terms().map(value).sum::<f64>() + self.constant
    }

    /// Its derivative at a score.
    #[must_use]
    pub fn derivative(&self, score: f64) -> f64 {
        let part = |t: Term| t.weight * t.slope * t.function.derivative(t.slope * score);
        self.terms().map(part).sum()
    }

    /// Whether the function grows like an exponential on one side.
    #[must_use]
    pub fn is_exponential(&self) -> bool {
        let exponentials = [Elementary::Exponential, Elementary::ExponentialMinusOne];
        self.terms().any(|term| exponentials.contains(&term.function))
    }
}

#[cfg(test)]
mod tests {
    use crate::f_divergence::f_divergence_rows;

    #[test]
    fn derivatives_of_maps_agree_with_central_differences() {
        for row in f_divergence_rows() {
            for map in [row.activation_map(), row.composite_map()] {
                for score in [-3.0, -0.4, 0.0, 1.1, 2.5] {
                    let h = 1e-5;
                    let slope = (map.value(score + h) - map.value(score - h)) / (2.0 * h);
                    let found = map.derivative(score);
                    let tolerance = 1e-8 * found.abs().max(1.0);
                    assert!((found - slope).abs() < tolerance, "{}: {found} {slope}", row.name());
                }
            }
        }
    }

    #[test]
    fn activations_never_decrease() {
        for row in f_divergence_rows() {
            let map = row.activation_map();
            let slopes = (-600..=600).map(|score| map.derivative(f64::from(score)));
            assert!(slopes.into_iter().all(|slope| slope >= 0.0), "{}", row.name());
        }
    }

    /// `c′(v)/g′(v)` is the density ratio at which `v` is the best score: it rises with the score.
    #[test]
    fn higher_scores_are_best_for_higher_density_ratios() {
        for row in f_divergence_rows() {
            let (activation, composite) = (row.activation_map(), row.composite_map());
            let ratio = |v: i32| {
                let score = f64::from(v) * 0.25;
                composite.derivative(score) / activation.derivative(score)
            };
            for v in -20..20 {
                let (low, high) = (ratio(v), ratio(v + 1));
                // That of total variation is 1 at every score.
                assert!(high >= low * (1.0 - 1e-12), "{} at {v}: {low} {high}", row.name());
            }
        }
    }
}
