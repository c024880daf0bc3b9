//! User-defined probes: when they measure, what fails, what is refused.

use burn::tensor::Tensor;
use gan_core::GanError;
use gan_core::best::{KeepBest, StopRule};
use gan_core::checkpoint::{Checkpoint, CheckpointPlan};
use gan_core::event::{Control, Event, Observer, ObserverError};
use gan_core::measurement::{Direction, Measurement, Quantity};
use gan_core::probe::{Probe, ProbeError, Snapshot};
use gan_core::progress::{Cadence, Span};
use gan_core::sampler::Selection;
use gan_core::session::Session;
use tempfile::TempDir;

use crate::game::{Affine, Judge, bits, learner};

const MEAN: Quantity = Quantity::new("samples/mean", "1").better(Direction::Higher);

/// The mean of a hundred samples; fails from a step on.
struct Mean {
    fails_from: u64,
}

impl Probe<Affine, Judge, 2> for Mean {
    fn name(&self) -> &str {
        "mean"
    }

    fn quantities(&self) -> Vec<Quantity> {
        vec![MEAN]
    }

    fn measure(
        &self,
        game: &Snapshot<'_, Affine, Judge, 2>,
    ) -> Result<Vec<Measurement>, ProbeError> {
        if game.progress().step >= self.fails_from {
            return Err("no samples today".into());
        }
        let samples: Tensor<2> = game.sampler("mean").draw(&Selection::Unlabeled(100));
        Ok(vec![MEAN.measured(f64::from(samples.mean().into_scalar::<f32>()))])
    }
}

/// Steps with the names of what was measured there; fails at a step if it is asked to.
#[derive(Default)]
struct Record {
    measured: Vec<(u64, usize, bool)>,
    fails_at: Option<u64>,
}

impl Observer<Affine, Judge> for Record {
    fn observe(&mut self, event: &Event<'_, Affine, Judge>) -> Result<Control, ObserverError> {
        match event {
            Event::Stepped(stepped) if self.fails_at == Some(stepped.progress.step) => {
                return Err("the paper is out".into());
            }
            Event::Measured { progress, measurements } => {
                let has_mean = measurements.iter().any(|each| each.quantity == MEAN);
                self.measured.push((progress.step, measurements.len(), has_mean));
            }
            _ => {}
        }
        Ok(Control::Continue)
    }
}

fn every(steps: u64) -> Cadence {
    Cadence::Every(Span::Steps(steps))
}

fn plan(dir: &TempDir) -> CheckpointPlan {
    CheckpointPlan { dir: dir.path().join("checkpoints"), every: Cadence::Never, keep: 2 }
}

#[test]
fn a_probe_measures_at_its_cadence_and_after_the_last_step_and_changes_no_bit() {
    let (probe, mut record) = (Mean { fails_from: u64::MAX }, Record::default());
    let mut session = Session::new().probe(every(3), &probe).observer(&mut record);
    let with = learner(5, 1).fit(Span::Steps(7), &mut session).unwrap().learner;
    assert_eq!(record.measured, [(1, 6, false), (3, 1, true), (6, 1, true), (7, 7, true)]);
    let without = learner(5, 1).fit(Span::Steps(7), &mut Session::new()).unwrap().learner;
    let weights = |players: &gan_core::player::Players<Affine, Judge>| {
        (bits(&players.generator.module), bits(&players.critic.module))
    };
    assert_eq!(weights(with.players()), weights(without.players()));
}

/// The step's own metrics are recorded, for the checkpoint claims the step.
#[test]
fn a_probe_that_fails_ends_the_game_with_a_checkpoint_and_its_name() {
    let dir = TempDir::new().unwrap();
    let (probe, mut record) = (Mean { fails_from: 4 }, Record::default());
    let session = Session::new().checkpoints(plan(&dir)).log(every(1)).probe(every(2), &probe);
    let fitted = learner(5, 1).fit(Span::Steps(9), &mut session.observer(&mut record));
    let error = fitted.map(|_| ()).unwrap_err();
    assert_eq!(error.to_string(), "the probe `mean` could not measure the game");
    let source = std::error::Error::source(&error).unwrap();
    assert_eq!(source.to_string(), "no samples today");
    assert_eq!(record.measured.last(), Some(&(4, 6, false)));
    let saved = Checkpoint::list(&plan(&dir).dir).unwrap().pop().unwrap();
    assert_eq!(Checkpoint::open(&saved).unwrap().state().step, 4);
}

#[test]
fn what_a_step_measured_is_recorded_though_an_observer_fails_there() {
    let dir = TempDir::new().unwrap();
    let mut record = Record { fails_at: Some(3), ..Record::default() };
    let mut session = Session::new().checkpoints(plan(&dir)).log(every(1)).observer(&mut record);
    let fitted = learner(5, 1).fit(Span::Steps(9), &mut session);
    assert!(matches!(fitted.map(|_| ()).unwrap_err(), GanError::Observer(_)));
    assert_eq!(record.measured.last(), Some(&(3, 6, false)));
    assert_eq!(Checkpoint::list(&plan(&dir).dir).unwrap().len(), 1);
}

#[test]
fn names_that_are_shared_or_not_measured_are_refused_before_the_first_step() {
    let probe = Mean { fails_from: 0 };
    let complaint = |mut session: Session<'_, Affine, Judge, 2>| {
        learner(5, 1).fit(Span::Steps(9), &mut session).map(|_| ()).unwrap_err().to_string()
    };
    let twice = Session::new().probe(every(1), &probe).probe(every(2), &probe);
    assert_eq!(complaint(twice), "the probes `mean` and `mean` both measure `samples/mean`");
    let unknown = KeepBest::new("samples/men");
    let session = Session::new().probe(every(1), &probe).keep_best(Some(unknown));
    assert_eq!(
        complaint(session),
        "`keep_best` names `samples/men`, expected one of: samples/mean"
    );
    // Neither direction of a loss is better.
    let stop = StopRule::new("critic/loss", Span::Steps(5));
    let said = complaint(Session::new().stop(Some(stop)));
    assert!(said.starts_with("`stop.quantity` names `critic/loss`"), "{said}");
    let never = StopRule::new("samples/mean", Span::Steps(0));
    let said = complaint(Session::new().probe(every(1), &probe).stop(Some(never)));
    assert_eq!(said, "`stop.patience` must be at least 1 step, found 0");
}
