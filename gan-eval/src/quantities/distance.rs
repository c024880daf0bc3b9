//! Distances between the distributions of features.

use gan_core::measurement::{Direction, Measurement, Quantity};
use gan_divergence::gaussian::{Extrapolation, frechet_infinity, frechet_to_moments};
use gan_divergence::kernel::{Kernel, KernelDistance, kernel_distance};

use super::Compared;
use crate::observed::Observed;
use crate::{EvalError, Reference};

/// The most samples of a subset of the kernel distance.
const SUBSET: usize = 1_000;
/// Subsets of the kernel distance: of 2,000 samples, each is in five of them.
const SUBSETS: usize = 10;

/// The Fréchet distance of the features.
#[doc(alias = "FID")]
pub const FRECHET: Quantity =
    Quantity::new("samples/frechet", "of the features, squared").better(Direction::Lower);
/// The Fréchet distance, extrapolated to infinitely many samples.
#[doc(alias = "FID_infinity")]
pub const FRECHET_INFINITY: Quantity =
    Quantity::new("samples/frechet_infinity", "of the features, squared").better(Direction::Lower);
/// The kernel distance.
#[doc(alias = "KID")]
pub const KERNEL_DISTANCE: Quantity =
    Quantity::new("samples/kernel_distance", "of the kernel").better(Direction::Lower);

/// The Fréchet distance of the weights of the step itself, where [`FRECHET`] is that of their EMA.
pub const LIVE_FRECHET: Quantity =
    Quantity::new("live/frechet", "of the features, squared").better(Direction::Lower);

/// The Fréchet distance of samples of the step's own weights.
pub(crate) fn of_live(reference: &Reference, samples: &Observed) -> Result<Measurement, EvalError> {
    let frechet = frechet_to_moments(reference.moments()?, samples.rows().points()?)?;
    Ok(LIVE_FRECHET.measured(frechet.value).standard_error(frechet.standard_error))
}

pub(super) fn measure(compared: &Compared<'_>) -> Result<Vec<Measurement>, EvalError> {
    let (real, fake) = (compared.reference.real_rows.points()?, compared.rows.points()?);
    let frechet = frechet_to_moments(compared.reference.moments()?, fake)?;
    let subset_size = SUBSET.min(real.len()).min(fake.len());
    let subsets = KernelDistance { subset_size, subsets: SUBSETS, ..KernelDistance::default() };
    let kernel = kernel_distance(&Kernel::kid(), real, fake, subsets)?;
    Ok(vec![
        FRECHET.measured(frechet.value).standard_error(frechet.standard_error),
        KERNEL_DISTANCE.measured(kernel.value).standard_error(kernel.standard_error),
    ])
}

pub(super) fn measure_infinity(compared: &Compared<'_>) -> Result<Measurement, EvalError> {
    let (real, fake) = (compared.reference.real_rows.points()?, compared.rows.points()?);
    let infinity = frechet_infinity(real, fake, Extrapolation::default())?;
    Ok(FRECHET_INFINITY.measured(infinity.value).standard_error(infinity.standard_error))
}
