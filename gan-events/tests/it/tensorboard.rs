//! What TensorBoard's own package reads.
//!
//! It is looked for in the Python that `GAN_EVENTS_PYTHON` names, or in `python3`.

use std::env;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use gan_events::hparams::Ending;
use gan_events::{Description, Moment, Run, RunLog, to_tensorboard};
use serde_json::{Value, json};

use crate::run_folder::{self, CONFIG};

const READER: &str = include_str!("read_events.py");

/// A Python that has TensorBoard, unless there is none, which is said.
fn python() -> Option<String> {
    let python = env::var("GAN_EVENTS_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let imported = Command::new(&python).args(["-c", "import tensorboard"]).output();
    if imported.is_ok_and(|output| output.status.success()) {
        return Some(python);
    }
    // Past what keeps the output of tests that pass.
    let mut aloud = std::io::stderr().lock();
    writeln!(
        aloud,
        "skipped: {python} has no package tensorboard; GAN_EVENTS_PYTHON names a Python that has it"
    )
    .unwrap();
    None
}

/// What the reader finds in a folder.
fn read(python: &str, folder: &Path) -> Value {
    let output = Command::new(python).args(["-c", READER]).arg(folder).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    assert!(!errors.contains("Traceback"), "{errors}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn a_converted_run_is_read_by_tensorboard() {
    let Some(python) = python() else { return };
    let (run, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    run_folder::write(run.path());
    to_tensorboard(&Run::read(run.path()).unwrap(), folder.path()).unwrap();
    let found = read(&python, folder.path());
    assert_eq!(found["scalars"]["critic/loss"], json!([[1, 1.42], [50, 0.0], [100, "-inf"]]));
    assert_eq!(found["scalars"]["generator/loss"], json!([[1, 0.7], [50, "nan"]]));
    assert_eq!(found["scalars"]["samples/kl"], json!([[100, "inf"]]));
    assert_eq!(found["images"]["samples"], json!([[0, 3, 2, "PNG"], [100, 3, 2, "PNG"]]));
    let texts = &found["texts"];
    assert_eq!(texts["config.toml"], json!([[0, format!("```toml\n{CONFIG}```\n")]]));
    let finding = texts["diagnoses/mode-collapse"][0][1].as_str().unwrap();
    assert!(!finding.contains("<script>") && finding.contains("`train.loss=hinge`"), "{finding}");
    assert_eq!(texts["diagnoses"].as_array().unwrap().len(), 2);
    let settings = json!({
        "recipe": "dcgan", "seed": 3.0, "train.batch": 64.0, "train.critic.lr": 0.0002,
        "train.penalties": "[{ kind = \"r1\", weight = 0.1 }]",
    });
    assert_eq!(found["hparams"]["settings"], settings);
    assert_eq!(found["hparams"]["status"], json!("STATUS_SUCCESS"));
    let floors = read(&python, &folder.path().join("of_real"));
    assert_eq!(floors["scalars"], json!({ "samples/frechet": [[50, 0.25], [100, 0.25]] }));
}

#[test]
fn a_resumed_run_is_read_as_one() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    let run = Description { config: CONFIG, manifest: "", diagnoses: "" };
    let at = |step| Moment { step, unix_seconds: 1000.0 + step as f64 };
    let mut log = RunLog::begin(folder.path(), &run, at(0)).unwrap();
    for step in 1..=4 {
        log.measured(at(step), &[("critic/loss", 1.0), ("samples/only_before", 1.0)]).unwrap();
    }
    let (mut log, _) = RunLog::resume(folder.path(), &run, at(2)).unwrap();
    for step in 3..=5 {
        log.measured(at(step), &[("critic/loss", 2.0)]).unwrap();
    }
    log.histogram(at(5), "critic/scores", &[0.0, 1.0, 1.0, f64::NAN]).unwrap();
    log.end(at(5), Ending::Failed).unwrap();
    let found = read(&python, folder.path());
    let losses = json!([[1, 1.0], [2, 1.0], [3, 2.0], [4, 2.0], [5, 2.0]]);
    assert_eq!(found["scalars"]["critic/loss"], losses);
    assert_eq!(found["scalars"]["samples/only_before"], json!([[1, 1.0], [2, 1.0]]));
    let histogram = &found["histograms"]["critic/scores"][0];
    let (buckets, last) = (histogram[1].as_array().unwrap(), histogram[1][29].clone());
    assert_eq!((histogram[0].clone(), buckets.len()), (json!(5), 30));
    assert_eq!(
        (buckets[0][2].clone(), last[1].clone(), last[2].clone()),
        (json!(1.0), json!(1.0), json!(2.0))
    );
    assert_eq!(found["scalars"]["critic/scores/not_finite"], json!([[5, 1.0]]));
    assert_eq!(found["hparams"]["status"], json!("STATUS_FAILURE"));
}
