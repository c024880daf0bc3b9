//! The configuration of a run: the keys of a TOML file, and what each of them means.
//!
//! The resolved configuration is written into the run folder and is itself a valid input: it states
//! everything that the run depends on apart from the program and the device.

mod bounds;
mod data;
mod density;
mod evaluation;
mod excerpt;
mod image_size;
mod layers;
mod own;
mod paths;
mod synonyms;

pub(crate) use data::{DataConfig, Split};
pub(crate) use evaluation::{EvaluationConfig, Features};
pub(crate) use excerpt::{cut_message, excerpt};
pub(crate) use image_size::ImageSize;
pub(crate) use layers::{Difference, Layers, Origin, differences, place};
pub(crate) use own::{Colors, TableWords};
pub(crate) use paths::expand_home;

use anyhow::{Context as _, bail, ensure};
use gan_core::progress::{Cadence, Span};
use gan_models::{Architecture, RecipeKind, Training};
use serde::{Deserialize, Serialize};

/// Samples of a table in an evaluation that was not configured.
const TABLE_SAMPLES: usize = 1_000;

/// Everything that a run depends on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct RunConfig {
    /// The recipe that the other keys' defaults come from.
    pub(crate) recipe: String,
    /// Every random number of the run follows from it.
    pub(crate) seed: u64,
    /// Whether a page about the run is written when it ends.
    #[serde(default)]
    pub(crate) report: ReportConfig,
    /// The real samples.
    pub(crate) data: DataConfig,
    /// The networks.
    pub(crate) model: Architecture,
    /// Rules, optimizers and length of the training.
    pub(crate) train: Training,
    /// What is written to `metrics.jsonl`.
    pub(crate) log: LogConfig,
    /// What is rendered into `samples/`.
    pub(crate) pictures: PictureConfig,
    /// What is saved in `checkpoints/`.
    pub(crate) checkpoint: CheckpointConfig,
    /// How samples are compared with the data.
    #[serde(default)]
    pub(crate) evaluation: EvaluationConfig,
}

/// Whether `report.html` is written into the run folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ReportConfig {
    /// When the run has come to its end, or has diverged.
    #[default]
    Auto,
    /// Only by `gan report`.
    Never,
}

/// How often a line is written to `metrics.jsonl`, and where else it goes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct LogConfig {
    /// How often; the first and the last step always.
    pub(crate) every: Cadence,
    /// Whether event files for TensorBoard are written as well.
    #[serde(default)]
    pub(crate) tensorboard: bool,
}

/// How often, and of how many samples, a picture is made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct PictureConfig {
    /// How often; one more is made at the beginning and at the end.
    pub(crate) every: Cadence,
    /// Generated samples in a picture, always from the same latents.
    pub(crate) count: usize,
}

/// How often a checkpoint is saved and how many stay.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct CheckpointConfig {
    /// How often; one more is saved at the end.
    pub(crate) every: Cadence,
    /// How many of the newest stay, at least 1.
    pub(crate) keep: usize,
    /// The quantity whose best checkpoint stays as well, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) keep_best: Option<String>,
}

impl RunConfig {
    /// The defaults of a recipe.
    pub(crate) fn of_recipe(kind: RecipeKind) -> Self {
        let recipe = kind.recipe();
        let (data, every, count, evaluation) = match recipe.architecture {
            Architecture::Mlp(mlp) if mlp.classes == 0 => {
                let features = Features::Auto;
                let evaluation = EvaluationConfig { features, ..EvaluationConfig::default() };
                (DataConfig::moons(), Span::Epochs(10), 2_000, evaluation)
            }
            Architecture::Mlp(_) => {
                let evaluation = EvaluationConfig::of_images(Span::Epochs(10), 1_000);
                (DataConfig::mnist(28), Span::Epochs(1), 64, evaluation)
            }
            _ => {
                let evaluation = EvaluationConfig::of_images(Span::Epochs(1), 500);
                (DataConfig::mnist(32), Span::Epochs(1), 64, evaluation)
            }
        };
        let every = Cadence::Every(every);
        Self {
            recipe: kind.name().to_owned(),
            seed: 0,
            report: ReportConfig::default(),
            data,
            model: recipe.architecture,
            train: recipe.training,
            log: LogConfig { every: Span::Steps(50).into(), tensorboard: false },
            pictures: PictureConfig { every, count },
            checkpoint: CheckpointConfig { every, keep: 3, keep_best: None },
            evaluation,
        }
    }

    /// What was not given, as the data ask for it: an evaluation of a table is brief beside steps that take less than a
    /// millisecond, and where a recipe for points is trained on images, it has pictures and evaluations of images.
    fn suit_data(&mut self, was_given: impl Fn(&str) -> bool) {
        if self.data.is_table() && !was_given("evaluation.samples") {
            self.evaluation.samples = TABLE_SAMPLES;
        }
        let own = RecipeKind::from_name(&self.recipe).map(Self::of_recipe);
        let is_for_points = own.is_some_and(|own| !own.data.is_of_images());
        if !is_for_points || !self.data.is_of_images() {
            return;
        }
        let of_images = Self::of_recipe(RecipeKind::Cgan);
        if !was_given("pictures.count") {
            self.pictures.count = of_images.pictures.count;
        }
        if !was_given("evaluation.every") {
            self.evaluation.every = of_images.evaluation.every;
        }
        if !was_given("evaluation.samples") {
            self.evaluation.samples = of_images.evaluation.samples;
        }
    }

