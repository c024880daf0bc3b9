//! One task: finished is passed over, half done goes on, failed is recorded.

use std::fs;
use std::time::Duration;

use gan_files::{Lock, Locked};
use gan_sweep::{Stop, SweepError, Work};

use crate::program::{Sweep, wait_until};

const SHORT: &str = "seeds = 3\nset = ['steps=3']\n[[run]]\nname = 'a'\nrecipe = 'gan'\n";

#[test]
fn a_task_that_is_started_twice_does_its_work_once() {
    let (sweep, stop) = (Sweep::new(SHORT), Stop::default());
    let first = sweep.work(&stop).task(0, 2).unwrap();
    assert_eq!((first.finished, first.finished_before, first.exit_code()), (2, 0, 0));
    assert_eq!(sweep.states(), ["finished", "finished", "waiting"]);
    let again = sweep.work(&stop).task(0, 2).unwrap();
    assert_eq!((again.finished, again.finished_before, again.exit_code()), (0, 2, 0));
    assert_eq!(sweep.trace(0), [1, 2, 3]);
}

#[test]
fn what_was_stopped_goes_on_where_it_was() {
    let sweep = Sweep::new(&SHORT.replace("steps=3", "steps=30"));
    let stop = Stop::default();
    let tally = std::thread::scope(|scope| {
        let work = scope.spawn(|| sweep.work(&stop).task(0, 3).unwrap());
        wait_until("a few steps", 20, || sweep.trace(0).len() > 3);
        stop.ask();
        work.join().unwrap()
    });
    assert_eq!((tally.exit_code(), tally.is_interrupted), (75, true));
    assert_eq!(sweep.states(), ["half-done", "waiting", "waiting"]);
    let made = sweep.trace(0).len();
    assert!(made < 30, "{made}");
    let stop = Stop::default();
    assert_eq!(sweep.work(&stop).task(0, 1).unwrap().finished, 1);
    assert_eq!(sweep.trace(0), (1..=30).collect::<Vec<u32>>());
}

#[test]
fn a_failure_is_recorded_and_the_next_training_goes_on() {
    let text = "set = ['steps=1']\n[[run]]\nname = 'bad'\nrecipe = 'gan'\nset = ['fails=3']\n\
                [[run]]\nname = 'good'\nrecipe = 'gan'\n";
    let (sweep, stop) = (Sweep::new(text), Stop::default());
    let tally = sweep.work(&stop).task(0, 2).unwrap();
    assert_eq!((tally.finished, tally.exit_code()), (1, 1));
    assert_eq!(tally.failed, ["bad-seed0"]);
    assert_eq!(sweep.states(), ["failed", "finished"]);
    let status = gan_sweep::Status::of(&sweep.folder, &sweep.plan);
    let line = "bad-seed0   failed     exit code 3: error: the game has diverged";
    assert!(status.to_string().contains(line), "{status}");
    assert!(status.json().contains("\"failed\": 1"), "{}", status.json());
    let record =
        sweep.folder.root().join("failed").join(format!("{}.json", sweep.plan.trainings[0].id));
    assert!(fs::read_to_string(record).unwrap().contains("\"code\": 3"));
    let [markdown, ..] = sweep.tables().map(|bytes| String::from_utf8(bytes).unwrap());
    assert!(markdown.ends_with("\n## Failed\n\n- bad-seed0\n"), "{markdown}");
}

#[test]
fn a_training_that_another_process_holds_is_left_to_it() {
    let (sweep, stop) = (Sweep::new(SHORT), Stop::default());
    let lock = sweep.folder.root().join("locks").join("a-seed0");
    fs::create_dir_all(&lock).unwrap();
    let Locked::Held(held) = Lock::of(&lock).unwrap() else { panic!("no locks here") };
    let said = std::sync::Mutex::new(Vec::new());
    let say = |line: &str| said.lock().unwrap().push(line.to_owned());
    let work = Work { say: &say, ..sweep.work(&stop) };
    let tally = work.task(0, 1).unwrap();
    assert_eq!((tally.elsewhere, tally.exit_code()), (1, 0));
    let line = said.lock().unwrap()[0].clone();
    assert!(line.starts_with("a-seed0 is being trained by process "), "{line}");
    assert_eq!(sweep.states()[0], "running");
    // A holder that is about to end is waited for.
    let patient = Work { patience: Duration::from_secs(20), ..sweep.work(&stop) };
    let tally = std::thread::scope(|scope| {
        let work = scope.spawn(|| patient.task(0, 1).unwrap());
        std::thread::sleep(Duration::from_millis(300));
        drop(held);
        work.join().unwrap()
    });
    assert_eq!(tally.finished, 1);
}

#[test]
fn a_training_that_outlived_its_task_is_not_started_beside_itself() {
    let (sweep, stop) = (Sweep::new(SHORT), Stop::default());
    let run = sweep.folder.run(&sweep.plan.trainings[0]);
    fs::create_dir_all(&run).unwrap();
    let Locked::Held(_held) = Lock::of(&run).unwrap() else { panic!("no locks here") };
    assert_eq!(sweep.work(&stop).task(0, 1).unwrap().elsewhere, 1);
    assert!(sweep.trace(0).is_empty());
}

#[test]
fn a_plan_that_comes_late_is_waited_for() {
    let (sweep, stop) = (Sweep::new(SHORT), Stop::default());
    let late = sweep.folder.root().join("late");
    fs::rename(sweep.folder.plan(), &late).unwrap();
    let missing = sweep.work(&stop).task(0, 1).unwrap_err();
    assert!(matches!(missing, SweepError::NoPlan { .. }), "{missing}");
    let patient = Work { patience: Duration::from_secs(20), ..sweep.work(&stop) };
    let tally = std::thread::scope(|scope| {
        let work = scope.spawn(|| patient.task(2, 1).unwrap());
        std::thread::sleep(Duration::from_millis(300));
        fs::rename(&late, sweep.folder.plan()).unwrap();
        work.join().unwrap()
    });
    assert_eq!(tally.finished, 1);
}

#[test]
fn a_program_that_is_not_there_and_an_index_beyond_the_plan_are_named() {
    let (sweep, stop) = (Sweep::new(SHORT), Stop::default());
    let none = sweep.dir.path().join("no-gan");
    let error = Work { program: &none, ..sweep.work(&stop) }.task(0, 1).unwrap_err().to_string();
    assert!(error.starts_with("cannot start ") && error.ends_with("/no-gan"), "{error}");
    let error = sweep.work(&stop).task(3, 1).unwrap_err().to_string();
    assert_eq!(error, "there is no task 3: 3 trainings, 1 a task, are the tasks 0 to 2");
}
