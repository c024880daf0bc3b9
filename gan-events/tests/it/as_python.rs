//! The same events give the bytes that TensorBoard's own package writes.

use std::fs;

use gan_events::hparams::{Ending, Setting, experiment, session_end, session_start};
use gan_events::{EventFile, Histogram, Moment, Value};

/// Made by `fixtures/make.py`.
const PYTHON: &[u8] = include_bytes!("../fixtures/python.tfevents");
const PICTURE: &[u8] = include_bytes!("../fixtures/samples.png");

fn events() -> Vec<(u64, Vec<Value>)> {
    let numbers: Vec<f64> = (0..=30).map(f64::from).collect();
    let text = |text: &str| Setting::Text(text.to_owned());
    let settings = [
        ("train.lr".to_owned(), Setting::Number(1e-4)),
        ("recipe".to_owned(), text("dcgan")),
        ("train.ema.on".to_owned(), Setting::Flag(true)),
    ];
    let shown = [
        ("train.lr".to_owned(), vec![Setting::Number(0.5), Setting::Number(1e-4)]),
        ("recipe".to_owned(), vec![text("dcgan"), text("gan")]),
    ];
    let metrics = ["samples/frechet".to_owned()];
    vec![
        (1, vec![Value::scalar("critic/loss", 0.0), Value::scalar("samples/kl", f64::INFINITY)]),
        (300, vec![Value::image("samples", PICTURE).unwrap()]),
        (300, vec![Value::histogram("critic/scores", &Histogram::of(&numbers))]),
        (70_000, vec![Value::text("config.toml", "```toml\na = \"ü\"\n```\n")]),
        (0, vec![session_start(&settings, 1000.5), experiment(&shown, &metrics)]),
        (70_000, vec![session_end(Ending::Finished, 2000.25)]),
    ]
}

#[test]
fn every_kind_of_event_has_the_bytes_of_tensorboard() {
    let folder = tempfile::tempdir().unwrap();
    let at = |step| Moment { step, unix_seconds: 1000.5 };
    let mut file = EventFile::create(folder.path(), at(0)).unwrap();
    for (step, values) in events() {
        file.append(at(step), &values).unwrap();
    }
    file.sync().unwrap();
    let ours = fs::read(file.path()).unwrap();
    let differs = ours.iter().zip(PYTHON).position(|(our, python)| our != python);
    assert_eq!(differs, None, "the first of {} and {} bytes", ours.len(), PYTHON.len());
    assert_eq!(ours.len(), PYTHON.len());
}
