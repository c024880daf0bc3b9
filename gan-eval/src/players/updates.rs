//! How long an update is against the weights that it changes.
//!
//! | Quantity | Measures | Read as |
//! |---|---|---|
//! | `generator/update_ratio`, `critic/update_ratio` | median over a player's weight matrices of `‖ΔW‖ ÷ ‖W‖` for one update | 10⁻⁴ to 10⁻¹ is usual; shorter, nothing is learned; longer, a player jumps over what it aims at (TheDeepChecker, Ben Braiek & Khomh (2023), doi:10.1145/3529318) |
//!
//! Copies of both players make the update, with the momenta that they have, at the learning rate and
//! the schedule of the step. Weight matrices are trained weights of rank 2 and above.

use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::Tensor;
use gan_core::batch::{Batch, MicroBatch};
use gan_core::exchange::Alone;
use gan_core::loss::Objective;
use gan_core::measurement::{Measurement, Quantity};
use gan_core::player::{Critic, Generator, Players};
use gan_core::probe::{Probe, ProbeError, Snapshot};
use gan_core::rules::Rules;
use gan_core::step::{critic_step, generator_step};
use gan_kernels::autocast;

use super::copies;
use crate::duality_gap::precision_of;

/// How long the generator's update is against its weights.
pub const GENERATOR_UPDATE_RATIO: Quantity = Quantity::new("generator/update_ratio", "1");
/// How long the critic's update is against its weights.
pub const CRITIC_UPDATE_RATIO: Quantity = Quantity::new("critic/update_ratio", "1");

/// Makes one update of each player, on copies.
///
/// # Cost
/// That of one step with one critic step and one micro-batch.
pub struct UpdateProbe<C, const D: usize> {
    rules: Rules,
    objective: Objective<C, D>,
    real: Batch<D>,
}

impl<C: Critic<D>, const D: usize> UpdateProbe<C, D> {
    /// Updates of a game by `rules` on one batch of `real` samples, as large as those of the game.
    pub fn new(rules: Rules, real: Batch<D>) -> Self {
        let objective = Objective::of(&rules);
        Self { rules, objective, real }
    }

    /// Each player after an update of its own, beside the other as it is.
    fn updated<G: Generator<D>>(&self, game: &Snapshot<'_, G, C, D>) -> Result<(G, C), ProbeError> {
        let (players, at) = (game.players(), game.progress());
        let copy =
            || Players::new(copies::player(&players.generator), copies::player(&players.critic));
        let Self { rules, objective, .. } = self;
        let precision = precision_of(rules, &players.critic.module);
        let of_critic = copy();
        let given = self.micro_batch(game, &of_critic.generator.frozen());
        let step = || critic_step(of_critic, rules, objective, at, &Alone, [given]);
        let (Players { critic, .. }, _) = autocast(precision, step)?;
        let of_generator = copy();
        let given = self.micro_batch(game, &of_generator.generator.module);
        let step = || generator_step(of_generator, rules, objective, at, &Alone, [given]);
        let (Players { generator, .. }, _) = autocast(precision, step)?;
        Ok((generator.module, critic.module))
    }

    fn micro_batch<G: Generator<D>>(
        &self,
        game: &Snapshot<'_, G, C, D>,
        generator: &G,
    ) -> MicroBatch<D> {
        copies::micro_batch(game, generator, &self.real, "updates")
    }
}

impl<G: Generator<D>, C: Critic<D>, const D: usize> Probe<G, C, D> for UpdateProbe<C, D> {
    fn name(&self) -> &str {
        "updates"
    }

    fn quantities(&self) -> Vec<Quantity> {
        vec![GENERATOR_UPDATE_RATIO, CRITIC_UPDATE_RATIO]
    }

    fn measure(&self, game: &Snapshot<'_, G, C, D>) -> Result<Vec<Measurement>, ProbeError> {
        let Players { generator, critic, .. } = game.players();
        let (moved_generator, moved_critic) = self.updated(game)?;
        let of_generator = ratio(&generator.module, &moved_generator);
        let of_critic = ratio(&critic.module, &moved_critic);
        let measured =
            |quantity: Quantity, ratio: Option<f64>| ratio.map(|ratio| quantity.measured(ratio));
        let both = [
            measured(GENERATOR_UPDATE_RATIO, of_generator),
            measured(CRITIC_UPDATE_RATIO, of_critic),
        ];
        Ok(both.into_iter().flatten().collect())
    }
}

/// The median of `‖after − before‖ ÷ ‖before‖` over weight matrices that are not all 0.
fn ratio<M: Module>(before: &M, after: &M) -> Option<f64> {
    let (before, after) = (Matrices::of(before), Matrices::of(after));
    let pairs = before.into_iter().zip(after);
    let squares = pairs.map(|(before, after)| {
        Tensor::cat(vec![(after - before.clone()).square().sum(), before.square().sum()], 0)
    });
    let mut ratios: Vec<f64> = squares
        .map(|squares| squares.into_data().iter::<f64>().collect::<Vec<_>>())
        .filter(|squares| squares[1] > 0.0)
        .map(|squares| (squares[0] / squares[1]).sqrt())
        .collect();
    ratios.sort_by(f64::total_cmp);
    ratios.get(ratios.len() / 2).copied()
}

/// The trained weights of rank 2 and above, entry by entry.
struct Matrices(Vec<Tensor<1>>);

impl Matrices {
    fn of<M: Module>(network: &M) -> Vec<Tensor<1>> {
        let mut matrices = Self(Vec::new());
        network.visit(&mut matrices);
        matrices.0
    }
}

impl ModuleVisitor for Matrices {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if D >= 2 && param.base().is_require_grad() {
            let weights = param.base().clone().inner();
            let n = weights.shape().num_elements();
            self.0.push(weights.reshape([n]));
        }
    }
}
