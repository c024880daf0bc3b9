//! Progress on a terminal's whole screen: burn-train's dashboard, fed by the learner's events.

use std::sync::Arc;
use std::time::{Duration, Instant};

use burn_train::Interrupter;
use burn_train::logger::TrainingProgressLogger as _;
use burn_train::metric::{
    MetricAttributes, MetricDefinition, MetricEntry, MetricId, NumericAttributes, NumericEntry,
    SerializedEntry,
};
use burn_train::renderer::tui::TuiMetricsRendererWrapper;
use burn_train::renderer::{MetricState, MetricsRenderer as _, MetricsRendererTraining as _};
use gan_core::event::{Control, Event, Observer, ObserverError, Stepped};
use gan_core::measurement::{Direction, Measurement, Quantity};
use gan_core::progress::Progress;

use super::doctor::{Outbox, lock};

/// The dashboard redraws this often; feeding it faster would only cost device reads.
const REFRESH: Duration = Duration::from_millis(200);

/// What the line of findings is called.
const DOCTOR: &str = "doctor";

/// burn-train's dashboard. Its "stop training" ends the run as Ctrl-C does.
pub(crate) struct Dashboard {
    label: String,
    /// Opened with the first event, so that nothing else is printed over it.
    screen: Option<TuiMetricsRendererWrapper>,
    interrupter: Interrupter,
    metrics: Vec<(Quantity, MetricId)>,
    /// What the doctor has found and not closed since, where there is one.
    findings: Findings,
    epoch: u64,
    refreshed: Instant,
}

impl Dashboard {
    /// The doctor's changes come by way of `outbox`.
    pub(crate) fn new(label: String, outbox: Outbox) -> Self {
        let (metrics, findings) = (Vec::new(), Findings { outbox, open: Vec::new() });
        let (interrupter, refreshed) = (Interrupter::new(), Instant::now());
        Self { label, screen: None, interrupter, metrics, findings, epoch: 0, refreshed }
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
        screen.register_metric(MetricDefinition {
            metric_id: MetricId::new(Arc::new(DOCTOR.to_owned())),
            name: Arc::new(DOCTOR.to_owned()),
            description: None,
            attributes: MetricAttributes::None,
        });
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
        self.show_findings();
        let Some(screen) = &mut self.screen else { return };
        screen.update_split(to_usize(progress.step % progress.steps_per_epoch));
    }
}

impl Dashboard {
    fn show_findings(&mut self) {
        let (Some(screen), Some(text)) = (&mut self.screen, self.findings.changed()) else {
            return;
        };
        let id = MetricId::new(Arc::new(DOCTOR.to_owned()));
        let entry = MetricEntry::new(id, SerializedEntry::new(text.clone(), text));
        screen.update_train(MetricState::Generic(entry));
    }

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

/// The doctor's open findings, as one line of the dashboard.
struct Findings {
    outbox: Outbox,
    open: Vec<String>,
}

impl Findings {
    /// The line, if something has changed.
    fn changed(&mut self) -> Option<String> {
        let changes = std::mem::take(&mut *lock(&self.outbox));
        if changes.is_empty() {
            return None;
        }
        for change in changes {
            let Some(rule) = change["rule"].as_str().or(change["diagnosis"]["rule"].as_str())
            else {
                continue;
            };
            self.open.retain(|open| open != rule);
            if change["change"] != "closed" {
                self.open.push(rule.to_owned());
            }
        }
        Some(match self.open.is_empty() {
            true => "nothing open".to_owned(),
            false => self.open.join(", "),
        })
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn findings_are_listed_until_they_are_closed() {
        let outbox = Outbox::default();
        let mut findings = Findings { outbox: outbox.clone(), open: Vec::new() };
        assert_eq!(findings.changed(), None);
        let opened = |rule: &str| json!({"change": "opened", "diagnosis": {"rule": rule}});
        lock(&outbox).extend([opened("critic-won"), opened("dead-units")]);
        assert_eq!(findings.changed().unwrap(), "critic-won, dead-units");
        assert_eq!(findings.changed(), None, "nothing is new");
        lock(&outbox).push(json!({"change": "worsened", "diagnosis": {"rule": "critic-won"}}));
        lock(&outbox).push(json!({"change": "closed", "rule": "dead-units"}));
        assert_eq!(findings.changed().unwrap(), "critic-won");
        lock(&outbox).push(json!({"change": "closed", "rule": "critic-won"}));
        assert_eq!(findings.changed().unwrap(), "nothing open");
    }
}
