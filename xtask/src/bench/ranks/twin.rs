//! The same comparison in PyTorch: its data parallelism over gloo.

use std::num::NonZeroU32;
use std::path::Path;
use std::process::Command;

use super::super::worker::Worker;
use super::side::BATCH;
use crate::workspace;

/// Where it is in the workspace.
const SCRIPT: &str = "gan-bench/src/bin/train/ranks_twin.py";

/// Seconds of a step of the course's DCGAN in PyTorch, round by round.
pub(super) struct Twin {
    /// What it runs on.
    pub(super) versions: String,
    /// By one process of two threads.
    pub(super) alone: Vec<Option<f64>>,
    /// By two processes of one thread.
    pub(super) ranks: Vec<Option<f64>>,
}

impl Twin {
    /// Measures in turns of about `seconds` seconds.
    ///
    /// # Errors
    /// The interpreter cannot be started, has no PyTorch, or a step fails.
    pub(super) fn measure(
        interpreter: &Path,
        rounds: NonZeroU32,
        seconds: f64,
    ) -> anyhow::Result<Self> {
        let script = workspace::root().join(SCRIPT);
        // Without the compiled files that Python leaves beside its modules.
        let mut worker = Worker::start("PyTorch", Command::new(interpreter).arg("-B").arg(script))?;
        let versions = worker.ask("versions")?;
        let mut twin = Self { versions, alone: Vec::new(), ranks: Vec::new() };
        let first = worker.number(&format!("alone {BATCH} {seconds}"))?;
        let calls = (seconds / first).ceil().max(2.0);
        for round in 1..=rounds.get() {
            say!("    round {round} of {rounds}");
            let mut turns = [true, false];
            turns.rotate_left(round as usize % 2);
            for is_alone in turns {
                let (task, side) = match is_alone {
                    true => (format!("alone {BATCH} {seconds}"), &mut twin.alone),
                    false => (format!("ranks 2 {BATCH} {calls}"), &mut twin.ranks),
                };
                side.push(Some(worker.number(&task)?));
            }
        }
        Ok(twin)
    }
}
