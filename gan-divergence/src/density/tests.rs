use std::f64::consts::PI;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::quadrature::GaussLegendre;
use super::*;
use crate::estimate::Warning;
use crate::gaussian::{Gaussian, gaussian_kl};
use crate::points::Points;

fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

#[test]
fn gauss_rules_are_exact_for_their_degree() {
    for n in 1..=16 {
        let rule = GaussLegendre::new(n);
        let degree = 2 * n as i32 - 1;
        let found = rule.integrate(0.0, 2.0, |x| x.powi(degree));
        let expected = 2f64.powi(degree + 1) / f64::from(degree + 1);
        assert!((found / expected - 1.0).abs() < 1e-13, "{n}: {found} {expected}");
        let panels = rule.in_panels(3).integrate(0.0, 2.0, |x| x.powi(degree));
        assert!((panels / expected - 1.0).abs() < 1e-13);
    }
}

#[test]
fn every_density_integrates_to_one() {
    let options = Quadrature::default();
    let correlated = Gaussian::new(vec![1.0, -2.0], vec![2.0, 0.9, 0.9, 1.0]).unwrap();
    let totals = [
        integrate_density(&correlated, options).unwrap(),
        integrate_density(&Mixture::ring(8, 2.0, 0.2).unwrap(), options).unwrap(),
        integrate_density(&Mixture::grid(3, 2.0, 0.1).unwrap(), options).unwrap(),
        integrate_density(&NoisyMoons::new(0.1).unwrap(), options).unwrap(),
        integrate_density(&NoisyMoons::new(1.0).unwrap(), options).unwrap(),
    ];
    for total in totals {
        assert!(total.converged && (total.value - 1.0).abs() < 1e-8, "{total:?}");
    }
}

/// The density of the moons by a fine midpoint sum along both arcs.
fn moons_by_brute_force(noise: f64, x: &[f64]) -> f64 {
    let steps = 200_000;
    let term = |k: usize| {
        let (sine, cosine) = ((k as f64 + 0.5) * PI / steps as f64).sin_cos();
        let kernel = |a: f64, b: f64| {
            let square = (x[0] - a).powi(2) + (x[1] - b).powi(2);
            (-0.5 * square / (noise * noise)).exp() / (2.0 * PI * noise * noise)
        };
        0.5 * (kernel(cosine, sine) + kernel(1.0 - cosine, 0.5 - sine))
    };
    (0..steps).map(term).sum::<f64>() / steps as f64
}

#[test]
fn the_density_of_the_moons_is_the_integral_along_the_arcs() {
    for noise in [0.05, 0.3, 2.0] {
        let moons = NoisyMoons::new(noise).unwrap();
        for x in [[0.0, 1.0], [1.0, 0.0], [0.5, 0.25], [-1.0, -0.2], [0.0, 0.0], [2.0, 0.6]] {
            let expected = moons_by_brute_force(noise, &x).ln();
            let found = moons.ln_pdf(&x);
            assert!((found - expected).abs() < 1e-8 * expected.abs().max(1.0), "{noise} {x:?}");
        }
    }
    // Both arcs look alike from the point that their symmetry exchanges.
    let moons = NoisyMoons::new(0.1).unwrap();
    assert!((moons.ln_pdf(&[0.3, 0.9]) - moons.ln_pdf(&[0.7, -0.4])).abs() < 1e-12);
}

/// Where the density of the moons is recorded: on, between and beyond the arcs and near their ends.
const MOON_POINTS: [[f64; 2]; 7] =
    [[0.0, 1.0], [1.0, 0.0], [0.5, 0.25], [-1.0, -0.2], [0.0, 0.0], [1.9, 0.502], [2.0, 0.6]];

