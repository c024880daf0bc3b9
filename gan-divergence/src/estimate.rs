//! Estimates: what an estimator returns beside its value.

use std::fmt;

/// A value estimated from samples, with what is needed to judge it.
///
/// Two estimates are comparable only when `estimator`, `n` and `m` agree: almost every estimator
/// here has a bias that depends on the sample sizes.
///
/// # Example
/// ```
/// use gan_divergence::Points;
/// use gan_divergence::gaussian::frechet_distance;
/// let real = [0.0, 1.0, 2.0, 3.0];
/// let fake = [1.0, 2.0, 3.0, 4.0];
/// let fd = frechet_distance(Points::new(&real, 1)?, Points::new(&fake, 1)?)?;
/// assert!((fd.value - 1.0).abs() < 1e-12);
/// assert_eq!((fd.n, fd.m), (4, 4));
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    /// The estimate. Nothing that may honestly be negative is clamped.
    pub value: f64,
    /// The size of the first sample (`p` or `real`); 0 where only its moments are known.
    pub n: usize,
    /// The size of the second sample (`q` or `fake`); 0 where there is only one.
    pub m: usize,
    /// Which estimator was used, with its parameters.
    pub estimator: String,
    /// The standard error, where the estimator has one.
    pub standard_error: Option<f64>,
    /// What a reader should know before trusting the value.
    pub warnings: Vec<Warning>,
}

impl Estimate {
    pub(crate) fn new(value: f64, n: usize, m: usize, estimator: impl Into<String>) -> Self {
        let estimator = estimator.into();
        Self { value, n, m, estimator, standard_error: None, warnings: Vec::new() }
    }

    pub(crate) fn with_error(mut self, standard_error: f64) -> Self {
        self.standard_error = Some(standard_error);
        self
    }

    pub(crate) fn warn_if(mut self, condition: bool, warning: Warning) -> Self {
        if condition {
            self.warnings.push(warning);
        }
        self
    }
}

/// Something about the input that makes an estimate weaker than it looks.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Warning {
    /// A sample has no more points than dimensions, so its covariance is singular.
    FewerSamplesThanDimensions {
        /// Points in the smaller sample.
        samples: usize,
        /// Dimension of the points.
        dim: usize,
    },
    /// Neighbor distances of zero: duplicated points.
    ZeroRadii {
        /// How many points have a neighbor at distance zero.
        count: usize,
    },
    /// An iterative solver stopped before its tolerance was met.
    NotConverged {
        /// What is left of the violated condition.
        residual: f64,
    },
    /// The estimate is infinite because some outcome of `p` was never seen under `q`.
    EmptyBins {
        /// How many outcomes.
        count: usize,
    },
    /// Samples outside of the histogram's range, which were left out.
    OutsideRange {
        /// How many, of both samples together.
        count: usize,
    },
    /// A few terms carry nearly all of an exponential average.
    HeavyTail {
        /// `(Σw)² / Σw²`, the number of terms that effectively count.
        effective_samples: f64,
    },
    /// The value is within what equal distributions would give.
    BelowNoiseFloor {
        /// The value expected under `P = Q` at these sample sizes.
        floor: f64,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FewerSamplesThanDimensions { samples, dim } => {
                write!(f, "{samples} samples in {dim} dimensions: the covariance is singular")
            }
            Self::ZeroRadii { count } => write!(f, "{count} neighbor distances are zero"),
            Self::NotConverged { residual } => write!(f, "not converged: residual {residual:e}"),
            Self::EmptyBins { count } => write!(f, "{count} outcomes of p have no mass under q"),
            Self::OutsideRange { count } => write!(f, "{count} samples lie outside the range"),
            Self::HeavyTail { effective_samples } => {
                write!(f, "the average rests on {effective_samples:.1} effective samples")
            }
            Self::BelowNoiseFloor { floor } => {
                write!(f, "not above {floor:e}, which equal distributions would give")
            }
        }
    }
}
