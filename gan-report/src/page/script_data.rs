//! What the script knows: the moments of the slider, and the values of every curve.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gan_plot::{Bin, binned};
use serde_json::{Map, Value, json};

use super::curves::MOST_BINS;
use crate::language::Words;

/// Of a page, the most that values of curves may take.
const SHARE: f64 = 0.16;
/// Bytes of a place with its lowest, its middle and its highest value, as text.
const OF_PLACE: usize = 16;

/// Data of the page's script, as JSON.
///
/// Numbers are columns in base64, of 32 bits each, little-endian: steps as whole numbers, values in
/// single precision. Curves that were measured at the same steps share a column of steps.
pub(super) struct ScriptData {
    axes: Vec<String>,
    series: Map<String, Value>,
    moments: Vec<Value>,
    words: Map<String, Value>,
    most_places: usize,
}

impl ScriptData {
    /// No curve and no moment; the phrases that the script needs. Curves of these `lengths` are to come,
    /// on a page of at most `limit` bytes.
    pub(super) fn new(words: &Words, lengths: &[usize], limit: usize) -> Self {
        let fits = |most: &usize| {
            let places: usize = lengths.iter().map(|length| length.min(most)).sum();
            places * OF_PLACE <= (limit as f64 * SHARE) as usize
        };
        let finest = [8, 6, 4, 3, 2].map(|times| times * MOST_BINS).into_iter().find(fits);
        let phrases = [("step".to_owned(), json!((words.step)("{}")))];
        Self {
            axes: Vec::new(),
            series: Map::new(),
            moments: Vec::new(),
            words: Map::from_iter(phrases),
            most_places: finest.unwrap_or(MOST_BINS),
        }
    }

    /// How many places a curve has at most.
    pub(super) fn most_places(&self) -> usize {
        self.most_places
    }

    /// The points of a curve, by the name that its legend refers to.
    pub(super) fn take_series(&mut self, name: &str, points: &[(f64, f64)]) {
        let bins = with_gaps(&binned(points, self.most_places));
        let axis = column(bins.iter().map(|bin| (bin.x as u32).to_le_bytes()));
        let axis = match self.axes.iter().position(|known| *known == axis) {
            Some(index) => index,
            None => {
                self.axes.push(axis);
                self.axes.len() - 1
            }
        };
        let values =
            |of: fn(&Bin) -> f64| column(bins.iter().map(|bin| (of(bin) as f32).to_le_bytes()));
        let mut entry = json!({ "axis": axis, "y": values(|bin| bin.median) });
        if bins.iter().any(|bin| bin.low < bin.high) {
            entry["low"] = json!(values(|bin| bin.low));
            entry["high"] = json!(values(|bin| bin.high));
        }
        self.series.insert(name.to_owned(), entry);
    }

    /// The moments that the slider has: their steps, and what they are called.
    pub(super) fn take_moments(&mut self, moments: impl IntoIterator<Item = (u64, String)>) {
        let moment = |(step, label): (u64, String)| json!({ "step": step, "label": label });
        self.moments = moments.into_iter().map(moment).collect();
    }

    /// About how many bytes it takes.
    pub(super) fn size(&self) -> usize {
        self.to_json().len()
    }

    /// JSON that cannot end the element that it stands in.
    pub(super) fn to_json(&self) -> String {
        let Self { axes, series, moments, words, .. } = self;
        let json = json!({ "axes": axes, "series": series, "pictures": moments, "words": words });
        json.to_string().replace('<', "\\u003c")
    }
}

/// Where a line ends, a place without a value follows, if there is a step for it.
fn with_gaps(bins: &[Bin]) -> Vec<Bin> {
    let mut places = Vec::new();
    for (index, bin) in bins.iter().enumerate() {
        places.push(*bin);
        let gap = bin.x + 1.0;
        if bin.ends && bins.get(index + 1).is_none_or(|next| gap < next.x) {
            places.push(Bin {
                x: gap,
                low: f64::NAN,
                median: f64::NAN,
                high: f64::NAN,
                ends: true,
            });
        }
    }
    places
}

fn column(numbers: impl Iterator<Item = [u8; 4]>) -> String {
    STANDARD.encode(numbers.flatten().collect::<Vec<u8>>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Language;

    #[test]
    fn curves_are_as_fine_as_there_is_room_for() {
        let words = Language::English.words();
        let places =
            |lengths: &[usize], limit| ScriptData::new(words, lengths, limit).most_places();
        assert_eq!(places(&[100_000; 10], 5_000_000), 1920);
        assert_eq!(places(&[100_000; 43], 5_000_000), 960);
        assert_eq!(places(&[100_000; 1000], 5_000_000), 240);
        assert_eq!(places(&[600; 43], 5_000_000), 1920);
    }

    #[test]
    fn curves_of_the_same_steps_share_them_and_gaps_are_places() {
        let mut data = ScriptData::new(Language::English.words(), &[3], 5_000_000);
        data.take_series("a", &[(1.0, 0.5), (2.0, 0.25), (3.0, 1.0)]);
        data.take_series("b", &[(1.0, 7.0), (2.0, 8.0), (3.0, 9.0)]);
        data.take_series("c", &[(1.0, 1.0), (2.0, f64::NAN), (9.0, 1.0)]);
        let json: Value = serde_json::from_str(&data.to_json()).unwrap();
        assert_eq!(json["axes"].as_array().unwrap().len(), 2);
        assert_eq!(
            (&json["series"]["a"]["axis"], &json["series"]["b"]["axis"]),
            (&0.into(), &0.into())
        );
        let steps = STANDARD.decode(json["axes"][1].as_str().unwrap()).unwrap();
        assert_eq!(steps, [1_u32, 2, 9].map(u32::to_le_bytes).concat());
        let values = STANDARD.decode(json["series"]["c"]["y"].as_str().unwrap()).unwrap();
        assert_eq!(values[..4], 1_f32.to_le_bytes());
        assert!(f32::from_le_bytes(values[4..8].try_into().unwrap()).is_nan());
    }
}
