//! What a run needs before its first step: configuration, data, device, folder.

mod resolved;
mod start;

use std::mem;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::thread;

use anyhow::{Context as _, anyhow, bail, ensure};
use gan_core::seed::Seed;
use gan_data::{Fingerprint, Inventory, SampleSet};
use gan_models::Architecture;
use toml::Value;

use crate::args::{RunArguments, TrainArguments};
use crate::config::{DataConfig, Features, Layers, Origin, RunConfig, expand_home};
use crate::device::{self, NamedDevice};
use crate::evaluation::{Metric, OpenedFeatures};
use crate::manifest::Manifest;
use crate::ranks::{Ranks, Same};
use crate::run_folder::{Beginning, Claim, RunFolder, free_beside};

pub(in crate::command) use resolved::resolved;
pub(in crate::command) use start::Start;

/// A run about to begin or to resume; nothing has been written for it yet.
pub(in crate::command) struct Setup {
    pub(in crate::command) config: RunConfig,
    pub(in crate::command) data: Arc<dyn SampleSet>,
    /// What a reader of the configuration has to know, one sentence each.
    pub(in crate::command) notes: Vec<String>,
    /// What the data was read as.
    pub(in crate::command) inventory: Inventory,
    fingerprint: DataFingerprint,
    /// What images are compared in, where they are, until the probes are made of it: it holds real images.
    pub(in crate::command) features: Option<OpenedFeatures>,
    /// What the numbers in it are called.
    pub(in crate::command) metric: Option<Metric>,
    pub(in crate::command) device: NamedDevice,
    /// The run folder.
    pub(in crate::command) root: PathBuf,
    pub(in crate::command) start: Start,
    /// The processes that train it.
    pub(in crate::command) ranks: Ranks,
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
        // Without a thread, what asks first computes it.
        let _ = thread::Builder::new().spawn(move || *computed.get_or_init(|| data.fingerprint()));
        begun
    }

    /// Once it is there: at once, or as soon as the thread has it.
    fn get(&self) -> Fingerprint {
        *self.computed.get_or_init(|| self.data.fingerprint())
    }
}

/// A run that may write into its folder.
pub(in crate::command) struct Begun {
    pub(in crate::command) folder: RunFolder,
    /// The step to resume from.
    pub(in crate::command) step: u64,
    pub(in crate::command) claim: Claim,
}

impl Setup {
    /// Read everything that a run starts from.
    pub(in crate::command) fn of(
        arguments: &TrainArguments,
        ranks: &Ranks,
    ) -> anyhow::Result<Self> {
        let origin = match &arguments.branch {
            Some(run) => Some(RunFolder::open(&expand_home(run).context("--branch")?)?),
            None => None,
        };
        let mut setup =
            Self::with(layers(arguments, origin.as_ref())?, &arguments.run, arguments.force)?;
        setup.ranks = ranks.clone();
        if let Some(origin) = origin {
            if arguments.run.out.is_none() {
                setup.root = free_beside(origin.root(), "branch");
            }
            setup.branch(origin, arguments.from_step)?;
        } else if arguments.resume && !start::may_begin(arguments, &setup.root) {
            setup.resume(arguments.from_step)?;
        }
        Ok(setup)
    }

    /// Read what a run of a configuration starts from nothing with.
    pub(in crate::command) fn with(
        layers: Layers,
        arguments: &RunArguments,
        force: bool,
    ) -> anyhow::Result<Self> {
        let device = device::open(arguments.device.as_deref())?;
        let layers = configure(layers, arguments)?;
        let mut notes = layers.notes().to_vec();
        let (mut config, follows) = sized(layers)?;
        let data = open(&config)?;
        if follows {
            config.model = of_classes(&config, data.classes())?;
        }
        notes.extend(config.data.left_out()?);
        let batch = config.train.batch;
        ensure!(
            batch <= data.len(),
            "`train.batch` is {batch}, but the data set has {} samples",
            data.len()
        );
        let features = features(&config, &data, &device)?;
        notes.extend(not_measured(&config, features.as_ref()));
        let fingerprint = DataFingerprint::begin(&data);
        let inventory = data.inventory();
        let root = match &arguments.out {
            Some(root) => expand_home(root).context("--out")?,
            None => default_root(&config),
        };
        let (start, metric) = (Start::Anew { force }, features.as_ref().map(|f| f.metric.clone()));
        Ok(Self {
            config,
            notes,
            data,
            inventory,
            fingerprint,
            features,
            metric,
            device,
            root,
            start,
            ranks: Ranks::alone(),
        })
    }

    /// Refuses to train with other processes that would compute something else.
    pub(in crate::command) fn ensure_same_on_all_ranks(&self) -> anyhow::Result<()> {
        if self.ranks.count() == 1 {
            return Ok(());
        }
        let program = std::env::current_exe().and_then(std::fs::read);
        let program = program.context("cannot read this program to compare it")?;
        let rules = &self.config.train.rules;
        // Vectors of 8 and of 16 numbers make the same bits.
        let (device, kernels) = (&self.device, gan_kernels::run_on(&self.device.device));
        let precision = rules.precision.on(&device.device).used;
        let arithmetic = format!("{} {kernels} {precision:?}", device.name);
        let step = self.start.checkpoint().map_or(0, |checkpoint| checkpoint.state().step);
        self.ranks.ensure_same(&[
            Same { what: "the program", bytes: program },
            Same { what: "the configuration", bytes: self.config.to_toml()?.into_bytes() },
            Same { what: "the data", bytes: self.fingerprint.get().to_string().into_bytes() },
            Same { what: "the device or the precision", bytes: arithmetic.into_bytes() },
            Same { what: "the newest checkpoint", bytes: step.to_le_bytes().to_vec() },
        ])
    }

