//! `cargo xtask bench train`: the whole training loop, the bare step in plain Burn, and PyTorch,
//! turn by turn.

use std::fs;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Context;

use super::case::{Case, MEMORY, Precision, cases};
use super::machine;
use super::report::{Facts, Measured, Report};
use super::training::Training;
use super::worker::Worker;
use crate::artifact::built;
use crate::experiment::{Ending, Gan};
use crate::interrupt::Interrupt;
use crate::workspace::{self, cargo};

/// How long one turn of one side takes, about.
const SECONDS: f64 = 4.0;
/// Steps after which PyTorch's memory has reached its peak.
const MEMORY_STEPS: u32 = 60;
/// The path of the twin in the workspace.
const TWIN: &str = "gan-bench/src/bin/train/twin.py";

/// One call of `cargo xtask bench train`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Wanted {
    /// The Python interpreter with PyTorch, where one was named.
    pub(crate) python: Option<PathBuf>,
    /// Turns of every side.
    pub(crate) rounds: NonZeroU32,
    /// The recipes to measure; all where none is named.
    pub(crate) only: Vec<String>,
    /// Features that our program is built with besides its own.
    pub(crate) features: Option<String>,
    /// The device that our program trains on.
    pub(crate) device: String,
}

impl Default for Wanted {
    fn default() -> Self {
        let rounds = NonZeroU32::MIN.saturating_add(4);
        let device = "flex".to_owned();
        Self { python: None, rounds, only: Vec::new(), features: None, device }
    }
}

/// Measures, prints the report and writes it beside the programs.
///
/// # Errors
/// A build fails, a side cannot be started or stops to answer.
pub(crate) fn train(wanted: &Wanted) -> anyhow::Result<Ending> {
    let interrupt = Interrupt::watch()?;
    // Before this program makes a load itself.
    let load = machine::load();
    let measured = Bench::start(wanted).and_then(|mut bench| {
        let report = Report { load, ..bench.measure(wanted)? };
        let path = bench.gan.scratch_folder("bench-train.md");
        let text = report.to_string();
        fs::write(&path, &text).with_context(|| format!("cannot write {}", path.display()))?;
        say!("\n{text}\nThis report is in {}", path.display());
        Ok(())
    });
    match measured {
        Err(_) if interrupt.seen() => Ok(Ending::Interrupted),
        measured => measured.map(|()| Ending::Finished),
    }
}

/// The program with the steps in plain Burn, from which `bench profile` comes too.
///
/// It is built beside `gan`, so that both share one build of Burn.
///
/// # Errors
/// The build fails.
pub(super) fn plain_program() -> anyhow::Result<PathBuf> {
    let build = ["build", "--release", "-p", "gan-bench", "-p", "gan-cli", "--bins", "--locked"];
    built(&mut cargo(&build), "train")
}

/// The sides, started and waiting.
struct Bench {
    gan: Gan,
    plain: Worker,
    python: Option<Python>,
    device: String,
}

/// PyTorch.
struct Python {
    interpreter: PathBuf,
    worker: Worker,
}

impl Python {
    fn start(interpreter: PathBuf) -> anyhow::Result<Self> {
        let worker = Self::worker(&interpreter)?;
        Ok(Self { interpreter, worker })
    }

    /// A process of its own.
    fn worker(interpreter: &PathBuf) -> anyhow::Result<Worker> {
        let script = workspace::root().join(TWIN);
        Worker::start("PyTorch", Command::new(interpreter).arg(script))
    }

    fn peak_bytes(&self) -> anyhow::Result<f64> {
        let Case { recipe, batch, .. } = MEMORY;
        Self::worker(&self.interpreter)?.number(&format!("memory {recipe} {batch} {MEMORY_STEPS}"))
    }
}

impl Bench {
    fn start(wanted: &Wanted) -> anyhow::Result<Self> {
        say!("==> building");
        // First, for it is built together with a `gan` of the default features.
        let plain = Worker::start("plain Burn", &mut Command::new(plain_program()?))?;
        let gan = Gan::build(wanted.features.as_deref())?;
        let python = wanted.python.clone().map(Python::start).transpose()?;
        Ok(Self { gan, plain, python, device: wanted.device.clone() })
    }

