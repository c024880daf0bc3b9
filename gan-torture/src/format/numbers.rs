//! JSON as `gan divergence` reads it.

use std::path::Path;

use super::{Format, of_values};
use crate::draw::Draw;
use crate::input::Input;
use crate::oracle::Reading;
use crate::text;

pub(super) const FORMAT: Format = Format { name: "json-numbers", seeds, mutate, respell, read };

const NAME: &str = "numbers.json";

fn seeds() -> Vec<Input> {
    let texts = [
        "[0.25, 0.75]",
        "[[1, 2], [3, 4], [5e-3, -6]]",
        "[1]",
        "[[0.5], [0.25], [0.25]]",
        "[1e300, -1e-300, 0, 12345678901234567890]",
    ];
    texts.map(|text| Input::file(NAME, text)).to_vec()
}

fn mutate(input: &mut Input, draw: &mut Draw) {
    if let Some(bytes) = input.bytes_mut(0) {
        text::tokens(bytes, draw);
    }
}

/// Blanks mean nothing.
fn respell(input: &Input, draw: &mut Draw) -> Option<Input> {
    let text = String::from_utf8(input.bytes(NAME).to_vec()).ok()?;
    let blank = *draw.pick(&[" ", "\n", "\t", "\r\n", ""]);
    let text = text.replace(' ', "").replace(',', &format!("{blank},{blank}"));
    Some(Input::file(NAME, format!("{blank}{text}{blank}")))
}

fn read(folder: &Path) -> anyhow::Result<Reading> {
    let (columns, values) = gan_cli::torture::numbers(&folder.join(NAME))?;
    let mut reading = Reading::of(format!("{columns} {values:?}"));
    let single: Vec<f32> =
        values.iter().map(|value| if value.is_finite() { 0.0 } else { f32::NAN }).collect();
    reading.faults = of_values(&single).faults;
    if columns == 0 || !values.len().is_multiple_of(columns) {
        reading.faults.push(format!("{} values in rows of {columns}", values.len()));
    }
    Ok(reading)
}
