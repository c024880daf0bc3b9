//! The Inception score, over any classifier.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::error::{DivergenceError, ensure_at_least};
use crate::estimate::Estimate;
use crate::pmf::LogPmf;
use crate::points::Points;
use crate::random::permutation;
use crate::sum::{log_sum_exp, sum};

/// Classifier score of generated samples from their logits, without unit.
///
/// `exp(mean KL(p(y|x) ‖ p(y)))` in each of `splits` parts of the samples, then the mean over the parts. In
/// `[1, C]`: 1 if all samples look alike, `C` if each is certain and classes are balanced. With an
/// Inception network it is the Inception score; with any other it needs another name.
///
/// # Shapes
/// `m` rows of `C` logits; `m ≥ splits ≥ 1`. Rows beyond the last full part are spread over the parts.
///
/// # Errors
/// [`DivergenceError::TooFew`].
///
/// # Numerics
/// Log-softmax throughout. With a seed the rows are shuffled before they are split. The standard error
/// is the deviation over the parts (divided by `splits`, as the Inception score reports it) over the root
/// of their number; none with a single part.
///
/// # Source
/// Salimans et al. (2016), arXiv:1606.03498, §4; Barratt and Sharma (2018), arXiv:1801.01973.
///
/// # Example
/// ```
/// use gan_divergence::Points;
/// use gan_divergence::score::classifier_score;
/// let sure = [100.0, 0.0, 0.0, 0.0, 100.0, 0.0, 0.0, 0.0, 100.0];
/// let score = classifier_score(Points::new(&sure, 3)?, 1, None)?;
/// assert!((score.value - 3.0).abs() < 1e-12);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn classifier_score(
    logits: Points<'_>,
    splits: usize,
    seed: Option<u64>,
) -> Result<Estimate, DivergenceError> {
    ensure_at_least("the set of splits", 1, splits)?;
    ensure_at_least("the set of logits", splits, logits.len())?;
    let m = logits.len();
    let order = match seed {
        None => (0..m).collect(),
        Some(seed) => permutation(m, &mut ChaCha8Rng::seed_from_u64(seed)),
    };
    let logs: Vec<LogPmf> =
        order.iter().map(|&i| LogPmf::from_logits(logits.row(i))).collect::<Result<_, _>>()?;
    let scores: Vec<f64> =
        (0..splits).map(|k| score(&logs[k * m / splits..(k + 1) * m / splits])).collect();
    let count = splits as f64;
    let mean = sum(scores.iter().copied()) / count;
    let variance = sum(scores.iter().map(|s| (s - mean) * (s - mean))) / count;
    let estimate = Estimate::new(mean, 0, m, format!("classifier score, {splits} splits"));
    Ok(if splits > 1 { estimate.with_error((variance / count).sqrt()) } else { estimate })
}

fn score(part: &[LogPmf]) -> f64 {
    let size = part.len() as f64;
    let marginal: Vec<f64> = (0..part[0].len())
        .map(|c| log_sum_exp(part.iter().map(move |p| p.logs()[c])) - size.ln())
        .collect();
    let term = |(l, m): (&f64, &f64)| {
        if l.exp() == 0.0 { 0.0 } else { l.exp() * (l - m) }
    };
    let divergences = part.iter().flat_map(|p| p.logs().iter().zip(&marginal).map(term));
    (sum(divergences) / size).exp()
}
