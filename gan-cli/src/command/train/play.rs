//! The run itself: a learner and those who watch it.

use std::io::IsTerminal as _;
use std::time::Instant;

use anyhow::ensure;
use gan_core::{
    CheckpointPlan, Control, Critic, Event, Game, Generator, Learner, Observer, ObserverError,
    Readings, Seed,
};
use gan_data::{Batches, SampleSet};
use gan_models::Networks;
use serde_json::json;

use super::setup::{Setup, Start};
use crate::args::DisplayArguments;
use crate::assemble::WithNetworks;
use crate::config::RunConfig;
use crate::memory;
use crate::observer::{Bar, Interrupt, JsonLines, MetricsLog, Pictures, PlainLines, Plots};
use crate::run_folder::RunFolder;
use crate::sampling::{LatentDraws, Noise, some_points};

/// A run that is ready to begin.
pub(super) struct Play {
    pub(super) setup: Setup,
    pub(super) display: DisplayArguments,
}

/// A run that has ended.
pub(super) struct Played {
    pub(super) step: u64,
    /// Why it ended before its time, if it did.
    pub(super) stopped: Option<String>,
}

impl WithNetworks for Play {
    type Output = Played;

    fn with<G: Generator<D>, C: Critic<D>, const D: usize>(
        self,
        networks: Networks<G, C>,
    ) -> anyhow::Result<Played> {
        let learner = learner(&self.setup, networks)?;
        let Setup { config, data, device, .. } = &self.setup;
        let (seed, training) = (Seed(config.seed), &config.train);
        let mut display = display(self.display, config)?;
        let (folder, metrics) = self.setup.begin()?;

        let mut interrupt = Interrupt::listen()?;
        let mut log = MetricsLog { file: metrics, every: config.log.every };
        let mut pictures = Pictures::<D> {
            folder: folder.samples(),
            every: config.pictures.every,
            count: config.pictures.count,
            latents: LatentDraws {
                noise: Noise::Prior(training.prior),
                stream: seed.stream("pictures"),
                device: device.device.clone(),
            },
            real_points: some_points(&**data, config.pictures.count),
        };
        let mut plots = Plots { metrics: folder.metrics(), folder: folder.plots() };
        let mut summary = Summary::new(folder.clone(), config.clone());
        let plan = CheckpointPlan {
            dir: folder.checkpoints(),
            every: config.checkpoint.every,
            keep: config.checkpoint.keep,
        };
        let mut observers: [&mut dyn Observer<G, C>; 6] =
            [&mut interrupt, &mut log, &mut *display, &mut pictures, &mut plots, &mut summary];
        let fitted = learner.fit(training.budget, Some(&plan), &mut observers)?;
        Ok(Played { step: fitted.learner.clock().step, stopped: fitted.stopped })
    }
}

/// The game as it is before its first step.
pub(in crate::command) fn game<G: Generator<D>, C: Critic<D>, const D: usize>(
    setup: &Setup,
    networks: Networks<G, C>,
) -> anyhow::Result<Game<G, C, Batches<dyn SampleSet, D>>> {
    let (config, device) = (&setup.config, &setup.device.device);
    let (seed, training) = (Seed(config.seed), &config.train);
    Ok(Game {
        players: training.players(networks, seed, device),
        rules: training.rules(),
        source: Batches::new(setup.data.clone(), training.batch, seed, device)?,
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
) -> anyhow::Result<Learner<G, C, Batches<dyn SampleSet, D>, D>> {
    let learner = Learner::new(game(setup, networks)?)?;
    let Start::From { checkpoint, .. } = &setup.start else {
        return Ok(learner);
    };
    let learner = learner.resume(checkpoint)?;
    let (clock, budget) = (learner.clock(), setup.config.train.budget);
    ensure!(
        clock.step <= budget.steps(clock.steps_per_epoch),
        "`train.budget` is {budget}, but {} has come to step {} already",
        setup.root.display(),
        clock.step
    );
    Ok(learner)
}

/// What shows the progress, as the flags and the terminal have it.
fn display<G, C>(
    arguments: DisplayArguments,
    config: &RunConfig,
) -> anyhow::Result<Box<dyn Observer<G, C>>> {
    if arguments.json {
        return Ok(Box::new(JsonLines { every: config.log.every }));
    }
    if arguments.tui {
        return dashboard(config);
    }
    if std::io::stderr().is_terminal() {
        return Ok(Box::new(Bar::new()));
    }
    Ok(Box::new(PlainLines::new()))
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
struct Summary {
    folder: RunFolder,
    config: RunConfig,
    began: Instant,
    first_step: u64,
    last: Option<Readings>,
}

impl Summary {
    fn new(folder: RunFolder, config: RunConfig) -> Self {
        Self { folder, config, began: Instant::now(), first_step: 0, last: None }
    }

    /// Whether a summary of the run up to `step` would say more than the one that is there: a
    /// finished run that is resumed makes no step and has no readings.
    fn is_news(&self, step: u64) -> bool {
        step > self.first_step || !self.folder.root().join("summary.json").exists()
    }
}

impl<G, C> Observer<G, C> for Summary {
    fn observe(&mut self, event: &Event<'_, G, C>) -> Result<Control, ObserverError> {
        match event {
            Event::Started { clock, .. } => self.first_step = clock.step,
            Event::Stepped(stepped) if stepped.clock.step == stepped.until => {
                self.last = Some(*stepped.readings());
            }
            Event::Finished { clock, stopped: None, .. } if self.is_news(clock.step) => {
                let seconds = self.began.elapsed().as_secs_f64();
                let mut summary = json!({
                    "recipe": self.config.recipe,
                    "seed": self.config.seed,
                    "steps": clock.step,
                    "epochs": clock.epochs(),
                    // Of this part of the run, where it was resumed.
                    "wall_seconds": seconds,
                    "steps_per_second": (clock.step - self.first_step) as f64 / seconds,
                    "peak_memory_bytes": memory::peak_bytes(),
                });
                for (name, value) in self.last.iter().flat_map(Readings::named) {
                    summary[name] = json!(value);
                }
                self.folder.write_json("summary.json", &summary)?;
            }
            _ => {}
        }
        Ok(Control::Continue)
    }
}
