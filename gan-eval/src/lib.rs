#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod assistant;
pub mod classifier;
mod controls;
pub mod corruption;
pub mod density;
mod digest;
pub mod digits;
pub mod duality_gap;
mod error;
pub mod feature_probe;
pub mod features;
#[cfg(test)]
mod games;
mod generated;
#[cfg(feature = "inception")]
pub mod inception;
mod observed;
mod packed;
pub mod pca;
pub mod players;
pub mod pyramid;
pub mod quantities;
mod reference;
mod seen;
pub mod spectrum;
pub mod stacked;

pub use assistant::{FeatureAssistant, StackedAssistant};
pub use classifier::Classifier;
pub use controls::Control;
pub use corruption::Corruption;
pub use density::{DensityProbe, KnownDensity};
pub use duality_gap::{BestResponse, DualityGap};
pub use error::EvalError;
pub use feature_probe::FeatureProbe;
pub use features::{FeatureExtractor, Looked, Pixels, Standardized};
#[cfg(feature = "inception")]
pub use inception::Inception;
pub use observed::{ClassAgreement, Observed, Pass};
pub use players::{
    BatchStatisticsProbe, DeadUnitProbe, HeldOutProbe, ScoreProbe, SensitivityProbe, SlopeProbe,
    UpdateProbe, WeightProbe,
};
pub use quantities::{Card, Found};
pub use reference::Reference;
pub use spectrum::SpectrumProbe;
pub use stacked::StackedProbe;
