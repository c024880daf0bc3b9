//! The protocol of Stacked MNIST: how many of 1000 combinations of digits are generated, and how evenly.
//!
//! A classifier of digits looks at each of the three channels of a sample; its three classes are one of
//! 1000 modes. The protocol takes 26,000 samples, counts a mode with one sample, and reports the modes
//! found and `KL(p̂ ‖ uniform)`. Numbers are comparable for the same classifier and number of samples.
//!
//! [`StackedProbe`] measures a generator by it:
//!
//! | Quantity | Formula | Range, better | Bias |
//! |---|---|---|---|
//! | [`samples/modes`](MODES_FOUND) | modes with a sample | 1 to 1000, higher | downwards for few samples: [`PerfectModes`] |
//! | [`samples/confident_modes`](CONFIDENT_MODES) | modes with a sample whose three digits are all of probability 0.9 or more | 0 to 1000, higher | as `samples/modes` |
//! | [`samples/modes_kl`](MODES_KL) | `KL(p̂ ‖ uniform)` of the modes' frequencies | 0 to ln 1000 nats, lower | upwards, about `999/(2·n)` of all modes |
//! | [`samples/confident`](CONFIDENT) | share of samples whose three digits are all of probability 0.9 or more | 0 to 1, higher | none |
//! | [`samples/label_agreement`](crate::quantities::LABEL_AGREEMENT) | of a conditional generator: share of samples in the mode asked for | 0 to 1, higher | the classifier's own errors, three times |
//!
//! A conditional generator is asked for each of its classes equally often, so that its modes are even by
//! construction as far as it heeds the labels.
//!
//! # Standard errors
//! Of shares `√(p(1 − p)/n)`; of the others [`ModeErrors`]. They are those of drawing samples; another training with
//! another seed moves the numbers much farther.
//!
//! # What misleads
//! - Any image lands in a mode. [`StackedModes::confident`] says how many samples the classifier is sure of, and
//!   [`StackedModes::confident_modes`] counts modes by those alone: digits that are twisted or half covered keep
//!   their modes and lose confidence. Confidence says nothing alone: of uniform noise the pinned classifier is
//!   sure, and takes nearly all of it for one mode. The crate's README has numbers.
//! - A sampler of equally frequent modes has a KL of 0.0193 at 26,000 samples, not 0:
//!   [`PerfectModes`]. MNIST's digits are not equally frequent; a sampler of the training split's
//!   frequencies has 0.0043 more.
//! - A classifier that is right about 99.5 % of digits mislabels 1.5 % of triples.
//!
//! # Source
//! Metz et al. (2017), arXiv:1611.02163; Srivastava et al. (2017), VEEGAN, arXiv:1705.07761, for the
//! 26,000 samples; Lin et al. (2018), PacGAN, arXiv:1712.04086.

mod looked;
mod mode_errors;
mod perfect;
mod probe;

use gan_divergence::score::class_balance;
use gan_divergence::{DivergenceError, Pmf};

pub(crate) use looked::look;
pub use looked::{StackedLooked, StackedPass};
pub use mode_errors::ModeErrors;
pub use perfect::PerfectModes;
pub use probe::{
    CONFIDENT, CONFIDENT_MODES, LATENTS, MODES_FOUND, MODES_KL, StackedProbe, quantities,
};

use crate::EvalError;

/// Channels of a sample, each with a digit.
pub const CHANNELS: usize = 3;
/// Classes of a digit.
pub const DIGITS: usize = 10;
/// Combinations of three digits.
pub const MODES: usize = 1_000;
/// Samples that the protocol takes.
pub const PROTOCOL_SAMPLES: usize = 26_000;
/// The probability from which on a classifier counts as sure of a channel. The protocol has no such
/// number; this one is this crate's.
pub const SURE: f64 = 0.9;

/// Which of the 1000 modes samples are in.
#[derive(Clone, Debug, PartialEq)]
pub struct StackedModes {
    /// Modes with at least one sample, of 1000.
    pub modes: usize,
    /// Modes with at least one sample that the classifier is sure of.
    pub confident_modes: usize,
    /// `KL(p̂ ‖ uniform)`, in nats, in `[0, ln 1000]`: `p̂` are the frequencies of the modes.
    pub kl: f64,
    /// Share of the samples whose three channels all have a probability of at least [`SURE`].
    pub confident: f64,
    /// Samples.
    pub samples: usize,
    /// What as many samples of equally frequent modes score.
    pub of_perfect: PerfectModes,
    /// Standard errors; none of a single sample.
    pub errors: Option<ModeErrors>,
}

/// Modes found among 1000, and the divergence of their frequencies from equal ones, in nats.
///
/// # Shapes
/// For each sample, the most probable class of each channel, below 10, and its probability.
///
/// # Errors
/// [`EvalError::Divergence`] without samples, for a class that is no digit, for a number of
/// probabilities other than that of samples, and for a probability outside of `[0, 1]`.
///
/// # Example
/// ```
/// use gan_eval::stacked::stacked_modes;
///
/// let found = stacked_modes(&[[0, 0, 7], [3, 1, 4]], &[[0.99; 3], [0.99, 0.5, 0.99]])?;
/// assert_eq!((found.modes, found.confident_modes, found.confident), (2, 1, 0.5));
/// assert!((found.kl - 500_f64.ln()).abs() < 1e-12);
/// # Ok::<(), gan_eval::EvalError>(())
/// ```
#[doc(alias = "PacGAN")]
#[doc(alias = "VEEGAN")]
pub fn stacked_modes(
    classes: &[[usize; CHANNELS]],
    probabilities: &[[f64; CHANNELS]],
) -> Result<StackedModes, EvalError> {
    check(classes, probabilities)?;
    let modes: Vec<usize> = classes.iter().map(mode).collect();
    let balance = class_balance(&modes, &Pmf::uniform(MODES)?)?;
    let mut sure = vec![0_u64; MODES];
    for (&mode, probabilities) in modes.iter().zip(probabilities) {
        sure[mode] += u64::from(probabilities.iter().all(|&probability| probability >= SURE));
    }
    let n_sure: u64 = sure.iter().sum();
    Ok(StackedModes {
        modes: balance.classes_seen,
        confident_modes: sure.iter().filter(|&&n| n > 0).count(),
        kl: balance.kl,
        confident: n_sure as f64 / classes.len() as f64,
        samples: classes.len(),
        of_perfect: PerfectModes::of(classes.len()),
        errors: ModeErrors::of(&balance.counts, &sure),
    })
}

/// The number of a combination: its digits are those of the channels.
fn mode(classes: &[usize; CHANNELS]) -> usize {
    classes.iter().fold(0, |mode, class| DIGITS * mode + class)
}

fn check(
    classes: &[[usize; CHANNELS]],
    probabilities: &[[f64; CHANNELS]],
) -> Result<(), DivergenceError> {
    let (expected, found) = (classes.len(), probabilities.len());
    if expected != found {
        let what = "the set of probabilities";
        return Err(DivergenceError::LengthMismatch { what, expected, found });
    }
    let out_of_range = |parameter, expected, found| {
        Err(DivergenceError::OutOfRange { parameter, expected, found })
    };
    if let Some(&class) = classes.as_flattened().iter().find(|&&class| class >= DIGITS) {
        return out_of_range("the class of a channel", "0 to 9", class as f64);
    }
    let probability = |found: &&f64| !(0.0..=1.0).contains(*found);
    match probabilities.as_flattened().iter().find(probability) {
        Some(&found) => out_of_range("the probability of a class", "0 to 1", found),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
