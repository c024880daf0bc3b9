//! Checkpoints: a game saved, damaged, killed and resumed.

use std::fs;
use std::path::{Path, PathBuf};

use gan_core::checkpoint::{Checkpoint, CheckpointError, CheckpointPlan};
use gan_core::event::{Control, Ending, Event, Observer, ObserverError};
use gan_core::learner::{Game, Learner};
use gan_core::progress::Span;
use gan_core::seed::Seed;
use gan_core::session::Session;
use gan_core::{GanError, Unrecorded};
use tempfile::TempDir;

use crate::game::{Affine, GaussianLearner, Judge, bits, game, learner, players};

fn plan(dir: &TempDir, every: u64, keep: usize) -> CheckpointPlan {
    CheckpointPlan { dir: dir.path().join("checkpoints"), every: Span::Steps(every).into(), keep }
}

fn play(learner: GaussianLearner, until: u64, plan: Option<&CheckpointPlan>) -> GaussianLearner {
    let session = Session::new();
    let mut session = match plan {
        Some(plan) => session.checkpoints(plan.clone()),
        None => session,
    };
    learner.fit(Span::Steps(until), &mut session).unwrap().learner
}

fn newest(plan: &CheckpointPlan) -> PathBuf {
    Checkpoint::list(&plan.dir).unwrap().pop().unwrap()
}