    /// Whether every number is in its range, as far as that can be checked without the data.
    pub(crate) fn validate(&self) -> anyhow::Result<()> {
        self.train.validate().map_err(|error| error.under("train"))?;
        self.evaluation.validate(!self.data.is_of_images() && !self.data.is_table())?;
        let cadences = [
            ("log.every", self.log.every),
            ("pictures.every", self.pictures.every),
            ("checkpoint.every", self.checkpoint.every),
            ("evaluation.every", self.evaluation.every),
        ];
        for (key, every) in cadences {
            let is_zero = matches!(every, Cadence::Every(span) if span.steps(1) == 0);
            ensure!(!is_zero, "`{key}` must be at least 1 step or `never`, found {every}");
        }
        let counts =
            [("pictures.count", self.pictures.count), ("checkpoint.keep", self.checkpoint.keep)];
        for (key, count) in counts {
            ensure!(count > 0, "`{key}` must be at least 1, found 0");
        }
        bounds::ensure(self)
    }

    /// The configuration as it is written into the run folder.
    pub(crate) fn to_toml(&self) -> anyhow::Result<String> {
        toml::to_string_pretty(self).context("cannot write the configuration as TOML")
    }
}

/// The recipe called `name`, or an error that suggests the nearest.
pub(crate) fn recipe_called(name: &str) -> anyhow::Result<RecipeKind> {
    let plain = name.trim().to_lowercase().replace(['_', ' '], "-");
    if let Some(kind) = RecipeKind::from_name(&plain) {
        return Ok(kind);
    }
    let names: Vec<&str> = RecipeKind::ALL.iter().map(|kind| kind.name()).collect();
    let nearest = match synonyms::recipe(&plain) {
        Some(nearest) => format!("; did you mean `{nearest}`?"),
        None => did_you_mean(&plain, &names),
    };
    bail!("no recipe is called `{}`{nearest}; there are: {}", excerpt(name), names.join(", "))
}

/// Longer names are near none of ours.
const LONGEST_NAME: usize = 100;

/// `; did you mean …?` with the nearest of `names`, or nothing if none is near.
pub(crate) fn did_you_mean(found: &str, names: &[impl AsRef<str>]) -> String {
    // The comparison takes the product of both lengths.
    if found.len() > LONGEST_NAME {
        return String::new();
    }
    let nearest = names
        .iter()
        .map(|name| (strsim::normalized_damerau_levenshtein(found, name.as_ref()), name.as_ref()))
        .max_by(|a, b| a.0.total_cmp(&b.0));
    match nearest {
        Some((likeness, name)) if likeness >= 0.4 => format!("; did you mean `{name}`?"),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resolved_configuration_is_a_valid_input() {
        for kind in RecipeKind::ALL {
            let config = RunConfig::of_recipe(kind);
            config.validate().unwrap();
            let text = config.to_toml().unwrap();
            assert_eq!(toml::from_str::<RunConfig>(&text).unwrap(), config, "{text}");
        }
    }

    /// The keys of a table, each with those of the tables that it is in.
    fn keys(prefix: &str, table: &toml::Table) -> Vec<String> {
        let of_one = |(key, value): (&String, &toml::Value)| {
            let key = format!("{prefix}{key}");
            match value {
                toml::Value::Table(inner) => keys(&format!("{key}."), inner),
                _ => vec![key],
            }
        };
        table.iter().flat_map(of_one).collect()
    }

    #[test]
    fn every_key_stands_in_the_readme() {
        let readme = include_str!("../README.md");
        for kind in RecipeKind::ALL {
            let text = RunConfig::of_recipe(kind).to_toml().unwrap();
            for key in keys("", &text.parse().unwrap()) {
                // A table stands for its keys, `train.loss` for `train.loss.kind`.
                let parents = key.match_indices('.').map(|(at, _)| &key[..at]);
                let named = std::iter::once(key.as_str()).chain(parents).any(|key| {
                    readme.contains(&format!("`{key}`")) || readme.contains(&format!("`{key}.*`"))
                });
                assert!(named, "`{key}` is not in the README");
            }
        }
    }

    #[test]
    fn an_unknown_recipe_is_told_the_nearest() {
        let message = recipe_called("dcgn").unwrap_err().to_string();
        let names = RecipeKind::ALL.map(RecipeKind::name).join(", ");
        assert_eq!(
            message,
            format!("no recipe is called `dcgn`; did you mean `dcgan`?; there are: {names}")
        );
        for (typed, kind) in [
            ("DCGAN", RecipeKind::Dcgan),
            ("wgan_gp", RecipeKind::WganGp),
            ("WGAN-GP", RecipeKind::WganGp),
        ] {
            assert_eq!(recipe_called(typed).unwrap(), kind);
        }
        let message = recipe_called("biggan").unwrap_err().to_string();
        assert!(message.contains("did you mean `sngan`?"), "{message}");
        let message = recipe_called("diffusion").unwrap_err().to_string();
        assert!(!message.contains("did you mean"), "{message}");
    }

    #[test]
    fn cadences_and_counts_of_zero_are_refused_by_key() {
        let mut config = RunConfig::of_recipe(RecipeKind::Gan);
        config.log.every = Span::Steps(0).into();
        let message = config.validate().unwrap_err().to_string();
        assert_eq!(message, "`log.every` must be at least 1 step or `never`, found 0 steps");
    }
}
