//! Values that the documentation states, and how the losses are related.

use std::f64::consts::LN_2;

use gan_divergence::Pmf;
use gan_divergence::discrete::js_divergence;

use super::*;

#[track_caller]
fn close(found: f64, expected: f64) {
    let tolerance = 2e-6 * expected.abs().max(1.0);
    assert!((found - expected).abs() <= tolerance, "found {found}, expected {expected}");
}

#[test]
fn scores_of_0_cost_what_the_table_says() {
    for (loss, of_critic, of_generator) in [
        (LossConfig::Minimax(Minimax { smoothing: 0.0 }), 2.0 * LN_2, -LN_2),
        (LossConfig::NonSaturating(NonSaturating { smoothing: 0.0 }), 2.0 * LN_2, LN_2),
        (LossConfig::LeastSquares(LeastSquares { smoothing: 0.0 }), 0.5, 0.5),
        (LossConfig::Wasserstein(Wasserstein), 0.0, 0.0),
        (LossConfig::Hinge(Hinge), 2.0, 0.0),
        (LossConfig::RelativisticPaired(RelativisticPaired), LN_2, LN_2),
        (LossConfig::RelativisticAverage(RelativisticAverage), 2.0 * LN_2, 2.0 * LN_2),
    ] {
        close(critic(&*loss.build(), &[0.0; 5], &[0.0; 5]), of_critic);
        close(generator(&*loss.build(), &[0.0; 5], &[0.0; 5]), of_generator);
    }
}

/// At `s_fake = −10` the minimax gradient is `σ(−10)`, the non-saturating one `1 − σ(−10)`.
#[test]
fn only_minimax_starves_a_generator_whose_fakes_are_recognized() {
    let saturated = generator_gradients(&Minimax::default(), &[0.0], &[-10.0])[0];
    let alive = generator_gradients(&NonSaturating::default(), &[0.0], &[-10.0])[0];
    assert!((saturated + 4.539_787e-5).abs() < 1e-9, "{saturated}");
    assert!((alive + 0.999_954_6).abs() < 1e-6, "{alive}");
}

#[test]
fn a_smoothed_target_is_a_cross_entropy_that_is_least_at_the_target() {
    let (loss, target) = (NonSaturating { smoothing: 0.1 }, 0.9_f64);
    let softplus = |x: f64| x.exp().ln_1p();
    for score in [-2.0_f32, 0.0, 1.5] {
        let s = f64::from(score);
        let cross_entropy = target * softplus(-s) + (1.0 - target) * softplus(s);
        close(critic(&loss, &[score], &[0.0]), cross_entropy + LN_2);
    }
    let best = (target / (1.0 - target)).ln() as f32;
    let [by_real, by_fake] = critic_gradients(&loss, &[best], &[0.0]);
    assert!(by_real[0].abs() < 1e-6, "{by_real:?}");
    // One-sided: the fakes' target and the generator's objective are as they were.
    assert_eq!(by_fake, critic_gradients(&NonSaturating::default(), &[best], &[0.0])[1]);
    close(generator(&loss, &[0.0], &[0.7]), generator(&NonSaturating::default(), &[0.0], &[0.7]));
}

#[test]
fn minimax_and_non_saturating_have_the_same_critic() {
    let (real, fake) = ([1.5, -0.3], [0.2, -2.0]);
    for smoothing in [0.0, 0.2] {
        let one = critic(&Minimax { smoothing }, &real, &fake);
        assert_eq!(one, critic(&NonSaturating { smoothing }, &real, &fake));
    }
}

#[test]
fn least_squares_is_0_at_its_targets() {
    close(critic(&LeastSquares::default(), &[1.0; 3], &[0.0; 2]), 0.0);
    close(critic(&LeastSquares { smoothing: 0.1 }, &[0.9; 3], &[0.0; 2]), 0.0);
    close(generator(&LeastSquares { smoothing: 0.1 }, &[], &[1.0; 2]), 0.0);
    close(critic(&LeastSquares::default(), &[3.0], &[-1.0]), 2.5);
}