    /// The run folder, made or prepared to resume, and the step to resume from.
    ///
    /// This is the first thing that touches the disk: whatever may fail without it comes before.
    /// In a new folder `fill` adds what belongs to the start; if it fails, nothing is left. A branch has
    /// the measurements of its run up to there.
    pub(in crate::command) fn begin(
        &mut self,
        fill: impl FnOnce(&RunFolder) -> anyhow::Result<()>,
    ) -> anyhow::Result<Begun> {
        let start = mem::replace(&mut self.start, Start::Anew { force: false });
        let branched_from = start.origin();
        let Self { config, root, .. } = &*self;
        let (folder, step, claim) = match start {
            Start::Anew { force } | Start::Branch { force, .. } => {
                let fingerprint = self.fingerprint.get();
                let (data, device) = (&self.inventory, &self.device);
                let metric = self.metric.clone();
                let manifest = Manifest::new(config, data, fingerprint, device, metric)?
                    .branched_from(branched_from.clone())
                    .trained_by(self.ranks.count(), config);
                let beginning = Beginning::at(root, force)?;
                let folder = beginning.folder().clone();
                folder.write_json("manifest.json", &manifest)?;
                let step = match &branched_from {
                    Some(origin) => folder.begin_as(origin)?,
                    None => 0,
                };
                fill(&folder)?;
                // Last, for it makes a run of the folder.
                folder.write_config(config)?;
                return Ok(Begun { folder, step, claim: beginning.finish()? });
            }
            Start::Again { folder, claim } => (folder, 0, claim),
            Start::From { folder, checkpoint, claim } => {
                let step = checkpoint.state().step;
                folder.set_aside_after(step)?;
                (folder, step, claim)
            }
            Start::Following(_) => unreachable!("a rank that only computes has no run folder"),
        };
        folder.sweep()?;
        folder.write_config(config)?;
        if let Some(metric) = &self.metric {
            folder.record_metric(metric)?;
        }
        Ok(Begun { folder, step, claim })
    }
}

/// The configuration with the size of its images chosen, and whether its networks are to have as many
/// classes as the data.
fn sized(layers: Layers) -> anyhow::Result<(RunConfig, bool)> {
    let follows = !layers.is_of_run() && !layers.was_given("model.classes");
    let mut config = layers.finish()?;
    config.data = choose_size(&config)?;
    Ok((config, follows))
}

/// The recipe or the file that the arguments name; to resume a run or to branch off from it, its own
/// configuration.
fn layers(arguments: &TrainArguments, origin: Option<&RunFolder>) -> anyhow::Result<Layers> {
    if let Some(origin) = origin {
        return Layers::of_run(origin.config()?);
    }
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

/// What a recipe's name or a configuration file says.
pub(in crate::command) fn layers_of(what: &str) -> anyhow::Result<Layers> {
    let is_file_name =
        Path::new(what).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml"));
    if is_file_name { Layers::of_file(PathBuf::from(what)) } else { Layers::of_recipe(what) }
}

/// The data of a configuration; an error names where it was looked for.
fn open(config: &RunConfig) -> anyhow::Result<Arc<dyn SampleSet>> {
    config.data.open(Seed(config.seed)).with_context(|| place_of_data(config))
}

/// The data of a configuration with the size of images chosen; an error names where it was looked for.
fn choose_size(config: &RunConfig) -> anyhow::Result<DataConfig> {
    config.data.clone().resolved(&config.model).with_context(|| place_of_data(config))
}

/// What an error with the data begins with.
fn place_of_data(config: &RunConfig) -> String {
    let (key, path) = match &config.data {
        DataConfig::Mnist { dir, .. }
        | DataConfig::StackedMnist { dir, .. }
        | DataConfig::Images { dir, .. } => ("data.dir", dir),
        DataConfig::Points { file, .. } => ("data.file", file),
        _ => return "cannot use the data".to_owned(),
    };
    if path.as_os_str().is_empty() || path.exists() {
        return "cannot use the data".to_owned();
    }
    let here = std::env::current_dir().unwrap_or_default();
    let from =
        if path.is_relative() { format!(", seen from {}", here.display()) } else { String::new() };
    format!(
        "`{key}` is {}{from}, where nothing is; say where the data is by --set {key}=PATH",
        path.display()
    )
}

/// That samples are not measured, where nobody asked for that.
fn not_measured(config: &RunConfig, features: Option<&OpenedFeatures>) -> Option<String> {
    let is_silent = config.evaluation.features == Features::Auto && features.is_none();
    let is_without_density = config.data.is_of_images() || config.data.is_table();
    (is_without_density && is_silent).then(|| {
        format!(
            "samples are not measured: there are fewer than {LEAST_MEASURED} real ones; \
             `evaluation.features={}` measures them nevertheless",
            config.data.suitable_features()
        )
    })
}

/// Samples are not compared with fewer real ones than these unless that is asked for.
const LEAST_MEASURED: usize = 100;

/// The feature space that a configuration asks for, where the density of the data is not known.
fn features(
    config: &RunConfig,
    data: &Arc<dyn SampleSet>,
    device: &NamedDevice,
) -> anyhow::Result<Option<OpenedFeatures>> {
    if config.evaluation.features == Features::Auto && data.len() < LEAST_MEASURED {
        return Ok(None);
    }
    let seed = Seed(config.seed);
    OpenedFeatures::of(&config.evaluation, &config.data, data, seed, &device.device)
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
