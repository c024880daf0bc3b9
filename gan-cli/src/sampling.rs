//! Samples from a generator, on the host.

use std::convert::Infallible;

use burn::tensor::{Device, Int, Tensor, TensorData};
use gan_core::{Generator, LatentPrior, Latents, Stream, TruncatedNormal};
use gan_data::SampleSet;

use crate::labels::ClassNames;
use crate::picture::Arrangement;

/// Samples are made so many at a time: enough to fill a machine, little enough to fit in it.
const CHUNK: usize = 256;

/// Generated samples, one after the other, all of one shape.
#[derive(Default)]
pub(crate) struct Samples {
    pub(crate) values: Vec<f32>,
    /// The shape of one sample.
    pub(crate) shape: Vec<usize>,
    /// How many belong together in rows of a sheet, if any do.
    pub(crate) row: Option<usize>,
}

impl Samples {
    pub(crate) fn len(&self) -> usize {
        self.values.len() / self.shape.iter().product::<usize>().max(1)
    }

    /// The first two coordinates of every sample, for a scatter plot.
    pub(crate) fn points(&self) -> Vec<[f32; 2]> {
        first_two_coordinates(&self.values, self.shape.iter().product())
    }

    /// How the samples stand on a sheet, groups of them beside their names if there are any.
    pub(crate) fn arrangement(&self, names: Vec<String>) -> Arrangement {
        match self.row {
            Some(n) => Arrangement::Groups { groups: self.len() / n.max(1), n, names },
            None => Arrangement::Square(self.len()),
        }
    }

    fn add<const D: usize>(&mut self, made: Tensor<D>) {
        self.shape = made.dims()[1..].to_vec();
        self.values.extend(made.into_data().iter::<f32>());
    }
}

/// The first two of every `dim` values; a second coordinate that is missing is 0.
fn first_two_coordinates(values: &[f32], dim: usize) -> Vec<[f32; 2]> {
    let point = |row: &[f32]| [row[0], row.get(1).copied().unwrap_or(0.0)];
    values.chunks_exact(dim.max(1)).map(point).collect()
}

/// What the noise of samples is drawn from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Noise {
    /// What the generator was trained on.
    Prior(LatentPrior),
    /// The middle of the normal prior.
    Truncated(TruncatedNormal),
}

/// How many samples are asked of a generator, and of which classes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Selection {
    /// So many, of a generator that takes no labels.
    Unlabeled(usize),
    /// So many of each of these classes, class by class.
    OfEach { classes: Vec<usize>, n: usize },
}

impl Selection {
    /// About `count` samples of a generator with so many `classes`: equally many of each.
    pub(crate) fn about(count: usize, classes: usize) -> Self {
        match classes {
            0 => Self::Unlabeled(count),
            _ => Self::OfEach { classes: (0..classes).collect(), n: (count / classes).max(1) },
        }
    }

    /// How many samples these are.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Unlabeled(n) => *n,
            Self::OfEach { classes, n } => classes.len().saturating_mul(*n),
        }
    }

    /// How many stand side by side, if they belong together in rows.
    fn row(&self) -> Option<usize> {
        match self {
            Self::Unlabeled(_) => None,
            Self::OfEach { n, .. } => Some(*n),
        }
    }

    /// How the samples stand on a sheet: those of a class together, beside its name if it has one.
    pub(crate) fn arrangement(&self, names: &ClassNames) -> Arrangement {
        match self {
            Self::Unlabeled(n) => Arrangement::Square(*n),
            Self::OfEach { classes, n } => Arrangement::Groups {
                groups: classes.len(),
                n: *n,
                names: names.beside_rows(classes),
            },
        }
    }
}

/// Latents that can be drawn again at any time: where, from what, and which.
#[derive(Clone)]
pub(crate) struct LatentDraws {
    pub(crate) noise: Noise,
    pub(crate) stream: Stream,
    pub(crate) device: Device,
}

impl LatentDraws {
    /// Samples of `generator`; sample `i` of a class is the same however many are asked for, and
    /// of which other classes.
    ///
    /// The generator must be the copy for inference: off the autodiff side, with its running
    /// statistics.
    pub(crate) fn generate<const D: usize>(
        &self,
        generator: &impl Generator<D>,
        selection: &Selection,
    ) -> Samples {
        let mut samples = Samples { row: selection.row(), ..Samples::default() };
        let Ok(()) = self.each_chunk(generator, selection, |made, _| {
            samples.add(made);
            Ok::<(), Infallible>(())
        });
        samples
    }

    /// Hand on what [`generate`](Self::generate) would make in parts that fit in memory, in their
    /// order, each with the class that it is of.
    pub(crate) fn each_chunk<const D: usize, E>(
        &self,
        generator: &impl Generator<D>,
        selection: &Selection,
        mut take: impl FnMut(Tensor<D>, Option<usize>) -> Result<(), E>,
    ) -> Result<(), E> {
        match selection {
            Selection::Unlabeled(n) => self.each_chunk_of(generator, *n, None, &mut take),
            Selection::OfEach { classes, n } => classes
                .iter()
                .try_for_each(|class| self.each_chunk_of(generator, *n, Some(*class), &mut take)),
        }
    }