#[test]
fn wasserstein_is_linear_and_does_not_see_a_shift() {
    let (real, fake) = ([1.5_f32, -0.25, 0.75], [0.5_f32, -2.0]);
    let once = critic(&Wasserstein, &real, &fake);
    close(once, -0.75 - 2.0 / 3.0);
    close(critic(&Wasserstein, &real.map(|s| 3.0 * s), &fake.map(|s| 3.0 * s)), 3.0 * once);
    close(critic(&Wasserstein, &real.map(|s| s + 7.0), &fake.map(|s| s + 7.0)), once);
    close(generator(&Wasserstein, &real, &fake), 0.75);
}

#[test]
fn hinge_counts_up_to_its_margin() {
    close(critic(&Hinge, &[1.0, 5.0], &[-1.0, -9.0]), 0.0);
    close(critic(&Hinge, &[0.25, 5.0], &[1.0, -9.0]), 0.375 + 1.0);
    let [by_real, by_fake] = critic_gradients(&Hinge, &[5.0], &[-9.0]);
    assert_eq!((by_real[0], by_fake[0]), (0.0, 0.0));
}

#[test]
fn relativistic_losses_do_not_see_a_shift() {
    let (real, fake) = ([1.5_f32, -0.25, 0.75], [0.5_f32, -2.0, 0.25]);
    let (real_up, fake_up) = (real.map(|s| s + 16.0), fake.map(|s| s + 16.0));
    for loss in [&RelativisticPaired as &dyn AdversarialLoss, &RelativisticAverage] {
        close(critic(loss, &real_up, &fake_up), critic(loss, &real, &fake));
        close(generator(loss, &real_up, &fake_up), generator(loss, &real, &fake));
        // The generator plays the critic's game with the roles swapped.
        close(generator(loss, &real, &fake), critic(loss, &fake, &real));
    }
}

#[test]
fn relativistic_losses_are_those_of_their_formulas() {
    let softplus = |x: f64| x.exp().ln_1p();
    let (real, fake) = ([1.0_f32, -0.5], [0.5_f32, -2.0]);
    close(critic(&RelativisticPaired, &real, &fake), 0.5 * (softplus(-0.5) + softplus(-1.5)));
    // The means are 0.25 and −0.75.
    let of_real = 0.5 * (softplus(-1.75) + softplus(-0.25));
    let of_fake = 0.5 * (softplus(0.25) + softplus(-2.25));
    close(critic(&RelativisticAverage, &real, &fake), of_real + of_fake);
}

#[test]
#[should_panic(expected = "as many real as fakes")]
fn pairs_need_as_many_real_as_fakes() {
    critic(&RelativisticPaired, &[0.0; 3], &[0.0]);
}

/// Masses proportional to the counts, and a batch in which every outcome is as frequent.
pub(super) fn outcomes(counts: &[u8]) -> (Pmf, Vec<usize>) {
    let total: f64 = counts.iter().map(|n| f64::from(*n)).sum();
    let masses = counts.iter().map(|n| f64::from(*n) / total).collect();
    let repeat = |(outcome, n): (usize, &u8)| std::iter::repeat_n(outcome, usize::from(*n));
    (Pmf::new(masses).unwrap(), counts.iter().enumerate().flat_map(repeat).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_best_logistic_critic_pays_ln_4_less_two_js(
        p in proptest::collection::vec(1_u8..7, 4),
        q in proptest::collection::vec(1_u8..7, 4),
        noise in proptest::collection::vec(-1.0_f32..1.0, 4),
    ) {
        let ((p, real), (q, fake)) = (outcomes(&p), outcomes(&q));
        let best: Vec<f32> =
            p.masses().iter().zip(q.masses()).map(|(p, q)| (p / q).ln() as f32).collect();
        let pays = |score: &dyn Fn(usize) -> f32| {
            let of = |batch: &[usize]| batch.iter().map(|i| score(*i)).collect::<Vec<f32>>();
            critic(&NonSaturating::default(), &of(&real), &of(&fake))
        };
        let least = 4f64.ln() - 2.0 * js_divergence(&p, &q).unwrap();
        prop_assert!((pays(&|i| best[i]) - least).abs() < 2e-6);
        prop_assert!(pays(&|i| best[i] + noise[i]) >= least - 2e-6);
    }
}