fn names(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn two_hundred_steps_equal_a_hundred_then_a_resume_then_a_hundred() {
    let (dir, whole) = (TempDir::new().unwrap(), play(learner(11, 2), 200, None));

    let plan = plan(&dir, 1_000, 2);
    play(learner(11, 2), 100, Some(&plan));
    let checkpoint = Checkpoint::open(&newest(&plan)).unwrap();
    assert_eq!((checkpoint.state().step, checkpoint.state().position), (100, 200));
    assert_eq!(checkpoint.state().config, "a Gaussian");
    // The fresh players have other weights: every one must come from the checkpoint.
    let fresh = Game { players: players(Seed(99)), ..game(11, 2) };
    let resumed = Learner::new(fresh).unwrap().resume(&checkpoint).unwrap();
    let resumed = play(resumed, 200, None);

    let (whole, resumed) = (whole.players(), resumed.players());
    assert_eq!(bits(&whole.generator.module), bits(&resumed.generator.module));
    assert_eq!(bits(&whole.critic.module), bits(&resumed.critic.module));
}

#[test]
fn only_the_newest_checkpoints_stay_and_nothing_half_written_does() {
    let dir = TempDir::new().unwrap();
    let plan = plan(&dir, 10, 2);
    fs::create_dir_all(plan.dir.join(".unfinished-step-0000000005")).unwrap();
    play(learner(12, 1), 45, Some(&plan));
    assert_eq!(names(&plan.dir), ["step-0000000040", "step-0000000045"]);
}

#[test]
fn one_flipped_byte_anywhere_is_found_and_the_previous_checkpoint_still_opens() {
    let dir = TempDir::new().unwrap();
    let plan = plan(&dir, 5, 2);
    play(learner(13, 1), 10, Some(&plan));
    let path = newest(&plan);
    let files = names(&path);
    assert_eq!(files.len(), 6, "{files:?}");
    for name in files {
        let file = path.join(&name);
        let intact = fs::read(&file).unwrap();
        let mut flipped = intact.clone();
        let middle = flipped.len() / 3;
        flipped[middle] ^= 0x10;
        fs::write(&file, &flipped).unwrap();
        let error = Checkpoint::open(&path).unwrap_err();
        let found =
            matches!(error, CheckpointError::Damaged { .. } | CheckpointError::Incomplete { .. });
        assert!(found, "{name}: {error}");
        fs::write(&file, &intact).unwrap();
    }
    Checkpoint::open(&path).unwrap();
    Checkpoint::open(&Checkpoint::list(&plan.dir).unwrap()[0]).unwrap();
}

#[test]
fn a_truncated_file_is_named_with_both_checksums() {
    let dir = TempDir::new().unwrap();
    let plan = plan(&dir, 5, 1);
    play(learner(14, 1), 5, Some(&plan));
    let file = newest(&plan).join("critic.bpk");
    let bytes = fs::read(&file).unwrap();
    fs::write(&file, &bytes[..bytes.len() / 2]).unwrap();
    let message = Checkpoint::open(&newest(&plan)).unwrap_err().to_string();
    assert!(message.contains("critic.bpk is damaged: its SHA-256 is"), "{message}");
    assert!(message.contains(", expected "), "{message}");
}

#[test]
fn a_missing_file_is_named() {
    let dir = TempDir::new().unwrap();
    let plan = plan(&dir, 5, 1);
    play(learner(15, 1), 5, Some(&plan));
    fs::remove_file(newest(&plan).join("generator.bpk")).unwrap();
    let message = Checkpoint::open(&newest(&plan)).unwrap_err().to_string();
    assert!(message.ends_with("generator.bpk"), "{message}");
}

#[test]
fn a_checkpoint_that_cannot_be_written_leaves_the_previous_one() {
    let dir = TempDir::new().unwrap();
    let plan = plan(&dir, 5, 2);
    let half = play(learner(16, 1), 5, Some(&plan));
    // A file stands where the next checkpoint's temporary folder has to be made.
    let blocked =
        CheckpointPlan { dir: plan.dir.join("step-0000000005/state.json"), ..plan.clone() };
    let error = half
        .fit(Span::Steps(10), &mut Session::new().checkpoints(blocked.clone()))
        .map(|_| ())
        .unwrap_err();
    assert!(matches!(error, GanError::Checkpoint(CheckpointError::Write { .. })), "{error}");
    Checkpoint::open(&newest(&plan)).unwrap();
}

#[test]
fn a_checkpoint_of_another_model_is_refused() {
    use burn::nn::LinearConfig;
    use burn::tensor::Device;

    let dir = TempDir::new().unwrap();
    let plan = plan(&dir, 5, 1);
    play(learner(17, 1), 5, Some(&plan));
    let checkpoint = Checkpoint::open(&newest(&plan)).unwrap();
    let other = LinearConfig::new(7, 3).init(&Device::flex());
    let message = checkpoint.restore_generator(other).map(|_| ()).unwrap_err().to_string();
    assert!(message.ends_with("generator.bpk does not fit this model"), "{message}");
}

/// Fails at the third step, after it has been notified of the steps before.
struct Full {
    unrecorded: bool,
    told: Vec<&'static str>,
}

impl Observer<Affine, Judge> for Full {
    fn observe(&mut self, event: &Event<'_, Affine, Judge>) -> Result<Control, ObserverError> {
        match event {
            Event::Stepped(stepped) if stepped.progress.step == 3 => {
                let full = "the disk is full";
                return Err(if self.unrecorded { Unrecorded::because(full) } else { full.into() });
            }
            Event::Saving { .. } => self.told.push("saving"),
            Event::Checkpointed { .. } => self.told.push("saved"),
            _ => {}
        }
        Ok(Control::Continue)
    }
}

#[test]
fn a_step_that_could_not_be_recorded_is_in_no_checkpoint_and_any_other_is() {
    for (unrecorded, steps) in [(true, vec![2]), (false, vec![2, 3])] {
        let dir = TempDir::new().unwrap();
        let plan = plan(&dir, 2, 5);
        let mut full = Full { unrecorded, told: Vec::new() };
        let fitted = learner(18, 1)
            .fit(Span::Steps(9), &mut Session::new().checkpoints(plan.clone()).observer(&mut full));
        let error = fitted.map(|_| ()).unwrap_err();
        assert_eq!(matches!(error, GanError::Unrecorded(_)), unrecorded, "{error}");
        assert_eq!(&full.told[..2], ["saving", "saved"]);
        let expected: Vec<_> = steps.iter().map(|step| format!("step-{step:010}")).collect();
        assert_eq!(names(&plan.dir), expected);
    }
}

/// Asks for the end while a checkpoint is written.
struct Weary {
    before: bool,
}

impl Observer<Affine, Judge> for Weary {
    fn observe(&mut self, event: &Event<'_, Affine, Judge>) -> Result<Control, ObserverError> {
        let asks = match event {
            Event::Saving { .. } => self.before,
            Event::Checkpointed { .. } => !self.before,
            _ => false,
        };
        Ok(if asks { Control::Stop("enough".to_owned()) } else { Control::Continue })
    }
}

#[test]
fn a_game_can_be_stopped_while_its_checkpoint_is_saved() {
    for before in [true, false] {
        let dir = TempDir::new().unwrap();
        let plan = plan(&dir, 2, 5);
        let mut weary = Weary { before };
        let fitted = learner(18, 1)
            .fit(Span::Steps(9), &mut Session::new().checkpoints(plan.clone()).observer(&mut weary))
            .unwrap();
        assert_eq!(fitted.ending, Ending::Stopped("enough".to_owned()));
        assert_eq!(names(&plan.dir), ["step-0000000002"]);
    }
}

#[test]
fn a_checkpoint_is_saved_into_no_folder_that_has_gone() {
    let dir = TempDir::new().unwrap();
    let gone = plan(&dir, 1, 1).dir.join("gone");
    let plan = CheckpointPlan { dir: gone.join("checkpoints"), ..plan(&dir, 1, 1) };
    let error = learner(19, 1)
        .fit(Span::Steps(1), &mut Session::new().checkpoints(plan.clone()))
        .map(|_| ())
        .unwrap_err();
    assert!(matches!(error, GanError::Checkpoint(CheckpointError::Write { .. })), "{error}");
    assert!(!gone.exists());
}

#[test]
fn a_checkpoint_that_is_removed_after_it_was_opened_can_still_be_used() {
    let dir = TempDir::new().unwrap();
    let plan = plan(&dir, 5, 1);
    let played = play(learner(20, 1), 5, Some(&plan));
    let checkpoint = Checkpoint::open(&newest(&plan)).unwrap();
    fs::remove_dir_all(&plan.dir).unwrap();
    let resumed = learner(20, 1).resume(&checkpoint).unwrap();
    let (one, other) = (played.players(), resumed.players());
    assert_eq!(bits(&one.generator.module), bits(&other.generator.module));
}
