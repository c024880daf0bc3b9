//! The run folder: every path of a run.

mod beginning;
mod branch_point;
mod claim;

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, bail, ensure};
use gan_core::checkpoint::{Checkpoint, CheckpointError};
use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

pub(crate) use beginning::{Beginning, is_unfinished};
pub(crate) use branch_point::BranchPoint;
pub(crate) use claim::Claim;

use crate::config::{RunConfig, cut_message, place};
use crate::evaluation::Metric;
use crate::streams;

/// The file of measurements in a run folder.
const METRICS: &str = "metrics.jsonl";

/// The data that a run was begun with, as its manifest has it.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct RecordedData {
    /// The shape of one sample, without the batch.
    pub(crate) shape: Vec<usize>,
    /// The digest of all samples.
    pub(crate) sha256: String,
    /// What the classes are called, in the order of their labels; older runs do not record it.
    #[serde(default)]
    pub(crate) class_names: Vec<String>,
    /// How many samples.
    #[serde(default)]
    pub(crate) samples: Option<u64>,
    /// How many of each class.
    #[serde(default)]
    pub(crate) samples_of_class: Option<Vec<u64>>,
    /// The smallest and the largest value, as a batch sees them.
    #[serde(default)]
    pub(crate) range: Option<[f32; 2]>,
}

/// Where a run keeps its files.
#[derive(Clone, Debug)]
pub(crate) struct RunFolder {
    root: PathBuf,
}

