//! A small case by hand, digits, and sizes that do not fit.

use burn::tensor::{Device, Tensor, TensorData};
use gan_core::seed::Seed;
use gan_data::{Mnist, MnistSize, MnistSplit, SampleSet};
use rand::Rng;

use super::leading::leading;
use super::rotations::diagonalize;
use super::*;

fn tensor<const D: usize>(values: Vec<f32>, shape: [usize; D]) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values, shape), &Device::default())
}

/// Test digits from the `first` on.
fn digits(first: usize, n: usize) -> Tensor<4> {
    let set = Mnist::shipped(MnistSplit::Test, MnistSize::Original28).unwrap();
    let indices: Vec<usize> = (first..first + n).collect();
    tensor(set.values(&indices), [n, 1, 28, 28])
}

/// Numbers in `[−1, 1)`.
fn noise(n: usize, seed: u64) -> Vec<f32> {
    let mut rng = Seed(seed).stream("test").draw(0);
    (0..n).map(|_| (rng.next_u32() >> 8) as f32 / (1 << 23) as f32 - 1.0).collect()
}

/// The variance of each feature.
fn variances(features: Tensor<2>) -> Vec<f64> {
    let [n, dim] = features.dims();
    let values: Vec<f64> = features.into_data().iter::<f64>().collect();
    let column = |k: usize| values.iter().skip(k).step_by(dim);
    let of = |k: usize| {
        let mean = column(k).sum::<f64>() / n as f64;
        column(k).map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1) as f64
    };
    (0..dim).map(of).collect()
}

#[test]
fn four_points_on_a_cross_have_its_axes() {
    let points = [3.0, 3.0, -3.0, -3.0, 1.0, -1.0, -1.0, 1.0].map(|x: f32| x + 5.0);
    let pca = PcaPixels::fit(tensor(points.to_vec(), [4, 2]), 2).unwrap();
    let half = 0.5_f32.sqrt();
    let found: Vec<f32> = pca.components().flatten().copied().collect();
    for (found, expected) in found.iter().zip([half, half, half, -half]) {
        assert!((found - expected).abs() < 1e-6, "{found} instead of {expected}");
    }
    for (found, expected) in pca.variances().iter().zip([12.0, 4.0 / 3.0]) {
        assert!((found - expected).abs() < 1e-12, "{found} instead of {expected}");
    }
    assert!((pca.explained() - 1.0).abs() < 1e-12);
}

#[test]
fn rotations_take_a_matrix_apart_into_what_makes_it_again() {
    let n = 12;
    let draws: Vec<f64> = noise(n * n, 1).into_iter().map(f64::from).collect();
    let entry = |i: usize, j: usize| draws[i * n + j] + draws[j * n + i];
    let matrix: Vec<f64> = (0..n * n).map(|at| entry(at / n, at % n)).collect();
    let eigen = diagonalize(&mut matrix.clone(), n);
    assert!(eigen.values.is_sorted_by(|a, b| a >= b));
    for (at, expected) in matrix.iter().enumerate() {
        let (i, j) = (at / n, at % n);
        let vectors = eigen.vectors.chunks_exact(n);
        let again: f64 = eigen.values.iter().zip(vectors).map(|(l, v)| l * v[i] * v[j]).sum();
        assert!((again - expected).abs() < 1e-13, "{i} {j}");
    }
}

/// All eigenvalues by rotations are the reference for the largest few by iteration.
#[test]
fn iteration_finds_what_rotations_find() {
    let n = 60;
    let draws: Vec<f64> = noise(n * n, 2).into_iter().map(f64::from).collect();
    let row = |i: usize| draws[i * n..][..n].iter().enumerate();
    // A covariance whose eigenvalues fall off.
    let entry = |i: usize, j: usize| -> f64 {
        row(i).zip(row(j)).map(|((k, a), (_, b))| a * b * 0.9_f64.powi(k as i32)).sum()
    };
    let matrix: Vec<f64> = (0..n * n).map(|at| entry(at / n, at % n)).collect();
    let (found, all) = (leading(&matrix, n, 6), diagonalize(&mut matrix.clone(), n));
    for (k, (found, expected)) in found.values.iter().zip(&all.values).enumerate() {
        assert!((found / expected - 1.0).abs() < 1e-9, "{k}: {found} instead of {expected}");
    }
    for (found, expected) in found.vectors.chunks_exact(n).zip(all.vectors.chunks_exact(n)) {
        let product: f64 = found.iter().zip(expected).map(|(a, b)| a * b).sum();
        assert!((product.abs() - 1.0).abs() < 1e-9, "{product}");
    }
    assert!((found.trace - all.values.iter().sum::<f64>()).abs() < 1e-9 * found.trace);
}

