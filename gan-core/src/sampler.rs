//! Samples of a trained generator: from the prior or its middle, by class, along paths of latents.

use std::convert::Infallible;

use burn::tensor::{Device, Int, Tensor, TensorData};
use rand::Rng;

use crate::latent::{LatentPrior, Latents, TruncatedNormal};
use crate::player::Generator;
use crate::seed::Stream;

/// Samples are generated in chunks of this size: large enough to use the machine, small enough for
/// its memory.
const CHUNK: usize = 50;

/// What the latents of samples are drawn from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LatentNoise {
    /// What the generator was trained on.
    Prior(LatentPrior),
    /// The middle of the normal prior (the truncation trick).
    Truncated(TruncatedNormal),
}

impl From<LatentPrior> for LatentNoise {
    fn from(prior: LatentPrior) -> Self {
        Self::Prior(prior)
    }
}

impl From<TruncatedNormal> for LatentNoise {
    fn from(truncated: TruncatedNormal) -> Self {
        Self::Truncated(truncated)
    }
}

/// How many samples are asked of a generator, and of which classes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// `n` samples of a generator that takes no labels.
    Unlabeled(usize),
    /// `n` samples of each of these classes, class by class.
    OfEach {
        /// The classes, in their order.
        classes: Vec<usize>,
        /// Samples of each.
        n: usize,
    },
}

impl Selection {
    /// About `count` samples of a generator with this number of `classes`: equally many of each, one
    /// at least.
    pub fn about(count: usize, classes: usize) -> Self {
        match classes {
            0 => Self::Unlabeled(count),
            _ => Self::OfEach { classes: (0..classes).collect(), n: (count / classes).max(1) },
        }
    }

    /// The number of samples.
    pub fn len(&self) -> usize {
        match self {
            Self::Unlabeled(n) => *n,
            Self::OfEach { classes, n } => classes.len().saturating_mul(*n),
        }
    }

    /// Whether no sample is asked for.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many chunks they are generated in.
    pub fn chunks(&self) -> usize {
        match self {
            Self::Unlabeled(n) => n.div_ceil(CHUNK),
            Self::OfEach { classes, n } => classes.len() * n.div_ceil(CHUNK),
        }
    }
}

/// Draws samples of a generator; the same ones whenever it is asked.
///
/// # Example
/// ```
/// # use burn::module::Module;
/// # use burn::nn::{Linear, LinearConfig};
/// # use burn::tensor::{Device, Tensor};
/// # use gan_core::latent::{LatentPrior, Latents};
/// # use gan_core::player::Generator;
/// # use gan_core::sampler::{Sampler, Selection};
/// # use gan_core::seed::Seed;
/// # #[derive(Module, Debug)]
/// # struct Net { layer: Linear }
/// # impl Generator<2> for Net {
/// #     fn latent_dim(&self) -> usize { 8 }
/// #     fn forward(&self, latents: Latents) -> Tensor<2> { self.layer.forward(latents.noise) }
/// # }
/// # let device = Device::default();
/// # let generator = Net { layer: LinearConfig::new(8, 2).init(&device) };
/// let stream = Seed(1).stream("sample");
/// let sampler = Sampler::new(generator, LatentPrior::Normal, stream, &device);
/// let points = sampler.draw(&Selection::Unlabeled(1000));
/// assert_eq!(points.dims(), [1000, 2]);
/// ```
#[derive(Clone, Debug)]
pub struct Sampler<G> {
    generator: G,
    noise: LatentNoise,
    stream: Stream,
    device: Device,
}

impl<G> Sampler<G> {
    /// Samples of `generator` from latents of `stream`.
    ///
    /// The generator must be a copy for inference: off the autodiff side, with its running
    /// statistics ([`Players::for_sampling`](crate::player::Players::for_sampling)).
    pub fn new(
        generator: G,
        noise: impl Into<LatentNoise>,
        stream: Stream,
        device: &Device,
    ) -> Self {
        Self { generator, noise: noise.into(), stream, device: device.clone() }
    }

    /// The generator.
    pub fn generator(&self) -> &G {
        &self.generator
    }

