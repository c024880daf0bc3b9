//! Precision, recall, density and coverage: fidelity and variety apart.

use gan_core::measurement::{Direction, Measurement, Quantity};
use gan_divergence::neighbors::{Comparison, precision_recall_density_coverage};

use super::Compared;
use crate::EvalError;

/// Neighbors that set the radius of a ball, as the `prdc` package's authors recommend.
const NEIGHBORS: usize = 5;

/// The share of samples that lie where real ones do.
pub const PRECISION: Quantity =
    Quantity::new("samples/precision", "share").better(Direction::Higher);
/// The share of real samples that lie where generated ones do.
pub const RECALL: Quantity = Quantity::new("samples/recall", "share").better(Direction::Higher);
/// As precision, counted for every real neighborhood.
pub const DENSITY: Quantity = Quantity::new("samples/density", "1").better(Direction::Higher);
/// The share of real neighborhoods that hold a sample.
pub const COVERAGE: Quantity = Quantity::new("samples/coverage", "share").better(Direction::Higher);

/// Of as many real samples as there are others.
pub(super) fn measure(compared: &Compared<'_>) -> Result<Vec<Measurement>, EvalError> {
    let n = compared.samples.len().min(compared.reference.real().len());
    let (real, fake) = (compared.reference.real_rows.first(n)?, compared.rows.first(n)?);
    let found = precision_recall_density_coverage(real, fake, NEIGHBORS, Comparison::LessOrEqual)?;
    let errors = &found.errors;
    Ok(vec![
        PRECISION.measured(found.precision).standard_error(Some(errors.precision)),
        RECALL.measured(found.recall).standard_error(Some(errors.recall)),
        DENSITY.measured(found.density).standard_error(Some(errors.density)),
        COVERAGE.measured(found.coverage).standard_error(Some(errors.coverage)),
    ])
}
