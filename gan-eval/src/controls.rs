//! What is no generator at all: its numbers tell how far down a number can go.

use burn::tensor::{Tensor, TensorData};
use gan_core::seed::Seed;
use rand::RngExt;

/// Samples that anyone can make without having learned anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// Values drawn uniformly from `[−1, 1]`.
    Noise,
    /// One real sample, over and over.
    OneRepeated,
    /// Real samples, the values of each in a random order of its own.
    ShuffledValues,
}

impl Control {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Noise, Self::OneRepeated, Self::ShuffledValues];

    /// The name, for the head of a column.
    pub fn name(self) -> &'static str {
        match self {
            Self::Noise => "noise",
            Self::OneRepeated => "one repeated",
            Self::ShuffledValues => "shuffled values",
        }
    }

    /// As many such samples as there are real ones, `[n, ..]`; the same ones at every call.
    pub fn samples<const D: usize>(self, real: &Tensor<D>) -> Tensor<D> {
        self.samples_of_part(real, 0)
    }

    /// The same of one part of many samples, which need not be in memory all at once; each part, from 0 on, has
    /// noise of its own. [`Control::OneRepeated`] repeats the first sample of this part.
    pub fn samples_of_part<const D: usize>(self, real: &Tensor<D>, part: u64) -> Tensor<D> {
        let (shape, device) = (real.dims(), real.device());
        let stream = Seed(0).stream("evaluation/controls");
        let values: Vec<f32> = real.clone().into_data().iter::<f32>().collect();
        let of_each = values.len() / shape[0].max(1);
        let made = match self {
            Self::Noise => noise(values.len(), &mut stream.draw(2 * part)),
            Self::OneRepeated => values[..of_each].repeat(shape[0]),
            Self::ShuffledValues => shuffled(values, of_each, &mut stream.draw(2 * part + 1)),
        };
        Tensor::from_data(TensorData::new(made, shape), &device)
    }
}

fn noise(n: usize, rng: &mut impl RngExt) -> Vec<f32> {
    (0..n).map(|_| rng.random_range(-1.0..1.0)).collect()
}

fn shuffled(mut values: Vec<f32>, of_each: usize, rng: &mut impl RngExt) -> Vec<f32> {
    for sample in values.chunks_exact_mut(of_each) {
        for i in (1..sample.len()).rev() {
            sample.swap(i, rng.random_range(0..=i));
        }
    }
    values
}
