//! What the script knows: the pictures' steps, and the values of every curve.

use gan_plot::Bin;
use serde_json::{Map, Value, json};

use super::when;
use crate::language::Words;
use crate::number::short;
use crate::run::{Picture, Run};

/// Data of the page's script, as JSON.
pub(super) struct ScriptData {
    series: Map<String, Value>,
    pictures: Vec<Value>,
    words: Map<String, Value>,
}

impl ScriptData {
    /// No curve and no picture; the phrases that the script needs.
    pub(super) fn new(words: &Words) -> Self {
        let phrases = [("step".to_owned(), json!((words.step)("{}")))];
        Self { series: Map::new(), pictures: Vec::new(), words: Map::from_iter(phrases) }
    }

    /// The values of a curve, by the name that its legend refers to.
    pub(super) fn take_series(&mut self, name: &str, bins: &[Bin]) {
        let column =
            |of: fn(&Bin) -> f64| bins.iter().map(|bin| digits(of(bin))).collect::<Value>();
        let mut entry = json!({ "x": bins.iter().map(|bin| bin.x as u64).collect::<Value>(),
                                "y": column(|bin| bin.median) });
        if bins.iter().any(|bin| bin.low < bin.high) {
            entry["low"] = column(|bin| bin.low);
            entry["high"] = column(|bin| bin.high);
        }
        self.series.insert(name.to_owned(), entry);
    }

    /// The pictures that the slider has, and how their moments are called.
    pub(super) fn take_pictures(&mut self, run: &Run, words: &Words, pictures: &[&Picture]) {
        self.pictures = pictures
            .iter()
            .map(|picture| json!({ "step": picture.step, "label": when(run, words, picture.step) }))
            .collect();
    }

    /// About how many bytes it takes.
    pub(super) fn size(&self) -> usize {
        self.to_json().len()
    }

    /// JSON that cannot end the element that it stands in.
    pub(super) fn to_json(&self) -> String {
        let json = json!({ "series": self.series, "pictures": self.pictures, "words": self.words });
        json.to_string().replace('<', "\\u003c")
    }
}

/// A number with five digits, which is more than a chart shows.
fn digits(number: f64) -> Value {
    let rounded: f64 = format!("{number:.4e}").parse().unwrap_or(number);
    if rounded.is_finite() { json!(rounded) } else { json!(short(number)) }
}
