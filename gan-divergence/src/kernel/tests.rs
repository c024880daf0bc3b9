use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::*;
use crate::pairwise::squared_distance;
use crate::points::Points;
use crate::random::standard_normal;

const X: [f64; 10] = [0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 1.0, 1.0, 2.0, 2.0];
const Y: [f64; 10] = [0.1, 0.0, 1.0, 0.2, 0.9, 1.1, 3.0, 3.0, 0.5, 0.5];

#[track_caller]
fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-12 * expected.abs().max(1.0), "{found} {expected}");
}

fn numbers(n: usize, seed: u64) -> Vec<f64> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    (0..n).map(|_| standard_normal(&mut rng)).collect()
}

fn pair() -> (Points<'static>, Points<'static>) {
    (Points::new(&X, 2).unwrap(), Points::new(&Y, 2).unwrap())
}

#[test]
fn mmd_has_its_golden_values_for_every_estimator() {
    let (p, q) = ([0.0, 1.0, 2.0], [1.0, 2.0, 4.0]);
    let (p, q) = (Points::new(&p, 1).unwrap(), Points::new(&q, 1).unwrap());
    let golden = [
        (MmdEstimator::Unbiased, -0.211_033_264_789_603_94),
        (MmdEstimator::PairedUnbiased, -0.217_312_953_322_007_4),
        (MmdEstimator::Biased, 0.222_147_674_971_577_06),
    ];
    for (estimator, expected) in golden {
        close(mmd_squared(estimator, &Kernel::rbf(1.0), p, q).unwrap().value, expected);
    }
}

#[test]
fn kid_and_energy_have_their_golden_values() {
    let (x, y) = pair();
    let kid = mmd_squared(MmdEstimator::Unbiased, &Kernel::kid(), x, y).unwrap();
    assert!((kid.value + 24.892_802_725).abs() < 1e-9);
    let all = KernelDistance { subsets: 3, subset_size: 5, seed: 0 };
    close(kernel_distance(&Kernel::kid(), x, y, all).unwrap().value, kid.value);
    let energy = |e| energy_distance(e, x, y).unwrap().value;
    close(energy(EnergyEstimator::Biased), 0.196_189_897_355_437_9);
    close(energy(EnergyEstimator::Unbiased), -0.496_936_409_025_728);
}

#[test]
fn blocks_agree_with_the_naive_double_loop() {
    let (n, m, dim) = (83, 601, 3);
    let (x, y) = (numbers(n * dim, 1), numbers(m * dim, 2));
    let (x, y) = (Points::new(&x, dim).unwrap(), Points::new(&y, dim).unwrap());
    let kernel = Kernel::Rbf { bandwidths: vec![0.5, 2.0] };
    let value = |a: &[f64], b: &[f64]| {
        let d = squared_distance(a, b);
        0.5 * (-d / 0.5).exp() + 0.5 * (-d / 8.0).exp()
    };
    let mean = |a: Points<'_>, b: Points<'_>| {
        let total: f64 = a.rows().map(|r| b.rows().map(|s| value(r, s)).sum::<f64>()).sum();
        total / (a.len() * b.len()) as f64
    };
    let expected = mean(x, x) + mean(y, y) - 2.0 * mean(x, y);
    close(mmd_squared(MmdEstimator::Biased, &kernel, x, y).unwrap().value, expected);
    let distance = |a: Points<'_>, b: Points<'_>| {
        let row = |r: &[f64]| b.rows().map(|s| squared_distance(r, s).sqrt()).sum::<f64>();
        a.rows().map(row).sum::<f64>() / (a.len() * b.len()) as f64
    };
    let expected = 2.0 * distance(x, y) - distance(x, x) - distance(y, y);
    close(energy_distance(EnergyEstimator::Biased, x, y).unwrap().value, expected);
}

#[test]
fn the_median_is_over_all_different_pairs() {
    let (x, y) = pair();
    let pool = [X, Y].concat();
    let rows: Vec<&[f64]> = pool.chunks_exact(2).collect();
    let mut distances = Vec::new();
    for i in 0..10 {
        for j in 0..i {
            distances.push(squared_distance(rows[i], rows[j]).sqrt());
        }
    }
    distances.sort_by(f64::total_cmp);
    assert_eq!(median_distance(x, y, 9).unwrap(), distances[22]);
    let same = Points::new(&[1.0, 1.0, 1.0], 1).unwrap();
    assert!(Kernel::median(same, same, &[1.0], 0).is_err());
}

#[test]
fn a_p_value_is_small_for_different_and_not_for_equal_distributions() {
    let (x, y) = (numbers(60, 1), numbers(60, 2));
    let shifted: Vec<f64> = y.iter().map(|y| y + 1.5).collect();
    let points = |v: &'static [f64]| Points::new(v, 2).unwrap();
    let (x, y, shifted) = (points(x.leak()), points(y.leak()), points(shifted.leak()));
    let test =
        |q| permutation_p_value(&Kernel::rbf(1.0), x, q, PermutationTest::default()).unwrap();
    assert_eq!(test(shifted).value, 1.0 / 200.0);
    assert!(test(y).value > 0.05);
    assert_eq!(test(y), test(y));
    assert_eq!(test(x).value, 1.0);
}

#[test]
fn bad_kernels_and_small_samples_are_refused() {
    let (x, y) = pair();
    let unbiased = |kernel: &Kernel| mmd_squared(MmdEstimator::Unbiased, kernel, x, y);
    assert!(unbiased(&Kernel::rbf(0.0)).is_err());
    assert!(unbiased(&Kernel::Rbf { bandwidths: vec![] }).is_err());
    assert!(unbiased(&Kernel::Polynomial { degree: 0, gamma: None, offset: 1.0 }).is_err());
    let few = mmd_squared(MmdEstimator::Unbiased, &Kernel::rbf(1.0), x.first(1), y);
    assert_eq!(few.unwrap_err().to_string(), "the first set has 1 samples, expected at least 2");
    let paired = mmd_squared(MmdEstimator::PairedUnbiased, &Kernel::rbf(1.0), x.first(3), y);
    assert!(paired.is_err());
    let large = KernelDistance { subset_size: 6, ..KernelDistance::default() };
    assert!(kernel_distance(&Kernel::kid(), x, y, large).is_err());
}
