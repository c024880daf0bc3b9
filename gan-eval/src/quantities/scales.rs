//! At which scale images differ.

use gan_core::measurement::{Direction, Measurement, Quantity};

use super::Compared;
use crate::EvalError;
use crate::pyramid::{ChosenImages, PyramidDistance, pyramid_distance};

/// Images of each set that patches are cut from, at most.
pub const PYRAMID_IMAGES: usize = 1_000;
/// Fewer patches and directions than the paper's, which take minutes.
const OPTIONS: PyramidDistance =
    PyramidDistance { patches: 64, directions: 128, seed: gan_core::seed::Seed(0) };

/// The mean over the levels of a Laplacian pyramid.
#[doc(alias = "SWD")]
pub const PYRAMID: Quantity = lower("samples/pyramid");
/// The finest level: details, noise, blur.
pub const PYRAMID_FINEST: Quantity = lower("samples/pyramid_finest");
/// The coarsest level: shapes.
pub const PYRAMID_COARSEST: Quantity = lower("samples/pyramid_coarsest");

const fn lower(name: &'static str) -> Quantity {
    Quantity::new(name, "thousandths of a deviation").better(Direction::Lower)
}

/// Nothing unless images of both sets were kept.
pub(super) fn measure(compared: &Compared<'_>) -> Result<Vec<Measurement>, EvalError> {
    match (&compared.reference.real().images, &compared.samples.images) {
        (Some(real), Some(fake)) => distances(real, fake),
        _ => Ok(Vec::new()),
    }
}

fn distances(real: &ChosenImages, fake: &ChosenImages) -> Result<Vec<Measurement>, EvalError> {
    let n = real.len().min(fake.len());
    let found = pyramid_distance(real.first(n)?, fake.first(n)?, OPTIONS)?;
    let level = |quantity: Quantity, level: Option<&crate::pyramid::LevelDistance>| {
        level.map(|level| quantity.measured(level.value).standard_error(Some(level.standard_error)))
    };
    let mean = PYRAMID.measured(found.mean).standard_error(Some(found.standard_error));
    let finest = level(PYRAMID_FINEST, found.levels.first());
    let coarsest = level(PYRAMID_COARSEST, found.levels.last());
    Ok([Some(mean), finest, coarsest].into_iter().flatten().collect())
}
