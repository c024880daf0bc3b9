//! Reads one mini-batch of digits and prints its first ones as text: `cargo run --example digits`.
#![allow(clippy::print_stdout, reason = "an example shows its result")]

use burn::tensor::Device;
use gan_batch::{BatchSource, Seed};
use gan_data::{Batches, DataError, Mnist, MnistSize, MnistSplit, SampleSet};

fn main() -> Result<(), DataError> {
    let digits = Mnist::shipped(MnistSplit::Test, MnistSize::Original28)?;
    println!("SHA-256 of images and labels: {}", digits.fingerprint());

    let mut batches =
        Batches::<_, 4>::new(digits, 3, Seed(7), &Device::default())?.with_labels()?;
    let batch = batches.next_batch()?;
    println!("a batch of shape {:?}", batch.samples.dims());
    if let Some(labels) = batch.labels {
        println!("labeled {:?}", labels.into_data().iter::<i64>().collect::<Vec<_>>());
    }

    let values: Vec<f32> = batch.samples.into_data().iter().collect();
    for row in values.chunks_exact(28) {
        // Levels from −1 to 1 become shades from blank to full.
        let shade = |&level: &f32| [" ", "░", "▒", "▓", "█"][((level + 1.0) * 2.0) as usize];
        println!("{}", row.iter().map(shade).collect::<String>());
    }
    Ok(())
}
