//! This workspace's own step: the recipe's players under the learner, on a batch that is always
//! the same and without observers.

use std::time::{Duration, Instant};

use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::GradientsParams;
use burn::tensor::{Device, Int, Tensor};
use gan_core::batch::{Batch, Drawn};
use gan_core::constraint::Constraint;
use gan_core::ema::Ema;
use gan_core::latent::LatentPrior;
use gan_core::learner::{Game, Learner};
use gan_core::player::{Critic, Generator, Player};
use gan_core::progress::{Progress, Span};
use gan_core::seed::Seed;
use gan_core::session::Session;
use gan_models::{Architecture, Networks};

use crate::built::weights;
use crate::plan::Plan;
use crate::timer::median_seconds;

/// Rounds of an update of a player's weights that is timed on its own.
const UPDATES: usize = 15;

/// Something to do with the networks of a recipe, whatever their types are.
pub(crate) trait NetworkVisitor {
    type Output;

    /// `shape` is that of a batch of real samples.
    fn visit<G: Generator<D>, C: Critic<D>, const D: usize>(
        self,
        plan: &Plan,
        networks: Networks<G, C>,
        shape: [usize; D],
    ) -> Self::Output;
}

/// Does it with the networks of this plan.
pub(crate) fn with_networks<W: NetworkVisitor>(plan: &Plan, work: W) -> Result<W::Output, String> {
    let (batch, device) = (plan.batch, Device::flex().autodiff());
    let sample @ [maps, height, width] = plan.layers.sample;
    let failed = |error: gan_models::ModelError| error.to_string();
    let side = |pixels: usize| (1..=pixels).find(|side| side * side == pixels).unwrap_or(1);
    Ok(match plan.architecture {
        Architecture::Mlp(config) if config.classes == 0 => {
            let networks = config.init(&sample[..1], 1, &device).map_err(failed)?;
            work.visit(plan, networks, [batch, maps])
        }
        Architecture::Mlp(config) => {
            let image = [1, side(maps), side(maps)];
            let networks = config.init(&image, 1, &device).map_err(failed)?;
            work.visit(plan, networks, [batch, image[0], image[1], image[2]])
        }
        Architecture::Dcgan(config) => {
            let networks = config.init(&sample, 1, &device).map_err(failed)?;
            work.visit(plan, networks, [batch, maps, height, width])
        }
        Architecture::Conv(config) => {
            let networks = config.init(&sample, 1, &device).map_err(failed)?;
            work.visit(plan, networks, [batch, maps, height, width])
        }
        Architecture::Residual(config) => {
            let networks = config.init(&sample, 1, &device).map_err(failed)?;
            work.visit(plan, networks, [batch, maps, height, width])
        }
        _ => return Err("networks like these are not measured".to_owned()),
    })
}

/// Weights of the recipe's generator and critic.
pub(crate) fn parameters(plan: &Plan) -> Result<[usize; 2], String> {
    struct Count;
    impl NetworkVisitor for Count {
        type Output = [usize; 2];

        fn visit<G: Generator<D>, C: Critic<D>, const D: usize>(
            self,
            _plan: &Plan,
            networks: Networks<G, C>,
            _shape: [usize; D],
        ) -> [usize; 2] {
            [weights(&networks.generator), weights(&networks.critic)]
        }
    }
    with_networks(plan, Count)
}

/// Seconds of one step, the mean over this duration.
pub(crate) struct StepSeconds(pub(crate) Duration);

impl NetworkVisitor for StepSeconds {
    type Output = f64;

