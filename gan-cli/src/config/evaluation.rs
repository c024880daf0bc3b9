//! How a generator is compared with its data: how often, on how many samples, in which features.

use std::convert::Infallible;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use anyhow::ensure;
use gan_core::progress::{Cadence, Span};
use serde::{Deserialize, Serialize};

/// What samples of an unknown density are compared in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", from = "String")]
pub(crate) enum Features {
    /// Nothing: they are not measured.
    #[default]
    None,
    /// The digits' classifier for the digits of this program, stacked ones too; pixels for other images, values for
    /// tables.
    Auto,
    /// The classifier of digits that comes with the program.
    Digits,
    /// Pixels along the directions in which the real images vary most: no network.
    Pixels,
    /// Each value in units of the real ones' deviation.
    Values,
    /// A classifier of one's own, or weights of Inception.
    File(PathBuf),
}

impl Features {
    /// The same, with what suits the data in the place of `auto`.
    pub(crate) fn or_suitable(&self, suitable: Self) -> Self {
        match self {
            Self::Auto => suitable,
            chosen => chosen.clone(),
        }
    }
}

impl FromStr for Features {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match text {
            "none" => Self::None,
            "auto" => Self::Auto,
            "digits" => Self::Digits,
            "pixels" => Self::Pixels,
            "values" => Self::Values,
            path => Self::File(PathBuf::from(path)),
        })
    }
}

impl From<String> for Features {
    fn from(text: String) -> Self {
        let Ok(features) = text.parse();
        features
    }
}

impl fmt::Display for Features {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Auto => f.write_str("auto"),
            Self::Digits => f.write_str("digits"),
            Self::Pixels => f.write_str("pixels"),
            Self::Values => f.write_str("values"),
            Self::File(path) => path.display().fmt(f),
        }
    }
}

impl From<Features> for String {
    fn from(features: Features) -> Self {
        features.to_string()
    }
}

/// More samples than this are not evaluated: nearest neighbors are looked up among all of them.
const MOST_SAMPLES: usize = 10_000_000;

/// More steps of each player are not made for one measurement.
const MOST_RESPONSE_STEPS: u64 = 100_000;

/// How often, on how many samples, and in which features a generator is compared with its data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct EvaluationConfig {
    /// How often; after the last step always.
    pub(crate) every: Cadence,
    /// Generated samples, and real ones to compare them with; at least 10.
    pub(crate) samples: usize,
    /// How many of them are looked up among the modes; PacGAN's protocol has 2,500.
    pub(crate) mode_samples: usize,
    /// What images are compared in.
    #[serde(default)]
    pub(crate) features: Features,
    /// Steps of each player's best response, from which the duality gap is measured; 0 for none.
    #[serde(default)]
    pub(crate) duality_gap: u64,
}

impl Default for EvaluationConfig {
    fn default() -> Self {
        let every = Cadence::Every(Span::Epochs(20));
        let features = Features::default();
        Self { every, samples: 10_000, mode_samples: 2_500, features, duality_gap: 0 }
    }
}

impl EvaluationConfig {
    /// The defaults of a recipe on digits: an evaluation takes at most a hundredth of the time of the steps
    /// between two of them.
    pub(crate) fn of_images(every: Span, samples: usize) -> Self {
        let (every, features) = (Cadence::Every(every), Features::Auto);
        let mode_samples = samples.min(Self::default().mode_samples);
        Self { every, samples, mode_samples, features, duality_gap: 0 }
    }

    /// Whether the estimators can work with it; modes are those of points.
    pub(crate) fn validate(&self, has_modes: bool) -> anyhow::Result<()> {
        let Self { samples, mode_samples, duality_gap, .. } = *self;
        ensure!(
            samples >= 10,
            "`evaluation.samples` must be at least 10, for nearest neighbors, found {samples}"
        );
        ensure!(
            samples <= MOST_SAMPLES,
            "`evaluation.samples` must be at most {MOST_SAMPLES}, found {samples}"
        );
        ensure!(
            !has_modes || (1..=samples).contains(&mode_samples),
            "`evaluation.mode_samples` must be from 1 to `evaluation.samples`, {samples}, \
             found {mode_samples}"
        );
        ensure!(
            duality_gap <= MOST_RESPONSE_STEPS,
            "`evaluation.duality_gap` must be at most {MOST_RESPONSE_STEPS} steps, found {duality_gap}"
        );
        Ok(())
    }
}
