//! Samples on the host, and how they are arranged in a picture.

use burn::tensor::Tensor;
use gan_core::sampler::Selection;
use gan_data::SampleSet;

use crate::labels::ClassNames;
use gan_plot::Arrangement;

/// Generated samples, one after the other, all of one shape.
#[derive(Default)]
pub(crate) struct Samples {
    pub(crate) values: Vec<f32>,
    /// The shape of one sample.
    pub(crate) shape: Vec<usize>,
}

impl Samples {
    pub(crate) fn of<const D: usize>(made: Tensor<D>) -> Self {
        let shape = made.dims()[1..].to_vec();
        Self { values: made.into_data().iter::<f32>().collect(), shape }
    }

    /// The first two coordinates of every sample, for a scatter plot.
    pub(crate) fn points(&self) -> Vec<[f32; 2]> {
        first_two_coordinates(&self.values, self.shape.iter().product())
    }
}

/// How the samples of `selection` stand on a sheet: those of a class together, beside its name if it
/// has one.
pub(crate) fn arrangement(selection: &Selection, names: &ClassNames) -> Arrangement {
    match selection {
        Selection::Unlabeled(n) => Arrangement::Square(*n),
        Selection::OfEach { classes, n } => {
            Arrangement::Groups { groups: classes.len(), n: *n, names: names.beside_rows(classes) }
        }
    }
}

/// The first two of every `dim` values; a second coordinate that is missing is 0.
fn first_two_coordinates(values: &[f32], dim: usize) -> Vec<[f32; 2]> {
    let point = |row: &[f32]| [row[0], row.get(1).copied().unwrap_or(0.0)];
    values.chunks_exact(dim.max(1)).map(point).collect()
}

/// The first `count` real points, if `set` is one of points.
pub(crate) fn some_points(set: &dyn SampleSet, count: usize) -> Vec<[f32; 2]> {
    match *set.shape() {
        [dim] => {
            let indices: Vec<usize> = (0..count.min(set.len())).collect();
            first_two_coordinates(&set.values(&indices), dim)
        }
        _ => Vec::new(),
    }
}
