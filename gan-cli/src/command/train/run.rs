//! The run itself: a learner with everything that surrounds it.

use std::time::Instant;

use anyhow::anyhow;
use gan_core::GanError;
use gan_core::batch::BatchSource;
use gan_core::checkpoint::CheckpointPlan;
use gan_core::event::Ending;
use gan_core::learner::Learner;
use gan_core::measurement::Quantity;
use gan_core::player::{Critic, Generator};
use gan_core::probe::Probe;
use gan_core::progress::Cadence;
use gan_core::seed::Seed;
use gan_core::session::Session;
use gan_doctor::QUALITY;
use gan_models::Networks;
use gan_plot::Contours;

use super::Watched;
use super::display::display;
use super::game::learner;
use super::measured::Measured;
use super::probes::Probes;
use super::rendered::Rendered;
use super::setup::{Begun, Setup};
use crate::args::DoctorMode;
use crate::assemble::NetworkVisitor;
use crate::config::{CheckpointConfig, ReportConfig, RunConfig};
use crate::evaluation::RunAssistant;
use crate::observer::{
    Consultation, Doctor, Evaluations, Guard, Interrupt, Live, MetricsLog, Outbox, Pictures,
    PlainLines, Shown, Walk,
};
use crate::run_folder::RunFolder;
use crate::run_report;
use crate::sampling::some_points;
use crate::serve::Server;
use crate::streams::{self, LogFile};

/// A run that is ready to begin.
pub(super) struct TrainRun {
    pub(super) setup: Setup,
    pub(super) interrupt: Interrupt,
    pub(super) watched: Watched,
    /// When the program began.
    pub(super) began: Instant,
}

/// How a run ended.
pub(super) struct Outcome {
    pub(super) step: u64,
    pub(super) ending: Ending,
}

impl NetworkVisitor for TrainRun {
    type Output = Outcome;

    fn visit<G: Generator<D>, C: Critic<D>, const D: usize>(
        self,
        networks: Networks<G, C>,
    ) -> anyhow::Result<Outcome> {
        let learner = learner(&self.setup, networks)?;
        if self.setup.ranks.is_first() { self.lead(learner) } else { self.follow(learner) }
    }
}

impl TrainRun {
    /// Trains, watches and writes everything down.
    fn lead<G: Generator<D>, C: Critic<D>, S: BatchSource<D>, const D: usize>(
        mut self,
        learner: Learner<G, C, S, D>,
    ) -> anyhow::Result<Outcome> {
        let mut interrupt = self.interrupt.clone();
        let (shown, outbox) = (Shown::of(self.watched.show.clone()), Outbox::default());
        let (looks, asked) = (self.watched.display, interrupt.asked());
        let mut display = display(looks, &self.setup, shown.clone(), asked, outbox.clone())?;
        let mut logged = self.has_log_beside().then(|| PlainLines::of_log(shown));
        let mut evaluations = Evaluations::beside(self.watched.display);
        let probes = Probes::of(&mut self.setup, &learner)?;
        self.keep_best::<G, C, D>(&probes.all());
        let mut measured =
            Measured::of(&self.setup.config, &learner, &probes.all(), &self.watched.show)?;
        let mut live = self.live()?;
        interrupt.run_begins();
        let Begun { folder, step, claim } = self.begin(&learner)?;
        let mut guard = Guard { claim };
        let config = &self.setup.config;
        let mut log = MetricsLog { file: measured.continue_after(&folder, step)? };
        let mut doctor = Doctor::of(&folder, &self.consultation(&outbox))?;
        let mut rendered = Rendered::<D>::of(&self.setup, &folder, step, self.began)?;
        let mut session = Session::new()
            .checkpoints(plan(config, &folder))
            .keep_best(measured.keep_best.take())
            .stop(measured.stop.take())
            .log(config.log.every)
            .observer(&mut guard)
            .observer(&mut interrupt)
            .observer(&mut log)
            // Before the display, which prints what it tells.
            .observer(&mut doctor)
            .observer(&mut *display)
            .observer(&mut evaluations)
            .observer(&mut rendered)
            // After what it shows.
            .observer(&mut live)
            .observer(&mut logged)
            .probes(config.evaluation.every, probes.all());
        self.setup.ranks.begin()?;
        let fitted = learner.fit(config.train.budget, &mut session);
        drop(session);
        doctor.iter().for_each(|doctor| doctor.conclude(folder.root()));
        self.report(&folder, &guard, fitted.as_ref().ok().map(|fitted| &fitted.ending));
        let fitted = fitted.map_err(|error| guard.claim.cause_of(of_observer(error)))?;
        Ok(Outcome { step: fitted.learner.progress().step, ending: fitted.ending })
    }

