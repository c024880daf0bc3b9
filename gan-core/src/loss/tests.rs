//! One conformance suite over the registry, and what is particular to each loss.

use std::f64::consts::LN_2;

use burn::tensor::{Device, TensorData};
use proptest::prelude::{ProptestConfig, prop_assert, proptest};

use super::*;

fn scores(values: &[f32]) -> Scores {
    let device = Device::flex().autodiff();
    let data = TensorData::new(values.to_vec(), [values.len(), 1]);
    Scores::new(Tensor::<2>::from_data(data, &device).require_grad())
}

/// The value of a loss and its derivatives by each of the given scores.
fn value_and_gradients<'a>(
    loss: impl Fn(&[Scores]) -> Tensor<1>,
    inputs: impl IntoIterator<Item = &'a [f32]>,
) -> (f64, Vec<Vec<f32>>) {
    let inputs: Vec<Scores> = inputs.into_iter().map(scores).collect();
    let value = loss(&inputs);
    let grads = value.backward();
    let gradient = |scores: &Scores| {
        let gradient = scores.raw().grad(&grads).expect("the loss depends on its scores");
        gradient.into_data().try_to_vec_as::<f32>().unwrap()
    };
    (value.into_scalar::<f64>(), inputs.iter().map(gradient).collect())
}

fn critic(kind: LossKind, real: &[f32], fake: &[f32]) -> (f64, Vec<Vec<f32>>) {
    value_and_gradients(|s| kind.build().critic(&s[0], &s[1]), [real, fake])
}

fn generator(kind: LossKind, fake: &[f32]) -> (f64, Vec<Vec<f32>>) {
    value_and_gradients(|s| kind.build().generator(&|| s[0].clone(), &s[0]), [fake])
}

#[test]
fn values_and_gradients_are_finite_at_extreme_scores() {
    for kind in LossKind::ALL {
        for extreme in [-1e4_f32, -100.0, 0.0, 100.0, 1e4] {
            let (value, gradients) = critic(kind, &[extreme, -extreme], &[extreme, 1.0]);
            let (other, more) = generator(kind, &[extreme, 0.5]);
            assert!(value.is_finite() && other.is_finite(), "{} at {extreme}", kind.name());
            let finite = gradients.iter().chain(&more).flatten().all(|g| g.is_finite());
            assert!(finite, "{}'s gradient at {extreme}", kind.name());
        }
    }
}

#[test]
fn a_critic_gains_by_raising_real_and_lowering_fake_scores() {
    for kind in LossKind::ALL {
        let (_, gradients) = critic(kind, &[0.0, 0.0], &[0.0, 0.0]);
        assert!(gradients[0].iter().all(|g| *g < 0.0), "{}: {gradients:?}", kind.name());
        assert!(gradients[1].iter().all(|g| *g > 0.0), "{}: {gradients:?}", kind.name());
    }
}

#[test]
fn a_generator_gains_by_raising_the_scores_of_its_fakes() {
    for kind in LossKind::ALL {
        let (_, gradients) = generator(kind, &[-1.0, 0.0, 2.0]);
        assert!(gradients[0].iter().all(|g| *g < 0.0), "{}: {gradients:?}", kind.name());
    }
}

#[test]
fn an_undecided_critic_pays_two_ln_2() {
    for kind in [LossKind::Minimax, LossKind::NonSaturating] {
        let (value, _) = critic(kind, &[0.0; 5], &[0.0; 3]);
        assert!((value - 2.0 * LN_2).abs() < 1e-6, "{}: {value}", kind.name());
    }
    assert!((generator(LossKind::NonSaturating, &[0.0]).0 - LN_2).abs() < 1e-6);
    assert!((generator(LossKind::Minimax, &[0.0]).0 + LN_2).abs() < 1e-6);
}

/// At `s_fake = −10` the minimax gradient is `σ(−10)`, the non-saturating one `1 − σ(−10)`.
#[test]
fn only_minimax_starves_a_generator_whose_fakes_are_recognized() {
    let (_, saturated) = generator(LossKind::Minimax, &[-10.0]);
    let (_, alive) = generator(LossKind::NonSaturating, &[-10.0]);
    assert!((saturated[0][0] + 4.539_787e-5).abs() < 1e-9, "{saturated:?}");
    assert!((alive[0][0] + 0.999_954_6).abs() < 1e-6, "{alive:?}");
}

#[test]
fn configurations_name_losses_as_the_registry_does() {
    for kind in LossKind::ALL {
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn autodiff_agrees_with_central_differences(real in -6.0_f32..6.0, fake in -6.0_f32..6.0) {
        let step = 0.02_f32;
        for kind in LossKind::ALL {
            let (_, gradients) = critic(kind, &[real], &[fake]);
            let slope = |up: f64, down: f64| (up - down) / (2.0 * f64::from(step));
            let by_real =
                slope(critic(kind, &[real + step], &[fake]).0, critic(kind, &[real - step], &[fake]).0);
            let by_fake =
                slope(critic(kind, &[real], &[fake + step]).0, critic(kind, &[real], &[fake - step]).0);
            let of_generator =
                slope(generator(kind, &[fake + step]).0, generator(kind, &[fake - step]).0);
            prop_assert!((f64::from(gradients[0][0]) - by_real).abs() < 2e-3);
            prop_assert!((f64::from(gradients[1][0]) - by_fake).abs() < 2e-3);
            let (_, exact) = generator(kind, &[fake]);
            prop_assert!((f64::from(exact[0][0]) - of_generator).abs() < 2e-3);
        }
    }

    #[test]
    fn the_order_of_a_batch_does_not_matter(mut batch in proptest::collection::vec(-9.0_f32..9.0, 2..9)) {
        for kind in LossKind::ALL {
            let forward = critic(kind, &batch, &batch).0;
            batch.reverse();
            prop_assert!((critic(kind, &batch, &batch).0 - forward).abs() < 1e-5);
        }
    }
}
