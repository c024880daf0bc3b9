//! Writes `summary.json` when a run has come to its end.

use std::time::{Duration, Instant};

use gan_core::event::{Control, Event, Observer, ObserverError};
use gan_core::progress::Progress;
use gan_run::{MetricsLine, to_json};
use serde_json::{Value, json};

use crate::config::RunConfig;
use crate::memory;
use crate::metrics::{self, line_of};
use crate::run_folder::RunFolder;

/// The last numbers of a run, how long it took and how much memory it had.
pub(crate) struct Summary {
    folder: RunFolder,
    config: RunConfig,
    program_began: Instant,
    began: Instant,
    first_step: u64,
    /// From the beginning of the program to the end of its first step.
    to_first_step: Option<Duration>,
    data_wait: Duration,
    last: Option<MetricsLine>,
}

impl Summary {
    pub(crate) fn new(folder: RunFolder, config: RunConfig, program_began: Instant) -> Self {
        let (began, first_step) = (Instant::now(), 0);
        let (to_first_step, data_wait, last) = (None, Duration::ZERO, None);
        Self { folder, config, program_began, began, first_step, to_first_step, data_wait, last }
    }

    /// What `metrics.jsonl` has of a step.
    fn logged(&self, step: u64) -> Option<MetricsLine> {
        let lines = metrics::read(&self.folder.metrics()).ok()?;
        lines.into_iter().next_back().filter(|line| line.step == step)
    }

    /// Whether a summary of the run up to `step` would contain more than the one that is there: a
    /// finished run that is resumed makes no step and measures nothing.
    fn is_news(&self, step: u64) -> bool {
        step > self.first_step || !self.folder.root().join("summary.json").exists()
    }

    fn of(&self, progress: Progress) -> Value {
        let seconds = self.began.elapsed().as_secs_f64();
        let mut summary = json!({
            "recipe": self.config.recipe,
            "seed": self.config.seed,
            "steps": progress.step,
            "epochs": progress.epochs(),
            // Of this part of the run, where it was resumed.
            "wall_seconds": seconds,
            "seconds_to_first_step": self.to_first_step.map(|time| time.as_secs_f64()),
            "seconds_waiting_for_data": self.data_wait.as_secs_f64(),
            "steps_per_second": (progress.step - self.first_step) as f64 / seconds,
            "peak_memory_bytes": memory::peak_bytes(),
        });
        // A run that was killed before its summary has its last numbers in the file alone.
        let last = self.last.clone().filter(|line| line.step == progress.step);
        let last = last.or_else(|| self.logged(progress.step));
        for (name, value) in last.iter().flat_map(|line| &line.numbers) {
            summary[name] = to_json(*value);
        }
        summary
    }
}

impl<G, C> Observer<G, C> for Summary {
    fn observe(&mut self, event: &Event<'_, G, C>) -> Result<Control, ObserverError> {
        match event {
            Event::Started { progress, .. } => self.first_step = progress.step,
            Event::Stepped(stepped) => {
                self.data_wait = stepped.data_wait;
                self.to_first_step.get_or_insert_with(|| self.program_began.elapsed());
            }
            Event::Measured { progress, measurements } => {
                self.last = Some(line_of(*progress, measurements));
            }
            Event::Finished { progress, ending, .. }
                if !ending.is_stopped() && self.is_news(progress.step) =>
            {
                let mut summary = self.of(*progress);
                if let Some(reason) = ending.reason() {
                    summary["ended_early"] = json!(reason);
                }
                self.folder.write_json("summary.json", &summary)?;
            }
            _ => {}
        }
        Ok(Control::Continue)
    }
}
