//! `cargo xtask bench train`: the whole training loop, the bare step in plain Burn, and PyTorch,
//! turn by turn.

use std::fs;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Context;

use super::case::{Case, Data, MEMORY, Precision, cases};
use super::machine;
use super::report::{Facts, Measured, Report};
use super::training::Training;
use super::twins::{Peers, Twins};
use super::worker::Worker;
use crate::artifact::built;
use crate::experiment::{Ending, Gan};
use crate::interrupt::Interrupt;
use crate::removal::remove_folder;
use crate::workspace::cargo;

/// How long one turn of one side takes, about.
const SECONDS: f64 = 4.0;
/// Files in the folder of pictures.
pub(super) const PICTURES: usize = 2048;

/// One call of `cargo xtask bench train`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Wanted {
    /// The Python interpreter with PyTorch, where one was named.
    pub(crate) python: Option<PathBuf>,
    /// Who is measured besides.
    pub(crate) peers: Peers,
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
        Self { python: None, peers: Peers::Usual, rounds, only: Vec::new(), features: None, device }
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
    twins: Option<Twins>,
    device: String,
    /// Where pictures to train on are written.
    pictures: PathBuf,
}

impl Bench {
    fn start(wanted: &Wanted) -> anyhow::Result<Self> {
        say!("==> building");
        // First, for it is built together with a `gan` of the default features.
        let plain = Worker::start("plain Burn", &mut Command::new(plain_program()?))?;
        let gan = Gan::build(wanted.features.as_deref())?;
        let start = |python| Twins::start(python, wanted.peers);
        let twins = wanted.python.clone().map(start).transpose()?;
        let pictures = gan.scratch_folder("bench-pictures");
        remove_folder(&pictures)?;
        Ok(Self { gan, plain, twins, device: wanted.device.clone(), pictures })
    }

    fn measure(&mut self, wanted: &Wanted) -> anyhow::Result<Report> {
        let kernels = self.plain.ask("kernels")?;
        let machine = format!("{}, kernels: {kernels}", machine::description());
        let mut report = Report { machine, device: self.device.clone(), ..Report::default() };
        if let Some(twins) = &self.twins {
            report.versions = Some(twins.versions.clone());
            report.notes.extend(twins.absent.clone());
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
            if let (Some(twins), true) = (&self.twins, case == MEMORY) {
                report.their_peak_bytes = Some(twins.peak_bytes()?);
            }
        }
        remove_folder(&self.pictures)?;
        Ok(report)
    }

    /// What has to be known before the first turn; the first of each side is not counted.
    fn prepare(&mut self, case: Case, report: &mut Report) -> anyhow::Result<Prepared> {
        let (game, batch) = (case.game(), case.batch);
        if case.data == Data::Pictures && !self.pictures.exists() {
            self.plain.ask(&format!("pictures {PICTURES} {}", self.pictures.display()))?;
        }
        let facts = Facts::read(&self.plain.ask(&format!("facts {game} {batch}"))?)?;
        let steps = self.ours(case).steps_in(SECONDS)?;
        let mut prepared = Prepared { case, facts, steps, compiled: None };
        let Some(twins) = &mut self.twins else { return Ok(prepared) };
        twins.check(&case, &facts)?;
        if case.precision == Precision::Bf16 {
            return Ok(prepared);
        }
        let mut compiled = twins.another_torch()?;
        match compiled.number(&format!("compiled {game} {batch} 0")) {
            Ok(_) => prepared.compiled = Some(compiled),
            Err(reason) => report.notes.push(format!("{case}, torch.compile: {reason:#}")),
        }
        Ok(prepared)
    }

    fn ours(&self, case: Case) -> Training<'_> {
        let set = case.settings(&self.pictures);
        Training { gan: &self.gan, recipe: case.recipe, device: &self.device, set }
    }

    /// One turn of every side; who begins changes with every round.
    fn turn(
        &mut self,
        prepared: &mut Prepared,
        round: u32,
        row: &mut Measured,
    ) -> anyhow::Result<()> {
        let case = prepared.case;
        let mut sides = match case.precision {
            Precision::F32 => Side::OF_F32.to_vec(),
            Precision::Bf16 => Side::OF_BF16.to_vec(),
        };
        let first = round as usize % sides.len();
        sides.rotate_left(first);
        let task = format!("{} {} {SECONDS}", case.game(), case.batch);
        let time = |side: &mut Worker, how| side.number(&format!("{how} {task}")).map(Some);
        for side in sides {
            match (side, &mut self.twins, &mut prepared.compiled) {
                (Side::Ours, ..) => row.add_ours(&self.ours(case).run(prepared.steps)?)?,
                (Side::Plain, ..) => row.plain.push(time(&mut self.plain, "time")?),
                (Side::Eager, Some(twins), _) => {
                    row.eager.push(time(&mut twins.torch, "time")?);
                }
                (Side::Autocast, Some(twins), _) => {
                    row.autocast.push(time(&mut twins.torch, "autocast")?);
                }
                (Side::Compiled, _, Some(worker)) => row.compiled.push(time(worker, "compiled")?),
                (Side::ChannelsLast, Some(twins), _) => {
                    let worker = twins.channels_last(&case);
                    row.channels_last.push(worker.map_or(Ok(None), |w| time(w, "channels-last"))?);
                }
                (Side::Jax, Some(twins), _) => {
                    row.jax.push(twins.jax(&case).map_or(Ok(None), |w| time(w, "time"))?);
                }
                _ => {}
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
    /// PyTorch with images in memory pixel by pixel.
    ChannelsLast,
    Jax,
}

impl Side {
    const OF_F32: [Self; 6] =
        [Self::Ours, Self::Plain, Self::Eager, Self::Compiled, Self::ChannelsLast, Self::Jax];
    const OF_BF16: [Self; 3] = [Self::Ours, Self::Eager, Self::Autocast];
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
