//! What a run needs before its first step: configuration, data, device, folder.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::thread;

use anyhow::{Context as _, anyhow, bail, ensure};
use gan_core::{Checkpoint, Seed};
use gan_data::{Fingerprint, Inventory, SampleSet};
use gan_models::Architecture;
use toml::Value;

use crate::args::{RunArguments, TrainArguments};
use crate::config::{DataConfig, Layers, Origin, RunConfig, differences, expand_home};
use crate::device::{self, NamedDevice};
use crate::evaluation::Truth;
use crate::manifest::Manifest;
use crate::run_folder::RunFolder;

/// A run about to begin or to go on; nothing has been written for it yet.
pub(in crate::command) struct Setup {
    pub(in crate::command) config: RunConfig,
    pub(in crate::command) data: Arc<dyn SampleSet>,
    /// What a reader of the configuration has to know, one sentence each.
    pub(in crate::command) notes: Vec<String>,
    /// What the data was read as.
    pub(in crate::command) inventory: Inventory,
    fingerprint: DataFingerprint,
    pub(in crate::command) device: NamedDevice,
    /// The run folder.
    pub(in crate::command) root: PathBuf,
    pub(in crate::command) start: Start,
}

/// The fingerprint of the data, computed by another thread while the networks are built.
struct DataFingerprint {
    data: Arc<dyn SampleSet>,
    computed: Arc<OnceLock<Fingerprint>>,
}

impl DataFingerprint {
    fn begin(data: &Arc<dyn SampleSet>) -> Self {
        let begun = Self { data: data.clone(), computed: Arc::default() };
        let (data, computed) = (begun.data.clone(), begun.computed.clone());
        thread::spawn(move || *computed.get_or_init(|| data.fingerprint()));
        begun
    }

    /// Once it is there: at once, or as soon as the thread has it.
    fn get(&self) -> Fingerprint {
        *self.computed.get_or_init(|| self.data.fingerprint())
    }
}

/// Where a run starts from.
pub(in crate::command) enum Start {
    /// From nothing; a run that is there already is moved aside if `force`, or else refused.
    Anew { force: bool },
    /// From a checkpoint of its own.
    From { folder: RunFolder, checkpoint: Checkpoint },
}

impl Setup {
    /// Read everything that a run starts from.
    pub(in crate::command) fn of(arguments: &TrainArguments) -> anyhow::Result<Self> {
        let mut setup = Self::with(layers(arguments)?, &arguments.run, arguments.force)?;
        if arguments.resume {
            let folder = RunFolder::open(&setup.root)?;
            ensure_unchanged(&folder.config()?, &setup.config, &setup.root)?;
            ensure_same_data(&folder, setup.fingerprint.get())?;
            let checkpoint = folder.checkpoint(arguments.from_step)?;
            setup.start = Start::From { folder, checkpoint };
        }
        Ok(setup)
    }

    /// Read what a run of `what`, a recipe or a configuration file, starts from nothing with.
    pub(in crate::command) fn anew(
        what: &str,
        arguments: &RunArguments,
        force: bool,
    ) -> anyhow::Result<Self> {
        Self::with(layers_of(what)?, arguments, force)
    }

    fn with(layers: Layers, arguments: &RunArguments, force: bool) -> anyhow::Result<Self> {
        let device = device::open(arguments.device.as_deref())?;
        let layers = configure(layers, arguments)?;
        let follows = !layers.is_of_run() && !layers.was_given("model.classes");
        let mut notes = layers.notes().to_vec();
        let mut config = layers.finish()?;
        let data = open(&config)?;
        if follows {
            config.model = of_classes(&config, data.classes())?;
        }
        notes.extend(Truth::left_out(&config.data)?);
        let batch = config.train.batch;
        ensure!(
            batch <= data.len(),
            "`train.batch` is {batch}, but the data set has {} samples",
            data.len()
        );
        let fingerprint = DataFingerprint::begin(&data);
        let inventory = data.inventory();
        let root = match &arguments.out {
            Some(root) => expand_home(root).context("--out")?,
            None => default_root(&config),
        };
        let start = Start::Anew { force };
        Ok(Self { config, notes, data, inventory, fingerprint, device, root, start })
    }

    /// The run folder, made or made ready to go on, and the step to go on from.
    ///
    /// This is the first thing that touches the disk: whatever may fail without it comes before.
    pub(in crate::command) fn begin(&self) -> anyhow::Result<(RunFolder, u64)> {
        let (folder, step) = match &self.start {
            Start::Anew { force } => {
                let fingerprint = self.fingerprint.get();
                let manifest =
                    Manifest::new(&self.config, &self.inventory, fingerprint, &self.device)?;
                let folder = RunFolder::create(&self.root, *force)?;
                folder.write_json("manifest.json", &manifest)?;
                (folder, 0)
            }
            Start::From { folder, checkpoint } => {
                let step = checkpoint.state().step;
                folder.set_aside_after(step)?;
                (folder.clone(), step)
            }
        };
        folder.write_config(&self.config)?;
        Ok((folder, step))
    }
}

