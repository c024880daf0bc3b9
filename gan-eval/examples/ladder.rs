//! How far six corruptions of digits move the Fréchet distance, and what the number of samples does to it:
//! `cargo run --release --example ladder -- [DIGITS] [FILE.png]`
#![allow(clippy::print_stdout, reason = "an example shows what came out")]

use burn::tensor::{Device, Tensor, TensorData};
use gan_data::{Mnist, MnistSize, MnistSplit, SampleSet};
use gan_eval::{Card, Corruption, EvalError, Observed, Pass, Reference, digits};
use gan_plot::{Pixels, Tile, montage, single};

fn real(split: MnistSplit, first: usize, n: usize) -> Result<Tensor<4>, gan_data::DataError> {
    let indices: Vec<usize> = (first..first + n).collect();
    let values = Mnist::shipped(split, MnistSize::Original28)?.values(&indices);
    Ok(Tensor::from_data(TensorData::new(values, [n, 1, 28, 28]), &Device::default()))
}

/// The first of some digits, enlarged.
fn first(digits: &Tensor<4>) -> Result<Pixels, Box<dyn std::error::Error>> {
    let one: Vec<f32> = digits.clone().narrow(0, 0, 1).into_data().iter().collect();
    Ok(Pixels::from_png(&single(&one, [1, 28, 28], 4))?)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut words = std::env::args().skip(1);
    let n: usize = words.next().map_or(Ok(200), |n| n.parse())?;
    let classifier = digits::classifier(&Device::default());
    let look = |samples: Tensor<4>| -> Result<Observed, EvalError> {
        let mut pass = Pass::new(&classifier);
        pass.add(samples, None)?;
        Ok(pass.finish())
    };
    let test = real(MnistSplit::Test, n, n)?;
    let held_out = look(real(MnistSplit::Test, 0, n)?)?;
    let reference = Reference::new(look(real(MnistSplit::Train, 0, 2 * n)?)?, held_out)?;
    let frechet = |samples: Tensor<4>| -> Result<f64, EvalError> {
        Ok(reference.measure(&look(samples)?, Card::Brief)?[0].value)
    };
    let mut tiles = Vec::new();
    println!("| Corruption | 0 | 0.2 | 0.4 | 0.6 | 0.8 | 1 |\n|---|---|---|---|---|---|---|");
    for corruption in Corruption::ALL {
        print!("| {} |", corruption.name());
        for strength in [0.0, 0.2, 0.4, 0.6, 0.8, 1.0] {
            let spoiled = corruption.apply(test.clone(), strength);
            let picture = first(&spoiled)?;
            let distance = frechet(spoiled)?;
            print!(" {distance:.4} |");
            let label = format!("{} {strength}\n{distance:.1}", corruption.name());
            tiles.push(Tile { label, picture });
        }
        println!();
    }
    println!("\n| Samples | Fréchet distance of real digits |\n|---|---|");
    for part in [n / 8, n / 4, n / 2, n].into_iter().filter(|&part| part > 1) {
        println!("| {part} | {:.4} |", frechet(test.clone().narrow(0, 0, part))?);
    }
    if let Some(file) = words.next() {
        std::fs::write(file, montage("Fréchet distance, step by step", &tiles, 6, 112))?;
    }
    Ok(())
}
