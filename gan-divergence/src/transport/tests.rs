use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::*;
use crate::pmf::Pmf;
use crate::points::Points;
use crate::random::{standard_normal, uniform};

#[track_caller]
fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-12 * expected.abs().max(1.0), "{found} {expected}");
}

fn numbers(n: usize, seed: u64) -> Vec<f64> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    (0..n).map(|_| standard_normal(&mut rng)).collect()
}

fn masses(n: usize, seed: u64) -> Pmf {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    Pmf::normalized((0..n).map(|_| uniform(&mut rng) + 0.01).collect()).unwrap()
}

const A: [f64; 6] = [0.0, 0.0, 1.0, 0.0, 0.0, 1.0];
const B: [f64; 6] = [1.0, 1.0, 2.0, 1.0, 1.0, 3.0];

fn triangles() -> (Points<'static>, Points<'static>) {
    (Points::new(&A, 2).unwrap(), Points::new(&B, 2).unwrap())
}

/// The least total over all permutations, by trying them.
fn brute_force(costs: &[f64], n: usize) -> f64 {
    fn visit(costs: &[f64], n: usize, row: usize, used: &mut Vec<bool>) -> f64 {
        if row == n {
            return 0.0;
        }
        let mut best = f64::INFINITY;
        for j in 0..n {
            if !used[j] {
                used[j] = true;
                best = best.min(costs[row * n + j] + visit(costs, n, row + 1, used));
                used[j] = false;
            }
        }
        best
    }
    visit(costs, n, 0, &mut vec![false; n])
}

#[test]
fn the_line_has_its_golden_values() {
    let uniform = |v: &[f64]| Atoms::uniform(v).unwrap();
    let (p, q) = (uniform(&[0.0, 1.0, 3.0]), uniform(&[5.0, 6.0, 8.0]));
    close(wasserstein_1d(1.0, &p, &q).unwrap(), 5.0);
    close(wasserstein_1d_power(2.0, &p, &q).unwrap(), 25.0);
    close(wasserstein_1d(3.0, &p, &q).unwrap(), 5.0);
    let p = Atoms::weighted(&[0.0, 1.0], &[3.0, 1.0]).unwrap();
    close(
        wasserstein_1d(1.0, &p, &Atoms::weighted(&[0.0, 1.0], &[2.0, 2.0]).unwrap()).unwrap(),
        0.25,
    );
    let p = Atoms::weighted(&[3.4, 3.9, 7.5, 7.8], &[1.4, 0.9, 3.1, 7.2]).unwrap();
    let q = Atoms::weighted(&[4.5, 1.4], &[3.2, 3.5]).unwrap();
    close(wasserstein_1d(1.0, &p, &q).unwrap(), 4.078_133_143_804_785);
    close(energy_distance_1d(&uniform(&[0.0]), &uniform(&[2.0])), 2.0);
    let p = Atoms::weighted(&[0.7, 7.4, 2.4, 6.8], &[2.1, 4.2, 7.4, 8.0]).unwrap();
    let q = Atoms::weighted(&[1.4, 8.0], &[7.6, 8.8]).unwrap();
    close(energy_distance_1d(&p, &q), 0.880_033_409_761_582_2);
    assert!(wasserstein_1d(0.5, &p, &q).is_err());
}

#[test]
fn unequal_sizes_agree_with_repeating_every_point() {
    let (x, y) = (numbers(6, 1), numbers(4, 2));
    let repeat = |v: &[f64], k: usize| -> Vec<f64> {
        v.iter().flat_map(|&a| std::iter::repeat_n(a, k)).collect()
    };
    let (p, q) = (Atoms::uniform(&x).unwrap(), Atoms::uniform(&y).unwrap());
    let (long_p, long_q) =
        (Atoms::uniform(&repeat(&x, 2)).unwrap(), Atoms::uniform(&repeat(&y, 3)).unwrap());
    let weighted = Atoms::weighted(&x, &[2.0; 6]).unwrap();
    for order in [1.0, 1.5, 2.0] {
        let expected = wasserstein_1d(order, &long_p, &long_q).unwrap();
        close(wasserstein_1d(order, &p, &q).unwrap(), expected);
        close(wasserstein_1d(order, &weighted, &q).unwrap(), expected);
    }
    close(energy_distance_1d(&p, &q), energy_distance_1d(&long_p, &long_q));
}

#[test]
fn assignment_is_the_best_of_all_permutations() {
    for n in 1..=7 {
        for seed in 0..40 {
            let mut costs = numbers(n * n, seed * 10 + n as u64);
            if seed % 2 == 0 {
                // Ties, which make prices stand still.
                costs.iter_mut().for_each(|c| *c = (*c * 2.0).round());
            }
            let found = assign(&costs, n).unwrap();
            let mut seen = found.columns.clone();
            seen.sort_unstable();
            assert_eq!(seen, (0..n).collect::<Vec<_>>());
            close(found.total, brute_force(&costs, n));
        }
    }
    assert!(assign(&[], 0).is_err() && assign(&[1.0, 2.0], 2).is_err());
    assert!(assign(&[f64::NAN], 1).is_err());
}

