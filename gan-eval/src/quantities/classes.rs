//! What a classifier says of samples: whether all classes are there, and whether they are those asked for.

use gan_core::measurement::{Direction, Measurement, Quantity};
use gan_divergence::Points;
use gan_divergence::score::{class_balance, classifier_score};

use super::{Compared, share};
use crate::EvalError;
use crate::observed::{ClassAgreement, Observed};

/// A class of this probability is one that the classifier is sure of.
const SURE: f64 = 0.9;
/// Parts of the samples that the standard error of the classifier score is made of.
const SPLITS: usize = 10;

/// How far the classes' shares are from those of the data.
pub const CLASS_JS: Quantity = Quantity::new("samples/class_js", "nats").better(Direction::Lower);
/// The share of the class that is generated least, over its share of the data.
pub const SMALLEST_CLASS: Quantity =
    Quantity::new("samples/smallest_class", "of its share of the data").better(Direction::Higher);
/// The share of samples whose class is clear.
pub const CONFIDENT: Quantity =
    Quantity::new("samples/confident", "share").better(Direction::Higher);
/// The share of samples that are what their label asked for.
pub const LABEL_AGREEMENT: Quantity =
    Quantity::new("samples/label_agreement", "share").better(Direction::Higher);
/// The same, of the class for which it is least.
pub const LEAST_AGREEMENT: Quantity =
    Quantity::new("samples/least_agreement", "share").better(Direction::Higher);
/// The Inception score, on another classifier than Inception.
#[doc(alias = "Inception score")]
pub const CLASSIFIER_SCORE: Quantity =
    Quantity::new("samples/classifier_score", "classes").better(Direction::Higher);

/// Nothing without classes; agreement only where labels were asked for.
pub(super) fn measure(compared: &Compared<'_>) -> Result<Vec<Measurement>, EvalError> {
    let samples = compared.samples;
    if samples.classes == 0 {
        return Ok(Vec::new());
    }
    let n = samples.len();
    let target = compared.reference.shares()?;
    let balance = class_balance(&samples.found_classes(), &target)?;
    let shares: Vec<f64> = balance.counts.iter().map(|&c| c as f64 / n as f64).collect();
    let js_error = js_error(&shares, target.masses(), n);
    let sure = most_probable(samples).filter(|&p| p >= SURE).count();
    let mut measured = vec![CLASS_JS.measured(balance.js).standard_error(Some(js_error))];
    measured.push(smallest(&shares, target.masses(), n));
    measured.push(share(CONFIDENT, sure as f64 / n as f64, n));
    measured.extend(agreement(&samples.agreement()));
    Ok(measured)
}

pub(super) fn measure_score(compared: &Compared<'_>) -> Result<Option<Measurement>, EvalError> {
    let samples = compared.samples;
    if samples.classes == 0 {
        return Ok(None);
    }
    let logits: Vec<f64> = samples.logits.iter().map(|&x| f64::from(x)).collect();
    let logits = Points::new(&logits, samples.classes)?;
    let all = classifier_score(logits, 1, None)?;
    let parts = classifier_score(logits, SPLITS.min(samples.len()), None)?;
    Ok(Some(CLASSIFIER_SCORE.measured(all.value).standard_error(parts.standard_error)))
}

/// The class that is generated least, among those of the data.
fn smallest(shares: &[f64], target: &[f64], n: usize) -> Measurement {
    let of_data = shares.iter().zip(target).filter(|(_, of_data)| **of_data > 0.0);
    let ratios = of_data.map(|(share, of_data)| (share / of_data, *share, *of_data));
    let least = ratios.min_by(|a, b| a.0.total_cmp(&b.0)).unwrap_or((0.0, 0.0, 1.0));
    let (ratio, share, of_data) = least;
    let error = (share * (1.0 - share) / n as f64).sqrt() / of_data;
    SMALLEST_CLASS.measured(ratio).standard_error(Some(error))
}

/// The delta method: `∂JS/∂p = ½·ln(p/m)` with the mean distribution `m`.
fn js_error(shares: &[f64], target: &[f64], n: usize) -> f64 {
    let slope = |p: f64, q: f64| if p > 0.0 { 0.5 * (2.0 * p / (p + q)).ln() } else { 0.0 };
    let terms = || shares.iter().zip(target).map(|(&p, &q)| (p, slope(p, q)));
    let mean: f64 = terms().map(|(p, slope)| p * slope).sum();
    let square: f64 = terms().map(|(p, slope)| p * slope * slope).sum();
    ((square - mean * mean).max(0.0) / n as f64).sqrt()
}

/// The probability of each sample's class.
fn most_probable(samples: &Observed) -> impl Iterator<Item = f64> + '_ {
    samples.logits.chunks_exact(samples.classes).map(|row| {
        let most = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        1.0 / row.iter().map(|x| f64::from(x - most).exp()).sum::<f64>()
    })
}

/// Of all samples that were asked for by their label, and of the class for which it is least.
fn agreement(classes: &[ClassAgreement]) -> Vec<Measurement> {
    let n: usize = classes.iter().map(|class| class.n).sum();
    let hits: f64 = classes.iter().map(|class| class.share * class.n as f64).sum();
    let least = classes.iter().min_by(|a, b| a.share.total_cmp(&b.share));
    let of_all = least.map(|_| share(LABEL_AGREEMENT, hits / n as f64, n));
    let least = least.map(|class| share(LEAST_AGREEMENT, class.share, class.n));
    of_all.into_iter().chain(least).collect()
}
