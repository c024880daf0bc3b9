//! What of a run is a value of which kind, under which tag.

use gan_run::Change;

use crate::error::EventsError;
use crate::event::Moment;
use crate::finding::{page, timeline};
use crate::hparams::session_start;
use crate::markdown::fenced;
use crate::settings::settings;
use crate::value::Value;

/// The end of the name of what was measured of real samples.
const OF_REAL: &str = "/of_real";
/// The folder, beside a run's events, of what was measured of real samples.
pub(crate) const FLOORS: &str = "of_real";
/// The tag of the pictures.
pub(crate) const SAMPLES: &str = "samples";

/// The values of a step.
pub(crate) struct Measured {
    /// Of the game and of generated samples.
    pub(crate) own: Vec<Value>,
    /// Of real samples, each under the tag of what it is the floor of: a second run with the same tags
    /// is drawn into the same charts.
    pub(crate) floors: Vec<Value>,
}

pub(crate) fn measured<N: AsRef<str>>(numbers: &[(N, f64)]) -> Measured {
    let mut measured = Measured { own: Vec::new(), floors: Vec::new() };
    for (name, number) in numbers {
        let name = name.as_ref();
        match name.strip_suffix(OF_REAL) {
            Some(quantity) => measured.floors.push(Value::scalar(quantity, *number)),
            None => measured.own.push(Value::scalar(name, *number)),
        }
    }
    measured
}

/// What a run begins with: its settings, its configuration and what was noted of its surroundings.
pub(crate) fn beginning(
    config: &str,
    manifest: Option<&str>,
    at: Moment,
) -> Result<Vec<Value>, EventsError> {
    let mut values = vec![
        session_start(&settings(config)?, at.unix_seconds),
        document("config.toml", "toml", config),
    ];
    values.extend(manifest.map(|manifest| document("manifest.json", "json", manifest)));
    Ok(values)
}

/// A file of the run, as it is.
pub(crate) fn document(name: &str, language: &str, content: &str) -> Value {
    Value::text(name, &fenced(language, content))
}

pub(crate) fn picture(tag: &str, png: &[u8], at: Moment) -> Result<Value, EventsError> {
    Value::image(tag, png).ok_or_else(|| EventsError::Picture {
        tag: tag.to_owned(),
        step: at.step,
        found: png[..png.len().min(8)].to_vec(),
    })
}

/// The newest of some changes under its rule, and the list of all: TensorBoard keeps ten texts of a tag,
/// the newest among them.
pub(crate) fn finding(changes: &[Change]) -> Vec<Value> {
    let Some(newest) = changes.last() else { return Vec::new() };
    let tag = format!("diagnoses/{}", newest.rule());
    vec![Value::text("diagnoses", &timeline(changes)), Value::text(&tag, &page(newest))]
}
