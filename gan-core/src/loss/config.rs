//! The registry of losses: by name, with their hyperparameters, as configurations spell them.

use std::fmt;

use serde::de::value::{MapAccessDeserializer, MapDeserializer};
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{
    AdversarialLoss, FGanConfig, FGanDivergence, FGanGenerator, Hinge, LeastSquares, Minimax,
    NonSaturating, RelativisticAverage, RelativisticPaired, Wasserstein,
};
use crate::GanError;

/// A loss of the registry: what a configuration and a table have to know of it. It stands in the loss's
/// own file.
pub(super) trait RegisteredLoss: Copy {
    /// The name in configurations: the variant's in kebab case.
    const NAME: &'static str;
    /// One line for a table.
    const SUMMARY: &'static str;
    /// The paper.
    const SOURCE: &'static str;
    /// What a configuration leaves out.
    const DEFAULT: Self;

    /// The loss as a function.
    fn build(self) -> Box<dyn AdversarialLoss>;

    /// Whether every number is in its range; `key` says where the loss stands in the configuration.
    fn validate(self, _key: &str) -> Result<(), GanError> {
        Ok(())
    }
}

/// Whether one-sided label smoothing is in its range.
pub(super) fn validate_smoothing(key: &str, found: f64) -> Result<(), GanError> {
    if (0.0..0.5).contains(&found) {
        return Ok(());
    }
    let expected = "a number from 0 up to, but not, 0.5";
    Err(GanError::OutOfRange { name: format!("{key}.smoothing"), expected, found })
}

/// From one line for each loss: the enum of all, and what it asks of the loss that it is.
macro_rules! registry {
    ($($variant:ident($config:ty),)+) => {
        /// Which loss is played, with all of its numbers.
        ///
        /// Written as a table, `{ kind = "non-saturating", smoothing = 0.1 }`; a name alone, `"hinge"`,
        /// is read as the table of that kind. What a table leaves out has its default.
        ///
        /// # Example
        /// ```
        /// use gan_core::loss::{Hinge, LeastSquares, LossConfig};
        /// let named: LossConfig = serde_json::from_str("\"least-squares\"")?;
        /// assert_eq!(named, LeastSquares { smoothing: 0.0 }.into());
        /// assert_eq!(serde_json::to_string(&LossConfig::from(Hinge))?, "{\"kind\":\"hinge\"}");
        /// # Ok::<(), serde_json::Error>(())
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(remote = "Self", tag = "kind", rename_all = "kebab-case")]
        #[non_exhaustive]
        pub enum LossConfig {
            $(
                #[doc = concat!("[`", stringify!($variant), "`](crate::loss::", stringify!($variant), ").")]
                $variant($config),
            )+
        }

        impl LossConfig {
            /// Every kind of loss, with its defaults.
            pub const KINDS: [Self; [$(stringify!($variant)),+].len()] =
                [$(Self::$variant(<$config as RegisteredLoss>::DEFAULT)),+];

            /// The loss itself.
            pub fn build(self) -> Box<dyn AdversarialLoss> {
                match self {
                    $(Self::$variant(loss) => RegisteredLoss::build(loss),)+
                }
            }

            /// The name of the kind in configurations.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant(_) => <$config as RegisteredLoss>::NAME,)+
                }
            }

            /// One line for a table.
            pub fn summary(self) -> &'static str {
                match self {
                    $(Self::$variant(_) => <$config as RegisteredLoss>::SUMMARY,)+
                }
            }

            /// Where the loss comes from.
            pub fn source(self) -> &'static str {
                match self {
                    $(Self::$variant(_) => <$config as RegisteredLoss>::SOURCE,)+
                }
            }

            /// Whether every number is in its range.
            ///
            /// # Errors
            /// [`GanError::OutOfRange`] for a smoothing outside of `[0, ½)`; `key` says where the loss
            /// stands in the configuration.
            pub fn validate(self, key: &str) -> Result<(), GanError> {
                match self {
                    $(Self::$variant(loss) => RegisteredLoss::validate(loss, key),)+
                }
            }
        }

        $(
            impl From<$config> for LossConfig {
                fn from(loss: $config) -> Self {
                    Self::$variant(loss)
                }
            }
        )+
    };
}

registry! {
    Minimax(Minimax),
    NonSaturating(NonSaturating),
    LeastSquares(LeastSquares),
    Wasserstein(Wasserstein),
    Hinge(Hinge),
    RelativisticPaired(RelativisticPaired),
    RelativisticAverage(RelativisticAverage),
    FGan(FGanConfig),
}

impl LossConfig {
    /// The f-GAN of a row, with the non-saturating generator.
    pub const fn f_gan(divergence: FGanDivergence) -> Self {
        Self::FGan(FGanConfig { divergence, generator: FGanGenerator::NonSaturating })
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