    fn measure(&mut self, wanted: &Wanted) -> anyhow::Result<Report> {
        let (machine, device) = (machine::description(), self.device.clone());
        let mut report = Report { machine, device, ..Report::default() };
        if let Some(python) = &mut self.python {
            report.versions = Some(python.worker.ask("versions")?);
        }
        for case in cases(&wanted.only) {
            say!("==> {case}: warming up");
            let mut prepared = self.prepare(case, &mut report)?;
            let mut row = Measured::of(case, prepared.facts);
            report.gemm_gflops = report.gemm_gflops.max(self.plain.number("gemm")?);
            for round in 1..=wanted.rounds.get() {
                say!("    round {round} of {}", wanted.rounds);
                self.turn(&mut prepared, round, &mut row)?;
            }
            report.rows.push(row);
            if let (Some(python), true) = (&self.python, case == MEMORY) {
                report.their_peak_bytes = Some(python.peak_bytes()?);
            }
        }
        Ok(report)
    }

    /// What has to be known before the first turn; the first of each side is not counted.
    fn prepare(&mut self, case: Case, report: &mut Report) -> anyhow::Result<Prepared> {
        let Case { recipe, batch, .. } = case;
        let facts = Facts::read(&self.plain.ask(&format!("facts {recipe} {batch}"))?)?;
        let steps = self.ours(case).steps_in(SECONDS)?;
        let mut prepared = Prepared { case, facts, steps, compiled: None };
        let Some(python) = &mut self.python else { return Ok(prepared) };
        facts.check_weights(&python.worker.ask(&format!("weights {recipe}"))?)?;
        if case.precision == Precision::Bf16 {
            return Ok(prepared);
        }
        let mut compiled = Python::worker(&python.interpreter)?;
        match compiled.number(&format!("compiled {recipe} {batch} 0")) {
            Ok(_) => prepared.compiled = Some(compiled),
            Err(reason) => report.notes.push(format!("{case}, torch.compile: {reason:#}")),
        }
        Ok(prepared)
    }

    fn ours(&self, case: Case) -> Training<'_> {
        Training { gan: &self.gan, recipe: case.recipe, device: &self.device, set: case.settings() }
    }

    /// One turn of every side; who begins changes with every round.
    fn turn(
        &mut self,
        prepared: &mut Prepared,
        round: u32,
        row: &mut Measured,
    ) -> anyhow::Result<()> {
        let Prepared { case, steps, compiled, .. } = prepared;
        let task = format!("{} {} {SECONDS}", case.recipe, case.batch);
        let time = |side: &mut Worker, how| side.number(&format!("{how} {task}")).map(Some);
        let mut sides = match case.precision {
            Precision::F32 => vec![Side::Ours, Side::Plain, Side::Eager, Side::Compiled],
            Precision::Bf16 => vec![Side::Ours, Side::Eager, Side::Autocast],
        };
        let first = round as usize % sides.len();
        sides.rotate_left(first);
        for side in sides {
            match (side, &mut self.python, &mut *compiled) {
                (Side::Ours, ..) => row.add_ours(&self.ours(*case).run(*steps)?)?,
                (Side::Plain, ..) => row.plain.push(time(&mut self.plain, "time")?),
                (Side::Eager, Some(python), _) => {
                    row.eager.push(time(&mut python.worker, "time")?);
                }
                (Side::Autocast, Some(python), _) => {
                    row.autocast.push(time(&mut python.worker, "autocast")?);
                }
                (Side::Compiled, _, Some(worker)) => row.compiled.push(time(worker, "compiled")?),
                (Side::Eager | Side::Autocast | Side::Compiled, ..) => {}
            }
        }
        Ok(())
    }
}

/// Who is measured.
#[derive(Clone, Copy)]
enum Side {
    Ours,
    Plain,
    Eager,
    /// PyTorch with products in bfloat16.
    Autocast,
    Compiled,
}

/// A case that is ready for its turns.
struct Prepared {
    case: Case,
    facts: Facts,
    /// Steps of one of our turns.
    steps: u64,
    /// PyTorch with the networks compiled, where that works: in a process of its own, because
    /// networks of other cases would use up the number of compilations that it allows itself.
    compiled: Option<Worker>,
}
