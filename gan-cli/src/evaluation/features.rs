//! The feature space that a configuration names, and what a manifest says of it.

use std::path::Path;

use anyhow::Context as _;
use burn::tensor::Device;
use gan_core::seed::Seed;
use gan_data::SampleSet;
use gan_eval::classifier::Classifier;
use gan_eval::pca::{COMPONENTS, PcaPixels};
use gan_eval::{EvalError, FeatureExtractor as _, Inception, Standardized, digits};
use serde::{Deserialize, Serialize};

use super::extractor::Space;
use super::{RealSamples, SampleFeatures, looks_at_channels};
use crate::config::{Colors, DataConfig, EvaluationConfig, Features};
use crate::digest::sha256_digits;

/// What names numbers in pixels: those of other real images have another id.
const PIXELS_VERSION: &str = "pca-pixels-1";
/// What names numbers in standardized values: those of other real samples have another id.
const VALUES_VERSION: &str = "standardized-1";
/// What names numbers in the features of Inception, preprocessed as here.
const INCEPTION_VERSION: &str = "inception-1";
/// Endings of the files that hold weights of Inception.
const INCEPTION_ENDINGS: [&str; 3] = ["pth", "pt", "safetensors"];
/// Real samples that a space without a network is made of, at most.
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

/// A feature space that was named. One without a network is made when the real samples are known.
pub(crate) struct NamedFeatures {
    named: Named,
    device: Device,
}

/// What a name stands for.
enum Named {
    Network(Box<(Space, Metric)>),
    Pixels,
    Values,
}

/// A feature space, ready for use, and the real samples that are looked at in it.
pub(crate) struct OpenedFeatures {
    pub(crate) extractor: SampleFeatures,
    pub(crate) metric: Metric,
    pub(crate) real: RealSamples,
}

impl NamedFeatures {
    /// The feature space of this name; nothing for `none`.
    pub(crate) fn open(features: &Features, device: &Device) -> anyhow::Result<Option<Self>> {
        let named = match features {
            Features::None => return Ok(None),
            Features::Pixels => Named::Pixels,
            Features::Values => Named::Values,
            Features::Auto | Features::Digits => of_digits(device),
            Features::File(path) if is_inception(path) => of_inception(path, device)?,
            Features::File(path) => from_file(path, device)?,
        };
        Ok(Some(Self { named, device: device.clone() }))
    }

    /// How the images of a folder are read for it.
    pub(crate) fn colors(&self) -> Colors {
        match &self.named {
            Named::Network(network) => match &network.0 {
                Space::Classifier(classifier) if classifier.channels() == 1 => Colors::Gray,
                _ => Colors::Rgb,
            },
            Named::Pixels | Named::Values => Colors::Rgb,
        }
    }

    /// Whether images of this shape can be looked at: channels, height and width.
    pub(crate) fn check(&self, [channels, height, width]: [usize; 3]) -> Result<(), EvalError> {
        match &self.named {
            Named::Network(network) => network.0.as_extractor().check([1, channels, height, width]),
            Named::Pixels | Named::Values => Ok(()),
        }
    }

    /// Whether each channel of the data is looked at by itself.
    pub(crate) fn looks_at_channels(&self, data: &DataConfig) -> bool {
        matches!(&self.named, Named::Network(network) if looks_at_channels(data, &network.0))
    }

    /// Ready to compare this many samples with real images.
    pub(crate) fn beside(
        self,
        real: RealSamples,
        samples: usize,
    ) -> anyhow::Result<OpenedFeatures> {
        let (space, metric) = match self.named {
            Named::Network(network) => (network.0, Metric { samples, ..network.1 }),
            Named::Pixels => of_pixels(&real, samples, &self.device)?,
            Named::Values => of_values(&real, samples, &self.device)?,
        };
        Ok(OpenedFeatures {
            extractor: SampleFeatures { space, device: self.device },
            metric,
            real,
        })
    }
}

