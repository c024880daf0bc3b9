use super::*;

#[test]
fn a_folder_without_a_configuration_is_no_run() {
    let folder = tempfile::tempdir().unwrap();
    let refused = Run::read(folder.path()).unwrap_err();
    assert!(matches!(&refused, EventsError::NotARun { path } if path == folder.path()));
}

#[test]
fn what_is_missing_is_said_and_the_rest_is_read() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("config.toml"), "seed = 0\n").unwrap();
    let run = Run::read(folder.path()).unwrap();
    assert_eq!(run.remarks(), ["there is no manifest.json", "there is no metrics.jsonl"]);
    assert_eq!((run.lines().len(), run.newest_step()), (0, 0));
    assert_eq!(run.moment(10), Moment { step: 10, unix_seconds: 0.0 });
}

#[test]
fn damaged_diagnoses_are_named() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("config.toml"), "").unwrap();
    let lines = "{\"event\":\"closed\",\"step\":5,\"rule\":\"a\"}\n{\"event\":\"clo";
    fs::write(folder.path().join("diagnoses.jsonl"), lines).unwrap();
    let run = Run::read(folder.path()).unwrap();
    assert_eq!((run.changes.len(), run.newest_step()), (1, 5));
    let remark = run.remarks().last().unwrap();
    assert!(remark.starts_with("diagnoses.jsonl, line 2, is left out: "), "{remark}");
    assert!(remark.contains("EOF"), "{remark}");
}

#[test]
fn only_the_pictures_of_the_training_are_its_pictures() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["step-10.png", "step-0000009.png", "step-0000009.png.bak", "seed0-step-1.png"] {
        fs::write(folder.path().join(name), b"").unwrap();
    }
    let steps: Vec<u64> =
        pictures_of(folder.path()).unwrap().iter().map(|(step, _)| *step).collect();
    assert_eq!(steps, [9, 10]);
}
