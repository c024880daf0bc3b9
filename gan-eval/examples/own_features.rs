//! A user-defined feature extractor: `cargo run --example own_features`.
#![allow(clippy::print_stdout, reason = "an example shows what came out")]

use burn::tensor::{Device, Tensor, TensorData};
use gan_data::{Mnist, MnistSize, MnistSplit, SampleSet};
use gan_eval::{FeatureExtractor, FeatureProbe};

/// The mean of each of the 16 squares of 7×7 pixels of a digit.
struct Ink;

impl FeatureExtractor<4> for Ink {
    fn id(&self) -> String {
        "ink-1".to_owned()
    }

    fn features(&self, images: Tensor<4>) -> Tensor<2> {
        let n = images.dims()[0];
        let squares: Tensor<6> = images.reshape([n, 1, 4, 7, 4, 7]);
        squares.mean_dim(5).mean_dim(3).reshape([n, 16])
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let set = Mnist::shipped(MnistSplit::Test, MnistSize::Original28)?;
    let digits = |first: usize| {
        let indices: Vec<usize> = (first..first + 1_000).collect();
        let data = TensorData::new(set.values(&indices), [1_000, 1, 28, 28]);
        Tensor::<4>::from_data(data, &Device::default())
    };
    // As a probe of a training it is given to `Session::probe`; here it judges samples as they are.
    let probe = FeatureProbe::new(Ink, digits(0), digits(1_000))?;
    for (name, samples) in [
        ("digits", digits(2_000)),
        ("mirrored digits", digits(2_000).flip([3])),
        ("one digit, repeated", digits(2_000).narrow(0, 0, 1).repeat_dim(0, 1_000)),
    ] {
        println!("{name}");
        for each in probe.evaluate(samples)? {
            println!("  {each}, real samples {:.4}", each.of_real.unwrap_or(f64::NAN));
        }
    }
    Ok(())
}