impl OpenedFeatures {
    /// What the configuration of a run asks for; nothing where its samples are neither images nor a table.
    pub(crate) fn of(
        evaluation: &EvaluationConfig,
        config: &DataConfig,
        data: &std::sync::Arc<dyn SampleSet>,
        seed: Seed,
        device: &Device,
    ) -> anyhow::Result<Option<Self>> {
        if !config.is_of_images() && !config.is_table() {
            return Ok(None);
        }
        let features = evaluation.features.or_suitable(config.suitable_features());
        let Some(named) = NamedFeatures::open(&features, device)? else { return Ok(None) };
        let mut shape = image_shape(data.shape());
        if named.looks_at_channels(config) {
            shape[0] = 1;
        }
        named.check(shape).context("`evaluation.features` does not fit the data")?;
        let real = RealSamples::of(config, data.clone(), seed)?;
        named.beside(real, evaluation.samples).map(Some)
    }
}

/// Channels, height and width; a point has its coordinates for channels.
fn image_shape(shape: &[usize]) -> [usize; 3] {
    let mut three = [1; 3];
    three.iter_mut().zip(shape).for_each(|(to, from)| *to = *from);
    three
}

fn of_digits(device: &Device) -> Named {
    let classifier = digits::classifier(device);
    let least = digits::TEST_ACCURACY.iter().map(|(_, share)| *share).reduce(f64::min);
    let metric = Metric {
        metric_version: digits::VERSION.to_owned(),
        features: classifier.id(),
        sha256: digits::SHA256.to_owned(),
        test_accuracy: least,
        samples: 0,
    };
    Named::Network(Box::new((Space::Classifier(classifier), metric)))
}

fn is_inception(path: &Path) -> bool {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    ending.is_some_and(|ending| INCEPTION_ENDINGS.contains(&ending.as_str()))
}

fn of_inception(path: &Path, device: &Device) -> anyhow::Result<Named> {
    let inception = Inception::from_file(path, device).context("`evaluation.features`")?;
    let metric = Metric {
        metric_version: INCEPTION_VERSION.to_owned(),
        features: inception.id(),
        sha256: inception.sha256().to_owned(),
        test_accuracy: None,
        samples: 0,
    };
    Ok(Named::Network(Box::new((Space::Inception(inception), metric))))
}

fn from_file(path: &Path, device: &Device) -> anyhow::Result<Named> {
    let name = path.display();
    let bytes = std::fs::read(path).with_context(|| {
        format!(
            "cannot read {name}; `evaluation.features` is `auto`, `digits`, `pixels`, `values`, `none`, a file of \
             `gan classifier train`, or weights of Inception (.pth, .safetensors)"
        )
    })?;
    let classifier = Classifier::from_bytes(&bytes, device)
        .with_context(|| format!("{name} is no classifier"))?;
    let metric = Metric {
        metric_version: classifier.id(),
        features: classifier.id(),
        sha256: sha256_digits(&bytes),
        test_accuracy: classifier.test_accuracy(),
        samples: 0,
    };
    Ok(Named::Network(Box::new((Space::Classifier(classifier), metric))))
}

/// The directions in which the real images vary most: fewer of few images, or of images with few pixels that
/// change.
fn of_pixels(
    real: &RealSamples,
    samples: usize,
    device: &Device,
) -> anyhow::Result<(Space, Metric)> {
    let values = real.n_values();
    let images = real.trained_on(FITTED_ON.min(PcaPixels::most_samples(values)), device);
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

/// Each value in units of the real ones' deviation.
fn of_values(
    real: &RealSamples,
    samples: usize,
    device: &Device,
) -> anyhow::Result<(Space, Metric)> {
    let values = Standardized::fit(real.trained_on(FITTED_ON, device));
    let values = values.context("`evaluation.features=values` cannot be made of these samples")?;
    let metric = Metric {
        metric_version: VALUES_VERSION.to_owned(),
        features: gan_eval::FeatureExtractor::<4>::id(&values),
        sha256: values.sha256().to_owned(),
        test_accuracy: None,
        samples,
    };
    Ok((Space::Values(values), metric))
}
