//! Recorded runs: compressed lines of JSON, each with the record that `gan doctor --record` writes.

use std::io::Read as _;

use flate2::read::GzDecoder;
use gan_doctor::{Record, Trace};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

/// Every line of a file.
pub(crate) fn lines<T: DeserializeOwned>(recorded: &[u8]) -> Vec<T> {
    let mut text = String::new();
    GzDecoder::new(recorded).read_to_string(&mut text).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Every run of a file, with its name.
pub(crate) fn named(recorded: &[u8]) -> impl Iterator<Item = (String, Record)> {
    #[derive(Deserialize)]
    struct Line {
        run: String,
        record: Box<RawValue>,
    }
    let read = |line: Line| (line.run, Record::from_json(line.record.get()).unwrap());
    lines(recorded).into_iter().map(read)
}

/// The step at which the spread is first found to be below half of the data's.
pub(crate) fn alike_at(trace: &Trace) -> u64 {
    let points = |name| trace.recorded(name).unwrap().points();
    let (spread, real) = (points("samples/spread"), points("samples/spread/of_real"));
    let found = spread.iter().zip(real).find(|(fake, real)| fake.1 < 0.5 * real.1);
    found.unwrap().0.0
}
