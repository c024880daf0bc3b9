//! Values and weight gradients against PyTorch's double backward in float64
//! (`tests/fixtures/penalties.py`), with few samples, which fill no vector of the kernels, and with many.

use serde::Deserialize;

use super::at;
use super::critics::{
    Activation, Conv, Mlp, Named, Numbers, device, gradients, numbers, relative_error, with_weights,
};
use crate::batch::Batch;
use crate::penalty::{GradientPenaltyMethod, Penalty, PenaltyInputs, PenaltyTerm};
use crate::player::Critic;
use crate::seed::{RngKey, Seed};

/// Samples that fill a vector of any processor.
const MANY: usize = 16;

#[derive(Deserialize)]
struct Case {
    name: String,
    samples: usize,
    weights: Named,
    points: Named,
    penalties: Vec<Expected>,
}

#[derive(Deserialize)]
struct Expected {
    penalty: Penalty,
    points: String,
    value: f64,
    gradients: Named,
}

/// What was found, case by case.
struct Errors {
    case: String,
    /// In tolerances.
    value: f64,
    /// Relative, over all weights.
    gradients: f64,
}

fn cases() -> Vec<Case> {
    serde_json::from_str(include_str!("../../../tests/fixtures/penalties.json")).unwrap()
}

fn compare<C: Critic<D>, const D: usize>(critic: C, case: &Case) -> Vec<Errors> {
    let critic = with_weights(critic, &case.weights);
    let expected = case.penalties.iter();
    expected.map(|expected| compare_one(&critic, case, expected)).collect()
}

fn compare_one<C: Critic<D>, const D: usize>(
    critic: &C,
    case: &Case,
    expected: &Expected,
) -> Errors {
    let points = Batch::unlabeled(case.points[&expected.points].tensor::<D>(&device()));
    let penalty = expected.penalty;
    let weight = penalty.weight_and_schedule().0;
    let term = if penalty.uses_input_gradient() {
        at(penalty, critic, &points, GradientPenaltyMethod::Exact).unwrap()
    } else {
        directly(penalty, critic, &points)
    };
    let value = numbers(term.value)[0];
    // `(‖g‖ − k)²` is a difference of numbers of order 1, however small it is itself.
    let tolerance = 1e-6 * expected.value + 5e-7 * weight;
    let found = gradients(critic, &term.surrogate);
    let names: Vec<_> = found.keys().collect();
    assert_eq!(names, expected.gradients.keys().collect::<Vec<_>>());
    let reference = expected.gradients.values().map(|gradient: &Numbers| &gradient.values);
    Errors {
        case: format!("{} with {} samples: {penalty:?}", case.name, case.samples),
        value: (value - expected.value).abs() / tolerance,
        gradients: relative_error(found.values(), reference),
    }
}

fn directly<C: Critic<D>, const D: usize>(
    penalty: Penalty,
    critic: &C,
    real: &Batch<D>,
) -> PenaltyTerm {
    let scores = critic.score(real.clone());
    let inputs =
        PenaltyInputs { critic, real, fake: real, real_scores: &scores, fake_scores: &scores };
    let key = RngKey::new(Seed(1), 0);
    penalty.evaluate(&inputs, 1.0, GradientPenaltyMethod::Exact, &key).unwrap()
}

#[test]
fn values_and_weight_gradients_are_those_of_pytorch() {
    let mut n_compared = [0; 2];
    for case in cases() {
        let many = case.samples >= MANY;
        let mlp = Mlp::new(Activation::LeakyRelu);
        let errors = match case.name.as_str() {
            "mlp-leaky-relu" => compare::<_, 2>(mlp, &case),
            "mlp-softplus" => compare::<_, 2>(Mlp::new(Activation::Softplus), &case),
            "mlp-layer-norm" => compare::<_, 2>(mlp.with_layer_norm(), &case),
            "mlp-batch-norm" => compare::<_, 2>(mlp.with_batch_norm(), &case),
            "conv-leaky-relu" => compare::<_, 4>(Conv::new(), &case),
            "conv-instance-norm" => compare::<_, 4>(Conv::new().with_instance_norm(), &case),
            name => panic!("no critic is called {name}"),
        };
        for Errors { case, value, gradients } in errors {
            assert!(value <= 1.0, "{case}: the value is off by {value} tolerances");
            assert!(gradients <= 1e-5, "{case}: the gradients are off by {gradients:e}");
            n_compared[usize::from(many)] += 1;
        }
    }
    assert_eq!(n_compared, [6 * 7; 2], "few samples and many");
}
