#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod classifier;
pub mod density;
mod error;
pub mod features;
pub mod pca;
pub mod pyramid;
pub mod stacked;

pub use classifier::Classifier;
pub use density::{DensityProbe, KnownDensity};
pub use error::EvalError;
pub use features::{FeatureExtractor, FeatureProbe, Pixels};