    /// All samples of `selection`, `[len, ..]`. Sample `i` of a class is the same however many are
    /// drawn, and of which other classes.
    ///
    /// # Panics
    /// If the selection is empty: a tensor of no samples has no shape.
    pub fn draw<const D: usize>(&self, selection: &Selection) -> Tensor<D>
    where
        G: Generator<D>,
    {
        let mut chunks = Vec::new();
        let Ok(()) = self.each_chunk(selection, |chunk, _| {
            chunks.push(chunk);
            Ok::<(), Infallible>(())
        });
        Tensor::cat(chunks, 0)
    }

    /// Hand what [`draw`](Self::draw) would return to `take`, in chunks that fit in memory, each with
    /// its class.
    ///
    /// # Errors
    /// What `take` returns; no further chunk is generated then.
    pub fn each_chunk<const D: usize, E>(
        &self,
        selection: &Selection,
        take: impl FnMut(Tensor<D>, Option<usize>) -> Result<(), E>,
    ) -> Result<(), E>
    where
        G: Generator<D>,
    {
        self.each_chunk_if(selection, |_| true, take)
    }

    /// [`each_chunk`](Self::each_chunk), of which only those are generated whose number `is_wanted`: the
    /// share of one of several processes.
    ///
    /// # Errors
    /// What `take` returns; no further chunk is generated then.
    pub fn each_chunk_if<const D: usize, E>(
        &self,
        selection: &Selection,
        mut is_wanted: impl FnMut(usize) -> bool,
        mut take: impl FnMut(Tensor<D>, Option<usize>) -> Result<(), E>,
    ) -> Result<(), E>
    where
        G: Generator<D>,
    {
        let mut index = 0;
        let mut each_chunk_of = |n: usize, class: Option<usize>| {
            let mut rng = self.stream.draw(class.unwrap_or(0) as u64);
            for first in (0..n).step_by(CHUNK) {
                let size = [CHUNK.min(n - first), self.generator.latent_dim()];
                // Those that are not wanted take their noise from the stream as well.
                let noise = self.draw_noise(size, &mut rng);
                if is_wanted(index) {
                    take(self.generator.forward(latents(noise, class)), class)?;
                }
                index += 1;
            }
            Ok::<(), E>(())
        };
        match selection {
            Selection::Unlabeled(n) => each_chunk_of(*n, None),
            Selection::OfEach { classes, n } => {
                classes.iter().try_for_each(|class| each_chunk_of(*n, Some(*class)))
            }
        }
    }

    fn draw_noise(&self, size: [usize; 2], rng: &mut impl Rng) -> Tensor<2> {
        match self.noise {
            LatentNoise::Prior(prior) => prior.draw(size, rng, &self.device),
            LatentNoise::Truncated(truncated) => truncated.draw(size, rng, &self.device),
        }
    }

    /// The latent number `index` of the stream: a stop of a [`LatentPath`](crate::latent::LatentPath).
    pub fn latent<const D: usize>(&self, index: u64) -> Vec<f32>
    where
        G: Generator<D>,
    {
        let size = [1, self.generator.latent_dim()];
        let noise = self.draw_noise(size, &mut self.stream.draw(index));
        noise.into_data().iter::<f32>().collect()
    }

    /// The samples of given latents, `[latents, ..]`, all under one label if the generator takes any.
    ///
    /// # Panics
    /// If there is no latent, or one of another length than the generator's.
    pub fn at<const D: usize>(&self, points: &[Vec<f32>], class: Option<usize>) -> Tensor<D>
    where
        G: Generator<D>,
    {
        let chunk = |points: &[Vec<f32>]| {
            let size = [points.len(), self.generator.latent_dim()];
            let noise = Tensor::from_data(TensorData::new(points.concat(), size), &self.device);
            self.generator.forward(latents(noise, class))
        };
        Tensor::cat(points.chunks(CHUNK).map(chunk).collect(), 0)
    }
}

/// Noise under one label, if there is one.
fn latents(noise: Tensor<2>, class: Option<usize>) -> Latents {
    let [batch, _] = noise.dims();
    let of = |class| Tensor::<1, Int>::full([batch], class as i64, &noise.device());
    let labels = class.map(of);
    Latents { noise, labels }
}

#[cfg(test)]
mod tests;
