//! Property tests: the axioms that must hold for every input.

use std::f64::consts::LN_2;

use gan_divergence::discrete::{
    alpha_divergence, bhattacharyya_coefficient, cross_entropy, entropy, hellinger, jeffreys,
    js_distance, js_divergence, js_from_logs, kl, neyman_chi_squared, pearson_chi_squared, renyi,
    reverse_kl, total_variation, tsallis, weighted_js,
};
use gan_divergence::f_divergence::{f_divergence, f_divergence_rows};
use gan_divergence::gaussian::{
    Gaussian, Moments, frechet_distance, frechet_from_moments, gaussian_kl,
};
use gan_divergence::kernel::{EnergyEstimator, Kernel, MmdEstimator, energy_distance, mmd_squared};
use gan_divergence::neighbors::{authenticity, near_duplicates, nearest_distances};
use gan_divergence::transport::{
    Atoms, Sinkhorn, Slicing, energy_distance_1d, sinkhorn_debiased, sinkhorn_sharp,
    sliced_wasserstein, wasserstein_1d, wasserstein_matched,
};
use gan_divergence::{Estimate, LogPmf, Pmf, Points};
use proptest::prelude::{ProptestConfig, prop_assert, prop_assert_eq, prop_assume, proptest};

use crate::sets::{pmf_pair, pmf_triple, samples};

/// Rounding allowed on quantities of order one.
const EPS: f64 = 1e-12;

/// `a ≤ b` up to rounding, infinities included.
fn at_most(a: f64, b: f64) -> bool {
    a <= b + EPS * (1.0 + b.abs())
}

fn reversed(p: &Pmf) -> Pmf {
    Pmf::new(p.masses().iter().rev().copied().collect()).unwrap()
}

/// Adds neighboring outcomes up.
fn coarse(p: &Pmf) -> Pmf {
    Pmf::normalized(p.masses().chunks(2).map(|pair| pair.iter().sum()).collect()).unwrap()
}

