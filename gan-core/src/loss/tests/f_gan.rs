//! The f-GANs against the table that they come from.

use gan_divergence::f_divergence::{
    FDivergence, SquaredHellinger, f_divergence, variational_bound,
};

use super::relations::outcomes;
use super::*;

fn loss(divergence: FGanDivergence) -> FGan {
    FGan::new(divergence.row(), FGanGenerator::NonSaturating)
}

#[test]
fn the_row_of_the_original_game_is_the_logistic_pair() {
    let (real, fake) = ([1.5, -0.3, 200.0, -1e4], [0.2, -2.0, 1e4, -50.0]);
    let row = loss(FGanDivergence::Gan);
    let pair = NonSaturating::default();
    assert_eq!(critic(&row, &real, &fake), critic(&pair, &real, &fake));
    assert_eq!(generator(&row, &real, &fake), generator(&pair, &real, &fake));
    let saturating = FGan::new(FGanDivergence::Gan.row(), FGanGenerator::Saturating);
    let minimax = generator(&Minimax::default(), &real, &fake);
    assert_eq!(generator(&saturating, &real, &fake), minimax);
}

#[test]
fn tensors_say_what_the_table_says() {
    let (real, fake) = ([1.5_f32, -0.3, 0.0, 4.0, -3.0], [0.25_f32, -2.0, -0.01, 3.5]);
    let (real_64, fake_64) = (real.map(f64::from), fake.map(f64::from));
    for divergence in FGanDivergence::ALL {
        let bound = variational_bound(divergence.row(), &real_64, &fake_64).unwrap().value;
        let found = -critic(&loss(divergence), &real, &fake);
        let tolerance = 2e-6 * bound.abs().max(1.0);
        assert!((found - bound).abs() < tolerance, "{divergence:?}: {found} {bound}");
        let gain: f64 = fake_64.iter().map(|v| divergence.row().activation(*v)).sum::<f64>() / 4.0;
        let found = -generator(&loss(divergence), &real, &fake);
        assert!((found - gain).abs() < 2e-6 * gain.abs().max(1.0), "{divergence:?}");
    }
}

#[test]
fn an_exponential_less_1_keeps_its_digits_near_0() {
    let saturating = FGan::new(&SquaredHellinger, FGanGenerator::Saturating);
    for score in [1e-6_f32, -3e-5, 0.02, -0.49, 0.51, 2.0] {
        let (found, exact) = (generator(&saturating, &[], &[score]), -f64::from(score).exp_m1());
        assert!((found / exact - 1.0).abs() < 5e-7, "{score}: {found} {exact}");
    }
}

#[test]
fn beyond_the_bound_an_exponential_goes_on_along_its_tangent() {
    let kl = loss(FGanDivergence::Kl);
    let at = |score: f32| critic(&kl, &[0.0], &[score]);
    let slope = 29f64.exp();
    assert!((at(30.0) / slope - 1.0).abs() < 1e-5);
    assert!(((at(34.0) - at(30.0)) / (4.0 * slope) - 1.0).abs() < 1e-5);
    let by_fake = |score| f64::from(critic_gradients(&kl, &[0.0], &[score])[1][0]);
    for score in [30.5, 100.0, 1e4] {
        assert!((by_fake(score) / slope - 1.0).abs() < 1e-5, "{score}");
    }
    // Just inside, the slope is still that of the exponential.
    assert!((by_fake(29.5) / 28.5f64.exp() - 1.0).abs() < 1e-5);
}

/// On each tangent the density ratio at which a score is best stays what it was at the bound: the
/// continued loss is a bound too, of `f` on those ratios.
#[test]
fn beyond_the_bound_both_maps_go_on_together() {
    for divergence in FGanDivergence::ALL {
        let ratio = |score| {
            let [by_real, by_fake] = critic_gradients(&loss(divergence), &[score], &[score]);
            -f64::from(by_fake[0]) / f64::from(by_real[0])
        };
        let row = divergence.row();
        if row.activation_map().is_exponential() || row.composite_map().is_exponential() {
            for (near, far) in [(30.5, 1e4), (-30.5, -1e4)] {
                let (near, far) = (ratio(near), ratio(far));
                assert!((near / far - 1.0).abs() < 1e-5, "{divergence:?}: {near} {far}");
            }
            assert!(ratio(31.0).ln() > 14.9 && ratio(-31.0).ln() < -14.9, "{divergence:?}");
        }
    }
}

/// The score at which the activation is the best critic output for a density ratio, by bisection.
fn best_score(row: &dyn FDivergence, ratio: f64) -> f64 {
    let (mut low, mut high) = (-30.0, 60.0);
    for _ in 0..80 {
        let middle = 0.5 * (low + high);
        if row.activation(middle) < row.derivative(ratio) {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn the_best_critic_reaches_the_divergence_and_no_other_does(
        p in proptest::collection::vec(1_u8..7, 4),
        q in proptest::collection::vec(1_u8..7, 4),
        noise in proptest::collection::vec(-1.0_f32..1.0, 4),
    ) {
        let ((p, real), (q, fake)) = (outcomes(&p), outcomes(&q));
        for divergence in FGanDivergence::ALL {
            let row = divergence.row();
            let best: Vec<f32> = p
                .masses()
                .iter()
                .zip(q.masses())
                .map(|(p, q)| best_score(row, p / q) as f32)
                .collect();
            let gains = |score: &dyn Fn(usize) -> f32| {
                let of = |batch: &[usize]| batch.iter().map(|i| score(*i)).collect::<Vec<f32>>();
                -critic(&loss(divergence), &of(&real), &of(&fake))
            };
            let exact = f_divergence(row, &p, &q).unwrap();
            let tolerance = 1e-5 * exact.abs().max(1.0);
            let reached = gains(&|i| best[i]);
            prop_assert!((reached - exact).abs() < tolerance, "{divergence:?} {reached} {exact}");
            let other = gains(&|i| best[i] + noise[i]);
            prop_assert!(other <= exact + tolerance, "{divergence:?} {other} {exact}");
        }
    }
}
