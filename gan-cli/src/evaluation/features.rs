//! The feature space that a configuration names, and what a manifest says of it.

use std::path::Path;

use anyhow::Context as _;
use burn::tensor::Device;
use gan_eval::classifier::Classifier;
use gan_eval::{FeatureExtractor as _, digits};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::ImageFeatures;
use crate::config::{DataConfig, EvaluationConfig, Features};

/// What numbers in a feature space were made with: those of one are not compared with those of another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Metric {
    /// The version of the program's own classifier, or the name of a user's.
    pub(crate) metric_version: String,
    /// The extractor: its name, and the beginning of its weights' SHA-256.
    pub(crate) features: String,
    /// The SHA-256 of the file with the weights.
    pub(crate) sha256: String,
    /// The share of test images whose class it finds.
    pub(crate) test_accuracy: Option<f64>,
    /// Samples in each evaluation.
    pub(crate) samples: usize,
}

/// A feature space, ready for use.
#[derive(Clone, Debug)]
pub(crate) struct OpenedFeatures {
    pub(crate) extractor: ImageFeatures,
    pub(crate) metric: Metric,
}

impl OpenedFeatures {
    /// What the configuration of a run asks for; nothing where its samples are no images.
    pub(crate) fn of(
        evaluation: &EvaluationConfig,
        data: &DataConfig,
        device: &Device,
    ) -> anyhow::Result<Option<Self>> {
        match &evaluation.features {
            _ if !data.is_of_images() => Ok(None),
            Features::None => Ok(None),
            Features::Auto if !data.is_shipped() => Ok(None),
            chosen => Self::open(chosen, evaluation.samples, device).map(Some),
        }
    }

    /// The feature space of this name.
    pub(crate) fn open(
        features: &Features,
        samples: usize,
        device: &Device,
    ) -> anyhow::Result<Self> {
        match features {
            Features::File(path) => Self::from_file(path, samples, device),
            _ => Ok(Self::digits(samples, device)),
        }
    }

    fn digits(samples: usize, device: &Device) -> Self {
        let classifier = digits::classifier(device);
        let least = digits::TEST_ACCURACY.iter().map(|(_, share)| *share).reduce(f64::min);
        let metric = Metric {
            metric_version: digits::VERSION.to_owned(),
            features: classifier.id(),
            sha256: digits::SHA256.to_owned(),
            test_accuracy: least,
            samples,
        };
        Self { extractor: ImageFeatures { classifier, device: device.clone() }, metric }
    }

    fn from_file(path: &Path, samples: usize, device: &Device) -> anyhow::Result<Self> {
        let name = path.display();
        let bytes = std::fs::read(path).with_context(|| {
            format!(
                "cannot read {name}; `evaluation.features` is `digits`, `auto`, `none`, or a file of \
                 `gan classifier train`"
            )
        })?;
        let classifier = Classifier::from_bytes(&bytes, device)
            .with_context(|| format!("{name} is no classifier"))?;
        let digest: [u8; 32] = Sha256::digest(&bytes).into();
        let metric = Metric {
            metric_version: classifier.id(),
            features: classifier.id(),
            sha256: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
            test_accuracy: classifier.test_accuracy(),
            samples,
        };
        Ok(Self { extractor: ImageFeatures { classifier, device: device.clone() }, metric })
    }
}