#[test]
fn assignment_and_simplex_agree_on_larger_problems() {
    for (n, dim, seed) in [(60, 2, 1), (100, 1, 2), (120, 5, 3)] {
        let (x, y) = (numbers(n * dim, seed), numbers(n * dim, seed + 50));
        let (x, y) = (Points::new(&x, dim).unwrap(), Points::new(&y, dim).unwrap());
        let even = Pmf::uniform(n).unwrap();
        for order in [1.0, 2.0] {
            let matched = wasserstein_matched(order, x, y).unwrap();
            let weighted = wasserstein_weighted(order, x, &even, y, &even).unwrap();
            close(matched.value, weighted.value);
            assert!(weighted.warnings.is_empty());
        }
    }
}

#[test]
fn the_simplex_agrees_with_the_line_for_any_weights() {
    for (n, m, seed) in [(1, 5, 1), (7, 3, 2), (40, 65, 3)] {
        let (x, y) = (numbers(n, seed), numbers(m, seed + 9));
        let (p, q) = (masses(n, seed + 20), masses(m, seed + 30));
        let (atoms_p, atoms_q) =
            (Atoms::weighted(&x, p.masses()).unwrap(), Atoms::weighted(&y, q.masses()).unwrap());
        let (x, y) = (Points::new(&x, 1).unwrap(), Points::new(&y, 1).unwrap());
        for order in [1.0, 2.0, 3.0] {
            let found = wasserstein_weighted(order, x, &p, y, &q).unwrap().value;
            close(found, wasserstein_1d(order, &atoms_p, &atoms_q).unwrap());
        }
    }
}

#[test]
fn a_plan_has_the_masses_as_its_sums() {
    let (p, q) = (masses(13, 1), Pmf::new(vec![0.5, 0.0, 0.25, 0.25]).unwrap());
    let plan = transport_plan(&numbers(13 * 4, 3), &p, &q).unwrap();
    assert!(plan.converged && plan.flows.len() < 13 + 4);
    let row = |i: usize| plan.flows.iter().filter(|f| f.0 == i).map(|f| f.2).sum::<f64>();
    let column = |j: usize| plan.flows.iter().filter(|f| f.1 == j).map(|f| f.2).sum::<f64>();
    (0..13).for_each(|i| close(row(i), p.masses()[i]));
    (0..4).for_each(|j| close(column(j), q.masses()[j]));
}

#[test]
fn the_triangles_have_their_golden_distances() {
    let (a, b) = triangles();
    close(wasserstein_matched(1.0, a, b).unwrap().value, 1.688_165_034_081_993_4);
    close(wasserstein_matched(2.0, a, b).unwrap().value, 3f64.sqrt());
    assert!(wasserstein_matched(1.0, a, a.first(2)).is_err());
    // The weighted example in the documentation of SciPy's `wasserstein_distance_nd`.
    let x = [0.0, 2.75, 2.0, 209.3, 0.0, 0.0];
    let y = [0.2, 0.322, 4.5, 25.1808];
    let (x, y) = (Points::new(&x, 2).unwrap(), Points::new(&y, 2).unwrap());
    let p = Pmf::normalized(vec![0.4, 5.2, 0.114]).unwrap();
    let q = Pmf::normalized(vec![0.8, 1.5]).unwrap();
    close(wasserstein_weighted(1.0, x, &p, y, &q).unwrap().value, 174.158_402_452_171_69);
}

/// Expected values from Newton's method on the dual in 60 digits. At small `epsilon` the triangles
/// have two equally good matchings, and Sinkhorn's convergence is slow.
#[test]
fn sinkhorn_has_its_golden_values() {
    let (a, b) = triangles();
    let golden = [
        (1.0, 3.379_286_472_136_353_5, 3.048_877_622_478_928, 1e-12),
        (0.5, 3.105_804_012_927_219, 2.980_636_037_048_099, 1e-10),
        (0.1, 3.000_030_267_994_1, 2.999_984_869_438_369_8, 1e-6),
    ];
    for (epsilon, sharp, debiased, tolerance) in golden {
        let options = Sinkhorn { epsilon, tolerance: 1e-13, max_iterations: 20_000 };
        let found = sinkhorn_sharp(2.0, a, b, options).unwrap();
        assert!((found.value - sharp).abs() < tolerance, "{found:?}");
        assert_eq!(found.warnings.is_empty(), epsilon > 0.1);
        let found = sinkhorn_debiased_sharp(2.0, a, b, options).unwrap();
        assert!((found.value - debiased).abs() < tolerance, "{found:?}");
    }
}

