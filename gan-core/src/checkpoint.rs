//! Checkpoints: the whole training state as one unit on disk.
//!
//! A checkpoint is a folder `step-0000000200` that appears complete or not at all: its files are
//! written to a temporary folder beside it, flushed to the disk, and only then is the folder
//! renamed. It holds
//!
//! | File | What |
//! |---|---|
//! | `generator.bpk`, `critic.bpk` | weights and running statistics, in Burn's own format |
//! | `ema.bpk` | the EMA of the generator's weights, where one is kept |
//! | `generator-optimizer.bpk`, `critic-optimizer.bpk` | the optimizers' state |
//! | `state.json` | step, position in the data, seed, the run's configuration |
//! | `SHA256SUMS` | a checksum for each of them, as `sha256sum -c` reads it |
//!
//! Random numbers need no state: they are a function of the seed and the step ([`Seed`]).

mod folder;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use burn::module::Module;
use burn::optim::OptimizerRecord;
use burn::store::{ModuleRecord, RecordError};
use burn::tensor::Bytes;
use gan_files::FileError;
use serde::{Deserialize, Serialize};

use crate::ema::Ema;
use crate::player::{Player, Players};
use crate::progress::Cadence;
use crate::seed::Seed;

/// When and where checkpoints are saved, and how many stay.
#[derive(Clone, Debug)]
pub struct CheckpointPlan {
    /// The folder that holds the checkpoints' folders; made if missing, but not its parent.
    pub dir: PathBuf,
    /// How often one is saved, besides the one at the end.
    pub every: Cadence,
    /// How many of the newest stay, at least 1. With 2 there is one to fall back on.
    pub keep: usize,
}

/// Where a game stands, apart from its players.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GameState {
    /// Version of the checkpoint's layout.
    format: u32,
    /// Generator updates made.
    pub step: u64,
    /// Real batches drawn.
    pub position: u64,
    /// The seed of the run: every later draw follows from it and from `step`.
    pub seed: Seed,
    /// Whether the EMA of the generator's weights is kept beside it.
    #[serde(default)]
    pub ema: bool,
    /// The configuration of the run, in the caller's own words.
    pub config: String,
}

/// The layout that this version writes and reads.
const FORMAT: u32 = 2;

impl GameState {
    pub(crate) fn new(step: u64, position: u64, seed: Seed, ema: bool, config: String) -> Self {
        Self { format: FORMAT, step, position, seed, ema, config }
    }
}

/// Why a checkpoint could not be written or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CheckpointError {
    /// The file system refused a write; the checkpoints that were there are as they were.
    #[error("cannot write {}", .path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// The operating system's error.
        source: std::io::Error,
    },
    /// The file system refused a read.
    #[error("cannot read {}", .path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// The operating system's error.
        source: std::io::Error,
    },
    /// A file is not what was written.
    #[error("{} is damaged: its SHA-256 is {found}, expected {expected}", .path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The checksum that was recorded.
        expected: String,
        /// The checksum that it has.
        found: String,
    },
    /// A file is not listed in the checkpoint's checksums.
    #[error("{} does not list {missing}: the checkpoint is incomplete", .path.display())]
    Incomplete {
        /// The list of checksums.
        path: PathBuf,
        /// The file that should be in it.
        missing: &'static str,
    },
    /// The state is intact but not of a layout that this version reads.
    #[error("{} is not a checkpoint of format {expected}", .path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// The layout that this version reads.
        expected: u32,
        /// The parser's error.
        source: serde_json::Error,
    },
    /// The records are intact but do not fit one another.
    #[error("{} does not fit the other records of its checkpoint: {why}", .path.display())]
    Mismatch {
        /// The file.
        path: PathBuf,
        /// What does not fit.
        why: String,
    },
    /// The records are intact but do not fit the players.
    #[error("{} does not fit this model", .path.display())]
    Record {
        /// The file.
        path: PathBuf,
        /// What does not fit.
        source: RecordError,
    },
}

impl From<FileError> for CheckpointError {
    fn from(FileError { path, source }: FileError) -> Self {
        Self::Write { path, source }
    }
}

