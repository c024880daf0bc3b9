//! The program `gan`, built in release mode and started as a child process.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Output, Stdio};

use anyhow::{Context, bail};

use crate::artifact;
use crate::experiment::{Job, Start};
use crate::interrupt::Interrupt;
use crate::step;
use crate::workspace::cargo;

/// The program `gan` as it was built.
pub(crate) struct Gan {
    program: PathBuf,
}

/// What a training may use.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Room {
    /// The terminal and every core of the processor.
    Whole,
    /// This many cores, and nothing of the terminal, because others are running at the same time.
    Share {
        /// Threads of the process.
        threads: NonZeroUsize,
    },
}

/// How a training ended that did not fail.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Launched {
    /// It came to its end.
    Finished,
    /// Ctrl-C ended it; its checkpoint is saved.
    Interrupted,
}

impl Gan {
    /// Builds `gan`, so that a training's time does not include the compiler's.
    ///
    /// # Errors
    /// The build fails.
    pub(crate) fn build(features: Option<&str>) -> anyhow::Result<Self> {
        let mut command = cargo(&["build", "--release", "--locked", "-p", "gan-cli"]);
        if let Some(features) = features {
            command.args(["--features", features]);
        }
        Ok(Self { program: artifact::built(&mut command, "gan")? })
    }

    /// A program that is there already.
    pub(crate) fn at(program: PathBuf) -> Self {
        Self { program }
    }

    /// A folder beside the program for what need not be kept.
    pub(crate) fn scratch_folder(&self, name: &str) -> PathBuf {
        self.program.with_file_name(name)
    }

    /// Calls `gan` for something short, its output thrown away.
    ///
    /// # Errors
    /// The program cannot be started, or fails; then with its output.
    pub(crate) fn call(&self, arguments: &[OsString]) -> anyhow::Result<()> {
        let mut command = Command::new(&self.program);
        quietly(command.args(arguments))?;
        Ok(())
    }

    /// Calls `gan` with the terminal.
    ///
    /// # Errors
    /// The program cannot be started, or fails.
    pub(crate) fn show(&self, arguments: &[OsString]) -> anyhow::Result<()> {
        let mut command = Command::new(&self.program);
        step::run(command.args(arguments))
    }

    /// Calls `gan` for what it prints; `None` if Ctrl-C ended it.
    ///
    /// # Errors
    /// The program cannot be started, or fails; then with the last line that it complained of.
    pub(crate) fn ask(
        &self,
        arguments: &[OsString],
        room: Room,
        interrupt: &Interrupt,
    ) -> anyhow::Result<Option<String>> {
        let mut command = Command::new(&self.program);
        command.args(arguments);
        if let Room::Share { threads } = room {
            limit(&mut command, threads);
        }
        let output = unheard(&mut command)
            .with_context(|| format!("cannot run `{}`", step::shown(&command)))?;
        if interrupt.ended(output.status) {
            return Ok(None);
        }
        if !output.status.success() {
            let said = last_complaint(&output);
            bail!("`{}` ended with {}{said}", step::shown(&command), output.status);
        }
        Ok(Some(String::from_utf8_lossy(&output.stdout).into_owned()))
    }

    /// Trains and waits for the end.
    ///
    /// # Errors
    /// The program cannot be started, or fails.
    pub(crate) fn train(
        &self,
        job: &Job,
        device: Option<&str>,
        start: Start,
        room: Room,
        interrupt: &Interrupt,
    ) -> anyhow::Result<Launched> {
        if let Some(parent) = job.folder.parent() {
            fs::create_dir_all(parent)
                .with_context(|| format!("cannot create {}", parent.display()))?;
        }
        let mut command = Command::new(&self.program);
        command.args(job.arguments(device, start));
        let (status, said) = match room {
            Room::Whole => {
                say!("    $ {}", step::shown(&command));
                (command.status(), String::new())
            }
            Room::Share { threads } => {
                limit(&mut command, threads);
                split(unheard(&mut command))
            }
        };
        let status = status.with_context(|| format!("cannot start {}", self.program.display()))?;
        if interrupt.ended(status) {
            return Ok(Launched::Interrupted);
        }
        if !status.success() {
            if job.may_end(&said)? {
                return Ok(Launched::Finished);
            }
            bail!("the run `{}` with seed {} ended with {status}{said}", job.run, job.seed);
        }
        Ok(Launched::Finished)
    }
}

/// Runs a command that is not heard of unless it fails.
fn quietly(command: &mut Command) -> anyhow::Result<()> {
    let (status, said) = split(unheard(command));
    let status = status.with_context(|| format!("cannot run `{}`", step::shown(command)))?;
    if !status.success() {
        bail!("`{}` ended with {status}{said}", step::shown(command));
    }
    Ok(())
}

/// Keeps a command to so many threads: what the numeric libraries read, and gan's statistics too.
fn limit(command: &mut Command, threads: NonZeroUsize) {
    command.env("RAYON_NUM_THREADS", threads.to_string());
}

fn unheard(command: &mut Command) -> io::Result<Output> {
    command.stdin(Stdio::null()).output()
}

/// The status of a command that has ended, and the last line of what it complained of.
fn split(output: io::Result<Output>) -> (io::Result<ExitStatus>, String) {
    match output {
        Ok(output) => {
            let said = last_complaint(&output);
            (Ok(output.status), said)
        }
        Err(error) => (Err(error), String::new()),
    }
}

/// `: ` and the last line of what a command complained of, or nothing.
fn last_complaint(output: &Output) -> String {
    let complaint = String::from_utf8_lossy(&output.stderr);
    complaint.lines().last().map(|line| format!(": {line}")).unwrap_or_default()
}