    fn visit<G: Generator<D>, C: Critic<D>, const D: usize>(
        self,
        plan: &Plan,
        networks: Networks<G, C>,
        shape: [usize; D],
    ) -> f64 {
        let (seed, device, training) = (Seed(1), Device::flex(), &plan.training);
        let size = [shape[0], shape[1..].iter().product()];
        let mut rng = seed.stream("samples").draw(0);
        let samples = LatentPrior::Uniform.draw(size, &mut rng, &device).reshape(shape);
        let classes = plan.classes() as i64;
        let labels = (classes > 0).then(|| {
            Tensor::<1, Int>::arange(0..shape[0] as i64, &device).remainder_scalar(classes)
        });
        let draw = move |_: &mut _| Batch { samples: samples.clone(), labels: labels.clone() };
        let game = Game {
            players: training.players(networks, seed, &device),
            rules: training.rules.clone(),
            source: Drawn::new(seed.stream("data"), shape[0], 1_000, draw),
            prior: training.prior,
            seed,
            device,
            config: String::new(),
        };
        let mut learner = Some(Learner::new(game).expect("a recipe's rules"));
        let mut played = 0;
        let mut play = |steps: u64| {
            let until = Span::Steps(played + steps);
            played += steps;
            let began = Instant::now();
            let Some(playing) = learner.take() else { unreachable!("it is put back below") };
            learner = Some(playing.fit(until, &mut Session::new()).expect("finite").learner);
            began.elapsed()
        };
        play(2);
        let once = play(2).as_secs_f64() / 2.0;
        let steps = (self.0.as_secs_f64() / once).ceil().max(2.0);
        play(steps as u64).as_secs_f64() / steps
    }
}

/// Seconds of the optimizers' part of a step: the generator's and the critic's.
pub(crate) struct UpdateSeconds;

impl NetworkVisitor for UpdateSeconds {
    type Output = [f64; 2];

    fn visit<G: Generator<D>, C: Critic<D>, const D: usize>(
        self,
        plan: &Plan,
        networks: Networks<G, C>,
        _shape: [usize; D],
    ) -> [f64; 2] {
        let players = plan.training.players(networks, Seed(1), &Device::flex());
        [update(players.generator), update(players.critic) * plan.critic_steps() as f64]
    }
}

/// Seconds of what a step does to weights after their updates: of the critic's constraint and of the
/// generator's average, where there are any.
pub(crate) struct AfterwardsSeconds;

impl NetworkVisitor for AfterwardsSeconds {
    type Output = [Option<f64>; 2];

    fn visit<G: Generator<D>, C: Critic<D>, const D: usize>(
        self,
        plan: &Plan,
        networks: Networks<G, C>,
        _shape: [usize; D],
    ) -> [Option<f64>; 2] {
        let players = plan.training.players(networks, Seed(1), &Device::flex());
        let rules = &plan.training.rules;
        let constraint = (rules.constraint != Constraint::None).then(|| {
            let critic = players.critic.module;
            let mut critic = Some(rules.constraint.attach(critic, &Seed(1).stream("constraint")));
            let project = || critic = critic.take().map(|critic| rules.constraint.project(critic));
            median_seconds(project) * plan.critic_steps() as f64
        });
        let average = rules.ema.map(|ema| {
            let generator = players.generator.module;
            let (progress, start) =
                (Progress { step: 1, steps_per_epoch: 1 }, Ema::new(&generator, ema.half_life));
            let mut average = Some(start);
            median_seconds(|| {
                let followed = average.take().map(|ema| ema.follow(&generator, progress));
                average = followed.and_then(Result::ok);
            })
        });
        [constraint, average]
    }
}

fn update<M: Module>(player: Player<M>) -> f64 {
    let mut player = Some(player);
    let mut seconds: Vec<f64> = (0..UPDATES)
        .filter_map(|_| {
            let playing = player.take()?;
            let gradients = some_gradients(&playing.module);
            let began = Instant::now();
            player = Some(playing.update(gradients, 1.0));
            Some(began.elapsed().as_secs_f64())
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}

/// A gradient for every weight.
fn some_gradients<M: Module>(module: &M) -> GradientsParams {
    struct Fill(GradientsParams);
    impl ModuleVisitor for Fill {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            if param.base().is_require_grad() {
                self.0.register(param.id, param.base().inner().zeros_like() + 0.01);
            }
        }
    }
    let mut fill = Fill(GradientsParams::new());
    module.visit(&mut fill);
    fill.0
}
