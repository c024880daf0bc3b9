//! How different samples are from each other.

use gan_core::measurement::{Direction, Measurement, Quantity};
use gan_divergence::neighbors::near_duplicates;

use super::Compared;
use crate::EvalError;

/// How far samples of different latents are apart.
pub const SPREAD: Quantity = Quantity::new("samples/spread", "of a value");
/// The share of samples that have another one right beside them.
pub const DUPLICATES: Quantity =
    Quantity::new("samples/duplicates", "share").better(Direction::Lower);
/// How many different samples there are.
#[doc(alias = "birthday paradox test")]
pub const SUPPORT: Quantity = Quantity::new("samples/support", "samples").better(Direction::Higher);

pub(super) fn measure(compared: &Compared<'_>) -> Result<Vec<Measurement>, EvalError> {
    let (spread, error) = compared.samples.spread;
    let duplicates =
        near_duplicates(compared.rows.points()?, compared.reference.duplicate_radius()?)?;
    Ok(vec![
        SPREAD.measured(spread).standard_error(Some(error)),
        DUPLICATES.measured(duplicates.share).standard_error(Some(duplicates.share_error)),
    ])
}

pub(super) fn measure_support(compared: &Compared<'_>) -> Result<Measurement, EvalError> {
    let duplicates =
        near_duplicates(compared.rows.points()?, compared.reference.duplicate_radius()?)?;
    let error = duplicates.support_error;
    Ok(SUPPORT.measured(duplicates.support).standard_error(error))
}