#[test]
fn the_regularized_value_is_the_primal_one() {
    let (n, m) = (7, 5);
    let costs: Vec<f64> = numbers(n * m, 4).iter().map(|c| c * c).collect();
    let (p, q) = (masses(n, 5), masses(m, 6));
    let options = Sinkhorn { epsilon: 0.3, tolerance: 1e-14, ..Sinkhorn::default() };
    let s = sinkhorn(&costs, &p, &q, options).unwrap();
    let mut divergence = 0.0;
    for i in 0..n {
        for j in 0..m {
            let log = (s.row_potentials[i] + s.column_potentials[j] - costs[i * m + j]) / 0.3;
            divergence += p.masses()[i] * q.masses()[j] * log.exp() * log;
        }
    }
    close(s.regularized, s.sharp + 0.3 * divergence);
    assert!(s.converged && s.sharp >= transport_plan(&costs, &p, &q).unwrap().total - 1e-12);
}

#[test]
fn tiny_epsilons_and_empty_outcomes_yield_numbers() {
    let costs = [0.0, 1.0, 4.0, 1.0, 0.0, 1.0, 4.0, 1.0, 0.0];
    let p = Pmf::new(vec![0.5, 0.5, 0.0]).unwrap();
    let q = Pmf::new(vec![0.0, 0.5, 0.5]).unwrap();
    let options = Sinkhorn { epsilon: 1e-3, ..Sinkhorn::default() };
    let solution = sinkhorn(&costs, &p, &q, options).unwrap();
    assert!((solution.sharp - 1.0).abs() < 1e-6, "{solution:?}");
    let hurried = Sinkhorn { max_iterations: 1, epsilon: 0.5, ..options };
    let (a, b) = triangles();
    assert_eq!(sinkhorn_sharp(2.0, a, b, hurried).unwrap().warnings.len(), 1);
    assert!(sinkhorn(&costs, &p, &q, Sinkhorn { epsilon: 0.0, ..options }).is_err());
}

#[test]
fn slices_never_exceed_the_distance_and_depend_on_the_seed_only() {
    let (x, y) = (numbers(80, 1), numbers(80, 2));
    let (x, y) = (Points::new(&x, 4).unwrap(), Points::new(&y, 4).unwrap());
    let options = Slicing { directions: 50, seed: 3 };
    for order in [1.0, 2.0] {
        let exact = wasserstein_matched(order, x, y).unwrap().value;
        let mean = sliced_wasserstein(order, x, y, options).unwrap();
        let max = max_sliced_wasserstein(order, x, y, options).unwrap();
        assert!(mean.value <= max.value && max.value <= exact);
        assert_eq!(mean, sliced_wasserstein(order, x, y, options).unwrap());
        let other = Slicing { seed: 4, ..options };
        assert_ne!(mean.value, sliced_wasserstein(order, x, y, other).unwrap().value);
    }
    assert!(sliced_wasserstein(1.0, x, y, Slicing { directions: 0, seed: 0 }).is_err());
}

#[test]
fn on_a_line_a_slice_is_the_distance() {
    let (x, y) = (numbers(30, 1), numbers(20, 2));
    let exact = wasserstein_1d(2.0, &Atoms::uniform(&x).unwrap(), &Atoms::uniform(&y).unwrap());
    let (x, y) = (Points::new(&x, 1).unwrap(), Points::new(&y, 1).unwrap());
    let sliced = sliced_wasserstein(2.0, x, y, Slicing { directions: 3, seed: 0 }).unwrap();
    close(sliced.value, exact.unwrap());
}

#[test]
fn a_sliced_reference_gives_the_bits_of_the_functions() {
    for (n, m, dim) in [(60, 60, 2), (60, 45, 3), (1500, 1200, 9)] {
        let (x, y) = (numbers(n * dim, 1), numbers(m * dim, 2));
        let (x, y) = (Points::new(&x, dim).unwrap(), Points::new(&y, dim).unwrap());
        let options = Slicing { directions: 7, seed: 3 };
        let reference = SlicedReference::new(x, options).unwrap();
        for order in [1.0, 2.0, 3.0] {
            let mean = reference.sliced_wasserstein(order, y).unwrap();
            assert_eq!(mean, sliced_wasserstein(order, x, y, options).unwrap());
            let max = reference.max_sliced_wasserstein(order, y).unwrap();
            assert_eq!(max, max_sliced_wasserstein(order, x, y, options).unwrap());
        }
        assert!(reference.sliced_wasserstein(0.5, y).is_err());
        assert!(reference.sliced_wasserstein(1.0, Points::new(&[0.0; 5], 5).unwrap()).is_err());
    }
}
