//! What follows a training step: notify observers, let probes measure, check the numbers, save a checkpoint.

use std::cell::OnceCell;

use super::{Game, Learner};
use crate::GanError;
use crate::batch::BatchSource;
use crate::event::{Ending, Event, Stepped};
use crate::exchange::gather;
use crate::measurement::Measurement;
use crate::player::{Critic, Generator};
use crate::probe::Snapshot;
use crate::progress::Progress;
use crate::session::ScheduledProbe;
use crate::session::Session;

impl<G, C, S, const D: usize> Learner<G, C, S, D>
where
    G: Generator<D>,
    C: Critic<D>,
    S: BatchSource<D>,
{
    /// What follows a step: notify, measure, check, save. Why to end here, if there is a reason.
    pub(super) fn after_step(
        &self,
        stepped: &Stepped<'_, G, C>,
        session: &mut Session<'_, G, C, D>,
        last_finite: &mut Option<(u64, Vec<Measurement>)>,
    ) -> Result<Option<Ending>, GanError> {
        let progress = stepped.progress;
        let notified = session.notify(&Event::Stepped(stepped));
        // A checkpoint may claim this step whatever else fails: its numbers are recorded before.
        let is_recorded = !matches!(notified, Err(GanError::Unrecorded(_)));
        let measured = self.measure(stepped, session, is_recorded);
        let is_best = match (&measured, &mut session.keep_best) {
            (Ok((measured, _)), Some(best)) => best.note(progress.step, measured),
            _ => false,
        };
        let ends = progress.step == stepped.until
            || !matches!(notified, Ok(None))
            || !matches!(measured, Ok((_, None)));
        let recorded = ![notified.as_ref().err(), measured.as_ref().err()]
            .into_iter()
            .flatten()
            .any(|error| matches!(error, GanError::Unrecorded(_)));
        let saves = recorded
            && session
                .plan
                .as_ref()
                .is_some_and(|plan| ends || is_best || plan.every.falls_on(progress));
        if saves || ends {
            let _ = stepped.metrics();
        }
        if let Some(metrics) = stepped.metrics.get() {
            ensure_finite(progress, metrics, last_finite, session)?;
        }
        let observers_work = notified.is_ok() && measured.is_ok();
        let asked = if saves { self.checkpoint(session, observers_work)? } else { None };
        let (_, by_rule) = measured?;
        Ok(notified?.map(Ending::Stopped).or(by_rule).or(asked.map(Ending::Stopped)))
    }

    /// Let every probe measure that is due, and notify of it; with why to end here, if the rule or an
    /// observer has a reason. Nothing of it where the step is not to be recorded.
    fn measure(
        &self,
        stepped: &Stepped<'_, G, C>,
        session: &mut Session<'_, G, C, D>,
        is_recorded: bool,
    ) -> Result<(Vec<Measurement>, Option<Ending>), GanError> {
        let (progress, until) = (stepped.progress, stepped.until);
        let mut measured = Vec::new();
        let is_logged = progress.step == 1 || progress.step == until;
        if is_recorded && (is_logged || session.log.falls_on(progress)) {
            measured.extend_from_slice(stepped.metrics());
        }
        let is_finite = measured.iter().all(|each| each.value.is_finite());
        let measures = self.all_measure(session, stepped, is_recorded && is_finite)?;
        if !is_finite {
            // The game has diverged: its generator is not worth a look.
            session.notify(&Event::Measured { progress, measurements: &measured })?;
        }
        if !measures {
            return Ok((measured, None));
        }
        let Game { prior, seed, device, .. } = &self.game;
        let for_sampling = OnceCell::new();
        let game = Snapshot { stepped, prior: *prior, seed: *seed, device, for_sampling };
        let mut failed = None;
        for ScheduledProbe { probe, .. } in
            session.probes.iter().filter(|each| each.is_due(progress, until))
        {
            match probe.measure(&game) {
                Ok(found) => measured.extend(found),
                Err(source) => {
                    let probe = probe.name().to_owned();
                    failed.get_or_insert(GanError::Probe { probe, source });
                }
            }
        }
        let mut asked = None;
        if !measured.is_empty() {
            asked = session.notify(&Event::Measured { progress, measurements: &measured })?;
        }
        if let Some(error) = failed {
            return Err(error);
        }
        let by_rule = session.stop.as_mut().and_then(|rule| rule.note(progress, &measured));
        let ending = asked.map(Ending::Stopped).or(by_rule.map(Ending::NoImprovement));
        Ok((measured, ending))
    }

    /// Whether the probes that are due measure. Ranks that measure together do so all, or none does.
    fn all_measure(
        &self,
        session: &Session<'_, G, C, D>,
        stepped: &Stepped<'_, G, C>,
        this_does: bool,
    ) -> Result<bool, GanError> {
        let (progress, until) = (stepped.progress, stepped.until);
        let mut probes = session.probes.iter();
        if !probes.any(|each| each.probe.is_shared() && each.is_due(progress, until)) {
            return Ok(this_does);
        }
        let all = gather(&*self.exchange, &[u8::from(this_does)])?;
        Ok(all.iter().all(|&does| does == 1))
    }

    fn checkpoint(
        &self,
        session: &mut Session<'_, G, C, D>,
        observers_work: bool,
    ) -> Result<Option<String>, GanError> {
        let progress = self.progress();
        let asked = session.notify(&Event::Saving { progress })?;
        let Some(plan) = &session.plan else { return Ok(asked) };
        let best = session.keep_best.as_ref().and_then(|best| best.so_far);
        let path = self.save_beside(plan, best.map(|best| best.step))?;
        if !observers_work {
            return Ok(asked);
        }
        Ok(asked.or(session.notify(&Event::Checkpointed { progress, path: &path })?))
    }
}

/// Remember the metrics of a step if all of them are finite; otherwise notify of the divergence and
/// return it.
fn ensure_finite<G, C, const D: usize>(
    progress: Progress,
    metrics: &[Measurement],
    last_finite: &mut Option<(u64, Vec<Measurement>)>,
    session: &mut Session<'_, G, C, D>,
) -> Result<(), GanError> {
    let Some(found) = metrics.iter().find(|each| !each.value.is_finite()) else {
        *last_finite = Some((progress.step, metrics.to_vec()));
        return Ok(());
    };
    let (quantity, value) = (found.quantity.name, found.value);
    let last_finite = last_finite.take();
    let error = GanError::NonFinite { quantity, value, step: progress.step, last_finite };
    session.notify(&Event::Diverged { progress, error: &error })?;
    Err(error)
}
