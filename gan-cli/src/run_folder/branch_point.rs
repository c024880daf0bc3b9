//! What a run began with that it has not learned itself.

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use serde::{Deserialize, Serialize};

use super::{RunFolder, replace_file};

/// The run that another one branches off from, as its manifest has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct BranchPoint {
    /// The run folder.
    pub(crate) run: PathBuf,
    /// The step of its checkpoint.
    pub(crate) step: u64,
}

impl RunFolder {
    /// Copies what was measured before a branch, and returns its step.
    pub(crate) fn begin_as(&self, origin: &BranchPoint) -> anyhow::Result<u64> {
        let metrics = Self { root: origin.run.clone() }.metrics();
        match fs::read(&metrics) {
            Ok(bytes) => replace_file(&self.metrics(), &bytes)?,
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => {
                return Err(error).with_context(|| format!("cannot read {}", metrics.display()));
            }
        }
        Ok(origin.step)
    }

    /// Without a checkpoint, only a run that began from nothing can begin again.
    pub(crate) fn ensure_began_from_nothing(&self) -> anyhow::Result<()> {
        #[derive(Deserialize)]
        struct Manifest {
            command: Vec<String>,
            #[serde(default)]
            branched_from: Option<BranchPoint>,
        }
        let path = self.root.join("manifest.json");
        let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let manifest: Manifest = serde_json::from_slice(&bytes)
            .with_context(|| format!("{} is damaged", path.display()))?;
        let root = self.root.display();
        if manifest.command.get(1).is_some_and(|word| word == "import") {
            bail!("{root} has lost the checkpoint with the imported weights: import them again");
        }
        if let Some(BranchPoint { run, step }) = manifest.branched_from {
            bail!(
                "{root} has lost the checkpoint that it branched off at: do so again by \
                 gan train --branch {} --from-step {step}",
                run.display()
            );
        }
        Ok(())
    }
}
