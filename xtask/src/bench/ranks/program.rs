//! The program with the feature `mpi`, and the launcher that starts two of it.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{self, Command};

use anyhow::{Context, ensure};

use super::pace::Pace;
use super::process::Running;
use super::side::{How, RANKS, SIDES, Side};
use crate::artifact::built;
use crate::workspace::{cargo, succeeds};

/// Steps of the first run of a side, from which the number for a given time is estimated.
const FIRST_STEPS: u64 = 8;
/// Shorter middles are a poor estimate.
const SHORTEST_SECONDS: f64 = 0.2;

/// The program, and where it may write.
pub(super) struct Program {
    path: PathBuf,
    scratch: PathBuf,
}

impl Program {
    /// The one at `path`; built where none is named.
    ///
    /// # Errors
    /// There is no launcher, the build fails, or the program cannot be one of two ranks.
    pub(super) fn find(path: Option<&Path>) -> anyhow::Result<Self> {
        ensure!(
            succeeds(Command::new("mpirun").arg("--version")),
            "`mpirun` is needed to start two processes, and does not start itself (Debian: \
             openmpi-bin, libopenmpi-dev)"
        );
        let path = match path {
            Some(path) => {
                ensure!(path.is_file(), "--gan: there is no file {}", path.display());
                // A launcher looks for a bare name elsewhere.
                fs::canonicalize(path).with_context(|| format!("cannot find {}", path.display()))?
            }
            None => {
                let build =
                    ["build", "--release", "--locked", "-p", "gan-cli", "--features", "mpi"];
                built(&mut cargo(&build), "gan")?
            }
        };
        let scratch = env::temp_dir().join(format!("gan-bench-ranks-{}", process::id()));
        let program = Self { path, scratch };
        program.run("cgan", &SIDES[RANKS], 2, 1).context(
            "two ranks of the program do not train; `gan` needs the feature `mpi`, and mpirun \
             the leave to start two processes here (as root: OMPI_ALLOW_RUN_AS_ROOT=1 \
             OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1)",
        )?;
        Ok(program)
    }

    /// Trains `steps` steps, and listens when it tells of every `every`th; of two processes that exchange
    /// nothing, to both.
    ///
    /// # Errors
    /// It cannot be started, or fails.
    pub(super) fn run(
        &self,
        recipe: &str,
        side: &Side,
        steps: u64,
        every: u64,
    ) -> anyhow::Result<Vec<Pace>> {
        let count = if side.how == How::Beside { 2 } else { 1 };
        fs::create_dir_all(&self.scratch)
            .with_context(|| format!("cannot create {}", self.scratch.display()))?;
        let settings = side.settings(steps, every);
        let start = |index| Running::start(&mut self.command(recipe, side, index, &settings));
        // Both are started before one is waited for.
        let running: Vec<_> = (0..count).map(start).collect::<anyhow::Result<_>>()?;
        let paces = running.into_iter().map(Running::finish).collect();
        // What cannot be removed lies in a folder for temporary files.
        drop(fs::remove_dir_all(&self.scratch));
        paces
    }

    /// Seconds of a step in the middle of a run; of two processes, those of the slower one.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub(super) fn seconds(&self, recipe: &str, side: &Side, steps: u64) -> anyhow::Result<f64> {
        let steps = steps.next_multiple_of(4);
        let paces = self.run(recipe, side, steps, steps / 4)?;
        let each = paces.iter().map(|pace| pace.in_the_middle(steps));
        each.reduce(|a, b| Ok(a?.max(b?))).context("there is a process")?
    }

    /// How many steps a run has whose middle takes about `seconds` seconds.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub(super) fn steps_in(&self, recipe: &str, side: &Side, seconds: f64) -> anyhow::Result<u64> {
        let mut steps = FIRST_STEPS;
        loop {
            let per_step = self.seconds(recipe, side, steps)?;
            if per_step * steps as f64 / 2.0 >= SHORTEST_SECONDS {
                return Ok(((2.0 * seconds / per_step).ceil() as u64).max(FIRST_STEPS));
            }
            steps *= 4;
        }
    }

    fn command(&self, recipe: &str, side: &Side, index: usize, settings: &[String]) -> Command {
        let mut command = match side.how {
            How::Ranks => {
                let mut launcher = Command::new("mpirun");
                launcher.args(["-n", "2", "--bind-to", "core"]).arg(&self.path);
                launcher
            }
            How::Alone { .. } | How::Beside => Command::new(&self.path),
        };
        command.env("RAYON_NUM_THREADS", side.threads().to_string());
        command.args(["train", recipe, "--json", "--seed", "0", "--force", "--out"]);
        command.arg(self.scratch.join(format!("run-{index}")));
        settings.iter().for_each(|setting| {
            command.args(["--set", setting]);
        });
        command
    }
}

#[cfg(test)]
mod tests {
    use super::super::side::{BESIDE, ONE};
    use super::*;

    fn shown(side: usize) -> String {
        let program = Program { path: "/p/gan".into(), scratch: "/s".into() };
        crate::step::shown(&program.command("dcgan", &SIDES[side], 1, &["train.shards=2".into()]))
    }

    #[test]
    fn only_ranks_are_started_by_the_launcher_each_on_a_core() {
        let ranks = shown(RANKS);
        assert!(ranks.starts_with("RAYON_NUM_THREADS=1 mpirun -n 2 --bind-to core /p/gan train"));
        assert!(ranks.ends_with("--out /s/run-1 --set train.shards=2"), "{ranks}");
        for alone in [BESIDE, ONE] {
            assert!(shown(alone).starts_with("RAYON_NUM_THREADS=1 /p/gan train dcgan"));
        }
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        // Without a launcher that is what is said first.
        if !succeeds(Command::new("mpirun").arg("--version")) {
            return say!("skipped: there is no mpirun");
        }
        let error = Program::find(Some(Path::new("/nowhere/gan"))).err().unwrap().to_string();
        assert_eq!(error, "--gan: there is no file /nowhere/gan");
    }
}
