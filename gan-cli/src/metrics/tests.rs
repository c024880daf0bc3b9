use gan_core::measurement::{Direction, Quantity};
use gan_core::progress::{Cadence, Span};

use super::*;

const LOSS: Quantity = Quantity::new("critic/loss", "loss");
const JS: Quantity = Quantity::new("samples/js", "nats").better(Direction::Lower);

fn due(until: u64) -> Due {
    let every = |steps| Cadence::Every(Span::Steps(steps));
    Due { log: every(10), probes: vec![(JS, every(20))], steps_per_epoch: 10, until }
}

fn line(step: u64, measured: &[Measurement]) -> MetricsLine {
    line_of(Progress { step, steps_per_epoch: 10 }, measured)
}

#[test]
fn a_continued_file_loses_what_came_after_the_checkpoint_and_a_half_line() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("metrics.jsonl");
    let mut file = MetricsFile::continue_after(&path, 0, &due(40)).unwrap();
    for step in [1, 10, 20, 30] {
        file.append(&line(step, &[LOSS.measured(1.25)])).unwrap();
    }
    drop(file);
    let whole = fs::read_to_string(&path).unwrap();
    fs::write(&path, whole.clone() + "{\"step\":40,\"ep").unwrap();

    let mut file = MetricsFile::continue_after(&path, 20, &due(40)).unwrap();
    let loss = [LOSS.measured(1.25)];
    assert_eq!(read(&path).unwrap(), [line(1, &loss), line(10, &loss), line(20, &loss)]);
    file.append(&line(30, &loss)).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), whole);
}

/// The end of the shorter run has everything; in the longer one only what its cadence asks for.
#[test]
fn a_run_that_becomes_longer_keeps_of_its_end_what_is_due_there() {
    let measured = [LOSS.measured(1.25), JS.measured(0.5).of_real(0.25)];
    for (end, kept) in [(30, &measured[..1]), (35, &[]), (40, &measured)] {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("metrics.jsonl");
        let mut file = MetricsFile::continue_after(&path, 0, &due(end)).unwrap();
        file.append(&line(1, &measured[..1])).unwrap();
        file.append(&line(end, &measured)).unwrap();
        drop(file);
        MetricsFile::continue_after(&path, end, &due(100)).unwrap();
        let mut expected = vec![line(1, &measured[..1])];
        expected.extend((!kept.is_empty()).then(|| line(end, kept)));
        assert_eq!(read(&path).unwrap(), expected);
    }
}

#[test]
fn numbers_that_are_not_finite_are_written_and_read() {
    let numbers = [LOSS.measured(f64::INFINITY), JS.measured(-1.0).of_real(f64::NEG_INFINITY)];
    let written = line(3, &numbers);
    let text = String::from_utf8(bytes_of(&written).unwrap()).unwrap();
    assert!(text.contains("\"critic/loss\":\"inf\""), "{text}");
    assert_eq!(MetricsLine::parse(text.trim_end().as_bytes()), Some(written));
}
