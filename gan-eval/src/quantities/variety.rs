//! How different samples are from each other.

use gan_core::measurement::{Direction, Measurement, Quantity};
use gan_divergence::neighbors::Neighborhoods;

use super::{Card, Compared};
use crate::EvalError;

/// How far samples of different latents are apart.
pub const SPREAD: Quantity = Quantity::new("samples/spread", "of a value");
/// The share of samples that have another one right beside them.
pub const DUPLICATES: Quantity =
    Quantity::new("samples/duplicates", "share").better(Direction::Lower);
/// How many different samples there are.
#[doc(alias = "birthday paradox test")]
pub const SUPPORT: Quantity = Quantity::new("samples/support", "samples").better(Direction::Higher);

/// The support belongs to the full card, but comes from the same pairs.
pub(super) fn measure(
    compared: &Compared<'_>,
    samples: &Neighborhoods,
    card: Card,
) -> Result<Vec<Measurement>, EvalError> {
    let (spread, error) = compared.samples.spread;
    let radius = compared.reference.duplicate_radius()?;
    let found = samples.near_duplicates(radius)?;
    let mut measured = vec![
        SPREAD.measured(spread).standard_error(Some(error)),
        DUPLICATES.measured(found.share).standard_error(Some(found.share_error)),
    ];
    if card == Card::Full {
        measured.push(SUPPORT.measured(found.support).standard_error(found.support_error));
    }
    Ok(measured)
}
