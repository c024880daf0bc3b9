//! Penalties against PyTorch, and what is particular to each.

mod critics;
mod points;
mod reference;
mod refusals;
mod registry;
mod special_cases;

use crate::GanError;
use crate::batch::Batch;
use crate::penalty::{GradientPenaltyMethod, Penalty, PenaltyTerm, R1, R2, zero_centered};
use crate::player::Critic;

/// A gradient penalty at given points, its weight as it is.
fn at<C: Critic<D>, const D: usize>(
    penalty: Penalty,
    critic: &C,
    points: &Batch<D>,
    method: GradientPenaltyMethod,
) -> Result<PenaltyTerm, GanError> {
    method.penalize(penalty.name(), critic, points, |gradients| match penalty {
        Penalty::GradientPenalty(penalty) => penalty.cost(gradients, penalty.weight),
        Penalty::R1(R1 { weight, .. }) | Penalty::R2(R2 { weight, .. }) => {
            zero_centered::cost(gradients, weight)
        }
        Penalty::Dragan(penalty) => penalty.cost(gradients, penalty.weight),
        Penalty::Drift(_) | Penalty::Orthogonal(_) => panic!("{} has no points", penalty.name()),
    })
}
