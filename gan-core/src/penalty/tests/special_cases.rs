//! Cases where a gradient penalty easily goes wrong.

use std::collections::BTreeMap;

use burn::module::Module;
use burn::tensor::{Device, Int, Tensor, TensorData};
use rand::RngExt;

use super::at;
use super::critics::{
    Activation, Conv, Mlp, Named, Numbers, device, gradients, numbers, relative_error, with_weights,
};
use crate::batch::Batch;
use crate::constraint::Constraint;
use crate::forward_mode::Mode;
use crate::penalty::{
    GradientPenalty, GradientPenaltyMethod, Penalty, PenaltyInputs, PenaltyTerm, Sides, self_check,
};
use crate::player::{Critic, ForwardPass};
use crate::rules::Schedule;
use crate::seed::{RngKey, Seed};
use crate::weights::{WeightInit, initialize};

const EXACT: GradientPenaltyMethod = GradientPenaltyMethod::Exact;

fn two_sided() -> Penalty {
    Penalty::ALL[0]
}

fn drawn<C: Module>(critic: C) -> C {
    initialize(critic, WeightInit::FanIn, &Seed(8).stream("critic"), &device())
}

fn samples<const D: usize>(shape: [usize; D], purpose: &str) -> Batch<D> {
    let mut rng = Seed(2).stream(purpose).draw(0);
    let values: Vec<f32> =
        (0..shape.iter().product()).map(|_| rng.random::<f32>() * 4.0 - 2.0).collect();
    Batch::unlabeled(Tensor::from_data(TensorData::new(values, shape), &Device::default()))
}

fn evaluate<C: Critic<D>, const D: usize>(
    penalty: Penalty,
    critic: &C,
    (real, fake): (&Batch<D>, &Batch<D>),
    factor: f64,
) -> PenaltyTerm {
    let real_scores = critic.score(real.clone().tracked());
    let inputs =
        PenaltyInputs { critic, real, fake, real_scores: &real_scores, fake_scores: &real_scores };
    penalty.evaluate(&inputs, factor, EXACT, &RngKey::new(Seed(1), 0)).unwrap()
}

#[test]
fn a_critic_without_a_slope_pays_the_squared_target_and_gets_no_gradient() {
    let critic = drawn(Mlp::new(Activation::LeakyRelu));
    let zeros = |shape: &[usize]| Numbers {
        shape: shape.to_vec(),
        values: vec![0.0; shape.iter().product()],
    };
    let weights: Named = BTreeMap::from([
        ("hidden.0.weight".to_owned(), zeros(&[2, 12])),
        ("hidden.1.weight".to_owned(), zeros(&[12, 12])),
        ("score.weight".to_owned(), zeros(&[12, 1])),
    ]);
    let critic = with_weights(critic, &weights);
    let points = samples([16, 2], "real");
    let penalty = Penalty::GradientPenalty(GradientPenalty {
        weight: 3.0,
        target: 2.0,
        sides: Sides::Two,
        schedule: Schedule::default(),
    });
    let term = at(penalty, &critic, &points, EXACT).unwrap();
    assert_eq!(numbers(term.value), [12.0]);
    for (name, gradient) in gradients(&critic, &term.surrogate) {
        assert!(gradient.iter().all(|g| *g == 0.0), "{name}: {gradient:?}");
    }
}

#[derive(Module, Debug)]
struct Blind {
    bias: burn::nn::Linear,
}

impl ForwardPass<2> for Blind {
    fn forward<M: Mode>(&self, mode: &M, x: M::T<2>, _labels: Option<Tensor<1, Int>>) -> M::T<2> {
        let nothing = mode.linear_map(x, |x| x * 0.0);
        let constant = self.bias.forward(Tensor::ones([1, 2], &device()));
        mode.add(mode.linear_map(nothing, |x| x.sum_dim(1)), mode.constant(constant))
    }
}

#[test]
fn a_critic_that_does_not_look_at_its_samples_has_no_slope() {
    let critic = Blind { bias: burn::nn::LinearConfig::new(2, 1).init(&device()) };
    let term = at(two_sided(), &critic, &samples([4, 2], "real"), EXACT).unwrap();
    assert_eq!(numbers(term.value), [10.0]);
}

/// Burn's LeakyReLU has input gradient 1 at exactly 0 (PyTorch's is the other one), and an image with a blank
/// half meets that in every layer without a bias.
#[test]
fn units_that_stand_at_exactly_0_have_the_derivative_that_backward_takes() {
    let zeros = |n| Numbers { shape: vec![n], values: vec![0.0; n] };
    let biases: Named = BTreeMap::from([
        ("hidden.0.bias".to_owned(), zeros(4)),
        ("hidden.1.bias".to_owned(), zeros(8)),
    ]);
    let critic = with_weights(drawn(Conv::new()), &biases);
    let half = samples([6, 1, 4, 8], "half").samples;
    let blank = half.zeros_like();
    let batch = Batch::unlabeled(Tensor::cat(vec![half, blank], 2));
    self_check(&critic, &batch).unwrap();
    self_check(&critic, &Batch::unlabeled(batch.samples.zeros_like())).unwrap();
}

