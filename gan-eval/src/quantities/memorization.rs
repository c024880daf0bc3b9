//! Whether samples are copies of what was trained on.

use gan_core::measurement::{Measurement, Quantity};
use gan_divergence::neighbors::{DataCopying, authenticity, data_copying};

use super::Compared;
use crate::EvalError;

/// The share of samples that are farther from the data than the data is from itself.
#[doc(alias = "AuthPct")]
pub const AUTHENTICITY: Quantity = Quantity::new("samples/authenticity", "share");
/// Whether samples are nearer to the data that was trained on than held-out data is.
#[doc(alias = "C_T")]
#[doc(alias = "data-copying test")]
pub const COPYING: Quantity = Quantity::new("samples/copying", "standard errors");

pub(super) fn measure(compared: &Compared<'_>) -> Result<Vec<Measurement>, EvalError> {
    let reference = compared.reference;
    let (real, fake) = (reference.real_rows.points()?, compared.rows.points()?);
    let held_out = reference.held_out_rows.points()?;
    let authentic = authenticity(fake, real)?;
    let copying = data_copying(fake, real, held_out, DataCopying::default())?;
    Ok(vec![
        AUTHENTICITY.measured(authentic.value).standard_error(authentic.standard_error),
        COPYING.measured(copying.value).standard_error(copying.standard_error),
    ])
}
