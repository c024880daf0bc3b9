//! How the samples of a run are compared with its data: by a known density, or in a feature space.

mod array;
mod cache;
mod extractor;
mod features;
mod probe;
mod reference;
mod stacked;

pub(crate) use array::ImageArray;
pub(crate) use cache::Cache;
pub(crate) use extractor::SampleFeatures;
pub(crate) use features::{Metric, NamedFeatures, OpenedFeatures};
pub(crate) use probe::{RunAssistant, RunProbe};
pub(crate) use reference::{Images, RealSamples, RealScores, look_at_all};
pub(crate) use stacked::{StackedScores, look_at_channels, looks_at_channels};