fn value(estimate: Result<Estimate, gan_divergence::DivergenceError>) -> f64 {
    estimate.unwrap().value
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn divergences_are_in_range_and_vanish_only_for_equals((p, q) in pmf_pair()) {
        let all = [kl, reverse_kl, jeffreys, js_divergence, js_distance, total_variation, hellinger,
            pearson_chi_squared, neyman_chi_squared];
        for divergence in all {
            let found = divergence(&p, &q).unwrap();
            prop_assert!(found >= 0.0, "{found}");
            prop_assert_eq!(divergence(&p, &p).unwrap(), 0.0);
        }
        if total_variation(&p, &q).unwrap() > 1e-6 {
            prop_assert!(kl(&p, &q).unwrap() > 0.0 && js_divergence(&p, &q).unwrap() > 0.0);
        }
        prop_assert!(js_divergence(&p, &q).unwrap() <= LN_2);
        prop_assert!(total_variation(&p, &q).unwrap() <= 1.0 && hellinger(&p, &q).unwrap() <= 1.0);
        prop_assert!(at_most(entropy(&p), (p.len() as f64).ln()));
    }

    #[test]
    fn symmetric_ones_are_symmetric_and_order_does_not_matter((p, q) in pmf_pair()) {
        for divergence in [jeffreys, js_divergence, total_variation, hellinger] {
            let (there, back) = (divergence(&p, &q).unwrap(), divergence(&q, &p).unwrap());
            prop_assert!(there == back || (there - back).abs() <= EPS * (1.0 + back), "{there} {back}");
        }
        for divergence in [kl, js_divergence, pearson_chi_squared, total_variation, hellinger] {
            let (a, b) = (divergence(&p, &q).unwrap(), divergence(&reversed(&p), &reversed(&q)).unwrap());
            prop_assert!(a == b || (a - b).abs() <= EPS * (1.0 + b.abs()), "{a} {b}");
        }
    }

    #[test]
    fn the_classical_inequalities_hold((p, q) in pmf_pair()) {
        let (tv, h) = (total_variation(&p, &q).unwrap(), hellinger(&p, &q).unwrap());
        let (divergence, js) = (kl(&p, &q).unwrap(), js_divergence(&p, &q).unwrap());
        // Pinsker, with room for the rounding of a divergence of order TV².
        prop_assert!(tv <= (0.5 * (divergence + 4.0 * EPS)).sqrt(), "{tv} {divergence}");
        prop_assert!(at_most(h * h, tv) && at_most(tv, 2f64.sqrt() * h));
        prop_assert!(at_most(js, LN_2 * tv) && at_most(js, 0.25 * jeffreys(&p, &q).unwrap()));
        prop_assert!(at_most(divergence, pearson_chi_squared(&p, &q).unwrap().ln_1p()));
        prop_assert!((bhattacharyya_coefficient(&p, &q).unwrap() - (1.0 - h * h)).abs() < 1e-9);
        prop_assert!(at_most(divergence, cross_entropy(&p, &q).unwrap()));
    }

    #[test]
    fn metrics_obey_the_triangle_inequality((p, q, r) in pmf_triple()) {
        for metric in [js_distance, total_variation, hellinger] {
            let (direct, detour) = (
                metric(&p, &r).unwrap(),
                metric(&p, &q).unwrap() + metric(&q, &r).unwrap(),
            );
            prop_assert!(direct <= detour + 1e-7, "{direct} {detour}");
        }
        let mean = weighted_js(&[p.clone(), q.clone(), r], &Pmf::uniform(3).unwrap()).unwrap();
        prop_assert!(mean >= 0.0 && at_most(mean, 3f64.ln()));
    }

    #[test]
    fn coarse_graining_never_raises_an_f_divergence((p, q) in pmf_pair()) {
        for row in f_divergence_rows() {
            let (fine, rough) = (
                f_divergence(row, &p, &q).unwrap(),
                f_divergence(row, &coarse(&p), &coarse(&q)).unwrap(),
            );
            // Dividing by the total again moves a mass by one rounding, and the rows by its slope.
            prop_assert!(rough <= fine + 1e-9 * (1.0 + fine.abs()), "{}: {rough} {fine}", row.name());
        }
    }

    #[test]
    fn dedicated_functions_agree_with_their_rows((p, q) in pmf_pair()) {
        let exact = [kl, reverse_kl, pearson_chi_squared, neyman_chi_squared];
        for (row, direct) in f_divergence_rows().into_iter().zip(exact) {
            let (a, b) = (f_divergence(row, &p, &q).unwrap(), direct(&p, &q).unwrap());
            prop_assert!(a == b || (a - b).abs() <= 1e-11 * (1.0 + b), "{}: {a} {b}", row.name());
        }
        let logs = js_from_logs(&LogPmf::from(&p), &LogPmf::from(&q)).unwrap();
        prop_assert!((logs - js_divergence(&p, &q).unwrap()).abs() < 1e-11);
    }

    #[test]
    fn renyi_rises_with_its_order((p, q) in pmf_pair()) {
        let orders = [0.0, 0.3, 0.5, 0.999_95, 1.0, 1.000_05, 1.5, 2.0, 5.0, f64::INFINITY];
        let values = orders.map(|order| renyi(order, &p, &q).unwrap());
        for pair in values.windows(2) {
            prop_assert!(pair[0] <= pair[1] + 1e-9 * (1.0 + pair[1].abs()), "{values:?}");
        }
        for order in [0.5, 1.5, 2.0] {
            let t = tsallis(order, &p, &q).unwrap();
            let expected = ((order - 1.0) * renyi(order, &p, &q).unwrap()).exp_m1() / (order - 1.0);
            prop_assert!(t == expected || (t - expected).abs() <= 1e-9 * (1.0 + expected), "{t} {expected}");
            let mirrored = alpha_divergence(1.0 - order, &q, &p).unwrap();
            let direct = alpha_divergence(order, &p, &q).unwrap();
            prop_assert!(direct == mirrored || (direct - mirrored).abs() <= 1e-9 * (1.0 + mirrored));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn transport_distances_are_ordered((dim, x, y) in samples(), seed in 0u64..1000) {
        let (p, q) = (Points::new(&x, dim).unwrap(), Points::new(&y, dim).unwrap());
        let (w1, w2) = (value(wasserstein_matched(1.0, p, q)), value(wasserstein_matched(2.0, p, q)));
        prop_assert!(at_most(w1, w2));
        prop_assert!((w1 - value(wasserstein_matched(1.0, q, p))).abs() < EPS * (1.0 + w1));
        prop_assert_eq!(value(wasserstein_matched(1.0, p, p)), 0.0);
        let slicing = Slicing { directions: 8, seed };
        prop_assert!(at_most(value(sliced_wasserstein(1.0, p, q, slicing)), w1));
        prop_assert!(at_most(value(sliced_wasserstein(2.0, p, q, slicing)), w2));
        let options = Sinkhorn { epsilon: 0.5, ..Sinkhorn::default() };
        // A plan that did not converge is no plan between the two samples, and bounds nothing.
        let converged = |estimate: &Estimate| estimate.warnings.is_empty();
        let sharp = sinkhorn_sharp(2.0, p, q, options).unwrap();
        prop_assert!(!converged(&sharp) || sharp.value >= w2 * w2 - 1e-6);
        let debiased = sinkhorn_debiased(2.0, p, q, options).unwrap();
        prop_assert!(!converged(&debiased) || debiased.value >= -1e-6);
    }

    #[test]
    fn shifting_the_line_moves_the_distance_by_the_shift((_, x, _) in samples(), shift in -5.0..5.0f64) {
        let moved: Vec<f64> = x.iter().map(|v| v + shift).collect();
        let (p, q) = (Atoms::uniform(&x).unwrap(), Atoms::uniform(&moved).unwrap());
        for order in [1.0, 2.0, 3.5] {
            let found = wasserstein_1d(order, &p, &q).unwrap();
            prop_assert!((found - shift.abs()).abs() < 1e-9, "{found} {shift}");
        }
        // The energy distance never exceeds √(2·W₁).
        let bound = (2.0 * wasserstein_1d(1.0, &p, &q).unwrap()).sqrt();
        prop_assert!(at_most(energy_distance_1d(&p, &q), bound));
    }

    #[test]
    fn frechet_ignores_shifts_and_rotations((dim, x, y) in samples(), angle in 0.0..6.3f64) {
        prop_assume!(dim == 2);
        let moved = |v: &[f64]| -> Vec<f64> {
            let (s, c) = angle.sin_cos();
            v.chunks(2).flat_map(|a| [c * a[0] - s * a[1] + 3.0, s * a[0] + c * a[1] - 1.0]).collect()
        };
        let (a, b) = (moved(&x), moved(&y));
        let fd = |x: &[f64], y: &[f64]| {
            value(frechet_distance(Points::new(x, 2).unwrap(), Points::new(y, 2).unwrap()))
        };
        let (plain, turned) = (fd(&x, &y), fd(&a, &b));
        prop_assert!((plain - turned).abs() < 1e-6, "{plain} {turned}");
        prop_assert!((plain - fd(&y, &x)).abs() < 1e-6 && fd(&x, &x) < 1e-9);
    }

    #[test]
    fn frechet_of_commuting_covariances_is_a_sum(
        a in proptest::array::uniform4(0.0..5.0f64),
        b in proptest::array::uniform4(0.0..5.0f64),
    ) {
        let diagonal = |v: &[f64; 4]| {
            let mut covariance = vec![0.0; 16];
            (0..4).for_each(|i| covariance[5 * i] = v[i]);
            Moments::new(v.to_vec(), covariance).unwrap()
        };
        let expected: f64 =
            a.iter().zip(&b).map(|(a, b)| (a.sqrt() - b.sqrt()).powi(2) + (a - b).powi(2)).sum();
        let found = frechet_from_moments(&diagonal(&a), &diagonal(&b)).unwrap();
        prop_assert!((found - expected).abs() < 1e-6 * (1.0 + expected), "{found} {expected}");
    }

    #[test]
    fn gaussian_kl_is_positive_and_bounds_the_shift(
        m in -3.0..3.0f64, s in 0.1..3.0f64, t in 0.1..3.0f64,
    ) {
        let gaussian = |m: f64, s: f64| Gaussian::isotropic(vec![m, -m], s).unwrap();
        let (p, q) = (gaussian(m, s), gaussian(0.0, t));
        let found = gaussian_kl(&p, &q).unwrap();
        let expected = 2.0 * ((t / s).ln() + (s * s + m * m) / (2.0 * t * t) - 0.5);
        prop_assert!((found - expected).abs() < 1e-10 * (1.0 + expected));
        prop_assert_eq!(gaussian_kl(&p, &p).unwrap(), 0.0);
    }

    #[test]
    fn biased_statistics_are_not_negative((dim, x, y) in samples()) {
        let (p, q) = (Points::new(&x, dim).unwrap(), Points::new(&y, dim).unwrap());
        for kernel in [Kernel::rbf(1.0), Kernel::Rbf { bandwidths: vec![0.3, 3.0] }, Kernel::kid()] {
            let found = value(mmd_squared(MmdEstimator::Biased, &kernel, p, q));
            prop_assert!(found >= -1e-9, "{found}");
            prop_assert!(value(mmd_squared(MmdEstimator::Biased, &kernel, p, p)).abs() < 1e-9);
        }
        prop_assert!(value(energy_distance(EnergyEstimator::Biased, p, q)) >= -EPS);
    }

    #[test]
    fn copies_are_counted_in_any_order_and_have_no_authenticity((dim, x, y) in samples(), radius in 0.0..3.0f64) {
        let (train, fake) = (Points::new(&x, dim).unwrap(), Points::new(&y, dim).unwrap());
        let backwards = |set: Points<'_>| -> Vec<f64> {
            (0..set.len()).rev().flat_map(|i| set.row(i).to_vec()).collect()
        };
        let (a, b) = (backwards(train), backwards(fake));
        let (a, b) = (Points::new(&a, dim).unwrap(), Points::new(&b, dim).unwrap());
        let share = authenticity(fake, train).unwrap();
        prop_assert!((0.0..=1.0).contains(&share.value));
        prop_assert_eq!(&share, &authenticity(b, a).unwrap());
        prop_assert_eq!(value(authenticity(a, train)), 0.0);
        prop_assert!(nearest_distances(a, train).unwrap().iter().all(|&d| d == 0.0));
        let found = near_duplicates(fake, radius).unwrap();
        prop_assert_eq!(&found, &near_duplicates(b, radius).unwrap());
        prop_assert!(found.support >= 1.0 && found.share <= 1.0);
        prop_assert_eq!(found.pairs > 0, found.share > 0.0);
        prop_assert!(found.pairs <= near_duplicates(fake, 2.0 * radius).unwrap().pairs);
    }
}
