//! Numbers of the seeds of a run, as a cell of a table or inside of a sentence.

use anyhow::anyhow;

use super::kept::RunOf;
use super::language::{Language, Word};
use super::moment::Asked;
use crate::experiment::short;

/// Mean, lowest and highest of a quantity over the seeds of a run that are kept, and how many of them do not have
/// it; `None` where none is kept.
///
/// # Errors
/// The quantity is not measured, with the nearest that is.
pub(super) fn spread(
    run: &RunOf<'_>,
    quantity: &str,
    asked: Asked,
    language: Language,
) -> anyhow::Result<Option<String>> {
    if run.trainings.is_empty() {
        return Ok(None);
    }
    let (mut values, mut n_diverged) = (Vec::new(), 0);
    for shown in run.trainings {
        if shown.training.diverged {
            n_diverged += 1;
            continue;
        }
        let value = asked.read(&shown.training, quantity);
        values.extend(value.map_err(|why| anyhow!("a run of `{}` {why}", run.experiment))?);
    }
    let n_lacking = run.trainings.len() - n_diverged - values.len();
    let mut text = match values.as_slice() {
        [] if n_diverged > 0 => String::new(),
        [] => "–".to_owned(),
        [value] => short(*value),
        values => {
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            let low = values.iter().copied().fold(f64::INFINITY, f64::min);
            let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            // A mean that rounding moved out of its span would look like an error.
            let mean = if low == high { low } else { mean };
            format!("{} ({} … {})", short(mean), short(low), short(high))
        }
    };
    if n_lacking > 0 && !values.is_empty() {
        text += &format!(", {}", language.of(values.len(), run.trainings.len()));
    }
    if n_diverged > 0 {
        let comma = if text.is_empty() { "" } else { ", " };
        text += &format!("{comma}{} {n_diverged}", language.word(Word::Diverged));
    }
    Ok(Some(text))
}

/// A quantity of one training.
///
/// # Errors
/// The quantity is not measured, with the nearest that is.
pub(super) fn single(
    run: &RunOf<'_>,
    idx: usize,
    quantity: &str,
    asked: Asked,
    language: Language,
) -> anyhow::Result<String> {
    let training = &run.trainings[idx].training;
    if training.diverged {
        return Ok(language.word(Word::Diverged).to_owned());
    }
    let value = asked.read(training, quantity);
    let value = value.map_err(|why| anyhow!("a run of `{}` {why}", run.experiment))?;
    Ok(value.map_or("–".to_owned(), short))
}

/// A span of numbers, or the one number.
pub(super) fn span(ends: Option<(f64, f64)>) -> String {
    match ends {
        None => "–".to_owned(),
        Some((low, high)) if low == high => short(low),
        Some((low, high)) => format!("{} … {}", short(low), short(high)),
    }
}