    /// What the doctor is told.
    fn consultation<'a>(&'a self, outbox: &'a Outbox) -> Consultation<'a> {
        let Self { setup, watched, .. } = self;
        let (data, inventory) = (&*setup.data, &setup.inventory);
        Consultation { mode: watched.doctor, display: watched.display, data, inventory, outbox }
    }

    /// Beside a doctor the best checkpoint stays as well, unless the configuration says by which quantity: a
    /// cure can begin there.
    fn keep_best<G: Generator<D>, C: Critic<D>, const D: usize>(
        &mut self,
        probes: &[&dyn Probe<G, C, D>],
    ) {
        let config = &mut self.setup.config;
        let is_watched = self.watched.doctor != DoctorMode::Off;
        let is_measured_on_the_way = config.evaluation.every != Cadence::Never;
        if is_watched && is_measured_on_the_way && config.checkpoint.keep_best.is_none() {
            let measured: Vec<Quantity> =
                probes.iter().flat_map(|each| each.quantities()).collect();
            let is_measured = |name: &str| measured.iter().any(|quantity| quantity.name == name);
            let best = QUALITY.iter().find(|series| is_measured(series.name));
            config.checkpoint.keep_best = best.map(|series| series.name.to_owned());
        }
    }

    /// Trains as the first rank does and assists its evaluations: that one watches, and decides when to end.
    fn follow<G: Generator<D>, C: Critic<D>, S: BatchSource<D>, const D: usize>(
        mut self,
        learner: Learner<G, C, S, D>,
    ) -> anyhow::Result<Outcome> {
        let (features, config) = (self.setup.features.take(), &self.setup.config);
        let assistant = RunAssistant::of(config, features, self.setup.ranks.exchange())?;
        let assistants = assistant.iter().map(RunAssistant::as_probe);
        let mut session = Session::new().probes(config.evaluation.every, assistants);
        self.interrupt.run_begins();
        self.setup.ranks.begin()?;
        let fitted = learner.fit(config.train.budget, &mut session);
        let fitted = fitted.inspect_err(|error| {
            // What all have is said by the first.
            if matches!(error, GanError::Source(_)) {
                streams::speak();
            }
        })?;
        Ok(Outcome { step: fitted.learner.progress().step, ending: fitted.ending })
    }

    /// The live report, if it is asked for.
    fn live(&self) -> anyhow::Result<Option<Live>> {
        let Some(address) = &self.watched.serve else { return Ok(None) };
        let root = self.setup.root.clone();
        let server = Server::open(address, move || run_report::served(&root))?;
        if !self.watched.display.json {
            streams::say(&server.announcement());
        }
        Ok(Some(Live::new(server)))
    }

    /// Writes the page about a run that has ended, or that has failed, unless it was asked to stop: then it will
    /// go on, and has its page at its end. It is no reason to fail.
    fn report(&self, folder: &RunFolder, guard: &Guard, ending: Option<&Ending>) {
        let is_asked_for = self.setup.config.report == ReportConfig::Auto;
        if !is_asked_for || !guard.claim.is_intact() || ending.is_some_and(Ending::is_stopped) {
            return;
        }
        match run_report::write(folder.root()) {
            Ok(path) if !self.watched.display.json => {
                streams::say(&format!("report: {}", path.display()));
            }
            Ok(_) => {}
            Err(error) => streams::say(&format!("note: there is no report: {error:#}")),
        }
    }

