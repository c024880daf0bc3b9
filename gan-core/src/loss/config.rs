//! The registry of losses: by name, with their hyperparameters, as configurations spell them.

use std::fmt;

use serde::de::value::{MapAccessDeserializer, MapDeserializer};
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{
    AdversarialLoss, FGan, FGanDivergence, FGanGenerator, Hinge, LeastSquares, Minimax,
    NonSaturating, RelativisticAverage, RelativisticPaired, Wasserstein,
};
use crate::GanError;

/// Which loss is played, with all of its numbers.
///
/// Written as a table, `{ kind = "non-saturating", smoothing = 0.1 }`; a name alone, `"hinge"`, is read
/// as the table of that kind. What a table leaves out has its default.
///
/// # Example
/// ```
/// use gan_core::loss::LossConfig;
/// let named: LossConfig = serde_json::from_str("\"least-squares\"")?;
/// assert_eq!(named, LossConfig::LeastSquares { smoothing: 0.0 });
/// assert_eq!(serde_json::to_string(&LossConfig::Hinge)?, "{\"kind\":\"hinge\"}");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self", tag = "kind", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum LossConfig {
    /// [`Minimax`].
    Minimax {
        /// One-sided label smoothing, in `[0, ½)`: the critic's target for real samples is 1 less it.
        #[serde(default)]
        smoothing: f64,
    },
    /// [`NonSaturating`].
    NonSaturating {
        /// One-sided label smoothing, in `[0, ½)`: the critic's target for real samples is 1 less it.
        #[serde(default)]
        smoothing: f64,
    },
    /// [`LeastSquares`].
    LeastSquares {
        /// One-sided label smoothing, in `[0, ½)`: the critic's target for real samples is 1 less it.
        #[serde(default)]
        smoothing: f64,
    },
    /// [`Wasserstein`].
    Wasserstein,
    /// [`Hinge`].
    Hinge,
    /// [`RelativisticPaired`].
    RelativisticPaired,
    /// [`RelativisticAverage`].
    RelativisticAverage,
    /// [`FGan`].
    FGan {
        /// The row of the table of f-divergences.
        #[serde(default)]
        divergence: FGanDivergence,
        /// What the generator minimizes.
        #[serde(default)]
        generator: FGanGenerator,
    },
}

impl LossConfig {
    /// Every kind of loss, with its defaults.
    pub const KINDS: [Self; 8] = [
        Self::Minimax { smoothing: 0.0 },
        Self::NonSaturating { smoothing: 0.0 },
        Self::LeastSquares { smoothing: 0.0 },
        Self::Wasserstein,
        Self::Hinge,
        Self::RelativisticPaired,
        Self::RelativisticAverage,
        Self::f_gan(FGanDivergence::Gan),
    ];

    /// The f-GAN of a row, with the non-saturating generator.
    pub const fn f_gan(divergence: FGanDivergence) -> Self {
        Self::FGan { divergence, generator: FGanGenerator::NonSaturating }
    }

    /// The loss itself.
    pub fn build(self) -> Box<dyn AdversarialLoss> {
        match self {
            Self::Minimax { smoothing } => Box::new(Minimax { smoothing }),
            Self::NonSaturating { smoothing } => Box::new(NonSaturating { smoothing }),
            Self::LeastSquares { smoothing } => Box::new(LeastSquares { smoothing }),
            Self::Wasserstein => Box::new(Wasserstein),
            Self::Hinge => Box::new(Hinge),
            Self::RelativisticPaired => Box::new(RelativisticPaired),
            Self::RelativisticAverage => Box::new(RelativisticAverage),
            Self::FGan { divergence, generator } => {
                Box::new(FGan::new(divergence.row(), generator))
            }
        }
    }

    /// The name of the kind in configurations.
    pub fn name(self) -> &'static str {
        match self {
            Self::Minimax { .. } => "minimax",
            Self::NonSaturating { .. } => "non-saturating",
            Self::LeastSquares { .. } => "least-squares",
            Self::Wasserstein => "wasserstein",
            Self::Hinge => "hinge",
            Self::RelativisticPaired => "relativistic-paired",
            Self::RelativisticAverage => "relativistic-average",
            Self::FGan { .. } => "f-gan",
        }
    }

    /// One line for a table.
    pub fn summary(self) -> &'static str {
        match self {
            Self::Minimax { .. } => "logistic; the generator minimizes what the critic maximizes",
            Self::NonSaturating { .. } => "logistic; the generator keeps its gradient",
            Self::LeastSquares { .. } => "scores are regressed onto 0 and 1",
            Self::Wasserstein => "difference of mean scores; needs a Lipschitz critic",
            Self::Hinge => "scores count up to a margin of 1",
            Self::RelativisticPaired => "logistic, each real sample against one fake",
            Self::RelativisticAverage => "logistic, each sample against the average of the others",
            Self::FGan { .. } => "the variational bound of an f-divergence",
        }
    }

    /// Where the loss comes from.
    pub fn source(self) -> &'static str {
        match self {
            Self::Minimax { .. } => "Goodfellow et al. (2014), arXiv:1406.2661, eq. 1",
            Self::NonSaturating { .. } => "Goodfellow et al. (2014), arXiv:1406.2661, §3",
            Self::LeastSquares { .. } => "Mao et al. (2017), arXiv:1611.04076",
            Self::Wasserstein => "Arjovsky et al. (2017), arXiv:1701.07875",
            Self::Hinge => "Lim and Ye (2017), arXiv:1705.02894",
            Self::RelativisticPaired | Self::RelativisticAverage => {
                "Jolicoeur-Martineau (2018), arXiv:1807.00734"
            }
            Self::FGan { .. } => "Nowozin et al. (2016), arXiv:1606.00709",
        }
    }

    /// Whether every number is in its range.
    ///
    /// # Errors
    /// [`GanError::OutOfRange`] for a smoothing outside of `[0, ½)`; `key` states where the loss stands in
    /// the configuration.
    pub fn validate(self, key: &str) -> Result<(), GanError> {
        match self {
            Self::Minimax { smoothing }
            | Self::NonSaturating { smoothing }
            | Self::LeastSquares { smoothing }
                if !(0.0..0.5).contains(&smoothing) =>
            {
                let expected = "a number from 0 up to, but not, 0.5";
                let name = format!("{key}.smoothing");
                Err(GanError::OutOfRange { name, expected, found: smoothing })
            }
            _ => Ok(()),
        }
    }
}

impl Serialize for LossConfig {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, serializer)
    }
}

impl<'de> Deserialize<'de> for LossConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NameOrTable)
    }
}

/// Reads a loss from its name alone or from its table.
struct NameOrTable;

impl<'de> Visitor<'de> for NameOrTable {
    type Value = LossConfig;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a loss or a table with its `kind`")
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<LossConfig, E> {
        LossConfig::deserialize(MapDeserializer::new(std::iter::once(("kind", name))))
    }

    fn visit_map<A: MapAccess<'de>>(self, table: A) -> Result<LossConfig, A::Error> {
        LossConfig::deserialize(MapAccessDeserializer::new(table))
    }
}
