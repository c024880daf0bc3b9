//! A classifier of handwritten digits: `cargo run --release --example digit_classifier -- EPOCHS FILE`.
//! Without arguments it is a quick one: six epochs of 2,000 digits, judged by 1,000.
#![allow(clippy::print_stdout, reason = "an example shows what came out")]

use std::env;
use std::time::Instant;

use burn::tensor::{Device, Tensor, TensorData};
use gan_core::seed::Seed;
use gan_data::{Batches, Mnist, MnistSize, MnistSplit, SampleSet};
use gan_eval::classifier::ClassifierConfig;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    gan_core::kernels::keep_freed_memory();
    let epochs = env::args().nth(1).map(|n| n.parse()).transpose()?;
    let (n_train, n_test) = if epochs.is_some() { (60_000, 10_000) } else { (2_000, 1_000) };
    let device = Device::default();
    let sizes = [MnistSize::Original28, MnistSize::Resized32];
    let batches = |size| {
        let digits = Mnist::shipped(MnistSplit::Train, size)?.subset(n_train)?;
        Batches::<_, 4>::new(digits, 128, Seed(0), &device)?.with_labels()
    };
    let mut sources = [batches(sizes[0])?, batches(sizes[1])?];
    let began = Instant::now();
    let config = ClassifierConfig { epochs: epochs.unwrap_or(6), ..ClassifierConfig::default() };
    let classifier = config.train("mnist-1", &mut sources, &device, |step, loss| {
        println!("step {step}: loss {loss:.4}, {:.0} s", began.elapsed().as_secs_f64());
        true
    })?;
    println!("{} parameters", classifier.n_parameters());
    for size in sizes {
        let set = Mnist::shipped(MnistSplit::Test, size)?;
        let indices: Vec<usize> = (0..n_test).collect();
        let shape = [n_test, 1, size.side(), size.side()];
        let images = Tensor::from_data(TensorData::new(set.values(&indices), shape), &device);
        let labels: Vec<i64> = (0..n_test).map(|i| set.label(i).map_or(-1, |l| l as i64)).collect();
        let labels = Tensor::from_data(TensorData::new(labels, [n_test]), &device);
        println!("{} pixels: {:.2} %", size.side(), 100.0 * classifier.accuracy(images, labels)?);
    }
    if let Some(path) = env::args().nth(2) {
        std::fs::write(path, classifier.to_bytes())?;
    }
    Ok(())
}
