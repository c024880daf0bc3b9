//! What is measured of samples: formula, range, bias and source of every quantity.
//!
//! `n` samples are compared with real ones in the space of an extractor. Each number comes with the same number of
//! held-out real samples, as many of them: that, and not 0 or 1, is what a perfect generator scores. Numbers
//! are comparable for the same extractor, reference and `n` only.
//!
//! | Quantity | Formula | Range, better | Bias |
//! |---|---|---|---|
//! | [`samples/frechet`](FRECHET) | `‖μ − μᵣ‖² + tr(Σ + Σᵣ − 2(Σ·Σᵣ)^½)` of Gaussians fitted to the features (¹) | from 0, lower | upwards, about in proportion to `1/n` |
//! | [`samples/frechet_infinity`](FRECHET_INFINITY) | the intercept of a line through Fréchet distances over `1/n` (²) | about from 0, lower | little |
//! | [`live/frechet`](LIVE_FRECHET) | the Fréchet distance of the step's own weights, where `samples/frechet` is of their EMA | from 0, lower | as that |
//! | [`samples/kernel_distance`](KERNEL_DISTANCE) | KID: squared MMD with the kernel `(x·y/d + 1)³`, unbiased, mean over subsets (³) | about from 0, lower | none |
//! | [`samples/precision`](PRECISION) | share of samples inside a real sample's ball, which reaches to its 5th neighbor (⁴) | 0 to 1, higher | by `n` and `k`; 1 for a single point inside one ball |
//! | [`samples/recall`](RECALL) | share of real samples inside a sample's ball (⁴) | 0 to 1, higher | by `n` and `k`; outliers widen balls |
//! | [`samples/density`](DENSITY) | real balls that a sample lies in, over `k` (⁵) | from 0, about 1 is equal, higher | by `k` |
//! | [`samples/coverage`](COVERAGE) | share of real balls that hold a sample (⁵) | 0 to 1, higher | by `n` and `k` |
//! | [`samples/class_js`](CLASS_JS) | Jensen–Shannon divergence of the classes found to those found among real samples | 0 to ln 2 nats, lower | upwards, about `(classes − 1)/(8·n)` |
//! | [`samples/smallest_class`](SMALLEST_CLASS) | the smallest class's share of the samples, over its share of the real ones | from 0, 1 is equal, higher | downwards: the least of several |
//! | [`samples/confident`](CONFIDENT) | share of samples with a class of probability 0.9 or more | 0 to 1, higher | none; noise falls into classes as well |
//! | [`samples/label_agreement`](LABEL_AGREEMENT) | share of samples that are taken for the class asked for | 0 to 1, higher | the classifier's own errors |
//! | [`samples/least_agreement`](LEAST_AGREEMENT) | the same of the class for which it is least | 0 to 1, higher | downwards: the least of several |
//! | [`samples/spread`](SPREAD) | mean over the values of a sample of their standard deviation over the samples | from 0, that of real samples is best | none to speak of |
//! | [`samples/duplicates`](DUPLICATES) | share of samples with another one nearer than all but 1 in 1000 real ones have any | 0 to 1, lower | grows with `n` |
//! | [`samples/classifier_score`](CLASSIFIER_SCORE) | `exp` of the mean KL divergence of a sample's class probabilities to their mean: the Inception score, on this classifier (⁶) | 1 to the number of classes, higher | downwards for few samples |
//! | [`samples/support`](SUPPORT) | `n(n − 1)/2` over the pairs of near-duplicates: how many different samples there are, by the birthday paradox (⁷) | from 1, infinite without a pair, higher | none in its inverse |
//! | [`samples/authenticity`](AUTHENTICITY) | AuthPct: share of samples farther from the nearest real sample than that one is from its own nearest (⁸) | 0 to 1, that of held-out samples is best | by `n`, and not calibrated |
//! | [`samples/pyramid`](PYRAMID) | sliced Wasserstein distance of patches, mean over the levels of a Laplacian pyramid; with [the finest](PYRAMID_FINEST) and [the coarsest](PYRAMID_COARSEST) level, `10³·SW₁` (¹⁰) | from 0, lower | upwards for few images |
//! | [`samples/copying`](COPYING) | C_T: Mann–Whitney z of the distances to the nearest real sample, of samples against held-out ones, over cells (⁹) | far below 0: copies; far above 0: none of the data | none; its standard error is 1 or less |
//!
//! The last five and `frechet_infinity` belong to [`Card::Full`]. Precision says nothing alone: a generator that
//! makes one picture can have a precision of 1, with a recall and a coverage of 0; and a classifier's features see little of
//! what no digit has: black and white blocks of an untrained generator had a precision of 0.38 in those of `mnist-1`,
//! a density of 0.08, a coverage of 0.02, and a Fréchet distance of 33.
//! The pyramid is for extractors without a network, such as [`PcaPixels`](crate::pca::PcaPixels), and looks at no more than
//! [`PYRAMID_IMAGES`] images of each set.
//!
//! # Standard errors
//! Of shares `√(p(1 − p)/n)`; of the Fréchet distance a jackknife over ten groups of the samples; of KID that of the mean
//! over its subsets; of `class_js` by the delta method; of `frechet_infinity` that of the line's intercept. All take the
//! real samples as given.
//!
//! # Compared with
//! torch-fidelity 0.4.0, prdc 0.2, SciPy and scikit-learn, on recorded features of 200 digits: twelve of the numbers
//! agree to 1e-9.
//!
//! # Sources
//! ¹ Heusel et al. (2017), arXiv:1706.08500 · ² Chong and Forsyth (2020), arXiv:1911.07023 · ³ Bińkowski et al. (2018),
//! arXiv:1801.01401 · ⁴ Kynkäänniemi et al. (2019), arXiv:1904.06991 · ⁵ Naeem et al. (2020), arXiv:2002.09797 ·
//! ⁶ Salimans et al. (2016), arXiv:1606.03498 · ⁷ Arora and Zhang (2017), arXiv:1706.08224 · ⁸ Alaa et al. (2022),
//! arXiv:2102.08921 · ⁹ Meehan et al. (2020), arXiv:2004.05675 · ¹⁰ Karras et al. (2018), arXiv:1710.10196, and
//! [`pyramid`](crate::pyramid)

