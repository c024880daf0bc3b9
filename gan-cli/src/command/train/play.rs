//! The run itself: a learner and those who watch it.

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{anyhow, ensure};
use gan_core::{
    BatchSource, CheckpointPlan, Control, Critic, Event, Game, GanError, Generator, Learner,
    Observer, ObserverError, Prefetch, Progress, Readings, Seed,
};
use gan_data::{Batches, DataError, SampleSet};
use gan_models::Networks;
use serde_json::json;

use super::setup::{Begun, Setup, Start};
use crate::args::DisplayArguments;
use crate::assemble::NetworkVisitor;
use crate::config::RunConfig;
use crate::evaluation::{Evaluator, Latents, Truth};
use crate::inventory::InventoryRecord;
use crate::memory;
use crate::metrics::{self, Cadence, EvaluationLine, MetricsFile, MetricsLine};
use crate::observer::{
    Asked, Bar, Evaluations, Guard, Interrupt, JsonLines, MetricsLog, Pictures, PlainLines, Plots,
};
use crate::run_folder::RunFolder;
use crate::sampling::some_points;
use crate::streams::{self, LogFile};

/// A run that is ready to begin.
pub(super) struct Play {
    pub(super) setup: Setup,
    pub(super) display: DisplayArguments,
    /// The log, which has lines of progress whatever the terminal shows.
    pub(super) log: Option<PathBuf>,
    /// When the program began.
    pub(super) began: Instant,
}

/// A run that has ended.
pub(super) struct Played {
    pub(super) step: u64,
    /// Why it ended before its time, if it did.
    pub(super) stopped: Option<String>,
}

impl NetworkVisitor for Play {
    type Output = Played;

    fn visit<G: Generator<D>, C: Critic<D>, const D: usize>(
        mut self,
        networks: Networks<G, C>,
    ) -> anyhow::Result<Played> {
        let learner = learner(&self.setup, networks)?;
        let mut interrupt = Interrupt::listen()?;
        let cadence = cadence(&self.setup.config, learner.progress());
        let mut display = display(self.display, &self.setup, cadence, interrupt.asked())?;
        let mut logged = (self.log.is_some() && !self.display.is_plain()).then(PlainLines::of_log);
        let evaluator = evaluator(&self.setup)?.map(Rc::new);
        let Begun { folder, step, claim } = self.begin()?;
        let mut guard = Guard { claim };
        let config = &self.setup.config;
        if !self.display.json {
            streams::say(&format!("data: {}", self.setup.inventory));
        }

        let mut log = metrics_log(&folder, step, cadence)?;
        let mut pictures = pictures::<D>(&self.setup, &folder)?;
        let mut plots = Plots { metrics: folder.metrics(), folder: folder.plots() };
        let mut evaluations = evaluations::<D>(evaluator.as_ref(), config, &folder, step)?;
        let mut summary = Summary::<D>::new(folder.clone(), config.clone(), evaluator, self.began);
        let plan = plan(config, &folder);
        let mut observers: Vec<&mut dyn Observer<G, C>> = vec![
            &mut guard,
            &mut interrupt,
            &mut log,
            &mut *display,
            &mut pictures,
            &mut plots,
            &mut summary,
        ];
        observers.extend(evaluations.as_mut().map(|one| one as &mut dyn Observer<G, C>));
        observers.extend(logged.as_mut().map(|one| one as &mut dyn Observer<G, C>));
        let fitted = learner.fit(config.train.budget, Some(&plan), &mut observers);
        let fitted = fitted.map_err(|error| guard.claim.cause_of(of_observer(error)))?;
        Ok(Played { step: fitted.learner.progress().step, stopped: fitted.stopped })
    }
}

impl Play {
    /// The run folder, and the log, which may lie in it.
    fn begin(&mut self) -> anyhow::Result<Begun> {
        let log = self.log.clone();
        let log = log.as_deref();
        let later = log.filter(|path| LogFile::lies_in(path, &self.setup.root));
        let first = log.filter(|_| later.is_none()).map(LogFile::open).transpose()?;
        let begun = self.setup.begin(|_| Ok(()))?;
        let later = later.map(LogFile::open).transpose()?;
        first.or(later).into_iter().for_each(streams::log_into);
        Ok(begun)
    }
}

/// What could not be done is what a user has to know; that an observer was to do it is not.
fn of_observer(error: GanError) -> anyhow::Error {
    match error {
        GanError::Observer(source) => anyhow!(source),
        other => other.into(),
    }
}

/// What draws the same latents over and over.
fn pictures<const D: usize>(setup: &Setup, folder: &RunFolder) -> anyhow::Result<Pictures<D>> {
    let Setup { config, data, device, .. } = setup;
    Ok(Pictures {
        folder: folder.samples(),
        every: config.pictures.every,
        count: config.pictures.count,
        prior: config.train.prior,
        stream: Seed(config.seed).stream("pictures"),
        device: device.device.clone(),
        real_points: some_points(&**data, config.pictures.count),
        class_names: folder.data()?.class_names,
    })
}

