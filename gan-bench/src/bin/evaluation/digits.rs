//! The digits, and what is worked out of them.

use std::io;
use std::path::Path;

use burn::tensor::{Device, Tensor, TensorData};
use gan_data::{Mnist, MnistSize, MnistSplit, SampleSet};
use gan_divergence::Points;
use gan_divergence::gaussian::{Extrapolation, frechet_distance, frechet_infinity};
use gan_divergence::kernel::{Kernel, KernelDistance, kernel_distance};
use gan_divergence::neighbors::{
    Comparison, DataCopying, authenticity, data_copying, near_duplicates,
    precision_recall_density_coverage,
};
use gan_eval::{Card, Classifier, Corruption, Observed, Pass, Reference};

/// Digits on either side.
const N: usize = 10_000;

/// Digits that are looked at at once.
const CHUNK: usize = 500;
/// A distance in the feature space within which few digits have another.
const RADIUS: f64 = 0.5;

/// Digits that were trained on, others that were not, and what stands for generated ones: test digits, a little
/// blurred.
pub(crate) struct Digits {
    classifier: Classifier,
    real: Tensor<4>,
    fake: Tensor<4>,
    held_out: Tensor<4>,
    /// In the order of the three.
    features: [Vec<f64>; 3],
    observed: [Observed; 3],
    reference: Reference,
}

impl Digits {
    /// The digits that come with the project.
    pub(crate) fn read() -> Self {
        let classifier = gan_eval::digits::classifier(&Device::default());
        let real = images(MnistSplit::Train, 0);
        let held_out = images(MnistSplit::Train, N);
        let fake = Corruption::Blur.apply(images(MnistSplit::Test, 0), 0.15);
        let observed = [&real, &fake, &held_out].map(|images| look(&classifier, images));
        let features = observed.each_ref().map(in_double_precision);
        let reference = reference(&observed);
        Self { classifier, real, fake, held_out, features, observed, reference }
    }

    /// The digits in single precision, one after another, and the classifier.
    pub(crate) fn write(&self, folder: &Path) -> io::Result<()> {
        for (name, images) in
            [("real", &self.real), ("fake", &self.fake), ("held-out", &self.held_out)]
        {
            let values = images.clone().into_data();
            let bytes: Vec<u8> = values.iter::<f32>().flat_map(f32::to_le_bytes).collect();
            std::fs::write(folder.join(format!("{name}.f32")), bytes)?;
        }
        std::fs::write(folder.join("classifier.bin"), gan_eval::digits::FILE)
    }

    /// Does the work of a task; the number is what came out.
    pub(crate) fn work(&self, task: &str) -> Result<f64, String> {
        let [real, fake, held_out] = self.features.each_ref().map(|rows| points(rows));
        let neighbors = |comparison| precision_recall_density_coverage(real, fake, 5, comparison);
        let found = match task {
            "card" => return Ok(card(&self.reference, &look(&self.classifier, &self.fake))),
            "card-first" => {
                let fake = look(&self.classifier, &self.fake);
                return Ok(card(&reference(&self.observed), &fake));
            }
            "features" => {
                let features = look(&self.classifier, &self.fake).features;
                return Ok(
                    features.iter().map(|&x| f64::from(x)).sum::<f64>() / features.len() as f64
                );
            }
            "numbers" => return Ok(card(&self.reference, &self.observed[1])),
            "frechet" => frechet_distance(real, fake).map(|found| found.value),
            "frechet-infinity" => {
                frechet_infinity(real, fake, Extrapolation::default()).map(|found| found.value)
            }
            "kernel-distance" => {
                let subsets = KernelDistance { subsets: 10, ..KernelDistance::default() };
                kernel_distance(&Kernel::kid(), real, fake, subsets).map(|found| found.value)
            }
            "prdc" => neighbors(Comparison::Less).map(|found| found.coverage),
            "authenticity" => authenticity(fake, real).map(|found| found.value),
            "copying" => {
                data_copying(fake, real, held_out, DataCopying::default()).map(|found| found.value)
            }
            "duplicates" => near_duplicates(fake, RADIUS).map(|found| found.share),
            _ => return Err(format!("`{task}` is no task")),
        };
        found.map_err(|error| error.to_string())
    }
}

fn images(split: MnistSplit, first: usize) -> Tensor<4> {
    let set = Mnist::shipped(split, MnistSize::Original28).expect("the digits are intact");
    let values = set.values(&(first..first + N).collect::<Vec<_>>());
    Tensor::from_data(TensorData::new(values, [N, 1, 28, 28]), &Device::default())
}

/// As `gan evaluate` looks at images.
fn look(classifier: &Classifier, images: &Tensor<4>) -> Observed {
    let mut pass = Pass::new(classifier);
    for first in (0..N).step_by(CHUNK) {
        pass.add(images.clone().narrow(0, first, CHUNK), None).expect("digits can be looked at");
    }
    pass.finish()
}

fn in_double_precision(observed: &Observed) -> Vec<f64> {
    observed.features.iter().map(|&x| f64::from(x)).collect()
}

fn reference(observed: &[Observed; 3]) -> Reference {
    let [real, _, held_out] = observed.clone();
    Reference::new(real, held_out).expect("one classifier has looked at both")
}

fn points(rows: &[f64]) -> Points<'_> {
    Points::new(rows, rows.len() / N).expect("features are numbers")
}

/// The Fréchet distance, which stands for all numbers of the full card.
fn card(reference: &Reference, fake: &Observed) -> f64 {
    let measured = reference.measure(fake, Card::Full).expect("there are enough digits");
    measured[0].value
}
