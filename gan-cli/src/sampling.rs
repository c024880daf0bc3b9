//! Samples from a generator, on the host.

use burn::tensor::Device;
use gan_core::{Generator, LatentPrior, Latents, Stream};
use gan_data::SampleSet;

/// Samples are made so many at a time: enough to fill a machine, little enough to fit in it.
const CHUNK: usize = 256;

/// Generated samples, one after the other, all of one shape.
pub(crate) struct Samples {
    pub(crate) values: Vec<f32>,
    /// The shape of one sample.
    pub(crate) shape: Vec<usize>,
}

impl Samples {
    pub(crate) fn len(&self) -> usize {
        self.values.len() / self.shape.iter().product::<usize>().max(1)
    }

    /// The first two coordinates of every sample, for a scatter plot.
    pub(crate) fn points(&self) -> Vec<[f32; 2]> {
        first_two_coordinates(&self.values, self.shape.iter().product())
    }
}

/// The first two of every `dim` values; a second coordinate that is missing is 0.
fn first_two_coordinates(values: &[f32], dim: usize) -> Vec<[f32; 2]> {
    let point = |row: &[f32]| [row[0], row.get(1).copied().unwrap_or(0.0)];
    values.chunks_exact(dim.max(1)).map(point).collect()
}

/// Latents that can be drawn again at any time: where, from what, and which.
#[derive(Clone)]
pub(crate) struct LatentDraws {
    pub(crate) prior: LatentPrior,
    pub(crate) stream: Stream,
    pub(crate) device: Device,
}

impl LatentDraws {
    /// `count` samples of `generator`; sample `i` is the same whatever `count` is.
    ///
    /// The generator must be the copy for inference: off the autodiff side, with its running
    /// statistics.
    pub(crate) fn generate<const D: usize>(
        &self,
        generator: &impl Generator<D>,
        count: usize,
    ) -> Samples {
        let mut rng = self.stream.draw(0);
        let (mut values, mut shape) = (Vec::new(), Vec::new());
        for first in (0..count).step_by(CHUNK) {
            let batch = CHUNK.min(count - first);
            let size = [batch, generator.latent_dim()];
            let noise = self.prior.draw(size, &mut rng, &self.device);
            let made = generator.forward(Latents::unlabeled(noise));
            shape = made.dims()[1..].to_vec();
            values.extend(made.into_data().iter::<f32>());
        }
        Samples { values, shape }
    }
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
