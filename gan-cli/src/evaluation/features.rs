//! The feature space that a configuration names, and what a manifest says of it.

use std::path::Path;

use anyhow::Context as _;
use burn::tensor::Device;
use gan_core::seed::Seed;
use gan_data::SampleSet;
use gan_eval::classifier::Classifier;
use gan_eval::pca::{COMPONENTS, PcaPixels};
use gan_eval::{EvalError, FeatureExtractor as _, Inception, digits};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::extractor::Space;
use super::{ImageFeatures, RealImages, looks_at_channels};
use crate::config::{Colors, DataConfig, EvaluationConfig, Features};

/// What names numbers in pixels: those of other real images have another id.
const PIXELS_VERSION: &str = "pca-pixels-1";
/// What names numbers in the features of Inception, preprocessed as here.
const INCEPTION_VERSION: &str = "inception-1";
/// Endings of the files that hold weights of Inception.
const INCEPTION_ENDINGS: [&str; 3] = ["pth", "pt", "safetensors"];
/// Real images that the directions of pixels are found in, at most.
const FITTED_ON: usize = 5_000;

/// What numbers in a feature space were made with: those of one are not compared with those of another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Metric {
    /// The version of the program's own classifier, or the name of a user's.
    pub(crate) metric_version: String,
    /// The extractor: its name, and the beginning of its weights' SHA-256.
    pub(crate) features: String,
    /// The SHA-256 of the file with the weights, or of the directions of pixels.
    pub(crate) sha256: String,
    /// The share of test images whose class it finds.
    pub(crate) test_accuracy: Option<f64>,
    /// Samples in each evaluation.
    pub(crate) samples: usize,
}

/// A feature space that was named. That of pixels is made when the real images are known.
pub(crate) struct NamedFeatures {
    network: Option<(Space, Metric)>,
    device: Device,
}

/// A feature space, ready for use, and the real images that are looked at in it.
pub(crate) struct OpenedFeatures {
    pub(crate) extractor: ImageFeatures,
    pub(crate) metric: Metric,
    pub(crate) real: RealImages,
}

impl NamedFeatures {
    /// The feature space of this name; nothing for `none`.
    pub(crate) fn open(features: &Features, device: &Device) -> anyhow::Result<Option<Self>> {
        let network = match features {
            Features::None => return Ok(None),
            Features::Pixels => None,
            Features::Auto | Features::Digits => Some(of_digits(device)),
            Features::File(path) if is_inception(path) => Some(of_inception(path, device)?),
            Features::File(path) => Some(from_file(path, device)?),
        };
        Ok(Some(Self { network, device: device.clone() }))
    }

    /// How the images of a folder are read for it.
    pub(crate) fn colors(&self) -> Colors {
        match &self.network {
            Some((Space::Classifier(classifier), _)) if classifier.channels() == 1 => Colors::Gray,
            _ => Colors::Rgb,
        }
    }

    /// Whether images of this shape can be looked at: channels, height and width.
    pub(crate) fn check(&self, [channels, height, width]: [usize; 3]) -> Result<(), EvalError> {
        match &self.network {
            Some((space, _)) => space.as_extractor().check([1, channels, height, width]),
            None => Ok(()),
        }
    }

    /// Whether each channel of the data is looked at by itself.
    pub(crate) fn looks_at_channels(&self, data: &DataConfig) -> bool {
        self.network.as_ref().is_some_and(|(space, _)| looks_at_channels(data, space))
    }

    /// Ready to compare this many samples with real images.
    pub(crate) fn beside(self, real: RealImages, samples: usize) -> anyhow::Result<OpenedFeatures> {
        let (space, metric) = match self.network {
            Some((space, metric)) => (space, Metric { samples, ..metric }),
            None => of_pixels(&real, samples, &self.device)?,
        };
        Ok(OpenedFeatures { extractor: ImageFeatures { space, device: self.device }, metric, real })
    }
}

impl OpenedFeatures {
    /// What the configuration of a run asks for; nothing where its samples are no images.
    pub(crate) fn of(
        evaluation: &EvaluationConfig,
        config: &DataConfig,
        data: &std::sync::Arc<dyn SampleSet>,
        seed: Seed,
        device: &Device,
    ) -> anyhow::Result<Option<Self>> {
        let [channels, height, width] = *data.shape() else { return Ok(None) };
        let features = evaluation.features.resolved(config.is_shipped());
        let Some(named) = NamedFeatures::open(&features, device)? else { return Ok(None) };
        let channels = if named.looks_at_channels(config) { 1 } else { channels };
        named
            .check([channels, height, width])
            .context("`evaluation.features` does not fit the data")?;
        let real = RealImages::of(config, data.clone(), seed)?;
        named.beside(real, evaluation.samples).map(Some)
    }
}

fn of_digits(device: &Device) -> (Space, Metric) {
    let classifier = digits::classifier(device);
    let least = digits::TEST_ACCURACY.iter().map(|(_, share)| *share).reduce(f64::min);
    let metric = Metric {
        metric_version: digits::VERSION.to_owned(),
        features: classifier.id(),
        sha256: digits::SHA256.to_owned(),
        test_accuracy: least,
        samples: 0,
    };
    (Space::Classifier(classifier), metric)
}

fn is_inception(path: &Path) -> bool {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    ending.is_some_and(|ending| INCEPTION_ENDINGS.contains(&ending.as_str()))
}

fn of_inception(path: &Path, device: &Device) -> anyhow::Result<(Space, Metric)> {
    let inception = Inception::from_file(path, device).context("`evaluation.features`")?;
    let metric = Metric {
        metric_version: INCEPTION_VERSION.to_owned(),
        features: inception.id(),
        sha256: inception.sha256().to_owned(),
        test_accuracy: None,
        samples: 0,
    };
    Ok((Space::Inception(inception), metric))
}

fn from_file(path: &Path, device: &Device) -> anyhow::Result<(Space, Metric)> {
    let name = path.display();
    let bytes = std::fs::read(path).with_context(|| {
        format!(
            "cannot read {name}; `evaluation.features` is `auto`, `digits`, `pixels`, `none`, a file of \
             `gan classifier train`, or weights of Inception (.pth, .safetensors)"
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
        samples: 0,
    };
    Ok((Space::Classifier(classifier), metric))
}

/// The directions in which the real images vary most: fewer of few images, or of images with few pixels that
/// change.
fn of_pixels(
    real: &RealImages,
    samples: usize,
    device: &Device,
) -> anyhow::Result<(Space, Metric)> {
    let images = real.trained_on(FITTED_ON, device);
    let values = images.dims()[1..].iter().product();
    let fit = |components: usize| PcaPixels::fit(images.clone(), components);
    let most = COMPONENTS.min(values).min(images.dims()[0].saturating_sub(1));
    let pixels = match fit(most) {
        Err(EvalError::Rank { rank, .. }) if rank > 0 => fit(rank),
        other => other,
    };
    let pixels = pixels.context("`evaluation.features=pixels` cannot be made of these images")?;
    let metric = Metric {
        metric_version: PIXELS_VERSION.to_owned(),
        features: gan_eval::FeatureExtractor::<4>::id(&pixels),
        sha256: pixels.sha256().to_owned(),
        test_accuracy: None,
        samples,
    };
    Ok((Space::Pixels(pixels), metric))
}
