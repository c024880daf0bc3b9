//! The quantities on real digits, in the features of the pinned classifier.
#![allow(clippy::unwrap_used, reason = "a failed test ends by saying where")]

mod generators;
#[cfg(feature = "inception")]
mod inception;
mod ladder;
mod pinned;
mod references;
mod stacked;
mod twin;

use std::sync::LazyLock;

use burn::tensor::{Device, Tensor, TensorData};
use gan_core::measurement::Measurement;
use gan_data::{Mnist, MnistSize, MnistSplit, SampleSet};
use gan_eval::{Card, Classifier, Observed, Pass, Reference, digits};

/// Samples of every generator here, and real ones beside them.
const N: usize = 1_000;

static CLASSIFIER: LazyLock<Classifier> = LazyLock::new(|| digits::classifier(&Device::default()));

/// The training digits that samples are compared with, and held-out test digits.
fn reference() -> Reference {
    let (real, real_labels) = real(MnistSplit::Train, 0, 2 * N);
    let (held_out, labels) = self::real(MnistSplit::Test, 0, N);
    let (real, held_out) = (look(real, Some(&real_labels)), look(held_out, Some(&labels)));
    Reference::new(real, held_out).unwrap()
}

/// Real digits from the `first` on, with their labels.
fn real(split: MnistSplit, first: usize, n: usize) -> (Tensor<4>, Vec<usize>) {
    let set = Mnist::shipped(split, MnistSize::Original28).unwrap();
    let indices: Vec<usize> = (first..first + n).collect();
    let data = TensorData::new(set.values(&indices), [n, 1, 28, 28]);
    let labels = indices.iter().map(|&i| set.label(i).unwrap()).collect();
    (Tensor::from_data(data, &Device::default()), labels)
}

/// Test digits that are neither in the reference nor held out: a perfect generator's.
fn perfect() -> (Tensor<4>, Vec<usize>) {
    real(MnistSplit::Test, N, N)
}

fn look(samples: Tensor<4>, labels: Option<&[usize]>) -> Observed {
    let mut pass = Pass::new(&*CLASSIFIER);
    pass.add(samples, labels).unwrap();
    pass.finish()
}

/// The numbers of samples, by name.
struct Numbers(Vec<Measurement>);

impl Numbers {
    fn of(reference: &Reference, samples: Tensor<4>, labels: Option<&[usize]>) -> Self {
        Self(reference.measure(&look(samples, labels), Card::Full).unwrap())
    }

    fn get(&self, name: &str) -> f64 {
        let name = format!("samples/{name}");
        let found = self.0.iter().find(|each| each.quantity.name == name);
        found.unwrap_or_else(|| panic!("{name} was not measured")).value
    }
}
