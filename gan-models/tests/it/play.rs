//! Every architecture through the steps, the checkpoint and back.

use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::{Device, Tensor};
use gan_core::{
    Batch, BatchSource, Chance, Checkpoint, CheckpointPlan, Clock, Critic, Deal, Drawn, Game,
    Generator, LatentPrior, Latents, Learner, Players, Seed, Span, critic_step, generator_step,
};
use gan_models::{DcganConfig, MlpConfig, Networks, RecipeKind};
use rand_chacha::ChaCha8Rng;
use tempfile::TempDir;

/// Eight samples of noise a batch, of any shape: enough to move every weight.
fn noise<const D: usize>(shape: [usize; D]) -> Drawn<impl FnMut(&mut ChaCha8Rng) -> Batch<D>> {
    let size = [shape[0], shape[1..].iter().product()];
    Drawn::new(Seed(3).stream("data"), shape[0], 4, move |rng| {
        let noise = LatentPrior::Uniform.draw(size, rng, &Device::flex());
        Batch::unlabeled(noise.reshape(shape))
    })
}

#[derive(PartialEq, Debug)]
struct Bits {
    weights: Vec<u32>,
    running: Vec<u32>,
}

/// The bits of a module's trained weights and of its running statistics.
fn bits<M: Module>(module: &M) -> Bits {
    struct Collect(Bits);
    impl ModuleVisitor for Collect {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            let values = param.val().into_data().try_to_vec_as::<f32>().unwrap();
            let into =
                if param.is_require_grad() { &mut self.0.weights } else { &mut self.0.running };
            into.extend(values.into_iter().map(f32::to_bits));
        }
    }
    let mut collect = Collect(Bits { weights: Vec::new(), running: Vec::new() });
    // A parked update of the running statistics becomes visible through `valid`.
    let _ = module.valid();
    module.visit(&mut collect);
    collect.0
}

fn game<G: Module, C: Module, const D: usize>(
    kind: RecipeKind,
    networks: Networks<G, C>,
    shape: [usize; D],
) -> Game<G, C, impl BatchSource<D>> {
    let training = kind.recipe().training;
    let (seed, device) = (Seed(2), Device::flex());
    Game {
        players: training.players(networks, seed, &device),
        rules: training.rules(),
        source: noise(shape),
        prior: training.prior,
        seed,
        device,
        config: String::new(),
    }
}

fn mlp_game() -> Game<impl Generator<2>, impl Critic<2>, impl BatchSource<2>> {
    let networks = MlpConfig { latent: 3, hidden: 5, ..MlpConfig::default() }.init(
        &[2],
        1,
        &Device::flex().autodiff(),
    );
    game(RecipeKind::Gan, networks.unwrap(), [8, 2])
}

fn dcgan_game() -> Game<impl Generator<4>, impl Critic<4>, impl BatchSource<4>> {
    let config = DcganConfig { latent: 3, generator_width: 2, critic_width: 2 };
    let networks = config.init(&[1, 32, 32], 1, &Device::flex().autodiff());
    game(RecipeKind::Dcgan, networks.unwrap(), [8, 1, 32, 32])
}

fn each_step_moves_its_own_player_only<G, C, S, const D: usize>(mut game: Game<G, C, S>)
where
    G: Generator<D>,
    C: Critic<D>,
    S: BatchSource<D>,
{
    let look =
        |players: &Players<G, C>| (bits(&players.generator.module), bits(&players.critic.module));
    let latents = |index| {
        let mut rng = Seed(4).stream("latent").draw(index);
        let device = Device::flex().autodiff();
        Latents::unlabeled(LatentPrior::Normal.draw([8, 3], &mut rng, &device))
    };
    let real = game.source.next_batch().unwrap().tracked();
    let clock = Clock { step: 0, steps_per_epoch: 10 };
    let deal = |index| {
        let chance = Chance::new(Seed(4), index);
        Deal { real: real.clone(), latents: latents(index), chance }
    };
    let start = look(&game.players);
    let (players, _) = critic_step(game.players, &game.rules, clock, &[deal(0)]).unwrap();
    let after_critic = look(&players);
    let (players, _) = generator_step(players, &game.rules, clock, &[deal(1)]);
    let after_generator = look(&players);

    assert_eq!(start.0.weights, after_critic.0.weights);
    assert_ne!(start.1.weights, after_critic.1.weights);
    assert_ne!(after_critic.0.weights, after_generator.0.weights);
    assert_eq!(after_critic.1.weights, after_generator.1.weights);
    // Running statistics follow every training-mode forward pass, whoever's step it is.
    let normalizes = !start.0.running.is_empty();
    assert_eq!(start.0.running != after_critic.0.running, normalizes);
    assert_eq!(after_critic.1.running != after_generator.1.running, normalizes);
}

#[test]
fn steps_move_one_player_at_a_time() {
    each_step_moves_its_own_player_only(mlp_game());
    each_step_moves_its_own_player_only(dcgan_game());
}

fn resuming_equals_going_on<G, C, S, const D: usize>(fresh: impl Fn() -> Game<G, C, S>)
where
    G: Generator<D>,
    C: Critic<D>,
    S: BatchSource<D>,
{
    let dir = TempDir::new().unwrap();
    let plan = CheckpointPlan { dir: dir.path().to_owned(), every: Span::Steps(3), keep: 2 };
    let play = |learner: Learner<G, C, S, D>, until| {
        learner.fit(Span::Steps(until), Some(&plan), &mut []).unwrap().learner
    };
    let learner = || Learner::new(fresh()).unwrap();
    play(learner(), 3);
    let saved = Checkpoint::open(&Checkpoint::list(&plan.dir).unwrap()[0]).unwrap();
    let resumed = play(learner().resume(&saved).unwrap(), 6);
    let whole = learner().fit(Span::Steps(6), None, &mut []).unwrap().learner;
    let look = |learner: &Learner<G, C, S, D>| {
        let players = learner.players();
        (bits(&players.generator.module), bits(&players.critic.module))
    };
    assert_eq!(look(&whole), look(&resumed));
}

#[test]
fn resuming_equals_going_on_bit_for_bit() {
    resuming_equals_going_on(mlp_game);
    resuming_equals_going_on(dcgan_game);
}
