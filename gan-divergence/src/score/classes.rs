//! Class balance: how the classes of generated samples are distributed.

use crate::discrete::{js_divergence, kl, total_variation};
use crate::error::{DivergenceError, ensure_some};
use crate::pmf::Pmf;

/// Divergences between the class frequencies of generated samples and a target.
#[derive(Clone, Debug, PartialEq)]
pub struct ClassBalance {
    /// How often each class was seen.
    pub counts: Vec<u64>,
    /// `KL(observed ‖ target)`, in nats: finite even if a class of the target is missing.
    pub kl: f64,
    /// `KL(target ‖ observed)`, in nats: infinite as soon as a class of the target is missing.
    pub kl_from_target: f64,
    /// Jensen–Shannon divergence, in nats.
    pub js: f64,
    /// Total variation distance.
    pub total_variation: f64,
    /// Classes of the target that were seen at all.
    pub classes_seen: usize,
    /// Generated samples.
    pub m: usize,
}

/// Divergences between generated class labels and target frequencies, in nats.
///
/// The observed frequencies are plain counts, not smoothed. Under the target, `kl` is about
/// `(C − 1)/(2·m)` and `js` a quarter of that.
///
/// # Shapes
/// `m ≥ 1` labels below the number of outcomes of `target`.
///
/// # Errors
/// [`DivergenceError::Empty`], [`DivergenceError::OutOfRange`] for a label without outcome.
///
/// # Example
/// ```
/// use gan_divergence::Pmf;
/// use gan_divergence::score::class_balance;
/// let balance = class_balance(&[0, 0, 1, 1], &Pmf::uniform(3)?)?;
/// assert_eq!((balance.classes_seen, balance.kl_from_target), (2, f64::INFINITY));
/// assert!((balance.kl - 1.5f64.ln()).abs() < 1e-15);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn class_balance(labels: &[usize], target: &Pmf) -> Result<ClassBalance, DivergenceError> {
    ensure_some("the set of labels", labels.len())?;
    let mut counts = vec![0u64; target.len()];
    for &label in labels {
        let parameter = "a label";
        let expected = "an outcome of the target";
        let found = label as f64;
        *counts.get_mut(label).ok_or(DivergenceError::OutOfRange {
            parameter,
            expected,
            found,
        })? += 1;
    }
    let observed = Pmf::from_counts(&counts, 0.0)?;
    let seen = counts.iter().zip(target.masses()).filter(|(c, t)| **c > 0 && **t > 0.0).count();
    Ok(ClassBalance {
        kl: kl(&observed, target)?,
        kl_from_target: kl(target, &observed)?,
        js: js_divergence(&observed, target)?,
        total_variation: total_variation(&observed, target)?,
        classes_seen: seen,
        m: labels.len(),
        counts,
    })
}
