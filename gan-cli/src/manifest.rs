//! `manifest.json`: what a run was made with, to reproduce it.

use std::time::{SystemTime, UNIX_EPOCH};

use gan_core::batch_statistics::BatchStatistics;
use gan_core::kernels::KernelSet;
use gan_core::precision::PrecisionChoice;
use gan_data::{Fingerprint, Inventory};
use gan_models::Source;
use serde::Serialize;

use crate::config::{RunConfig, recipe_called};
use crate::device::{NamedDevice, compiled};
use crate::evaluation::Metric;
use crate::inventory::InventoryRecord;
use crate::run_folder::BranchPoint;

/// The version of Burn that the workspace is pinned to.
const BURN: &str = "0.22.1";

/// What a run was made with.
#[derive(Debug, Serialize)]
pub(crate) struct Manifest {
    gan: &'static str,
    burn: &'static str,
    git_commit: Option<&'static str>,
    device: String,
    backends: Vec<&'static str>,
    /// What stands in for Burn's own layers on this device, if anything does.
    kernels: Option<KernelSet>,
    /// What the layers' products were asked to be in, what they are in on this machine, and why.
    precision: PrecisionChoice,
    /// Processes that trained it together, and what batch normalization saw of a batch, where batches are cut
    /// into shards.
    #[serde(skip_serializing_if = "Option::is_none")]
    shards: Option<Shards>,
    seed: u64,
    recipe: String,
    source: Citation,
    deviations: Vec<&'static str>,
    /// What a reader of the results has to know.
    warnings: Vec<&'static str>,
    /// Which weights pictures, evaluations and summary are made with.
    samples_from: &'static str,
    data: Data,
    /// The run and the step that this one begins with, if it does not begin from nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    branched_from: Option<BranchPoint>,
    /// What the numbers of images are made with, where they are measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    evaluation: Option<Metric>,
    command: Vec<String>,
    started_unix_seconds: u64,
}

/// How the work of a batch was shared out.
#[derive(Debug, Serialize)]
struct Shards {
    /// Of each batch.
    count: u64,
    /// Processes, which change no bit.
    ranks: u64,
    batch_normalization: &'static str,
}

#[derive(Debug, Serialize)]
struct Citation {
    citation: &'static str,
    title: &'static str,
    locator: &'static str,
}

/// What was read, and the digest that it is known by.
#[derive(Debug, Serialize)]
struct Data {
    #[serde(flatten)]
    inventory: InventoryRecord,
    sha256: String,
}

impl From<Source> for Citation {
    fn from(source: Source) -> Self {
        let Source { citation, title, locator } = source;
        Self { citation, title, locator }
    }
}

/// What a reader of the results has to know, one sentence each.
pub(crate) fn warnings(config: &RunConfig, device: &NamedDevice) -> Vec<&'static str> {
    let mut warnings = config.train.rules.warnings();
    warnings.extend(config.train.rules.precision.warning_on(&device.device));
    warnings
}

impl Manifest {
    /// The same of a run that branches off from another one.
    pub(crate) fn branched_from(self, origin: Option<BranchPoint>) -> Self {
        Self { branched_from: origin, ..self }
    }

    /// The same of a run that several processes train.
    pub(crate) fn trained_by(self, ranks: u64, config: &RunConfig) -> Self {
        let count = config.train.shards;
        let batch_normalization = match config.train.rules.batch_statistics {
            BatchStatistics::Ghost => "by shard: each normalizes its own samples",
            BatchStatistics::Synchronized => "synchronized: by the statistics of all shards",
        };
        let shards = Shards { count, ranks, batch_normalization };
        Self { shards: (count > 1 || ranks > 1).then_some(shards), ..self }
    }

    pub(crate) fn new(
        config: &RunConfig,
        inventory: &Inventory,
        fingerprint: Fingerprint,
        device: &NamedDevice,
        evaluation: Option<Metric>,
    ) -> anyhow::Result<Self> {
        let recipe = recipe_called(&config.recipe)?.recipe();
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Ok(Self {
            gan: env!("CARGO_PKG_VERSION"),
            burn: BURN,
            git_commit: option_env!("GAN_GIT_COMMIT"),
            device: device.name.clone(),
            backends: compiled(),
            kernels: KernelSet::on(&device.device),
            precision: config.train.rules.precision.on(&device.device),
            shards: None,
            seed: config.seed,
            recipe: config.recipe.clone(),
            source: recipe.source.into(),
            deviations: recipe.deviations.to_vec(),
            warnings: warnings(config, device),
            samples_from: match config.train.rules.ema {
                Some(_) => "the EMA of the generator's weights",
                None => "the generator",
            },
            data: Data {
                inventory: InventoryRecord::from(inventory),
                sha256: fingerprint.to_string(),
            },
            branched_from: None,
            evaluation,
            command: std::env::args_os()
                .map(|argument| argument.to_string_lossy().into_owned())
                .collect(),
            started_unix_seconds: since_epoch.as_secs(),
        })
    }
}
