//! The twins of our steps in Python: PyTorch, and JAX where it is wanted and installed.

use std::path::PathBuf;
use std::process::Command;

use super::case::{Case, MEMORY};
use super::report::Facts;
use super::worker::Worker;
use crate::workspace;

/// Where they are in the workspace.
const FOLDER: &str = "gan-bench/src/bin/train";
/// Steps after which PyTorch's memory has reached its peak.
const MEMORY_STEPS: u32 = 60;

/// Which other programs are measured besides PyTorch, eager and compiled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Peers {
    /// None.
    #[default]
    Usual,
    /// PyTorch with images in memory pixel by pixel, and JAX.
    More,
}

/// Processes of an interpreter that wait for tasks.
pub(super) struct Twins {
    interpreter: PathBuf,
    pub(super) torch: Worker,
    /// JAX, where it takes part.
    jax: Option<Worker>,
    /// What they run on.
    pub(super) versions: String,
    /// Who does not take part, and why.
    pub(super) absent: Option<String>,
    peers: Peers,
}

impl Twins {
    /// # Errors
    /// The interpreter cannot be started, or has no PyTorch.
    pub(super) fn start(interpreter: PathBuf, peers: Peers) -> anyhow::Result<Self> {
        let mut torch = worker(&interpreter, "PyTorch", "twin.py")?;
        let mut versions = torch.ask("versions")?;
        let (mut jax, mut absent) = (None, None);
        if peers == Peers::More {
            let mut candidate = worker(&interpreter, "JAX", "jax_twin.py")?;
            match candidate.ask("versions") {
                Ok(version) => {
                    versions = format!("{versions}; {version}");
                    jax = Some(candidate);
                }
                Err(reason) => absent = Some(format!("{reason:#}")),
            }
        }
        Ok(Self { interpreter, torch, jax, versions, absent, peers })
    }

    /// PyTorch in a process of its own.
    pub(super) fn another_torch(&self) -> anyhow::Result<Worker> {
        worker(&self.interpreter, "PyTorch", "twin.py")
    }

    /// JAX, if it takes part in this case.
    pub(super) fn jax(&mut self, case: &Case) -> Option<&mut Worker> {
        self.jax.as_mut().filter(|_| case.has_jax_twin())
    }

    /// PyTorch with images pixel by pixel, if that takes part in this case.
    pub(super) fn channels_last(&mut self, case: &Case) -> Option<&mut Worker> {
        let wanted = self.peers == Peers::More && case.is_convolutional();
        wanted.then_some(&mut self.torch)
    }

    /// Whether all who take part have as many weights as we; JAX then has compiled its step.
    ///
    /// # Errors
    /// They have not, or do not answer.
    pub(super) fn check(&mut self, case: &Case, facts: &Facts) -> anyhow::Result<()> {
        let game = case.game();
        facts.check_weights("PyTorch", &self.torch.ask(&format!("weights {game}"))?)?;
        if let Some(jax) = self.jax(case) {
            facts.check_weights("JAX", &jax.ask(&format!("weights {game}"))?)?;
            jax.number(&format!("time {game} {} 0", case.batch))?;
        }
        Ok(())
    }

    /// Bytes that a fresh process of PyTorch needs at most in the case of [`MEMORY`].
    ///
    /// # Errors
    /// It cannot be started, or does not answer.
    pub(super) fn peak_bytes(&self) -> anyhow::Result<f64> {
        let Case { recipe, batch, .. } = MEMORY;
        self.another_torch()?.number(&format!("memory {recipe} {batch} {MEMORY_STEPS}"))
    }
}

fn worker(interpreter: &PathBuf, name: &'static str, script: &str) -> anyhow::Result<Worker> {
    let script = workspace::root().join(FOLDER).join(script);
    // Without the compiled files that Python leaves beside its modules.
    Worker::start(name, Command::new(interpreter).arg("-B").arg(script))
}
