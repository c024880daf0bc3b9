#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

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
mod generated;
#[cfg(feature = "inception")]
pub mod inception;
mod observed;
pub mod pca;
pub mod pyramid;
pub mod quantities;
mod reference;
pub mod scores;
pub mod sensitivity;
pub mod stacked;
pub mod weights;

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
pub use quantities::{Card, Found};
pub use reference::Reference;
pub use scores::ScoreProbe;
pub use sensitivity::SensitivityProbe;
pub use stacked::StackedProbe;
pub use weights::WeightProbe;
