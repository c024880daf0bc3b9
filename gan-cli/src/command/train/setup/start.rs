//! Where a run starts from: nothing, a checkpoint of its own, or one of another run.

use std::path::Path;

use anyhow::{Context as _, bail, ensure};
use gan_core::checkpoint::Checkpoint;
use gan_data::Fingerprint;

use super::Setup;
use crate::args::{FromStep, TrainArguments};
use crate::config::{RunConfig, differences};
use crate::evaluation::Metric;
use crate::run_folder::{BranchPoint, Claim, RunFolder, is_unfinished, step_of};
use crate::saved_run::step_from;

/// Where a run starts from.
pub(in crate::command) enum Start {
    /// From nothing; a run that is there already is moved aside if `force`, or else refused.
    Anew { force: bool },
    /// From step 0, in the folder of a run that has no checkpoint yet.
    Again { folder: RunFolder, claim: Claim },
    /// From a checkpoint of its own.
    From { folder: RunFolder, checkpoint: Checkpoint, claim: Claim },
    /// From a checkpoint of another run, in a folder of its own as if it began anew.
    Branch { origin: RunFolder, checkpoint: Checkpoint, force: bool },
    /// From where the run of another rank stands, which has its folder.
    Following(Option<Checkpoint>),
}

impl Start {
    /// What the players have learned already, if anything.
    pub(in crate::command) fn checkpoint(&self) -> Option<&Checkpoint> {
        match self {
            Self::Anew { .. } | Self::Again { .. } => None,
            Self::From { checkpoint, .. } | Self::Branch { checkpoint, .. } => Some(checkpoint),
            Self::Following(checkpoint) => checkpoint.as_ref(),
        }
    }

    /// Whether the folder of the run does not have its first checkpoint yet.
    pub(in crate::command) fn is_branch(&self) -> bool {
        matches!(self, Self::Branch { .. })
    }

    /// Which run it branches off from, and where.
    pub(super) fn origin(&self) -> Option<BranchPoint> {
        let Self::Branch { origin, checkpoint, .. } = self else { return None };
        Some(BranchPoint { run: origin.root().to_owned(), step: checkpoint.state().step })
    }
}

impl Setup {
    /// Resume the run that is there, from its first step if it has no checkpoint yet.
    pub(super) fn resume(&mut self, from_step: Option<FromStep>) -> anyhow::Result<()> {
        let folder = RunFolder::open(&self.root)?;
        // Held from here on: what is found is what the run resumes from.
        let claim = self.ranks.is_first().then(|| Claim::of(&self.root)).transpose()?;
        let begun = folder.config()?;
        ensure_unchanged(&begun, &self.config, &self.root)?;
        ensure_same_data(&folder, self.fingerprint.get())?;
        ensure_same_metric(&folder, self.metric.as_ref())?;
        self.start = if from_step.is_none() && !folder.has_checkpoints()? {
            folder.ensure_began_from_nothing()?;
            claim.map_or(Start::Following(None), |claim| Start::Again { folder, claim })
        } else {
            let checkpoint = folder.checkpoint(step_from(from_step, &folder, &begun)?)?;
            ensure_own(&begun, &checkpoint, &self.root)?;
            match claim {
                Some(claim) => Start::From { folder, checkpoint, claim },
                None => Start::Following(Some(checkpoint)),
            }
        };
        Ok(())
    }

    /// Branch off from a run at one of its checkpoints, the newest if `from_step` is none: what the
    /// configuration changes, it changes from there on.
    pub(in crate::command) fn branch(
        &mut self,
        origin: RunFolder,
        from_step: Option<FromStep>,
    ) -> anyhow::Result<()> {
        let Start::Anew { force } = self.start else { return Ok(()) };
        ensure!(
            self.root != origin.root(),
            "--out is the run to branch off from; name another folder"
        );
        let begun = origin.config()?;
        ensure_same_networks(&begun, &self.config, origin.root())?;
        let checkpoint = origin.checkpoint(step_from(from_step, &origin, &begun)?)?;
        self.start = Start::Branch { origin, checkpoint, force };
        Ok(())
    }
}

/// Whether `--resume` is to begin the run: it has been asked what to train, and there is nothing yet
/// to resume.
pub(super) fn may_begin(arguments: &TrainArguments, root: &Path) -> bool {
    let is_free = !root.exists() || is_unfinished(root);
    arguments.what.is_some() && arguments.from_step.is_none() && is_free
}

/// A run can only be resumed as what it was begun as; it may become longer, and be watched
/// differently, because neither changes what has been computed.
fn ensure_unchanged(begun: &RunConfig, now: &RunConfig, root: &Path) -> anyhow::Result<()> {
    let may_change = |key: &str| {
        let watched = ["pictures.", "checkpoint.", "evaluation.", "train.stop"];
        // The path of the data does not identify it: its digest does.
        ["train.budget", "data.dir", "data.file", "report", "log.tensorboard"].contains(&key)
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
        "{0} was begun with another configuration; resuming keeps it as it was, but these differ:{1}\n\
         to change it from a checkpoint on, in another folder: gan train --branch {0}",
        root.display(),
        changed.concat()
    );
    Ok(())
}

/// A branch goes on with the networks of its origin.
fn ensure_same_networks(begun: &RunConfig, now: &RunConfig, origin: &Path) -> anyhow::Result<()> {
    let shapes = |key: &str| key.starts_with("model.") || key == "train.packing";
    let all = differences(begun, now)?;
    let Some(difference) = all.iter().find(|difference| shapes(&difference.key)) else {
        return Ok(());
    };
    bail!(
        "a branch goes on with the networks of {0}, but `{1}` was {2} and is now {3}; with other networks a \
         run begins anew: gan train {0}/config.toml --set {1}={3}",
        origin.display(),
        difference.key,
        difference.one,
        difference.other
    )
}

/// A checkpoint that was saved by another run, or moved from another step, cannot be resumed.
fn ensure_own(begun: &RunConfig, checkpoint: &Checkpoint, root: &Path) -> anyhow::Result<()> {
    let (path, state) = (checkpoint.path().display(), checkpoint.state());
    let seed = state.seed.0;
    ensure!(seed == begun.seed, "{path} is of another run: its seed is {seed}, not {}", begun.seed);
    ensure!(
        step_of(checkpoint.path()) == Some(state.step),
        "{path} has another name than it was saved under: it is of step {}",
        state.step
    );
    let saved: RunConfig = toml::from_str(&state.config)
        .with_context(|| format!("{path} is of another run: its configuration cannot be read"))?;
    ensure_unchanged(begun, &saved, root).with_context(|| format!("{path} is of another run"))
}

/// The configuration only names where the data is; the files there may have changed.
fn ensure_same_data(folder: &RunFolder, fingerprint: Fingerprint) -> anyhow::Result<()> {
    let (begun, now) = (folder.data()?.sha256, fingerprint.to_string());
    ensure!(
        begun == now,
        "{} was begun with other data: their SHA-256 was {begun}, now it is {now}",
        folder.root().display()
    );
    Ok(())
}

/// Numbers in one feature space do not go on in another.
fn ensure_same_metric(folder: &RunFolder, metric: Option<&Metric>) -> anyhow::Result<()> {
    let (Some(begun), Some(now)) = (folder.metric()?, metric) else { return Ok(()) };
    ensure!(
        begun.features == now.features && begun.metric_version == now.metric_version,
        "the images of {} were measured in the features {}, now they would be in {}, and numbers of the \
         two cannot be compared; go on without: --set evaluation.features=none",
        folder.root().display(),
        begun.features,
        now.features
    );
    Ok(())
}