mod classes;
mod distance;
pub(crate) mod memorization;
mod neighborhoods;
mod scales;
mod variety;

use gan_core::measurement::{Measurement, Quantity};

use crate::observed::{Observed, Rows};
use crate::{EvalError, Reference};

pub use classes::{
    CLASS_JS, CLASSIFIER_SCORE, CONFIDENT, LABEL_AGREEMENT, LEAST_AGREEMENT, SMALLEST_CLASS,
};
pub(crate) use distance::of_live;
pub use distance::{FRECHET, FRECHET_INFINITY, KERNEL_DISTANCE, LIVE_FRECHET};
pub use memorization::{AUTHENTICITY, COPYING};
pub(crate) use neighborhoods::NEIGHBORS;
pub use neighborhoods::{COVERAGE, DENSITY, PRECISION, RECALL};
pub use scales::{PYRAMID, PYRAMID_COARSEST, PYRAMID_FINEST, PYRAMID_IMAGES};
pub use variety::{DUPLICATES, SPREAD, SUPPORT};

/// How much is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Card {
    /// What takes little time: for use between two steps.
    Brief,
    /// Everything.
    Full,
}

/// What an extractor has found in samples besides their features.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// The number of classes; 0 without.
    pub classes: usize,
    /// Images whose patches can be compared.
    pub images: usize,
}

impl Found {
    /// Something of everything.
    pub const ALL: Self = Self { classes: 1, images: 1 };
    /// Features alone.
    pub const FEATURES: Self = Self { classes: 0, images: 0 };
}

/// What may be measured where an extractor has found this.
pub fn quantities(card: Card, found: Found) -> Vec<Quantity> {
    let mut all = vec![FRECHET, KERNEL_DISTANCE, PRECISION, RECALL, DENSITY, COVERAGE];
    let (has_classes, has_images) = (found.classes > 0, found.images > 0);
    if has_classes {
        all.extend([CLASS_JS, SMALLEST_CLASS, CONFIDENT, LABEL_AGREEMENT, LEAST_AGREEMENT]);
    }
    all.extend([SPREAD, DUPLICATES]);
    if card == Card::Full {
        all.extend(has_classes.then_some(CLASSIFIER_SCORE));
        all.extend([FRECHET_INFINITY, SUPPORT, AUTHENTICITY, COPYING]);
        if has_images {
            all.extend([PYRAMID, PYRAMID_FINEST, PYRAMID_COARSEST]);
        }
    }
    all
}

/// Samples beside the real ones that they are compared with.
struct Compared<'a> {
    reference: &'a Reference,
    samples: &'a Observed,
    rows: Rows,
}

/// All quantities of a card.
pub(crate) fn measure(
    reference: &Reference,
    samples: &Observed,
    card: Card,
) -> Result<Vec<Measurement>, EvalError> {
    let compared = Compared { reference, samples, rows: samples.rows() };
    let mut measured = distance::measure(&compared)?;
    let neighbors = neighborhoods::of_samples(&compared)?;
    let (scores, authentic) = neighborhoods::measure(&compared, &neighbors, card)?;
    measured.extend(scores);
    measured.extend(classes::measure(&compared)?);
    measured.extend(variety::measure(&compared, &neighbors, card)?);
    if card == Card::Full {
        measured.extend(classes::measure_score(&compared)?);
        measured.push(distance::measure_infinity(&compared)?);
        if !reference.is_halved() {
            measured.extend(memorization::measure(&compared, authentic)?);
        }
        measured.extend(scales::measure(&compared)?);
    }
    Ok(measured)
}

/// A share of `n` with its standard error.
pub(crate) fn share(quantity: Quantity, value: f64, n: usize) -> Measurement {
    let error = (value * (1.0 - value) / n.max(1) as f64).max(0.0).sqrt();
    quantity.measured(value).standard_error(Some(error))
}
