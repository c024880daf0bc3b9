//! Progress on a terminal's whole screen: burn-train's dashboard, fed by the learner's events.

use std::sync::Arc;
use std::time::{Duration, Instant};

use burn_train::Interrupter;
use burn_train::logger::TrainingProgressLogger as _;
use burn_train::metric::{
    MetricDefinition, MetricEntry, MetricId, NumericAttributes, NumericEntry, SerializedEntry,
};
use burn_train::renderer::tui::TuiMetricsRendererWrapper;
use burn_train::renderer::{MetricState, MetricsRenderer as _, MetricsRendererTraining as _};
use gan_core::event::{Control, Event, Observer, ObserverError, Stepped};
use gan_core::measurement::{Direction, Measurement, Quantity};
use gan_core::progress::Progress;

/// The dashboard redraws this often; feeding it faster would only cost device reads.
const REFRESH: Duration = Duration::from_millis(200);

/// burn-train's dashboard. Its "stop training" ends the run as Ctrl-C does.
pub(crate) struct Dashboard {
    label: String,
    /// Opened with the first event, so that nothing else is printed over it.
    screen: Option<TuiMetricsRendererWrapper>,
    interrupter: Interrupter,
    metrics: Vec<(Quantity, MetricId)>,
    epoch: u64,
    refreshed: Instant,
}

impl Dashboard {
    pub(crate) fn new(label: String) -> Self {
        let metrics = Vec::new();
        let (interrupter, refreshed) = (Interrupter::new(), Instant::now());
        Self { label, screen: None, interrupter, metrics, epoch: 0, refreshed }
    }

    fn open(&mut self, progress: Progress, until: u64, quantities: &[Quantity]) {
        let id = |quantity: &Quantity| MetricId::new(Arc::new(quantity.name.to_owned()));
        self.metrics = quantities.iter().map(|each| (*each, id(each))).collect();
        let mut screen = TuiMetricsRendererWrapper::new(self.interrupter.clone(), None);
        for (quantity, id) in &self.metrics {
            let higher_is_better = quantity.better == Some(Direction::Higher);
            let unit = Some(quantity.unit.to_owned());
            screen.register_metric(MetricDefinition {
                metric_id: id.clone(),
                name: Arc::new(quantity.name.replace(['/', '_'], " ")),
                description: None,
                attributes: NumericAttributes { unit, higher_is_better }.into(),
            });
        }
        let epochs = until.div_ceil(progress.steps_per_epoch);
        screen.start(to_usize(epochs), to_usize(progress.epochs()) + 1, None, Some(&self.label));
        screen.start_split("train", to_usize(progress.steps_per_epoch));
        (self.epoch, self.screen) = (progress.epochs(), Some(screen));
    }

    fn refresh<G, C>(&mut self, stepped: &Stepped<'_, G, C>) {
        let Some(screen) = &mut self.screen else {
            return;
        };
        let progress = stepped.progress;
        if progress.epochs() != self.epoch && progress.step < stepped.until {
            self.epoch = progress.epochs();
            screen.end_split();
            screen.update_epoch(to_usize(self.epoch));
            screen.start_split("train", to_usize(progress.steps_per_epoch));
        }
        if self.refreshed.elapsed() < REFRESH && progress.step < stepped.until {
            return;
        }
        self.refreshed = Instant::now();
        self.update(stepped.metrics());
        let Some(screen) = &mut self.screen else { return };
        screen.update_split(to_usize(progress.step % progress.steps_per_epoch));
    }
}

impl Dashboard {
    /// Show new values.
    fn update(&mut self, measurements: &[Measurement]) {
        let Some(screen) = &mut self.screen else { return };
        for Measurement { quantity, value, .. } in measurements {
            let Some((_, id)) = self.metrics.iter().find(|(known, _)| known == quantity) else {
                continue;
            };
            let text = SerializedEntry::new(format!("{value:.4}"), value.to_string());
            let entry = MetricEntry::new(id.clone(), text);
            screen.update_train(MetricState::Numeric(entry, Some(NumericEntry::Value(*value))));
        }
    }
}

impl<G, C> Observer<G, C> for Dashboard {
    fn observe(&mut self, event: &Event<'_, G, C>) -> Result<Control, ObserverError> {
        match event {
            Event::Started { progress, until, quantities, .. } => {
                self.open(*progress, *until, quantities);
            }
            Event::Measured { measurements, .. } => self.update(measurements),
            Event::Stepped(stepped) => self.refresh(stepped),
            Event::Saving { .. } | Event::Checkpointed { .. } => {}
            // Dropping the dashboard gives the terminal back.
            Event::Finished { .. } | Event::Diverged { .. } => drop(self.screen.take()),
        }
        if self.interrupter.should_stop() && !matches!(event, Event::Finished { .. }) {
            return Ok(Control::Stop(super::interrupt::INTERRUPTED.to_owned()));
        }
        Ok(Control::Continue)
    }
}

fn to_usize(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}