/// The copy whose input gradient is taken is frozen, and in Burn freezing a clone of a module with weights
/// still to be drawn freezes the original.
#[test]
fn a_critic_whose_weights_have_not_been_drawn_yet_stays_in_training() {
    let critic = Conv::new();
    let points = samples([4, 1, 8, 8], "real");
    let term = at(two_sided(), &critic, &points, EXACT).unwrap();
    let found = gradients(&critic, &term.surrogate);
    assert_eq!(found.len(), 6);
    assert!(found["hidden.0.weight"].iter().any(|g| *g != 0.0));
    let scores = critic.score(points.tracked()).raw().sum();
    assert!(gradients(&critic, &scores)["hidden.0.bias"].iter().any(|g| *g != 0.0));
}

#[test]
fn running_statistics_stay_as_they_are() {
    let critic = drawn(Mlp::new(Activation::LeakyRelu).with_batch_norm());
    let batch = samples([32, 2], "real");
    let _ = critic.score(batch.clone().tracked());
    let before = critic.running_mean();
    assert!(before.iter().any(|mean| *mean != 0.0));
    let term = at(two_sided(), &critic, &batch, EXACT).unwrap();
    let _ = term.surrogate.backward();
    self_check(&critic, &batch).unwrap();
    assert_eq!(critic.running_mean(), before);
}

#[test]
fn finite_differences_agree_where_the_critic_is_smooth() {
    let critic = drawn(Mlp::new(Activation::Softplus));
    let points = samples([32, 2], "real");
    let found = |method| {
        let term = at(two_sided(), &critic, &points, method).unwrap();
        (numbers(term.value), gradients(&critic, &term.surrogate))
    };
    let (value, exact) = found(EXACT);
    for step in [0.1, 0.01] {
        let (same_value, estimate) = found(GradientPenaltyMethod::FiniteDifference { step });
        assert_eq!(same_value, value);
        let error = relative_error(estimate.values(), exact.values());
        assert!(error < 1e-3, "step {step}: {error:e}");
    }
}

#[test]
fn weight_gradients_are_the_slope_of_the_value_under_spectral_norm_too() {
    let spectral_norm = Constraint::SpectralNorm { iterations: 1 };
    let critic = drawn(Mlp::new(Activation::Softplus));
    let critic = spectral_norm.attach(critic, &Seed(1).stream("spectral norm"));
    let points = samples([32, 2], "real");
    self_check(&critic, &points.clone().tracked()).unwrap();
    let term = at(two_sided(), &critic, &points, EXACT).unwrap();
    let gradient = &gradients(&critic, &term.surrogate)["hidden.1.weight"];

    let weight = numbers(critic.second_weight());
    let length = gradient.iter().map(|g| g * g).sum::<f64>().sqrt();
    let step = 1e-2;
    let value_at = |t: f64| {
        let values = weight.iter().zip(gradient).map(|(w, g)| w + t * g / length).collect();
        let moved = Numbers { shape: vec![12, 12], values };
        let moved = BTreeMap::from([("hidden.1.weight".to_owned(), moved)]);
        let critic = with_weights(critic.clone(), &moved);
        numbers(at(two_sided(), &critic, &points, EXACT).unwrap().value)[0]
    };
    let slope = (value_at(step) - value_at(-step)) / (2.0 * step);
    assert!((slope / length - 1.0).abs() < 2e-3, "{slope} against {length}");
}

#[test]
fn a_critic_with_gradient_checkpointing_gets_the_same_gradients() {
    let points = samples([8, 1, 8, 8], "real");
    let found = |device: &Device| {
        let critic = drawn(Conv::on(device));
        let strategy = critic.first_weight().gradient_checkpointing_strategy();
        assert_eq!(strategy, device.gradient_checkpointing_strategy());
        let term = at(two_sided(), &critic, &points, EXACT).unwrap();
        gradients(&critic, &term.surrogate)
    };
    let plain = found(&device());
    let balanced = found(&device().gradient_checkpointing());
    assert_eq!(balanced.len(), 6);
    let error = relative_error(balanced.values(), plain.values());
    assert!(error < 1e-6, "{error:e}");
}

#[test]
fn a_schedule_scales_value_and_gradient_alike() {
    let critic = drawn(Mlp::new(Activation::Softplus));
    let (real, fake) = (samples([16, 2], "real"), samples([16, 2], "fake"));
    for penalty in Penalty::ALL {
        let full = evaluate(penalty, &critic, (&real, &fake), 1.0);
        let tenth = evaluate(penalty, &critic, (&real, &fake), 0.1);
        let (value, less) = (numbers(full.value)[0], numbers(tenth.value)[0]);
        assert!(value > 0.0 && (less / value - 0.1).abs() < 1e-6, "{}", penalty.name());
        let all = gradients(&critic, &full.surrogate);
        let mut tenths = gradients(&critic, &tenth.surrogate);
        tenths.values_mut().flatten().for_each(|g| *g *= 10.0);
        assert!(relative_error(tenths.values(), all.values()) < 1e-6, "{}", penalty.name());
    }
}
