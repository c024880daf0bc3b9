//! Precision, recall, density and coverage: fidelity and variety apart.

use gan_core::measurement::{Direction, Measurement, Quantity};
use gan_divergence::Estimate;
use gan_divergence::neighbors::{Comparison, Neighborhoods, Prdc};

use super::{Card, Compared};
use crate::EvalError;

/// Neighbors that set the radius of a ball, as the `prdc` package's authors recommend.
pub(crate) const NEIGHBORS: usize = 5;

/// The share of samples that lie where real ones do.
pub const PRECISION: Quantity =
    Quantity::new("samples/precision", "share").better(Direction::Higher);
/// The share of real samples that lie where generated ones do.
pub const RECALL: Quantity = Quantity::new("samples/recall", "share").better(Direction::Higher);
/// As precision, counted for every real neighborhood.
pub const DENSITY: Quantity = Quantity::new("samples/density", "1").better(Direction::Higher);
/// The share of real neighborhoods that hold a sample.
pub const COVERAGE: Quantity = Quantity::new("samples/coverage", "share").better(Direction::Higher);

/// The neighbors of samples among each other.
pub(super) fn of_samples(compared: &Compared<'_>) -> Result<Neighborhoods, EvalError> {
    Ok(Neighborhoods::new(NEIGHBORS, compared.rows.points()?)?)
}

/// Of as many real samples as there are others; authenticity as well where those are all, for it comes from the
/// same pairs then.
pub(super) fn measure(
    compared: &Compared<'_>,
    samples: &Neighborhoods,
    card: Card,
) -> Result<(Vec<Measurement>, Option<Estimate>), EvalError> {
    let (n, reference) = (samples.points().len(), compared.reference);
    let of_real = reference.real().len();
    let real = reference.neighborhoods(n)?;
    if n == of_real && card == Card::Full && !reference.is_halved() {
        let scores = real.scores(samples, Comparison::LessOrEqual)?;
        return Ok((measured(&scores.prdc), Some(scores.authenticity)));
    }
    let scores = if n > of_real {
        let first = Neighborhoods::new(NEIGHBORS, compared.rows.first(of_real)?)?;
        real.prdc(&first, Comparison::LessOrEqual)?
    } else {
        real.prdc(samples, Comparison::LessOrEqual)?
    };
    Ok((measured(&scores), None))
}

fn measured(found: &Prdc) -> Vec<Measurement> {
    let errors = &found.errors;
    vec![
        PRECISION.measured(found.precision).standard_error(Some(errors.precision)),
        RECALL.measured(found.recall).standard_error(Some(errors.recall)),
        DENSITY.measured(found.density).standard_error(Some(errors.density)),
        COVERAGE.measured(found.coverage).standard_error(Some(errors.coverage)),
    ]
}
