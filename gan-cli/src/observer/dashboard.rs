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
use gan_core::{Control, Event, Observer, ObserverError, Progress, Stepped};

/// The dashboard redraws this often; feeding it faster would only cost device reads.
const REFRESH: Duration = Duration::from_millis(200);

/// burn-train's dashboard. Its "stop training" ends the run as Ctrl-C does.
pub(crate) struct Dashboard {
    label: String,
    /// Opened with the first event, so that nothing else is printed over it.
    screen: Option<TuiMetricsRendererWrapper>,
    interrupter: Interrupter,
    metrics: Vec<(&'static str, MetricId)>,
    epoch: u64,
    refreshed: Instant,
}

impl Dashboard {
    pub(crate) fn new(label: String) -> Self {
        let metrics = ["critic_loss", "generator_loss", "real_probability", "fake_probability"]
            .into_iter()
            .chain(["critic_gradient_norm", "generator_gradient_norm"])
            .map(|name| (name, MetricId::new(Arc::new(name.to_owned()))))
            .collect();
        let (interrupter, refreshed) = (Interrupter::new(), Instant::now());
        Self { label, screen: None, interrupter, metrics, epoch: 0, refreshed }
    }

    fn open(&mut self, progress: Progress, until: u64) {
        let mut screen = TuiMetricsRendererWrapper::new(self.interrupter.clone(), None);
        for (name, id) in &self.metrics {
            screen.register_metric(MetricDefinition {
                metric_id: id.clone(),
                name: Arc::new((*name).replace('_', " ")),
                description: None,
                attributes: NumericAttributes { unit: None, higher_is_better: false }.into(),
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
        let readings = stepped.readings().named();
        for (name, value) in readings {
            let Some((_, id)) = self.metrics.iter().find(|(known, _)| *known == name) else {
                continue;
            };
            let text = SerializedEntry::new(format!("{value:.4}"), value.to_string());
            let entry = MetricEntry::new(id.clone(), text);
            screen.update_train(MetricState::Numeric(entry, Some(NumericEntry::Value(value))));
        }
        screen.update_split(to_usize(progress.step % progress.steps_per_epoch));
    }
}

impl<G, C> Observer<G, C> for Dashboard {
    fn observe(&mut self, event: &Event<'_, G, C>) -> Result<Control, ObserverError> {
        match event {
            Event::Started { progress, until, .. } => self.open(*progress, *until),
            Event::Stepped(stepped) => self.refresh(stepped),
            Event::Saving { .. } | Event::Checkpointed { .. } => {}
            // Dropping the dashboard gives the terminal back.
            Event::Finished { .. } => drop(self.screen.take()),
        }
        if self.interrupter.should_stop() && !matches!(event, Event::Finished { .. }) {
            return Ok(Control::Stop(super::INTERRUPTED.to_owned()));
        }
        Ok(Control::Continue)
    }
}

fn to_usize(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}
