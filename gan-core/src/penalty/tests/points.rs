//! Where the gradient penalties are evaluated: drawn on the host, from the key of the turn.

use burn::tensor::{Int, Tensor, TensorData};

use super::critics::{device, numbers};
use crate::batch::Batch;
use crate::penalty::{dragan, gradient_penalty};
use crate::seed::{RngKey, Seed};

fn key(turn: u64) -> RngKey {
    RngKey::new(Seed(3), turn)
}

fn batch(from: f32, len: usize, label: i32) -> Batch<2> {
    let values: Vec<f32> = (0..3 * len).map(|n| from + (n as f32 * 1.7).sin()).collect();
    let labels = Tensor::<1, Int>::from_data(TensorData::new(vec![label; len], [len]), &device());
    Batch {
        samples: Tensor::from_data(TensorData::new(values, [len, 3]), &device()),
        labels: Some(labels),
    }
}

#[test]
fn interpolates_lie_on_the_line_from_a_fake_to_its_real_sample() {
    let (real, fake) = (batch(4.0, 50, 1), batch(-4.0, 50, 0));
    let mixed = gradient_penalty::interpolates(&real, &fake, &key(0)).unwrap();
    let (x, y) = (numbers(real.samples), numbers(fake.samples));
    let shares: Vec<f64> = numbers(mixed.samples)
        .iter()
        .zip(x.iter().zip(&y))
        .map(|(m, (x, y))| (m - y) / (x - y))
        .collect();
    for share in shares.chunks(3) {
        assert!((0.0..1.0).contains(&share[0]), "{share:?}");
        assert!((share[0] - share[1]).abs() < 1e-5 && (share[0] - share[2]).abs() < 1e-5);
    }
    let mean = shares.iter().sum::<f64>() / 150.0;
    assert!((mean - 0.5).abs() < 0.15, "{mean}");
    let labels = mixed.labels.unwrap().into_data().convert::<i64>().try_to_vec_as::<i64>().unwrap();
    assert_eq!(labels, vec![1; 50]);
}

#[test]
fn every_turn_looks_elsewhere_and_the_same_turn_at_the_same_points() {
    let (real, fake) = (batch(4.0, 5, 1), batch(-4.0, 5, 0));
    let mixed = |turn| {
        let mixed = gradient_penalty::interpolates(&real, &fake, &key(turn)).unwrap();
        numbers(mixed.samples)
    };
    assert_eq!(mixed(1), mixed(1));
    assert_ne!(mixed(1), mixed(2));
    let perturbed = |turn| numbers(dragan::perturbed(&real, &key(turn)).samples);
    assert_eq!(perturbed(1), perturbed(1));
    assert_ne!(perturbed(1), perturbed(2));
}

#[test]
fn batches_of_two_sizes_cannot_be_mixed() {
    let mixed = gradient_penalty::interpolates(&batch(0.0, 3, 0), &batch(0.0, 4, 0), &key(0));
    let complaint = mixed.unwrap_err().to_string();
    assert!(complaint.ends_with("needs as many of both, found 3 and 4"), "{complaint}");
}

#[test]
fn perturbed_samples_rise_by_less_than_half_a_deviation() {
    let real = batch(2.0, 400, 0);
    let x = numbers(real.samples.clone());
    let mean = x.iter().sum::<f64>() / 1200.0;
    let deviation = (x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 1200.0).sqrt();
    let moved = numbers(dragan::perturbed(&real, &key(0)).samples);
    let rises: Vec<f64> = moved.iter().zip(&x).map(|(m, x)| (m - x) / deviation).collect();
    assert!(rises.iter().all(|rise| (-1e-5..0.5).contains(rise)), "{rises:?}");
    // E[α·u/2] = 1/8.
    let mean = rises.iter().sum::<f64>() / 1200.0;
    assert!((mean - 0.125).abs() < 0.02, "{mean}");
}