    /// Whether there is a log that does not have the lines of the terminal.
    fn has_log_beside(&self) -> bool {
        self.watched.log.is_some() && !self.watched.display.is_plain()
    }

    /// The run folder, and the log, which may be in it; what the run begins with is said.
    fn begin<G: Generator<D>, C: Critic<D>, S: BatchSource<D>, const D: usize>(
        &mut self,
        learner: &Learner<G, C, S, D>,
    ) -> anyhow::Result<Begun> {
        let log = self.watched.log.clone();
        let log = log.as_deref();
        let later = log.filter(|path| LogFile::lies_in(path, &self.setup.root));
        let first = log.filter(|_| later.is_none()).map(LogFile::open).transpose()?;
        let is_branch = self.setup.start.is_branch();
        let CheckpointConfig { every, keep, .. } = self.setup.config.checkpoint;
        let begun = self.setup.begin(|folder| {
            // From here on the run needs its origin no more.
            if is_branch {
                learner.save(&CheckpointPlan { dir: folder.checkpoints(), every, keep })?;
            }
            Ok(())
        })?;
        let later = later.map(LogFile::open).transpose()?;
        first.or(later).into_iter().for_each(streams::log_into);
        if !self.watched.display.json {
            announce(&self.setup);
        }
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

/// What was read, and what is measured of images, how often.
fn announce(setup: &Setup) {
    streams::say(&format!("data: {}", setup.inventory));
    if let Some(metric) = &setup.metric {
        let every = match setup.config.evaluation.every {
            Cadence::Never => "at the end".to_owned(),
            Cadence::Every(span) => format!("every {span}"),
        };
        let (samples, features) = (metric.samples, &metric.features);
        streams::say(&format!("evaluation: {samples} samples {every}, in the features {features}"));
    }
}

/// Of the data's mass, what the contours of its density enclose.
const SHARES: [f64; 3] = [0.5, 0.9, 0.99];

/// What renders the same latents over and over.
pub(super) fn pictures<const D: usize>(
    setup: &Setup,
    folder: &RunFolder,
) -> anyhow::Result<Pictures<D>> {
    let Setup { config, data, device, .. } = setup;
    let real_points = some_points(&**data, config.pictures.count);
    let density = config.data.density()?;
    let contours =
        density.map(|density| Contours::of(&real_points, &SHARES, |point| density.ln_pdf(point)));
    Ok(Pictures {
        folder: folder.samples(),
        every: config.pictures.every,
        count: config.pictures.count,
        prior: config.train.prior,
        stream: Seed(config.seed).stream("pictures"),
        device: device.device.clone(),
        real_points,
        contours,
        class_names: folder.data()?.class_names,
    })
}

/// What walks through latents at the end of a run that gets a report.
pub(super) fn walk<const D: usize>(
    setup: &Setup,
    folder: &RunFolder,
) -> anyhow::Result<Option<Walk<D>>> {
    let Setup { config, data, device, .. } = setup;
    if config.report == ReportConfig::Never {
        return Ok(None);
    }
    Ok(Some(Walk {
        folder: folder.samples(),
        prior: config.train.prior,
        stream: Seed(config.seed).stream("interpolate"),
        device: device.device.clone(),
        real_points: some_points(&**data, config.pictures.count),
        class_names: folder.data()?.class_names,
    }))
}

/// When checkpoints are saved, and how many stay.
fn plan(config: &RunConfig, folder: &RunFolder) -> CheckpointPlan {
    CheckpointPlan {
        dir: folder.checkpoints(),
        every: config.checkpoint.every,
        keep: config.checkpoint.keep,
    }
}
