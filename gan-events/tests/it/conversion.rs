//! A run folder as event files and as a table.

use std::fs;
use std::path::{Path, PathBuf};

use gan_events::{Description, EventsError, Moment, Run, RunLog, Table, to_tensorboard};

use crate::run_folder::{self, CONFIG, DIAGNOSES, MANIFEST, PICTURE};

const BEGAN: f64 = 1_796_029_319.0;

#[test]
fn a_run_gives_the_same_bytes_again() {
    let run = tempfile::tempdir().unwrap();
    run_folder::write(run.path());
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let convert = |folder: &Path| to_tensorboard(&Run::read(run.path()).unwrap(), folder).unwrap();
    let first = convert(&one.path().join("a/b"));
    let second = convert(other.path());
    let again = convert(other.path());
    let read = |paths: &[PathBuf]| -> Vec<Vec<u8>> {
        paths.iter().map(|path| fs::read(path).unwrap()).collect()
    };
    assert_eq!(read(&first), read(&second));
    assert_eq!(second, again);
    let names: Vec<&Path> =
        second.iter().map(|path| path.strip_prefix(other.path()).unwrap()).collect();
    let name = "events.out.tfevents.1796029319.gan-converted";
    assert_eq!(names, [Path::new(name), &Path::new("of_real").join(name)]);
}

/// Without a speed every moment of a conversion is the beginning; told at that moment while training, the
/// same things are the same events.
#[test]
fn a_log_has_what_the_conversion_has() {
    let run = tempfile::tempdir().unwrap();
    run_folder::unfinished(run.path());
    let read = Run::read(run.path()).unwrap();
    let (converted, logged) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let files = to_tensorboard(&read, converted.path()).unwrap();

    let at = |step| Moment { step, unix_seconds: BEGAN };
    let description = Description { config: CONFIG, manifest: MANIFEST, diagnoses: "" };
    let mut log = RunLog::begin(logged.path(), &description, at(0)).unwrap();
    for line in read.lines() {
        log.measured(at(line.step), &line.numbers).unwrap();
    }
    log.samples(at(0), PICTURE).unwrap();
    log.samples(at(100), PICTURE).unwrap();
    for line in DIAGNOSES {
        log.diagnosis(BEGAN, line).unwrap();
    }
    log.sync().unwrap();
    let names =
        ["events.out.tfevents.1796029319.gan", "of_real/events.out.tfevents.1796029319.gan"];
    for (file, name) in files.iter().zip(names) {
        let same = logged.path().join(name);
        assert!(fs::read(file).unwrap() == fs::read(&same).unwrap(), "{}", same.display());
    }
}

/// Of a run that did not log events from its beginning on.
#[test]
fn a_conversion_can_be_gone_on_with() {
    let run = tempfile::tempdir().unwrap();
    run_folder::write(run.path());
    let folder = tempfile::tempdir().unwrap();
    to_tensorboard(&Run::read(run.path()).unwrap(), folder.path()).unwrap();
    let at = Moment { step: 50, unix_seconds: BEGAN };
    let description = Description { config: CONFIG, manifest: MANIFEST, diagnoses: DIAGNOSES[0] };
    let (_, cuts) = RunLog::resume(folder.path(), &description, at).unwrap();
    // Of step 100: a line, a picture, a change of a diagnosis, and the end; a line of floors.
    assert_eq!(cuts.iter().map(|cut| cut.events).collect::<Vec<_>>(), [4, 1]);
    let refused = to_tensorboard(&Run::read(run.path()).unwrap(), folder.path()).unwrap_err();
    let EventsError::Occupied { found, .. } = &refused else { panic!("{refused}") };
    assert_eq!(found, "events.out.tfevents.1796029320.gan");
}

#[test]
fn moments_are_as_far_apart_as_the_mean_speed_says() {
    let run = tempfile::tempdir().unwrap();
    run_folder::write(run.path());
    let moment = Run::read(run.path()).unwrap().moment(50);
    assert_eq!(moment, Moment { step: 50, unix_seconds: BEGAN + 5.0 });
}

#[test]
fn events_of_another_run_are_left_alone() {
    let run = tempfile::tempdir().unwrap();
    run_folder::write(run.path());
    let folder = tempfile::tempdir().unwrap();
    let foreign = folder.path().join("events.out.tfevents.1.elsewhere");
    fs::write(&foreign, b"theirs").unwrap();
    let refused = to_tensorboard(&Run::read(run.path()).unwrap(), folder.path()).unwrap_err();
    assert!(
        matches!(&refused, EventsError::Occupied { found, .. } if found.ends_with("elsewhere"))
    );
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    assert_eq!(fs::read(foreign).unwrap(), b"theirs");
}

#[test]
fn a_picture_that_is_none_is_named_before_anything_is_written() {
    let run = tempfile::tempdir().unwrap();
    run_folder::write(run.path());
    fs::write(run.path().join("samples/step-0000050.png"), b"GIF89a and more").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let refused = to_tensorboard(&Run::read(run.path()).unwrap(), folder.path()).unwrap_err();
    let expected = "the picture samples of step 50 is no PNG file: it begins with \"GIF89a a\"";
    assert_eq!(refused.to_string(), expected);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn the_table_has_a_column_for_every_quantity() {
    let run = tempfile::tempdir().unwrap();
    run_folder::write(run.path());
    let table = Table::of(Run::read(run.path()).unwrap().lines());
    let text = String::from_utf8(table.to_csv().unwrap()).unwrap();
    let expected = "\
        step,epoch,critic/loss,generator/loss,samples/frechet,samples/frechet/of_real,samples/kl\n\
        1,0,1.42,0.7,,,\n50,0,1e-300,nan,32.5,0.25,\n100,1,-inf,,30.5,0.25,inf\n";
    assert_eq!(text, expected);
}