/// The noise, and log densities by adaptive quadrature in 40 digits.
const MOONS: [(f64, [f64; 7]); 4] = [
    (
        0.01,
        [
            1.848_367_086_999_138_2,
            1.155_219_906_439_192_8,
            -969.497_744_418_460_1,
            -202.068_800_539_602_8,
            -67.867_532_621_666_06,
            -48.972_561_572_688_406,
            -51.382_929_637_052_82,
        ],
    ),
    (
        0.05,
        [
            0.239_229_565_586_213_2,
            -0.453_917_614_973_732_1,
            -37.669_790_420_214_49,
            -10.121_078_088_903_99,
            -2.602_993_892_203_015,
            -2.435_313_137_214_063_5,
            -3.544_038_608_306_444,
        ],
    ),
    (
        0.2,
        [
            -1.136_095_451_029_306_2,
            -1.717_693_436_221_204,
            -2.630_421_877_183_745_8,
            -2.983_034_999_533_902,
            -1.380_562_890_459_747_3,
            -1.915_539_880_655_887,
            -2.317_411_895_005_615_7,
        ],
    ),
    (
        1.0,
        [
            -2.494_969_932_634_216_3,
            -2.340_271_201_907_452,
            -2.273_651_138_368_644,
            -3.009_067_613_552_476_8,
            -2.377_884_203_061_467,
            -2.838_530_435_651_231_5,
            -2.958_114_685_292_824_4,
        ],
    ),
];

#[test]
fn the_density_of_the_moons_has_its_golden_values() {
    for (noise, logs) in MOONS {
        let moons = NoisyMoons::new(noise).unwrap();
        for (x, expected) in MOON_POINTS.iter().zip(logs) {
            let found = moons.ln_pdf(x);
            let tolerance = 5e-14 * expected.abs().max(1.0);
            assert!((found - expected).abs() < tolerance, "{noise} {x:?} {found} {expected}");
        }
    }
}

#[test]
fn far_points_and_extreme_noise_have_finite_densities() {
    for noise in [1e-6, 1e-3, 1.0, 1e6] {
        let moons = NoisyMoons::new(noise).unwrap();
        for x in [[0.0, 0.0], [0.0, -0.0], [1e9, 1.0], [0.0, -1e9], [-1.0, -0.0], [1e-300, 0.0]] {
            assert!(moons.ln_pdf(&x).is_finite(), "{noise} {x:?}");
        }
    }
}

#[test]
fn cells_compare_any_number_of_samples() {
    let ring = Mixture::ring(5, 2.0, 0.3).unwrap();
    let cells = DensityCells::new(&ring, 17).unwrap();
    assert_eq!(cells.masses().len(), 17 * 17 + 1);
    assert_eq!(cells.masses().masses()[17 * 17], 0.0);
    for seed in 0..3 {
        let mut sample = ring.sample_n(500, &mut rng(seed));
        sample[0] = 1e6;
        let sample = Points::new(&sample, 2).unwrap();
        let js = cells.js(sample).unwrap();
        assert_eq!(js, sample_js_to_density(sample, &ring, 17).unwrap());
        assert_eq!(js.estimate.warnings, [Warning::OutsideRange { count: 1 }]);
    }
    assert!(cells.js(Points::new(&[1.0, 2.0, 3.0], 3).unwrap()).is_err());
    assert!(DensityCells::new(&Gaussian::isotropic(vec![0.0], 1.0).unwrap(), 3).is_err());
}

#[test]
fn draws_follow_the_density() {
    // `E[−ln p(x)]` over draws is the entropy, which quadrature knows too.
    fn check(density: &(impl Density + Sync)) {
        let draws = density.sample_n(4000, &mut rng(5));
        let logs: Vec<f64> = draws.chunks_exact(2).map(|x| -density.ln_pdf(x)).collect();
        let (mean, error) = crate::sum::mean_and_error(&logs);
        let broad = Gaussian::isotropic(vec![0.0, 0.0], 3.0).unwrap();
        let kl =
            density_kl(density, &broad, Quadrature { tolerance: 1e-5, ..Quadrature::default() });
        let cross: Vec<f64> = draws.chunks_exact(2).map(|x| -broad.ln_pdf(x)).collect();
        let (cross, cross_error) = crate::sum::mean_and_error(&cross);
        let gap = (cross - mean) - kl.unwrap().value;
        assert!(gap.abs() < 5.0 * (error + cross_error), "{gap}");
    }
    check(&Gaussian::new(vec![0.5, 0.0], vec![1.0, 0.5, 0.5, 2.0]).unwrap());
    check(&Mixture::ring(5, 2.0, 0.3).unwrap());
    check(&NoisyMoons::new(0.2).unwrap());
}

