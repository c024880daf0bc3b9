//! Whether samples are copies of what was trained on.

use gan_core::measurement::{Measurement, Quantity};
use gan_divergence::Estimate;
use gan_divergence::neighbors::{DataCopying, data_copying};

use super::Compared;
use crate::{EvalError, Reference};

/// The share of samples that are farther from the data than the data is from itself.
#[doc(alias = "AuthPct")]
pub const AUTHENTICITY: Quantity = Quantity::new("samples/authenticity", "share");
/// Whether samples are nearer to the data that was trained on than held-out data is.
#[doc(alias = "C_T")]
#[doc(alias = "data-copying test")]
pub const COPYING: Quantity = Quantity::new("samples/copying", "standard errors");

/// Authenticity may be known already.
pub(super) fn measure(
    compared: &Compared<'_>,
    authentic: Option<Estimate>,
) -> Result<Vec<Measurement>, EvalError> {
    let (reference, fake) = (compared.reference, compared.rows.points()?);
    let authentic = match authentic {
        Some(known) => known,
        None => reference.neighborhoods(reference.real().len())?.authenticity(fake)?,
    };
    let copying = reference.copying()?.data_copying(fake)?;
    Ok(vec![
        AUTHENTICITY.measured(authentic.value).standard_error(authentic.standard_error),
        COPYING.measured(copying.value).standard_error(copying.standard_error),
    ])
}

/// One half of the held-out samples, at most `n`, beside the other.
pub(crate) fn copying_of_held_out(
    reference: &Reference,
    n: usize,
) -> Result<Measurement, EvalError> {
    let real = reference.real_rows.points()?;
    let held_out = reference.held_out().rows();
    let (one, other) = held_out.halves(n)?;
    let copying = data_copying(one, real, other, DataCopying::default())?;
    Ok(COPYING.measured(copying.value).standard_error(copying.standard_error))
}