impl RunFolder {
    /// The folder of a run that was begun.
    pub(crate) fn open(root: &Path) -> anyhow::Result<Self> {
        let folder = Self { root: root.to_owned() };
        ensure!(
            folder.config_path().is_file(),
            "{} is not a run folder: it has no config.toml",
            root.display()
        );
        Ok(folder)
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    fn config_path(&self) -> PathBuf {
        self.root.join("config.toml")
    }

    pub(crate) fn metrics(&self) -> PathBuf {
        self.root.join(METRICS)
    }

    pub(crate) fn samples(&self) -> PathBuf {
        self.root.join("samples")
    }

    pub(crate) fn plots(&self) -> PathBuf {
        self.root.join("plots")
    }

    pub(crate) fn checkpoints(&self) -> PathBuf {
        self.root.join("checkpoints")
    }

    /// The configuration that the run was begun with.
    pub(crate) fn config(&self) -> anyhow::Result<RunConfig> {
        let path = self.config_path();
        let text =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        toml::from_str(&text)
            .map_err(|error| anyhow!("{} is damaged: {}", path.display(), place(&error, &text)))
    }

    /// What the run's manifest states about its data.
    pub(crate) fn data(&self) -> anyhow::Result<RecordedData> {
        #[derive(Deserialize)]
        struct Manifest {
            data: RecordedData,
        }
        let path = self.root.join("manifest.json");
        let text =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let manifest: Manifest = serde_json::from_str(&text).map_err(|error| {
            anyhow!("{} is damaged: {}", path.display(), cut_message(&error.to_string()))
        })?;
        Ok(manifest.data)
    }

    /// What the numbers of the run's images were made with, where there are any.
    pub(crate) fn metric(&self) -> anyhow::Result<Option<Metric>> {
        #[derive(Deserialize)]
        struct Manifest {
            #[serde(default)]
            evaluation: Option<Metric>,
        }
        let path = self.root.join("manifest.json");
        let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let manifest: Manifest = serde_json::from_slice(&bytes)
            .with_context(|| format!("{} is damaged", path.display()))?;
        Ok(manifest.evaluation)
    }

    /// Note in the manifest what the numbers of the run's images are made with from now on.
    pub(crate) fn record_metric(&self, metric: &Metric) -> anyhow::Result<()> {
        let path = self.root.join("manifest.json");
        let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let mut manifest: serde_json::Value = serde_json::from_slice(&bytes)
            .with_context(|| format!("{} is damaged", path.display()))?;
        manifest["evaluation"] = serde_json::to_value(metric)?;
        self.write_json("manifest.json", &manifest)
    }

    pub(crate) fn write_config(&self, config: &RunConfig) -> anyhow::Result<()> {
        replace_file(&self.config_path(), config.to_toml()?.as_bytes())
    }

    pub(crate) fn write_json(&self, name: &str, value: &impl Serialize) -> anyhow::Result<()> {
        let mut text = serde_json::to_string_pretty(value)?;
        text.push('\n');
        replace_file(&self.root.join(name), text.as_bytes())
    }

    /// Whether there is any checkpoint.
    pub(crate) fn has_checkpoints(&self) -> anyhow::Result<bool> {
        Ok(!Checkpoint::list(&self.checkpoints())?.is_empty())
    }

    /// The steps of all checkpoints.
    pub(crate) fn saved_steps(&self) -> anyhow::Result<Vec<u64>> {
        let all = Checkpoint::list(&self.checkpoints())?;
        Ok(all.iter().filter_map(|path| step_of(path)).collect())
    }

    /// The checkpoint of a step, or the newest one.
    ///
    /// If it is damaged, the error names the newest intact one before it. One that a training has
    /// removed while it was read is followed by the next.
    pub(crate) fn checkpoint(&self, step: Option<u64>) -> anyhow::Result<Checkpoint> {
        loop {
            let all = Checkpoint::list(&self.checkpoints())?;
            let wanted = match step {
                Some(step) => all.iter().position(|path| step_of(path) == Some(step)),
                None => all.len().checked_sub(1),
            };
            let Some(wanted) = wanted else { bail!(self.lacks(step, &all)) };
            match Checkpoint::open(&all[wanted]) {
                Err(CheckpointError::Read { .. }) if !all[wanted].exists() => {}
                opened => return opened.map_err(|error| offer_previous(error, &all[..wanted])),
            }
        }
    }

    fn lacks(&self, step: Option<u64>, all: &[PathBuf]) -> String {
        let steps: Vec<String> =
            all.iter().filter_map(|path| step_of(path)).map(|step| step.to_string()).collect();
        let which = step.map_or(String::new(), |step| format!(" of step {step}"));
        let there_are = match steps.is_empty() {
            true => "there is none at all".to_owned(),
            false => format!("there are those of the steps {}", steps.join(", ")),
        };
        format!("{} has no checkpoint{which}; {there_are}", self.root.display())
    }

    /// Remove what a kill has left of files that were being written.
    pub(crate) fn sweep(&self) -> anyhow::Result<()> {
        for folder in [self.root.clone(), self.samples(), self.plots()] {
            if folder.is_dir() {
                gan_files::sweep(&folder, gan_files::TEMPORARY)?;
            } else {
                gan_files::create_folder(&folder)?;
            }
        }
        // A finished run saves no more checkpoint, before which this would be done.
        if self.checkpoints().is_dir() {
            gan_files::sweep(&self.checkpoints(), gan_files::UNFINISHED)?;
        }
        Ok(())
    }

    /// Move the checkpoints after `step` away: from there on the run is made anew.
    ///
    /// Left where they are, they would be taken for the newest of the run.
    pub(crate) fn set_aside_after(&self, step: u64) -> anyhow::Result<()> {
        let mut later = Checkpoint::list(&self.checkpoints())?;
        later.retain(|path| step_of(path) > Some(step));
        if later.is_empty() {
            return Ok(());
        }
        let aside = name_aside(&self.checkpoints());
        gan_files::create_folder(&aside)?;
        for path in later {
            fs::rename(&path, aside.join(path.file_name().unwrap_or_default()))
                .with_context(|| format!("cannot move {} aside", path.display()))?;
        }
        streams::say(&format!("moved the checkpoints after step {step} to {}", aside.display()));
        Ok(())
    }
}

/// The error of a damaged checkpoint with the way out of it.
fn offer_previous(error: CheckpointError, older: &[PathBuf]) -> anyhow::Error {
    let intact = older.iter().rev().find(|path| Checkpoint::open(path).is_ok());
    let way_out = match intact.and_then(|path| step_of(path)) {
        Some(step) => {
            format!("the previous checkpoint is intact: go on from it with --from-step {step}")
        }
        None => "there is no intact checkpoint before it".to_owned(),
    };
    // The error comes first, its causes with it: the way out makes no sense without it.
    anyhow!("{:#}; {way_out}", anyhow::Error::new(error))
}

pub(crate) fn step_of(checkpoint: &Path) -> Option<u64> {
    checkpoint.file_name()?.to_str()?.strip_prefix("step-")?.parse().ok()
}

pub(crate) fn is_empty_folder(path: &Path) -> bool {
    fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_none())
}

/// `NAME-SUFFIX` beside a run, or the first of `NAME-SUFFIX-2`, … that is free.
pub(crate) fn free_beside(root: &Path, suffix: &str) -> PathBuf {
    let name = root.file_name().unwrap_or(OsStr::new("run")).to_string_lossy();
    let first = root.with_file_name(format!("{name}-{suffix}"));
    let mut others = (2_u32..).map(|n| root.with_file_name(format!("{name}-{suffix}-{n}")));
    if !first.exists() {
        return first;
    }
    others.find(|path| !path.exists()).unwrap_or(first)
}

/// `NAME.old-1`, `NAME.old-2`, …: the first that is free.
pub(crate) fn name_aside(root: &Path) -> PathBuf {
    let name = root.file_name().unwrap_or(root.as_os_str()).to_string_lossy();
    let candidates = (1_u32..).map(|n| root.with_file_name(format!("{name}.old-{n}")));
    candidates.into_iter().find(|path| !path.exists()).unwrap_or_else(|| root.to_owned())
}

/// Write a file whole or not at all: a reader, or a crash, sees the old one or the new one.
pub(crate) fn replace_file(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    Ok(gan_files::replace(path, bytes)?)
}

/// A file that is gone again unless it is persisted, with the permissions of an ordinary one.
pub(crate) fn temporary_file(folder: &Path) -> std::io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}
