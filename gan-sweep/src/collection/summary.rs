//! The numbers that a training ended with.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;

use crate::{SweepError, SweepFolder, Training};

/// What of a summary depends on the clock or the machine, or is the seed itself.
const LEFT_OUT: [&str; 6] = [
    "peak_memory_bytes",
    "seconds_to_first_step",
    "seconds_waiting_for_data",
    "seed",
    "steps_per_second",
    "wall_seconds",
];

/// Every number of `summary.json` by its name, without what the clock or the machine decides. `"inf"`,
/// `"-inf"` and `"nan"` are the numbers that JSON has no word for.
pub(super) fn numbers(
    folder: &SweepFolder,
    training: &Training,
) -> Result<BTreeMap<String, f64>, SweepError> {
    let path = folder.run(training).join("summary.json");
    let bytes = fs::read(&path).map_err(SweepError::reading(&path))?;
    let unusable = |message: String| SweepError::Summary {
        path: path.clone(),
        training: training.name.clone(),
        message,
    };
    let fields: BTreeMap<String, Value> =
        serde_json::from_slice(&bytes).map_err(|error| unusable(error.to_string()))?;
    let seed = fields.get("seed").and_then(Value::as_u64);
    if let Some(found) = seed.filter(|found| *found != training.seed) {
        return Err(unusable(format!("its seed is {found}, planned is {}", training.seed)));
    }
    let of_the_game = fields.into_iter().filter(|(name, _)| !LEFT_OUT.contains(&name.as_str()));
    Ok(of_the_game.filter_map(|(name, value)| Some((name, number(&value)?))).collect())
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::String(text) if ["inf", "-inf", "nan"].contains(&text.as_str()) => text.parse().ok(),
        other => other.as_f64(),
    }
}