#[test]
fn components_of_digits_are_orthonormal_and_hold_the_variance_that_they_state() {
    for n in [300, 1_500] {
        let real = digits(0, n);
        let pca = PcaPixels::fit(real.clone(), 64).unwrap();
        for (i, a) in pca.components().enumerate() {
            for (j, b) in pca.components().enumerate() {
                let product: f32 = a.iter().zip(b).map(|(a, b)| a * b).sum();
                assert!((product - f32::from(u8::from(i == j))).abs() < 1e-5, "{i} {j}: {product}");
            }
        }
        let features = pca.features(real.clone());
        assert_eq!(features.dims(), [n, 64]);
        for (found, stated) in variances(features).iter().zip(pca.variances()) {
            assert!((found / stated - 1.0).abs() < 1e-4, "{found} instead of {stated}");
        }
        let total: f64 = variances(real.reshape([n, 784])).iter().sum();
        let share = pca.variances().iter().sum::<f64>() / total;
        assert!((pca.explained() - share).abs() < 1e-6);
        // 64 of 784 pixels' directions have most of what varies in digits.
        assert!((0.8..0.95).contains(&share), "{share}");
    }
}

#[test]
fn both_sides_find_the_same_components() {
    // 40 values: of 41 samples the covariance is smaller, of 39 the products.
    let wide = |i: usize| 1.0 + 20.0 * 0.8_f32.powi((i % 40) as i32);
    let values: Vec<f32> = noise(41 * 40, 3).iter().enumerate().map(|(i, x)| x * wide(i)).collect();
    let by_values = PcaPixels::fit(tensor(values[..40 * 40].to_vec(), [40, 40]), 3).unwrap();
    // The same samples with one value more that never varies.
    let longer: Vec<f32> = values[..40 * 40]
        .chunks_exact(40)
        .flat_map(|sample| sample.iter().copied().chain([7.0]))
        .collect();
    let by_samples = PcaPixels::fit(tensor(longer, [40, 41]), 3).unwrap();
    for (a, b) in by_values.components().zip(by_samples.components()) {
        assert!(b[40].abs() < 1e-6);
        assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-5));
    }
    for (a, b) in by_values.variances().iter().zip(by_samples.variances()) {
        assert!((a / b - 1.0).abs() < 1e-9, "{a} {b}");
    }
}

#[test]
fn the_id_names_the_components_and_a_fit_is_always_the_same() {
    let id = |pca: &PcaPixels| FeatureExtractor::<4>::id(pca);
    let fit = |first, k| PcaPixels::fit(digits(first, 200), k).unwrap();
    let pca = fit(0, 8);
    assert_eq!(id(&pca), id(&fit(0, 8)));
    assert_ne!(id(&pca), id(&fit(200, 8)));
    assert_ne!(id(&pca)[13..], id(&fit(0, 9))[13..]);
    assert!(id(&pca).starts_with("pca-pixels-8-") && id(&pca).len() == 25, "{}", id(&pca));
    assert_eq!(id(&pca), PINNED, "the fit of the first 200 digits is pinned");
}

#[test]
fn equal_variances_and_dependent_samples_have_an_end() {
    let pca = PcaPixels::fit(tensor(noise(500 * 100, 4), [500, 100]), 10).unwrap();
    assert!(pca.explained() > 0.1 && pca.explained() < 0.3, "{}", pca.explained());
    let pairs: Vec<f32> = noise(10 * 100, 5).repeat(8);
    let pca = PcaPixels::fit(tensor(pairs, [80, 100]), 9).unwrap();
    assert!((pca.explained() - 1.0).abs() < 1e-9);
}

#[test]
fn too_few_samples_or_directions_are_refused_with_both_numbers() {
    let error = |samples, k| PcaPixels::fit(samples, k).unwrap_err().to_string();
    let said = error(digits(0, 64), 64);
    assert!(said.starts_with("64 components of 64 samples of 784 values were asked for"), "{said}");
    assert!(error(digits(0, 5), 0).starts_with("0 components of 5 samples"));
    assert!(error(tensor(vec![0.0; 40], [20, 1, 1, 2]), 3).contains("20 samples of 2 values"));
    let repeated = digits(0, 4).repeat_dim(0, 20);
    let expected = "10 components were asked for, but the samples vary along 3 only";
    assert_eq!(error(repeated, 10), expected);
    assert!(error(digits(0, 1).repeat_dim(0, 9), 1).ends_with("along 0 only"));
    let infinite = tensor(vec![f32::INFINITY; 40], [20, 1, 1, 2]);
    assert!(matches!(PcaPixels::fit(infinite, 1), Err(EvalError::Divergence(_))));
}

#[test]
fn samples_of_another_size_are_refused_with_both_sizes() {
    let pca = PcaPixels::fit(digits(0, 50), 4).unwrap();
    let error = pca.project(tensor(vec![0.0; 1024], [1, 1, 32, 32])).unwrap_err().to_string();
    assert!(error.contains("pca-pixels-4-") && error.contains("784") && error.contains("1024"));
    assert!(matches!(
        pca.project(tensor(vec![0.0; 3], [1, 3])),
        Err(EvalError::SampleValues { expected: 784, found: 3, .. })
    ));
}

const PINNED: &str = "pca-pixels-8-680fae2e449c";