#[test]
fn quadrature_agrees_with_the_closed_form() {
    let p = Gaussian::new(vec![0.0, 0.0], vec![1.0, 0.5, 0.5, 2.0]).unwrap();
    let q = Gaussian::new(vec![1.0, -1.0], vec![2.0, 0.0, 0.0, 1.0]).unwrap();
    for (p, q) in [(&p, &q), (&q, &p)] {
        let found = density_kl(p, q, Quadrature::default()).unwrap();
        assert!((found.value - gaussian_kl(p, q).unwrap()).abs() < 1e-8, "{found:?}");
    }
    let js = density_js(&p, &q, Quadrature::default()).unwrap().value;
    let back = density_js(&q, &p, Quadrature::default()).unwrap().value;
    assert!((js - back).abs() < 1e-8 && js > 0.0 && js < 2f64.ln());
    let line = Gaussian::isotropic(vec![0.0], 1.0).unwrap();
    assert!(density_kl(&line, &q, Quadrature::default()).is_err());
    assert!(density_kl(&p, &q, Quadrature { tolerance: 0.0, max_cells: 1 }).is_err());
    let hurried = Quadrature { tolerance: 1e-30, max_cells: 1 };
    assert!(!density_kl(&p, &q, hurried).unwrap().converged);
}

#[test]
fn samples_are_near_their_own_density_and_far_from_others() {
    let ring = Mixture::ring(8, 2.0, 0.2).unwrap();
    let moons = NoisyMoons::new(0.2).unwrap();
    let sample = moons.sample_n(3000, &mut rng(7));
    let sample = Points::new(&sample, 2).unwrap();
    let own = sample_kl_to_density(4, sample, &moons).unwrap();
    assert!(own.value.abs() < 0.06, "{own:?}");
    let exact = density_kl(&moons, &ring, Quadrature { tolerance: 1e-4, ..Quadrature::default() });
    let exact = exact.unwrap().value;
    let other = sample_kl_to_density(4, sample, &ring).unwrap();
    assert!((other.value / exact - 1.0).abs() < 0.05, "{other:?} {exact}");
    let own = sample_js_to_density(sample, &moons, 24).unwrap();
    assert!(own.estimate.value < 1.5 * own.noise_floor, "{own:?}");
    let exact = density_js(&moons, &ring, Quadrature { tolerance: 1e-4, ..Quadrature::default() });
    let other = sample_js_to_density(sample, &ring, 60).unwrap().estimate;
    assert!((other.value - exact.unwrap().value).abs() < 0.03, "{other:?}");
    let line = Points::new(&[1.0, 2.0], 1).unwrap();
    assert!(sample_kl_to_density(1, line, &moons).is_err());
    assert!(sample_js_to_density(sample, &moons, 0).is_err());
}

#[test]
fn mixtures_check_their_parts() {
    use crate::pmf::Pmf;
    let part = |dim: usize| Gaussian::isotropic(vec![0.0; dim], 1.0).unwrap();
    assert!(Mixture::new(Pmf::uniform(2).unwrap(), vec![part(1)]).is_err());
    assert!(Mixture::new(Pmf::uniform(2).unwrap(), vec![part(1), part(2)]).is_err());
    assert!(Mixture::ring(0, 1.0, 0.1).is_err() && Mixture::ring(3, 1.0, 0.0).is_err());
    assert!(Mixture::grid(2, 0.0, 0.1).is_err());
    let skewed = Mixture::new(
        Pmf::new(vec![0.9, 0.1]).unwrap(),
        vec![
            Gaussian::isotropic(vec![-5.0], 0.1).unwrap(),
            Gaussian::isotropic(vec![5.0], 0.1).unwrap(),
        ],
    );
    let draws = skewed.unwrap().sample_n(2000, &mut rng(1));
    let share = draws.iter().filter(|x| **x < 0.0).count() as f64 / 2000.0;
    assert!((share - 0.9).abs() < 0.035);
}
