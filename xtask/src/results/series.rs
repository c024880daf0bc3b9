//! A run's series, small enough to be kept.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;

use anyhow::Context;
use flate2::{Compression, GzBuilder};
use serde_json::Value;

/// How many lines stay of those that measure no samples.
const MAX_DENSE: usize = 400;
/// Digits behind the first one.
const N_DECIMALS: usize = 5;

/// The lines of `metrics.jsonl` as they are kept: every one with a quantity of samples, and the one before it,
/// which has the newest losses at that moment; the others thinned evenly to at most 400, numbers to six
/// significant digits, keys in order.
///
/// # Errors
/// A line is no JSON object.
pub(super) fn thinned(metrics: &str) -> anyhow::Result<String> {
    let mut lines = Vec::new();
    for (idx, line) in metrics.lines().enumerate() {
        let fields: BTreeMap<String, Value> = serde_json::from_str(line)
            .with_context(|| format!("line {} is no JSON object", idx + 1))?;
        lines.push(fields);
    }
    let measures_samples = |idx: usize| {
        let line: Option<&BTreeMap<String, Value>> = lines.get(idx);
        line.is_some_and(|line| line.keys().any(|key| key.starts_with("samples/")))
    };
    let always = |idx: usize| measures_samples(idx) || measures_samples(idx + 1);
    let dense: Vec<usize> = (0..lines.len()).filter(|&idx| !always(idx)).collect();
    let mut stays: BTreeSet<usize> = evenly(&dense, MAX_DENSE).collect();
    stays.extend((0..lines.len()).filter(|&idx| always(idx)));
    let mut text = String::new();
    for (idx, fields) in lines.into_iter().enumerate() {
        if stays.contains(&idx) {
            let rounded: BTreeMap<String, Value> =
                fields.into_iter().map(|(key, value)| (key, rounded(value))).collect();
            text += &serde_json::to_string(&rounded)?;
            text.push('\n');
        }
    }
    Ok(text)
}

/// Compressed, with a header that says nothing of when or where.
///
/// # Errors
/// None that memory does not have.
pub(super) fn compressed(text: &str) -> anyhow::Result<Vec<u8>> {
    let mut packed = GzBuilder::new().write(Vec::new(), Compression::best());
    packed.write_all(text.as_bytes())?;
    Ok(packed.finish()?)
}

/// At most `n` of the items, from the first to the last.
fn evenly(items: &[usize], n: usize) -> impl Iterator<Item = usize> {
    let n_kept = items.len().min(n);
    (0..n_kept).map(move |k| match n_kept {
        1 => items[0],
        _ => items[k * (items.len() - 1) / (n_kept - 1)],
    })
}

fn rounded(value: Value) -> Value {
    let number = value.as_f64().filter(|_| value.is_f64());
    let short = number.and_then(|number| format!("{number:.N_DECIMALS$e}").parse().ok());
    short.map_or(value, |short: f64| Value::from(short))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_about_samples_stay_and_the_others_are_thinned_evenly() {
        let mut metrics = String::new();
        for step in 1..=2000 {
            let key = if step % 100 == 0 { "samples/js" } else { "critic/loss" };
            metrics += &format!("{{\"step\":{step},\"{key}\":0.5}}\n");
        }
        let kept = thinned(&metrics).unwrap();
        let count = |key: &str| kept.lines().filter(|line| line.contains(key)).count();
        assert_eq!((count("samples/js"), count("critic/loss")), (20, 20 + 400));
        let steps: Vec<u64> = kept
            .lines()
            .filter(|line| line.contains("critic/loss"))
            .map(|line| serde_json::from_str::<Value>(line).unwrap()["step"].as_u64().unwrap())
            .collect();
        assert_eq!((steps[0], steps[419]), (1, 1999));
        assert!(steps.windows(2).all(|pair| pair[1] - pair[0] <= 7), "{steps:?}");
        assert!((1..=20).all(|k| steps.contains(&(100 * k - 1))), "the newest losses: {steps:?}");
        assert_eq!(thinned(&kept).unwrap(), kept, "what is thin stays as it is");
    }

    #[test]
    fn few_lines_all_stay() {
        for n in [0, 1, 2, 400] {
            let metrics: String = (0..n).map(|step| format!("{{\"step\":{step}}}\n")).collect();
            assert_eq!(thinned(&metrics).unwrap(), metrics);
        }
    }

    #[test]
    fn numbers_have_six_digits_and_counts_all_of_theirs() {
        let line = "{\"step\":1234567,\"b\":0.123456789,\"a\":-98765432.1,\"c\":\"inf\",\"d\":2.0,\"e\":1e-300}";
        let expected = "{\"a\":-98765400.0,\"b\":0.123457,\"c\":\"inf\",\"d\":2.0,\"e\":1e-300,\"step\":1234567}\n";
        assert_eq!(thinned(line).unwrap(), expected);
    }

    #[test]
    fn the_same_series_makes_the_same_bytes_without_a_date() {
        let packed = compressed("{\"step\":1}\n").unwrap();
        assert_eq!(packed, compressed("{\"step\":1}\n").unwrap());
        assert_eq!(packed[3..8], [0; 5], "no name, no time");
    }

    #[test]
    fn a_broken_line_is_named() {
        let complaint = format!("{:#}", thinned("{\"step\":1}\n[]\n").unwrap_err());
        assert!(complaint.starts_with("line 2 is no JSON object"), "{complaint}");
    }
}