    /// The `n` samples of one class, or without a label.
    fn each_chunk_of<const D: usize, E>(
        &self,
        generator: &impl Generator<D>,
        n: usize,
        class: Option<usize>,
        take: &mut impl FnMut(Tensor<D>, Option<usize>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut rng = self.stream.draw(class.unwrap_or(0) as u64);
        for first in (0..n).step_by(CHUNK) {
            let batch = CHUNK.min(n - first);
            let size = [batch, generator.latent_dim()];
            let noise = match self.noise {
                Noise::Prior(prior) => prior.draw(size, &mut rng, &self.device),
                Noise::Truncated(truncated) => truncated.draw(size, &mut rng, &self.device),
            };
            take(generator.forward(latents(noise, class)), class)?;
        }
        Ok(())
    }
}

/// What `generator` makes of the given `points` of its latent space, under one label if it takes
/// labels.
pub(crate) fn at_points<const D: usize>(
    generator: &impl Generator<D>,
    points: &[Vec<f32>],
    class: Option<usize>,
    device: &Device,
) -> Samples {
    let mut samples = Samples::default();
    for points in points.chunks(CHUNK) {
        let size = [points.len(), generator.latent_dim()];
        let noise = Tensor::from_data(TensorData::new(points.concat(), size), device);
        samples.add(generator.forward(latents(noise, class)));
    }
    samples
}

/// Noise under one label, if there is one.
fn latents(noise: Tensor<2>, class: Option<usize>) -> Latents {
    let [batch, _] = noise.dims();
    let of = |class| Tensor::<1, Int>::full([batch], class as i64, &noise.device());
    let labels = class.map(of);
    Latents { noise, labels }
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
    use burn::module::Module;
    use gan_core::Seed;

    use super::*;

    /// Makes `[noise, label]` of a latent of one coordinate.
    #[derive(Module, Debug)]
    struct Echo {
        classes: usize,
    }

    impl Generator<2> for Echo {
        fn latent_dim(&self) -> usize {
            1
        }

        fn classes(&self) -> usize {
            self.classes
        }

        fn forward(&self, latents: Latents) -> Tensor<2> {
            let label = match latents.labels {
                Some(labels) => labels.float().unsqueeze_dim(1),
                None => latents.noise.ones_like() * -1.0,
            };
            Tensor::cat(vec![latents.noise, label], 1)
        }
    }

    fn draw(noise: Noise, selection: &Selection) -> Samples {
        let device = crate::device::open(None).unwrap().device;
        let draws = LatentDraws { noise, stream: Seed(1).stream("sample"), device };
        draws.generate(&Echo { classes: 10 }, selection)
    }

    fn of_each(classes: &[usize], n: usize) -> Samples {
        let selection = Selection::OfEach { classes: classes.to_vec(), n };
        draw(Noise::Prior(LatentPrior::Normal), &selection)
    }

    #[test]
    fn each_class_has_a_row_of_its_own() {
        let samples = of_each(&[7, 0, 2], 4);
        assert_eq!((samples.len(), samples.row), (12, Some(4)));
        let labels: Vec<f32> = samples.values.chunks_exact(2).map(|sample| sample[1]).collect();
        assert_eq!(labels, [[7.0; 4], [0.0; 4], [2.0; 4]].concat());
    }

    #[test]
    fn a_sample_of_a_class_does_not_depend_on_what_else_is_asked_for() {
        let (all, some) = (of_each(&[0, 1, 2], 300), of_each(&[2], 5));
        assert_eq!(some.values, all.values[2 * 600..2 * 600 + 10]);
        assert_ne!(all.values[0], all.values[600], "classes have noise of their own");
    }

    #[test]
    fn a_generator_without_classes_is_given_no_labels() {
        let samples = draw(Noise::Prior(LatentPrior::Uniform), &Selection::Unlabeled(3));
        assert!(samples.values.chunks_exact(2).all(|sample| sample[1] == -1.0));
        assert_eq!((samples.len(), samples.row), (3, None));
    }

    #[test]
    fn a_picture_of_training_shows_equally_many_of_each_class() {
        assert_eq!(Selection::about(64, 0), Selection::Unlabeled(64));
        let Selection::OfEach { classes, n } = Selection::about(64, 10) else { panic!() };
        assert_eq!((classes.len(), n), (10, 6));
        let classes = vec![0, 1, 2];
        assert_eq!(Selection::about(1, 3), Selection::OfEach { classes, n: 1 });
    }

    #[test]
    fn truncated_noise_stays_within_its_threshold() {
        let noise = Noise::Truncated(TruncatedNormal::new(0.3).unwrap());
        let samples = draw(noise, &Selection::Unlabeled(500));
        assert!(samples.values.chunks_exact(2).all(|sample| sample[0].abs() <= 0.3));
    }

    #[test]
    fn given_points_are_made_under_the_given_label() {
        let device = crate::device::open(None).unwrap().device;
        let points: Vec<Vec<f32>> = (0..300_u16).map(|idx| vec![f32::from(idx)]).collect();
        let samples = at_points(&Echo { classes: 10 }, &points, Some(3), &device);
        assert_eq!((samples.len(), &samples.values[598..]), (300, &[299.0, 3.0][..]));
    }
}