/// When checkpoints are saved, and how many stay.
fn plan(config: &RunConfig, folder: &RunFolder) -> CheckpointPlan {
    CheckpointPlan {
        dir: folder.checkpoints(),
        every: config.checkpoint.every,
        keep: config.checkpoint.keep,
    }
}

/// Real batches, wherever they are made ready.
type Source<const D: usize> = Box<dyn BatchSource<D, Error = DataError>>;

/// A batch of so many values is made ready by a thread of its own: images are, points are not.
///
/// On two cores, a step of `gan` on 50 points takes 254 µs with the thread and 218 µs without it,
/// a step of `cgan` on 64 digits 3.41 ms with it and 3.67 ms without.
const WORTH_A_THREAD: usize = 16_384;

/// The device whose batches are made ready between the steps, however large they are.
///
/// Libtorch computes on the threads of OpenMP, which keeps a team of them for every thread that calls
/// it. As soon as there are more than processors, those of the training sleep between any two
/// operations rather than wait: a step of `dcgan` on two cores then takes 52 ms in place of 36.
const WITHOUT_A_THREAD: &str = "tch";

/// Batches of the data set, labeled for generators that take labels.
fn source<const D: usize>(setup: &Setup, labeled: bool) -> anyhow::Result<Source<D>> {
    let (config, device) = (&setup.config, &setup.device.device);
    let batch = config.train.batch;
    let source =
        Batches::<dyn SampleSet, D>::new(setup.data.clone(), batch, Seed(config.seed), device)?;
    let source = if labeled { source.with_labels()? } else { source };
    let values = batch * setup.data.shape().iter().product::<usize>();
    let ahead = values >= WORTH_A_THREAD && setup.device.name != WITHOUT_A_THREAD;
    Ok(if ahead { Box::new(Prefetch::new(source)) } else { Box::new(source) })
}

/// The game as it is before its first step.
pub(in crate::command) fn game<G: Generator<D>, C: Critic<D>, const D: usize>(
    setup: &Setup,
    networks: Networks<G, C>,
) -> anyhow::Result<Game<G, C, Source<D>>> {
    let (config, device) = (&setup.config, &setup.device.device);
    let (seed, training) = (Seed(config.seed), &config.train);
    let classes = networks.generator.classes();
    ensure!(
        classes == 0 || classes == setup.data.classes(),
        "`model.classes` is {classes}, but the data set has {} classes",
        setup.data.classes()
    );
    Ok(Game {
        players: training.players(networks, seed, device),
        rules: training.rules.clone(),
        source: source(setup, classes > 0)?,
        prior: training.prior,
        seed,
        device: device.clone(),
        config: config.to_toml()?,
    })
}

/// The learner at the step that the run starts from.
fn learner<G: Generator<D>, C: Critic<D>, const D: usize>(
    setup: &Setup,
    networks: Networks<G, C>,
) -> anyhow::Result<Learner<G, C, Source<D>, D>> {
    let learner = Learner::new(game(setup, networks)?).map_err(|error| error.under("train"))?;
    let Start::From { checkpoint, .. } = &setup.start else {
        return Ok(learner);
    };
    let learner = learner.resume(checkpoint)?;
    let (progress, budget) = (learner.progress(), setup.config.train.budget);
    ensure!(
        progress.step <= budget.steps(progress.steps_per_epoch),
        "`train.budget` is {budget}, but {} has come to step {} already",
        setup.root.display(),
        progress.step
    );
    Ok(learner)
}

/// What compares the generator with the density of the data, where that is known.
fn evaluator(setup: &Setup) -> anyhow::Result<Option<Evaluator>> {
    let (config, seed) = (&setup.config, Seed(setup.config.seed));
    let latents = Latents {
        prior: config.train.prior,
        stream: seed.stream("evaluation"),
        device: setup.device.device.clone(),
    };
    let truth = Truth::of(&config.data)?;
    Ok(truth.map(|truth| Evaluator::new(truth, &config.evaluation, latents, seed)))
}

/// The steps that are logged.
fn cadence(config: &RunConfig, progress: Progress) -> Cadence {
    let per_epoch = progress.steps_per_epoch;
    let (every, until) = (config.log.every.steps(per_epoch), config.train.budget.steps(per_epoch));
    Cadence { every, until }
}

fn metrics_log(folder: &RunFolder, step: u64, cadence: Cadence) -> anyhow::Result<MetricsLog> {
    let path = folder.metrics();
    let file = MetricsFile::continue_after::<MetricsLine>(&path, step, Some(cadence))?;
    Ok(MetricsLog { file, cadence })
}

fn evaluations<const D: usize>(
    evaluator: Option<&Rc<Evaluator>>,
    config: &RunConfig,
    folder: &RunFolder,
    step: u64,
) -> anyhow::Result<Option<Evaluations<D>>> {
    let Some(evaluator) = evaluator else { return Ok(None) };
    let file = MetricsFile::continue_after::<EvaluationLine>(&folder.evaluation(), step, None)?;
    let evaluator = Rc::clone(evaluator);
    Ok(Some(Evaluations { evaluator, every: config.evaluation.every, file }))
}

