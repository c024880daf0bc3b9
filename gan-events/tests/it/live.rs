//! Events of a run that is killed and goes on.

use std::fs;
use std::path::Path;

use gan_events::hparams::Ending;
use gan_events::{Description, EventsError, Moment, RunLog};

use crate::run_folder::{CONFIG, DIAGNOSES};

const DESCRIPTION: Description<'_> = Description { config: CONFIG, manifest: "", diagnoses: "" };

fn at(step: u64) -> Moment {
    Moment { step, unix_seconds: 1000.0 + step as f64 }
}

fn files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn measure(log: &mut RunLog, steps: std::ops::RangeInclusive<u64>) {
    for step in steps {
        let numbers = [("critic/loss", 1.0), ("samples/js", 0.5), ("samples/js/of_real", 0.1)];
        log.measured(at(step), &numbers).unwrap();
    }
}

#[test]
fn what_comes_after_the_checkpoint_is_taken_out() {
    let folder = tempfile::tempdir().unwrap();
    let straight = tempfile::tempdir().unwrap();
    let name = "events.out.tfevents.0000001000.gan";
    let mut log = RunLog::begin(straight.path(), &DESCRIPTION, at(0)).unwrap();
    measure(&mut log, 1..=3);

    let mut log = RunLog::begin(folder.path(), &DESCRIPTION, at(0)).unwrap();
    measure(&mut log, 1..=5);
    log.end(at(3), Ending::Finished).unwrap();
    drop(log);
    let path = folder.path().join(name);
    let mut torn = fs::read(&path).unwrap();
    torn.extend_from_slice(&[7; 30]);
    fs::write(&path, torn).unwrap();

    let (mut log, cuts) = RunLog::resume(folder.path(), &DESCRIPTION, at(3)).unwrap();
    let found: Vec<(usize, usize)> = cuts.iter().map(|cut| (cut.events, cut.torn_bytes)).collect();
    assert_eq!(found, [(3, 30), (2, 0)], "steps 4 and 5, and the end; the floors of 4 and 5");
    assert_eq!(cuts[0].path, path);
    measure(&mut log, 4..=4);

    let newer = "events.out.tfevents.0000001003.gan";
    assert_eq!(files(folder.path()), [name, newer, "of_real"]);
    // The floors began with the first of them, at step 1.
    let floors = ["events.out.tfevents.0000001001.gan", newer];
    assert_eq!(files(&folder.path().join("of_real")), floors);
    let same = |file: &Path| {
        let kept = fs::read(folder.path().join(file)).unwrap();
        assert!(kept == fs::read(straight.path().join(file)).unwrap(), "{}", file.display());
    };
    same(Path::new(name));
    same(&Path::new("of_real").join(floors[0]));
}

#[test]
fn a_clock_that_goes_back_does_not_change_the_order_of_files() {
    let folder = tempfile::tempdir().unwrap();
    drop(RunLog::begin(folder.path(), &DESCRIPTION, at(0)).unwrap());
    let earlier = Moment { step: 0, unix_seconds: 10.0 };
    drop(RunLog::resume(folder.path(), &DESCRIPTION, earlier).unwrap());
    let expected = ["events.out.tfevents.0000001000.gan", "events.out.tfevents.0000001001.gan"];
    assert_eq!(files(folder.path()), expected);
}

#[test]
fn a_new_run_does_not_mix_with_another() {
    let folder = tempfile::tempdir().unwrap();
    drop(RunLog::begin(folder.path(), &DESCRIPTION, at(0)).unwrap());
    let refused = RunLog::begin(folder.path(), &DESCRIPTION, at(0)).unwrap_err();
    assert!(matches!(refused, EventsError::Occupied { .. }));
    let message = refused.to_string();
    assert!(message.contains("(events.out.tfevents.0000001000.gan)"), "{message}");
}

#[test]
fn bad_input_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let no_toml = Description { config: "recipe = ", ..DESCRIPTION };
    RunLog::begin(&folder.path().join("run"), &no_toml, at(0)).unwrap_err();
    assert!(files(folder.path()).is_empty());
    let mut log = RunLog::begin(folder.path(), &DESCRIPTION, at(0)).unwrap();
    let path = folder.path().join("events.out.tfevents.0000001000.gan");
    let before = fs::read(&path).unwrap();
    log.diagnosis(1.0, "{\"event\":\"opened\"}").unwrap_err();
    log.samples(at(1), b"no picture").unwrap_err();
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn a_resumed_run_lists_what_was_found_before() {
    let folder = tempfile::tempdir().unwrap();
    drop(RunLog::begin(folder.path(), &DESCRIPTION, at(0)).unwrap());
    let known = Description { diagnoses: DIAGNOSES[0], ..DESCRIPTION };
    let (mut log, _) = RunLog::resume(folder.path(), &known, at(50)).unwrap();
    log.diagnosis(1100.0, DIAGNOSES[1]).unwrap();
    let bytes = fs::read(folder.path().join("events.out.tfevents.0000001050.gan")).unwrap();
    let text = String::from_utf8_lossy(&bytes);
    assert!(text.contains("| 50 | opened | mode-collapse | severe | 1 |"));
    assert!(text.contains("| 100 | gone | mode-collapse |"));
}
