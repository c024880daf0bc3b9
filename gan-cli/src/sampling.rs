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

/// Classes that are given a row each in the pictures of a run.
const MOST_ROWS: usize = 100;

/// About `count` samples for a picture, and how they stand in it: equally many of each class, a row each; of more
/// classes than a picture has room for, `count` that are equally far apart, one sample each.
pub(crate) fn pictured(count: usize, names: &ClassNames) -> (Selection, Arrangement) {
    let classes = names.len();
    if classes <= MOST_ROWS || classes <= count {
        let selection = Selection::about(count, classes);
        let arrangement = arrangement(&selection, names);
        return (selection, arrangement);
    }
    let some = (0..count).map(|i| i * classes / count).collect();
    (Selection::OfEach { classes: some, n: 1 }, Arrangement::Square(count))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_have_rows_and_of_a_thousand_some_are_shown() {
        let ten = ClassNames::of(&[], 10);
        let (selection, arrangement) = pictured(64, &ten);
        assert_eq!(selection, Selection::about(64, 10));
        assert!(matches!(arrangement, Arrangement::Groups { groups: 10, n: 6, .. }));
        let thousand = ClassNames::of(&[], 1_000);
        let (selection, arrangement) = pictured(4, &thousand);
        let classes = vec![0, 250, 500, 750];
        assert_eq!(selection, Selection::OfEach { classes, n: 1 });
        assert_eq!(arrangement, Arrangement::Square(4));
        assert_eq!(pictured(64, &ClassNames::of(&[], 0)).0, Selection::Unlabeled(64));
    }
}