/// What shows the progress, as the flags and the terminal have it.
fn display<G, C>(
    arguments: DisplayArguments,
    setup: &Setup,
    cadence: Cadence,
    asked: Asked,
) -> anyhow::Result<Box<dyn Observer<G, C>>> {
    if arguments.json {
        let data = InventoryRecord::from(&setup.inventory);
        return Ok(Box::new(JsonLines::new(cadence, data, asked)?));
    }
    if arguments.tui {
        return dashboard(&setup.config);
    }
    if arguments.is_plain() {
        return Ok(Box::new(PlainLines::new()));
    }
    Ok(Box::new(Bar::new()))
}

impl DisplayArguments {
    /// Whether progress is lines on standard error.
    fn is_plain(self) -> bool {
        !self.json && !self.tui && !std::io::stderr().is_terminal()
    }
}

#[cfg(feature = "tui")]
fn dashboard<G, C>(config: &RunConfig) -> anyhow::Result<Box<dyn Observer<G, C>>> {
    ensure!(std::io::stdout().is_terminal(), "--tui needs a terminal, but standard output is none");
    Ok(Box::new(crate::observer::Dashboard::new(config.recipe.clone())))
}

#[cfg(not(feature = "tui"))]
fn dashboard<G, C>(_config: &RunConfig) -> anyhow::Result<Box<dyn Observer<G, C>>> {
    anyhow::bail!("--tui needs the dashboard, which is not compiled in; build with --features tui")
}

/// Writes `summary.json` when a run has come to its end.
struct Summary<const D: usize> {
    folder: RunFolder,
    config: RunConfig,
    evaluator: Option<Rc<Evaluator>>,
    program_began: Instant,
    began: Instant,
    first_step: u64,
    /// From the beginning of the program to the end of its first step.
    to_first_step: Option<Duration>,
    last: Option<Readings>,
}

impl<const D: usize> Summary<D> {
    fn new(
        folder: RunFolder,
        config: RunConfig,
        evaluator: Option<Rc<Evaluator>>,
        program_began: Instant,
    ) -> Self {
        let (began, first_step) = (Instant::now(), 0);
        let (to_first_step, last) = (None, None);
        Self { folder, config, evaluator, program_began, began, first_step, to_first_step, last }
    }

    /// The numbers of the generator, and under `NAME_of_real` those of as many real samples.
    fn evaluation(&self, generator: &impl Generator<D>) -> anyhow::Result<Vec<(String, f64)>> {
        let Some(evaluator) = &self.evaluator else { return Ok(Vec::new()) };
        let generated = evaluator.evaluate(generator)?.named().into_iter();
        let real = evaluator.evaluate_real()?.named().into_iter();
        let generated = generated.map(|(name, value)| (name.to_owned(), value));
        Ok(generated.chain(real.map(|(name, value)| (format!("{name}_of_real"), value))).collect())
    }

    /// The readings that `metrics.jsonl` has of a step.
    fn logged(&self, step: u64) -> Option<Readings> {
        let lines = metrics::read(&self.folder.metrics()).ok()?;
        lines.last().filter(|line| line.step == step).map(MetricsLine::readings)
    }

    /// Whether a summary of the run up to `step` would say more than the one that is there: a
    /// finished run that is resumed makes no step and has no readings.
    fn is_news(&self, step: u64) -> bool {
        step > self.first_step || !self.folder.root().join("summary.json").exists()
    }
}

impl<G: Generator<D>, C, const D: usize> Observer<G, C> for Summary<D> {
    fn observe(&mut self, event: &Event<'_, G, C>) -> Result<Control, ObserverError> {
        match event {
            Event::Started { progress, .. } => self.first_step = progress.step,
            Event::Stepped(stepped) => {
                self.to_first_step.get_or_insert_with(|| self.program_began.elapsed());
                if stepped.progress.step == stepped.until {
                    self.last = Some(*stepped.readings());
                }
            }
            Event::Finished { progress, stopped: None, players } if self.is_news(progress.step) => {
                let seconds = self.began.elapsed().as_secs_f64();
                let mut summary = json!({
                    "recipe": self.config.recipe,
                    "seed": self.config.seed,
                    "steps": progress.step,
                    "epochs": progress.epochs(),
                    // Of this part of the run, where it was resumed.
                    "wall_seconds": seconds,
                    "seconds_to_first_step": self.to_first_step.map(|time| time.as_secs_f64()),
                    "steps_per_second": (progress.step - self.first_step) as f64 / seconds,
                    "peak_memory_bytes": memory::peak_bytes(),
                });
                // A run that was killed before its summary has them in its last line alone.
                self.last = self.last.or_else(|| self.logged(progress.step));
                for (name, value) in self.last.iter().flat_map(Readings::named) {
                    summary[name] = json!(value);
                }
                for (name, value) in self.evaluation(&players.for_sampling())? {
                    summary[name] = json!(value);
                }
                self.folder.write_json("summary.json", &summary)?;
            }
            _ => {}
        }
        Ok(Control::Continue)
    }
}