/// The files of a checkpoint, apart from the list of their checksums.
mod file {
    pub(super) const GENERATOR: &str = "generator.bpk";
    pub(super) const CRITIC: &str = "critic.bpk";
    pub(super) const GENERATOR_OPTIMIZER: &str = "generator-optimizer.bpk";
    pub(super) const CRITIC_OPTIMIZER: &str = "critic-optimizer.bpk";
    pub(super) const STATE: &str = "state.json";
    /// Only where an EMA is kept.
    pub(super) const EMA: &str = "ema.bpk";
    pub(super) const ALL: [&str; 5] =
        [GENERATOR, CRITIC, GENERATOR_OPTIMIZER, CRITIC_OPTIMIZER, STATE];
}

/// A checkpoint on disk whose files have been found to be what was written.
#[derive(Clone, Debug)]
pub struct Checkpoint {
    path: PathBuf,
    state: GameState,
    files: Arc<folder::Files>,
}

impl Checkpoint {
    /// Check every file of the checkpoint at `path` against its checksum and read its state.
    ///
    /// # Errors
    /// [`CheckpointError::Damaged`], [`Incomplete`](CheckpointError::Incomplete),
    /// [`Format`](CheckpointError::Format) or [`Read`](CheckpointError::Read).
    pub fn open(path: &Path) -> Result<Self, CheckpointError> {
        let mut files = folder::verified(path, &file::ALL)?;
        let state_path = path.join(file::STATE);
        let format_error =
            |source| CheckpointError::Format { path: state_path.clone(), expected: FORMAT, source };
        let state: GameState = serde_json::from_slice(&files[file::STATE])
            .map_err(|error| format_error(shortened(&error)))?;
        if state.format != FORMAT {
            let found = format!("it has format {}", state.format);
            return Err(format_error(serde::de::Error::custom(found)));
        }
        if state.ema {
            files.append(&mut folder::verified(path, &[file::EMA])?);
        }
        Ok(Self { path: path.to_owned(), state, files: Arc::new(files) })
    }

    /// The folders of all checkpoints in `dir`, oldest first, unchecked; none if `dir` is missing.
    ///
    /// # Errors
    /// [`CheckpointError::Read`] if the folder cannot be listed.
    pub fn list(dir: &Path) -> Result<Vec<PathBuf>, CheckpointError> {
        Ok(folder::list(dir)?.into_iter().map(|(_, path)| path).collect())
    }

    /// The checkpoint's folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where the game stands.
    pub fn state(&self) -> &GameState {
        &self.state
    }

    /// `generator` with the weights of the checkpoint's.
    ///
    /// # Errors
    /// [`CheckpointError::Record`] if it has another structure.
    pub fn restore_generator<G: Module>(&self, generator: G) -> Result<G, CheckpointError> {
        self.restore_module(generator, file::GENERATOR)
    }

    /// `critic` with the weights of the checkpoint's.
    ///
    /// # Errors
    /// [`CheckpointError::Record`] if it has another structure.
    pub fn restore_critic<C: Module>(&self, critic: C) -> Result<C, CheckpointError> {
        self.restore_module(critic, file::CRITIC)
    }

    /// `generator` with the weights of the EMA, if the checkpoint has one.
    ///
    /// # Errors
    /// [`CheckpointError::Record`] if it has another structure.
    pub fn restore_ema<G: Module>(&self, generator: G) -> Result<Option<G>, CheckpointError> {
        if !self.state.ema {
            return Ok(None);
        }
        self.restore_module(generator, file::EMA).map(Some)
    }

