//! Facts of the real samples, found before the first step.

use serde::{Deserialize, Serialize};

/// The real samples, as the critic gets them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DataFacts {
    /// Whether they are images, and not points or rows of a table.
    pub are_images: Option<bool>,
    /// How many there are.
    pub samples: Option<u64>,
    /// The least value.
    pub min: Option<f64>,
    /// The largest value.
    pub max: Option<f64>,
    /// The median value.
    pub median: Option<f64>,
    /// The median value of the samples that the feature extractor was made for, in the same range.
    pub expected_median: Option<f64>,
    /// Channels, or coordinates, that have one value in all samples.
    pub constant_channels: Option<u64>,
    /// Share of samples that are exact copies of an earlier one.
    pub duplicate_share: Option<f64>,
    /// Samples of each class; empty without labels.
    pub class_counts: Option<Vec<u64>>,
    /// The order in which training takes them.
    pub order: Option<LabelOrder>,
}

/// The order in which training takes labeled samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LabelOrder {
    /// In another random order in every epoch.
    Shuffled,
    /// As they are stored, and those of a class are stored together.
    ClassByClass,
    /// As they are stored, classes mixed.
    Stored,
}
