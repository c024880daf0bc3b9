//! Critics that a gradient penalty refuses, and Jacobian–vector products that are wrong.

use burn::module::Module;
use burn::nn::{Dropout, DropoutConfig, Linear, LinearConfig};
use burn::tensor::Tensor;

use super::critics::{Activation, Conv, Mlp, device};
use crate::GanError;
use crate::batch::Batch;
use crate::loss::Scores;
use crate::penalty::{
    BatchNormUnderPenalty, Drift, GradientPenaltyMethod, Penalty, R1, check_critic, self_check,
};
use crate::player::{Critic, Differentiable};
use crate::rules::Schedule;

const DIFFERENCES: GradientPenaltyMethod = GradientPenaltyMethod::FiniteDifference { step: 0.1 };

/// A critic of which nothing is known but its scores.
#[derive(Module, Debug)]
struct Opaque {
    score: Linear,
    dropout: Option<Dropout>,
}

impl Critic<2> for Opaque {
    fn score(&self, batch: Batch<2>) -> Scores {
        Scores::new(self.score.forward(batch.samples).tanh())
    }
}

fn opaque() -> Opaque {
    Opaque { score: LinearConfig::new(2, 1).init(&device()), dropout: None }
}

fn r1() -> [Penalty; 2] {
    let schedule = Schedule::default();
    [Penalty::Drift(Drift { weight: 1e-3, schedule }), Penalty::R1(R1 { weight: 1.0, schedule })]
}

fn check<C: Critic<D>, const D: usize>(
    critic: &C,
    method: GradientPenaltyMethod,
) -> Result<(), GanError> {
    check_critic(&r1(), method, critic, BatchNormUnderPenalty::Refuse)
}

#[test]
fn a_critic_without_a_derivative_is_refused_with_the_remedies() {
    let complaint = check(&opaque(), GradientPenaltyMethod::Exact).unwrap_err().to_string();
    for part in ["`r1`", "`ForwardPass`", "`Differentiable`", "`finite-difference`"] {
        assert!(complaint.contains(part), "{complaint}");
    }
    check(&opaque(), DIFFERENCES).unwrap();
    check(&Conv::new(), GradientPenaltyMethod::Exact).unwrap();
    let no_slopes = check_critic(
        &r1()[..1],
        GradientPenaltyMethod::Exact,
        &opaque(),
        BatchNormUnderPenalty::Refuse,
    );
    no_slopes.unwrap();
}

#[test]
fn batch_norm_is_refused_unless_it_is_allowed_and_the_method_exact() {
    let critic = Mlp::new(Activation::LeakyRelu).with_batch_norm();
    let complaint = check(&critic, GradientPenaltyMethod::Exact).unwrap_err().to_string();
    assert!(complaint.starts_with("the penalty `r1` does not go with batch normalization"));
    assert!(complaint.contains("each sample's own score"), "{complaint}");
    let allowed = |method| check_critic(&r1(), method, &critic, BatchNormUnderPenalty::Allow);
    allowed(GradientPenaltyMethod::Exact).unwrap();
    let complaint = allowed(DIFFERENCES).unwrap_err().to_string();
    assert!(complaint.contains("finite differences move all samples"), "{complaint}");
    check(&Mlp::new(Activation::LeakyRelu).with_layer_norm(), DIFFERENCES).unwrap();
}

#[test]
fn dropout_is_refused() {
    let critic = Opaque { dropout: Some(DropoutConfig::new(0.3).init()), ..opaque() };
    let complaint = check(&critic, DIFFERENCES).unwrap_err().to_string();
    assert!(complaint.contains("does not go with dropout"), "{complaint}");
}

/// Forgets the `tanh` in its derivative.
#[derive(Module, Debug)]
struct Mistaken {
    critic: Opaque,
}

impl Critic<2> for Mistaken {
    fn score(&self, batch: Batch<2>) -> Scores {
        self.critic.score(batch)
    }

    fn differentiable(&self) -> Option<&dyn Differentiable<2>> {
        Some(self)
    }
}

impl Differentiable<2> for Mistaken {
    fn jvp(&self, _batch: Batch<2>, direction: Tensor<2>) -> Tensor<2> {
        let score = &self.critic.score;
        Linear { bias: None, ..score.clone() }.forward(direction)
    }
}

fn batch() -> Batch<2> {
    Batch::unlabeled(Tensor::from_data([[0.3, -1.2], [2.0, 0.4], [-0.7, 0.9]], &device()))
}

#[test]
fn the_self_check_catches_a_derivative_of_something_else() {
    let complaint = self_check(&Mistaken { critic: opaque() }, &batch()).unwrap_err().to_string();
    assert!(
        complaint
            .starts_with("the critic's derivative is wrong: along the input gradient of sample")
    );
}

#[test]
fn the_self_check_passes_what_is_right_and_what_offers_nothing() {
    for activation in [Activation::LeakyRelu, Activation::Softplus] {
        self_check(&Mlp::new(activation), &batch()).unwrap();
        self_check(&Mlp::new(activation).with_layer_norm(), &batch()).unwrap();
        self_check(&Mlp::new(activation).with_batch_norm(), &batch()).unwrap();
    }
    self_check(&opaque(), &batch()).unwrap();
}
