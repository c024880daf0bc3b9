//! One conformance suite over the registry of losses; what is particular to a loss is in the files below.

mod configuration;
mod f_gan;
mod relations;

use burn::tensor::{Device, TensorData};
use proptest::prelude::{ProptestConfig, prop_assert, proptest};

use super::*;

/// Every kind with its defaults, every kind with labels smoothed, every f-GAN with either generator.
fn registry() -> Vec<LossConfig> {
    let smoothed = [
        LossConfig::Minimax(Minimax { smoothing: 0.1 }),
        LossConfig::NonSaturating(NonSaturating { smoothing: 0.1 }),
        LossConfig::LeastSquares(LeastSquares { smoothing: 0.1 }),
    ];
    let rows = FGanDivergence::ALL.map(LossConfig::f_gan);
    let saturating = FGanDivergence::ALL.map(|divergence| {
        LossConfig::FGan(FGanConfig { divergence, generator: FGanGenerator::Saturating })
    });
    LossConfig::KINDS.into_iter().chain(smoothed).chain(rows).chain(saturating).collect()
}

fn scores(values: &[f32]) -> Scores {
    let device = Device::flex().autodiff();
    let data = TensorData::new(values.to_vec(), [values.len(), 1]);
    Scores::new(Tensor::<2>::from_data(data, &device).require_grad())
}

fn number(value: Tensor<1>) -> f64 {
    value.into_scalar::<f64>()
}

fn critic(loss: &dyn AdversarialLoss, real: &[f32], fake: &[f32]) -> f64 {
    number(loss.critic(&scores(real), &scores(fake)))
}

fn generator(loss: &dyn AdversarialLoss, real: &[f32], fake: &[f32]) -> f64 {
    number(loss.generator(&|| scores(real), &scores(fake)))
}

/// The derivatives of a value by each of the scores that it was computed from.
fn derivatives<const N: usize>(value: &Tensor<1>, by: [&Scores; N]) -> [Vec<f32>; N] {
    let gradients = value.backward();
    by.map(|scores| {
        let gradient = scores.raw().grad(&gradients).expect("the loss depends on its scores");
        gradient.into_data().try_to_vec_as::<f32>().unwrap()
    })
}

/// The critic's derivatives by the real and by the fake scores.
fn critic_gradients(loss: &dyn AdversarialLoss, real: &[f32], fake: &[f32]) -> [Vec<f32>; 2] {
    let (real, fake) = (scores(real), scores(fake));
    derivatives(&loss.critic(&real, &fake), [&real, &fake])
}

/// The generator's derivatives by the fake scores.
fn generator_gradients(loss: &dyn AdversarialLoss, real: &[f32], fake: &[f32]) -> Vec<f32> {
    let fake = scores(fake);
    let [by_fake] = derivatives(&loss.generator(&|| scores(real), &fake), [&fake]);
    by_fake
}

#[test]
fn values_and_gradients_are_finite_at_extreme_scores() {
    for config in registry() {
        let loss = &*config.build();
        for extreme in [-1e4_f32, -100.0, -30.0, 0.0, 30.0, 100.0, 1e4] {
            let (real, fake) = ([extreme, -extreme], [extreme, 1.0]);
            let values = [critic(loss, &real, &fake), generator(loss, &real, &fake)];
            assert!(values.iter().all(|v| v.is_finite()), "{config:?} at {extreme}: {values:?}");
            let [by_real, by_fake] = critic_gradients(loss, &real, &fake);
            let of_generator = generator_gradients(loss, &real, &fake);
            let mut all = by_real.iter().chain(&by_fake).chain(&of_generator);
            assert!(all.all(|g| g.is_finite()), "{config:?}'s gradient at {extreme}");
        }
    }
}

#[test]
fn a_critic_gains_by_raising_real_and_lowering_fake_scores() {
    for config in registry() {
        let [by_real, by_fake] = critic_gradients(&*config.build(), &[0.2; 2], &[0.3; 2]);
        assert!(by_real.iter().all(|g| *g < 0.0), "{config:?}: {by_real:?}");
        assert!(by_fake.iter().all(|g| *g > 0.0), "{config:?}: {by_fake:?}");
    }
}

