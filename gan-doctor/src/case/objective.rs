//! Loss, penalties, constraint and batches.

use serde::{Deserialize, Serialize};

/// What is minimized, on how much at a time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Objective {
    /// The adversarial loss.
    pub loss: Option<Loss>,
    /// Terms of the critic's loss beside it; an empty list for none.
    pub penalties: Option<Vec<Penalty>>,
    /// What the critic's weights are held to.
    pub constraint: Option<Constraint>,
    /// Critic updates before each generator update.
    pub critic_steps: Option<u64>,
    /// Samples in a batch of one forward pass.
    pub batch: Option<u64>,
    /// Classes that both players are conditioned on; 0 for no labels.
    pub classes: Option<u64>,
    /// The average of the generator's weights that samples are drawn with.
    pub averaging: Option<Averaging>,
    /// The deviation of noise on everything that the critic sees; what is left of it at the end of
    /// the run, where it fades; 0 for none.
    pub instance_noise: Option<f64>,
}

/// A family of losses; names are those of `train.loss`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Loss {
    /// Logistic; the generator minimizes `ln(1 − D(G(z)))`.
    Minimax,
    /// Logistic; the generator minimizes `−ln D(G(z))`.
    NonSaturating,
    /// Squared distances of scores from 0 and 1.
    LeastSquares,
    /// Differences of mean scores.
    Wasserstein,
    /// Hinge loss of scores.
    Hinge,
    /// Logistic in differences of paired scores.
    RelativisticPaired,
    /// Logistic in differences from mean scores.
    RelativisticAverage,
    /// An f-divergence's variational bound.
    FGan,
    /// Something else.
    Other,
}

impl Loss {
    /// Whether σ(score) is the probability that a sample is real.
    #[must_use]
    pub fn is_logistic(self) -> bool {
        matches!(self, Self::Minimax | Self::NonSaturating)
    }

    /// Whether the loss of the critic is a distance that shrinks as samples get better, up to a
    /// factor, and not a game value that says nothing.
    #[must_use]
    pub fn estimates_a_distance(self) -> bool {
        self == Self::Wasserstein
    }

    /// The critic's loss where it cannot tell samples from data, without label smoothing.
    #[must_use]
    pub fn of_indifference(self) -> Option<f64> {
        use std::f64::consts::LN_2;
        match self {
            Self::Minimax | Self::NonSaturating | Self::RelativisticAverage => Some(2.0 * LN_2),
            Self::RelativisticPaired => Some(LN_2),
            Self::LeastSquares => Some(0.25),
            Self::Hinge => Some(2.0),
            Self::Wasserstein => Some(0.0),
            Self::FGan | Self::Other => None,
        }
    }
}

/// A term of the critic's loss beside the adversarial one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Penalty {
    /// What costs, and where.
    pub kind: PenaltyKind,
    /// Its factor.
    pub weight: f64,
}

/// What a penalty makes costly, and where; names are those of `train.penalties`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum PenaltyKind {
    /// An input gradient whose norm is not 1, between real and fake samples.
    GradientPenalty,
    /// Any input gradient, at real samples.
    R1,
    /// Any input gradient, at fakes.
    R2,
    /// An input gradient whose norm is not 1, around real samples.
    Dragan,
    /// Large scores.
    Drift,
    /// Weights that are not orthogonal.
    Orthogonal,
    /// Something else.
    Other,
}

impl PenaltyKind {
    /// Whether it bounds the critic's input gradient.
    #[must_use]
    pub fn is_on_gradients(self) -> bool {
        matches!(self, Self::GradientPenalty | Self::R1 | Self::R2 | Self::Dragan)
    }

    /// Whether it asks for an input gradient of norm 1, and not for none.
    #[must_use]
    pub fn asks_for_norm_1(self) -> bool {
        matches!(self, Self::GradientPenalty | Self::Dragan)
    }

    /// The name in a configuration.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::GradientPenalty => "gradient-penalty",
            Self::R1 => "r1",
            Self::R2 => "r2",
            Self::Dragan => "dragan",
            Self::Drift => "drift",
            Self::Orthogonal => "orthogonal",
            Self::Other => "other",
        }
    }
}

/// What the critic's weights are held to after every update.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Constraint {
    /// Nothing.
    None,
    /// Every weight to `[−bound, bound]`.
    Clip {
        /// The bound.
        bound: f64,
    },
    /// The largest singular value of every layer to 1.
    SpectralNorm,
}

/// The average of the generator's weights that samples are drawn with.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Averaging {
    /// There is none: samples are of the step's own weights.
    None,
    /// An exponential moving average.
    Ema {
        /// The steps after which a weight of the past counts half.
        half_life: f64,
    },
}