/// The recipe or the file that the arguments name; to go on with a run, its own configuration.
fn layers(arguments: &TrainArguments) -> anyhow::Result<Layers> {
    match (&arguments.what, &arguments.run.out) {
        (Some(what), _) => layers_of(what),
        (None, Some(root)) if arguments.resume => {
            Layers::of_run(RunFolder::open(&expand_home(root).context("--out")?)?.config()?)
        }
        (None, _) => bail!(
            "expected a recipe or a configuration file, for example: gan train dcgan \
             (or, to go on with a run: gan train --resume --out DIR)"
        ),
    }
}

fn layers_of(what: &str) -> anyhow::Result<Layers> {
    let is_file_name =
        Path::new(what).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml"));
    if is_file_name { Layers::of_file(PathBuf::from(what)) } else { Layers::of_recipe(what) }
}

/// The data of a configuration; an error says where it was looked for.
fn open(config: &RunConfig) -> anyhow::Result<Arc<dyn SampleSet>> {
    config.data.open(Seed(config.seed)).with_context(|| {
        let (key, path) = match &config.data {
            DataConfig::Mnist { dir, .. } | DataConfig::Images { dir, .. } => ("data.dir", dir),
            DataConfig::Points { file, .. } => ("data.file", file),
            _ => return "cannot use the data".to_owned(),
        };
        if path.as_os_str().is_empty() || path.exists() {
            return "cannot use the data".to_owned();
        }
        let here = std::env::current_dir().unwrap_or_default();
        let from = if path.is_relative() {
            format!(", seen from {}", here.display())
        } else {
            String::new()
        };
        format!(
            "`{key}` is {}{from}, where nothing is; say where the data is by --set {key}=PATH",
            path.display()
        )
    })
}

/// The networks for as many classes as the data has, if they take labels at all.
fn of_classes(config: &RunConfig, classes: usize) -> anyhow::Result<Architecture> {
    let (model, recipe) = (config.model, &config.recipe);
    if model.classes() == 0 {
        return Ok(model);
    }
    ensure!(
        classes >= 2,
        "`{recipe}` needs data of at least 2 classes, found {classes}; without labels: \
         --set model.classes=0"
    );
    Ok(model.with_classes(classes))
}

/// Over the defaults and the file: `--set`, then flags.
fn configure(mut layers: Layers, arguments: &RunArguments) -> anyhow::Result<Layers> {
    arguments.settings.iter().try_for_each(|setting| layers.set(setting))?;
    let budget = match (arguments.epochs, arguments.steps) {
        (Some(epochs), _) => Some((format!("{epochs} epochs"), "--epochs")),
        (None, Some(steps)) => Some((format!("{steps} steps"), "--steps")),
        (None, None) => None,
    };
    if let Some((budget, flag)) = budget {
        layers.apply("train.budget", Value::String(budget), &Origin::Flag(flag))?;
    }
    if let Some(seed) = arguments.seed {
        let seed = i64::try_from(seed)
            .ok()
            .with_context(|| format!("--seed must be below 2^63, found {seed}"))?;
        layers.apply("seed", Value::Integer(seed), &Origin::Flag("--seed"))?;
    }
    if let Some(dir) = &arguments.data_dir {
        let dir = Value::String(dir.to_string_lossy().into_owned());
        let key = layers
            .data_path_key()
            .map_err(|instead| anyhow!("--data-dir has no place here; use {instead}"))?;
        layers.apply(key, dir, &Origin::Flag("--data-dir"))?;
    }
    Ok(layers)
}

fn default_root(config: &RunConfig) -> PathBuf {
    Path::new("runs").join(format!("{}-seed{}", config.recipe, config.seed))
}

/// A run can only be resumed as what it was begun as; it may become longer, and be watched
/// differently, because neither changes what has been computed.
fn ensure_unchanged(begun: &RunConfig, now: &RunConfig, root: &Path) -> anyhow::Result<()> {
    let may_change = |key: &str| {
        let watched = ["pictures.", "checkpoint.", "evaluation."];
        // Where the data is says nothing of what it is: its digest does.
        ["train.budget", "data.dir", "data.file"].contains(&key)
            || watched.iter().any(|prefix| key.starts_with(prefix))
    };
    let changed: Vec<String> = differences(begun, now)?
        .into_iter()
        .filter(|difference| !may_change(&difference.key))
        .map(|difference| {
            format!("\n  {}: was {}, now {}", difference.key, difference.one, difference.other)
        })
        .collect();
    ensure!(
        changed.is_empty(),
        "{} was begun with another configuration; resuming keeps it as it was, but these differ:{}",
        root.display(),
        changed.concat()
    );
    Ok(())
}

/// The configuration only says where the data is; the files there may have become others.
fn ensure_same_data(folder: &RunFolder, fingerprint: Fingerprint) -> anyhow::Result<()> {
    let (begun, now) = (folder.data()?.sha256, fingerprint.to_string());
    ensure!(
        begun == now,
        "{} was begun with other data: their SHA-256 was {begun}, now it is {now}",
        folder.root().display()
    );
    Ok(())
}