    /// `players`, freshly built, with the weights and optimizer states of the checkpoint's.
    pub(crate) fn restore<G: Module, C: Module>(
        &self,
        players: Players<G, C>,
    ) -> Result<Players<G, C>, CheckpointError> {
        let Players { generator, critic, ema } = players;
        // A fresh copy, because loading writes through the running statistics of clones.
        let average = ema.as_ref().map(|ema| self.restore_ema(ema.module.valid())).transpose()?;
        let generator =
            self.restore_player(generator, file::GENERATOR, file::GENERATOR_OPTIMIZER)?;
        let ema = ema.map(|Ema { half_life, .. }| match average.flatten() {
            Some(module) => Ema { module: module.valid(), half_life },
            None => Ema::new(&generator.module, half_life),
        });
        if let Some(ema) = &ema
            && let Some(why) = ema.misfit(&generator.module)
        {
            let path = self.path.join(file::EMA);
            return Err(CheckpointError::Mismatch { path, why });
        }
        Ok(Players {
            generator,
            critic: self.restore_player(critic, file::CRITIC, file::CRITIC_OPTIMIZER)?,
            ema,
        })
    }

    fn restore_player<M: Module>(
        &self,
        player: Player<M>,
        module: &str,
        optimizer: &str,
    ) -> Result<Player<M>, CheckpointError> {
        // The module comes first: optimizer states are found by the ids that it brings along.
        let module = self.restore_module(player.module, module)?;
        let path = self.path.join(optimizer);
        let record = OptimizerRecord::from_bytes(self.read_bytes(optimizer)?)
            .map_err(|source| CheckpointError::Record { path: path.clone(), source })?;
        // Burn panics where a tensor of the record belongs to no parameter.
        let load = AssertUnwindSafe(|| player.optimizer.load_record(record));
        let optimizer = catch_unwind(load).map_err(|_| {
            let why = "a tensor belongs to no parameter".to_owned();
            CheckpointError::Mismatch { path, why }
        })?;
        Ok(Player { module, optimizer, lr: player.lr })
    }

    fn restore_module<M: Module>(&self, module: M, name: &str) -> Result<M, CheckpointError> {
        let record = ModuleRecord::from_bytes(self.read_bytes(name)?);
        record
            .and_then(|record| module.try_load_record(record))
            .map_err(|source| CheckpointError::Record { path: self.path.join(name), source })
    }

    fn read_bytes(&self, name: &str) -> Result<Bytes, CheckpointError> {
        let missing = || CheckpointError::Read {
            path: self.path.join(name),
            source: std::io::ErrorKind::NotFound.into(),
        };
        Ok(Bytes::from_bytes_vec(self.files.get(name).ok_or_else(missing)?.clone()))
    }
}

/// The same error in a line that may go to a terminal: a parser quotes whatever it finds.
fn shortened(error: &serde_json::Error) -> serde_json::Error {
    let legible = |character: char| if character.is_control() { '\u{fffd}' } else { character };
    let said: String = error.to_string().chars().map(legible).take(300).collect();
    serde::de::Error::custom(said)
}

/// Write the game as one unit and drop the oldest checkpoints beyond the plan's number, except that
/// of the step `best`.
pub(crate) fn save<G: Module, C: Module>(
    plan: &CheckpointPlan,
    state: &GameState,
    players: &Players<G, C>,
    best: Option<u64>,
) -> Result<PathBuf, CheckpointError> {
    let encode_error = |source| CheckpointError::Record { path: plan.dir.clone(), source };
    let Players { generator, critic, ema } = players;
    // `for_inference` also settles the running statistics, which lag behind by one step.
    let mut files = vec![
        (file::GENERATOR, generator.for_inference().into_record().into_bytes()),
        (file::CRITIC, critic.for_inference().into_record().into_bytes()),
        (file::GENERATOR_OPTIMIZER, generator.optimizer.into_bytes()),
        (file::CRITIC_OPTIMIZER, critic.optimizer.into_bytes()),
    ];
    if let Some(ema) = ema {
        files.push((file::EMA, ema.module.clone().into_record().into_bytes()));
    }
    let mut writing = folder::Writing::begin(&plan.dir, state.step)?;
    for (name, bytes) in files {
        writing.file(name, &bytes.map_err(encode_error)?)?;
    }
    let state_json = serde_json::to_vec_pretty(state).map_err(|source| {
        CheckpointError::Format { path: plan.dir.clone(), expected: FORMAT, source }
    })?;
    writing.file(file::STATE, &state_json)?;
    let path = writing.commit()?;
    folder::prune(&plan.dir, plan.keep.max(1), best)?;
    Ok(path)
}
