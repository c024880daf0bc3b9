//! What all gradient penalties share: the input gradient itself, and a term with the right weight gradient.

use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::{GradientCheckpointingStrategy, Tensor};

use super::method::Derivative;
use super::rows::rows;
use crate::batch::Batch;
use crate::penalty::PenaltyTerm;
use crate::player::Critic;

/// A gradient penalty `P` of input gradients `g`, one row a sample: `[batch, entries]`.
#[derive(Clone, Debug)]
pub struct InputGradientCost {
    /// `P(g)`, shape `[1]`.
    pub value: Tensor<1>,
    /// `∂P/∂g`, of the shape of `g`.
    pub direction: Tensor<2>,
}

/// The penalty at `points`: `rule` gives the cost there.
///
/// The input gradient is taken first, on a copy of the critic: one `backward` consumes its graph, and the
/// caller's own comes later, over loss and surrogate together.
pub(super) fn penalize<C: Critic<D>, const D: usize>(
    critic: &C,
    derivative: &Derivative<'_, C, D>,
    points: &Batch<D>,
    rule: impl FnOnce(Tensor<2>) -> InputGradientCost,
) -> PenaltyTerm {
    let strategy = Strategy::of(critic);
    let input_gradients = input_gradients(&frozen(critic), points);
    let shape = input_gradients.dims();
    let cost = rule(rows(input_gradients));
    let samples = strategy.constant(points.samples.clone());
    let direction = strategy.constant(cost.direction.reshape(shape));
    let points = Batch { samples, labels: points.labels.clone() };
    PenaltyTerm { surrogate: derivative.along(points, direction), value: cost.value }
}

/// `g = ∇ₓ Σⱼ Dⱼ(x)` off the graph, of the shape of the samples.
///
/// Where layers couple the samples, a row is the input gradient of *all* scores by its sample, as in
/// PyTorch's `autograd.grad(scores.sum(), x)`.
pub(super) fn input_gradients<C: Critic<D>, const D: usize>(
    frozen: &C,
    points: &Batch<D>,
) -> Tensor<D> {
    // Only a leaf that requires it gets a gradient, and only on the autodiff side.
    let samples = points.samples.clone().inner().autodiff().require_grad();
    let batch = Batch { samples: samples.clone(), labels: points.labels.clone() };
    let gradients = frozen.score(batch).raw().sum().backward();
    // A critic that does not look at its samples has no input gradient.
    samples.grad(&gradients).unwrap_or_else(|| samples.inner().zeros_like())
}

/// A copy of the critic that behaves as in training, whose weights are constants.
///
/// It has running statistics of its own, so that what a penalty does never moves the critic's
/// (copies made by `clone` share theirs), and reparameterized weights are worked out once. Freezing
/// a `clone` would moreover turn off the gradients of the *original* where its weights have not
/// been drawn yet.
pub(super) fn frozen<C: Module>(critic: &C) -> C {
    critic.valid().materialize().train().no_grad()
}

/// How the graph of a critic is kept: Burn refuses to mix strategies of gradient checkpointing.
struct Strategy(Option<GradientCheckpointingStrategy>);

impl Strategy {
    fn of<C: Module>(critic: &C) -> Self {
        let mut strategy = Self(None);
        critic.visit(&mut strategy);
        strategy
    }

    /// `tensor` as a constant on the critic's autodiff side.
    fn constant<const D: usize>(&self, tensor: Tensor<D>) -> Tensor<D> {
        let constant = tensor.inner().autodiff();
        match self.0 {
            Some(strategy) => constant.with_gradient_checkpointing_strategy(strategy),
            None => constant,
        }
    }
}

impl ModuleVisitor for Strategy {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.0 = self.0.or_else(|| param.base().gradient_checkpointing_strategy());
    }
}
