//! How near the samples of a run are to its data.

use serde::Serialize;

use crate::number;
use crate::patient::{Patient, QUALITY};

/// How far samples were from the data when that was last measured, by the first of
/// [`QUALITY`](crate::QUALITY) that was.
///
/// It is no verdict: a run without a fault may still be far from its data, because it is short, its
/// networks are small, or no rule knows what holds it back.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Quality {
    /// What was measured; lower is better.
    pub series: &'static str,
    /// When.
    pub step: u64,
    /// The distance.
    #[serde(serialize_with = "number::serialize")]
    pub value: f64,
    /// That of real samples, which a perfect generator would have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of_real: Option<f64>,
}

impl Quality {
    pub(super) fn of(patient: &Patient<'_>) -> Option<Self> {
        let newest = |series: &&crate::Series| {
            let &(step, value) = patient.signal(series)?.points().last()?;
            Some(Self { series: series.name, step, value, of_real: patient.of_real(series.name) })
        };
        QUALITY.iter().find_map(newest)
    }

    /// The text of a line.
    pub(super) fn sentence(&self) -> String {
        let Self { series, step, value, of_real } = *self;
        let beside = of_real.map_or(String::new(), |real| {
            format!(", where real samples have {}", number::short(real))
        });
        format!("Samples at step {step}: {series} {}{beside}.", number::short(value))
    }
}

#[cfg(test)]
mod tests {
    use crate::{Case, Examination, Trace};

    fn examined(measured: &[(&str, u64, f64)]) -> Examination {
        let mut trace = Trace::new();
        for &(series, step, value) in measured {
            trace.push(series, step, value).unwrap();
        }
        Examination::of(&Case::default(), &trace)
    }

    #[test]
    fn a_run_without_a_fault_is_told_how_far_it_has_come() {
        let found = examined(&[
            ("samples/sliced_w2", 500, 0.2),
            ("samples/js", 100, 0.6),
            ("samples/js", 500, 0.543),
            ("samples/js/of_real", 500, 0.0059),
        ]);
        let text = found.to_string();
        let sentence = "Samples at step 500: samples/js 0.543, where real samples have 0.0059.";
        assert_eq!(text.lines().nth(1), Some(sentence), "{text}");
        let json = serde_json::to_value(&found).unwrap();
        assert_eq!(json["quality"]["of_real"], 0.0059);
        assert_eq!(json["quality"]["step"], 500);
    }

    #[test]
    fn a_distance_that_was_not_measured_is_not_told() {
        let found = examined(&[("critic/loss", 100, 0.6)]);
        assert_eq!(found.quality, None);
        assert!(!found.to_string().contains("Samples"));
        let alone =
            examined(&[("samples/js", 100, f64::INFINITY), ("samples/sliced_w2", 100, 0.5)]);
        let text = alone.to_string();
        assert!(text.contains("\nSamples at step 100: samples/sliced_w2 0.500.\n"), "{text}");
    }
}