#[test]
fn a_generator_gains_by_raising_the_scores_of_its_fakes() {
    for config in registry() {
        let gradients = generator_gradients(&*config.build(), &[0.0; 3], &[-1.0, 0.0, 0.5]);
        assert!(gradients.iter().all(|g| *g < 0.0), "{config:?}: {gradients:?}");
    }
}

#[test]
fn only_relativistic_losses_ask_for_the_real_scores() {
    for config in registry() {
        let asked = std::cell::Cell::new(0);
        let real = || {
            asked.set(asked.get() + 1);
            scores(&[0.0; 2])
        };
        config.build().generator(&real, &scores(&[0.0; 2]));
        let relativistic = matches!(
            config,
            LossConfig::RelativisticPaired(RelativisticPaired)
                | LossConfig::RelativisticAverage(RelativisticAverage)
        );
        assert_eq!(asked.get(), u32::from(relativistic), "{config:?}");
    }
}

#[test]
fn losses_have_shape_1() {
    for config in registry() {
        let (real, fake) = (scores(&[0.5; 4]), scores(&[-0.5; 4]));
        assert_eq!(config.build().critic(&real, &fake).dims(), [1], "{config:?}");
        assert_eq!(config.build().generator(&|| real.clone(), &fake).dims(), [1], "{config:?}");
    }
}

const STEP: f32 = 1.0 / 64.0;

/// The central difference of `value` by each of the scores.
fn slopes(at: &[f32], value: impl Fn(&[f32]) -> f64) -> Vec<f64> {
    let moved = |i: usize, by: f32| {
        let mut scores = at.to_vec();
        scores[i] += by;
        value(&scores)
    };
    (0..at.len()).map(|i| (moved(i, STEP) - moved(i, -STEP)) / (2.0 * f64::from(STEP))).collect()
}

fn agree(exact: &[f32], slopes: &[f64]) -> bool {
    let close = |(exact, slope): (&f32, &f64)| {
        (f64::from(*exact) - slope).abs() <= 2e-3 * slope.abs().max(1.0)
    };
    exact.iter().zip(slopes).all(close)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    // Between the multiples of 1/16, so that no step crosses a margin at ±1.
    #[test]
    fn autodiff_agrees_with_central_differences(
        real in proptest::collection::vec(-48_i8..48, 3),
        fake in proptest::collection::vec(-48_i8..48, 3),
    ) {
        let between = |k: &i8| (f32::from(*k) + 0.5) / 16.0;
        let real: Vec<f32> = real.iter().map(between).collect();
        let fake: Vec<f32> = fake.iter().map(between).collect();
        for config in registry() {
            let loss = &*config.build();
            let [by_real, by_fake] = critic_gradients(loss, &real, &fake);
            let of_real = slopes(&real, |real| critic(loss, real, &fake));
            prop_assert!(agree(&by_real, &of_real), "{config:?} {by_real:?} {of_real:?}");
            let of_fake = slopes(&fake, |fake| critic(loss, &real, fake));
            prop_assert!(agree(&by_fake, &of_fake), "{config:?} {by_fake:?} {of_fake:?}");
            let exact = generator_gradients(loss, &real, &fake);
            let of_generator = slopes(&fake, |fake| generator(loss, &real, fake));
            prop_assert!(agree(&exact, &of_generator), "{config:?} {exact:?} {of_generator:?}");
        }
    }

    #[test]
    fn the_order_of_a_batch_does_not_matter(
        pairs in proptest::collection::vec((-4.0_f32..4.0, -4.0_f32..4.0), 2..9),
    ) {
        let (real, fake): (Vec<f32>, Vec<f32>) = pairs.iter().copied().unzip();
        let reversed = |scores: &[f32]| scores.iter().rev().copied().collect::<Vec<f32>>();
        for config in registry() {
            let loss = &*config.build();
            let before = [critic(loss, &real, &fake), generator(loss, &real, &fake)];
            // What pairs samples is invariant to the order of pairs, not to who is paired with whom.
            let paired = config == LossConfig::RelativisticPaired(RelativisticPaired);
            let other = if paired { reversed(&fake) } else { fake.clone() };
            let real = reversed(&real);
            let after = [critic(loss, &real, &other), generator(loss, &real, &other)];
            for (before, after) in before.into_iter().zip(after) {
                let tolerance = 1e-5 * before.abs().max(1.0);
                prop_assert!((before - after).abs() < tolerance, "{config:?} {before} {after}");
            }
        }
    }
}
