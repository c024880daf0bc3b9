//! Players whose numbers are known, and what measuring leaves alone.

use std::convert::Infallible;

use burn::module::{Module, Param};
use burn::nn::{Linear, LinearConfig};
use burn::tensor::{Device, Tensor, activation};
use gan_core::batch::{Batch, BatchSource};
use gan_core::constraint::Constraint;
use gan_core::ema::EmaConfig;
use gan_core::event::{Control, Event, Observer, ObserverError};
use gan_core::latent::{LatentPrior, Latents};
use gan_core::learner::{Game, Learner};
use gan_core::loss::{NonSaturating, Wasserstein};
use gan_core::measurement::Measurement;
use gan_core::optimizer::OptimizerConfig;
use gan_core::player::{Critic, Generator, Player, Players};
use gan_core::probe::Probe;
use gan_core::progress::{Cadence, Span};
use gan_core::rules::Rules;
use gan_core::seed::Seed;
use gan_core::session::Session;

use super::*;
use crate::games::{bits, judge, labeled_ring, line, normed, real_line, real_ring, ring, shift};
use crate::quantities::{FRECHET, LIVE_FRECHET};
use crate::{FeatureExtractor, FeatureProbe};

/// The numbers that a training of `steps` steps has measured last.
struct Newest(Vec<Measurement>);

impl<G, C> Observer<G, C> for Newest {
    fn observe(&mut self, event: &Event<'_, G, C>) -> Result<Control, ObserverError> {
        if let Event::Measured { measurements, .. } = event {
            self.0 = measurements.to_vec();
        }
        Ok(Control::Continue)
    }
}

/// What `probe` measures after one step of a game with this learning rate.
fn after_a_step<G, C, S, const D: usize>(
    players: Players<G, C>,
    rules: Rules,
    lr: f64,
    source: S,
    probe: &dyn Probe<G, C, D>,
) -> Vec<(&'static str, f64)>
where
    G: Generator<D>,
    C: Critic<D>,
    S: BatchSource<D, Error = Infallible>,
{
    let adam = OptimizerConfig::adam(lr, 0.0, 0.0);
    let players = Players::new(
        Player::new(players.generator.module, &adam),
        Player::new(players.critic.module, &adam),
    );
    let game = Game {
        players,
        rules,
        source,
        prior: LatentPrior::Normal,
        seed: Seed(3),
        device: Device::flex(),
        config: String::new(),
    };
    let mut newest = Newest(Vec::new());
    let mut session =
        Session::new().probe(Cadence::Every(Span::Steps(1)), probe).observer(&mut newest);
    Learner::new(game).unwrap().fit(Span::Steps(1), &mut session).unwrap();
    drop(session);
    let names = probe.quantities();
    let mine = newest.0.iter().filter(|each| names.contains(&each.quantity));
    mine.map(|each| (each.quantity.name, each.value)).collect()
}

fn value(measured: &[(&'static str, f64)], quantity: gan_core::measurement::Quantity) -> f64 {
    measured.iter().find(|(name, _)| *name == quantity.name).unwrap().1
}

fn players<G: Module, C: Module>(generator: G, critic: C) -> Players<G, C> {
    let unused = OptimizerConfig::adam(1.0, 0.0, 0.0);
    Players::new(Player::new(generator, &unused), Player::new(critic, &unused))
}

fn clipped() -> Rules {
    Rules { constraint: Constraint::Clip { bound: 10.0 }, ..Rules::alternating(Wasserstein) }
}

fn batch<S: BatchSource<D, Error = Infallible>, const D: usize>(mut source: S) -> Batch<D> {
    let Ok(batch) = source.next_batch();
    batch
}

/// Adam without memory moves every weight by its rate: the slope is 0.15 after the first step, and a
/// second one would move it by 0.05 again. An offset is no weight matrix.
#[test]
fn an_update_is_measured_against_the_weights_that_it_changes() {
    let probe = UpdateProbe::new(clipped(), batch(real_line(3.0, 0.0, 1)));
    let measured = after_a_step(
        players(shift(1.0, 0.0), line(0.1, 0.0)),
        clipped(),
        0.05,
        real_line(3.0, 0.0, 1),
        &probe,
    );
    assert_eq!(measured.len(), 1, "{measured:?}");
    let ratio = value(&measured, updates::CRITIC_UPDATE_RATIO);
    assert!((ratio - 1.0 / 3.0).abs() < 1e-4, "{ratio}");
}

#[test]
fn the_slope_of_a_line_is_its_input_gradient_and_what_the_generator_is_told() {
    let measured = |rules: Rules| {
        let probe = SlopeProbe::new(rules.clone(), batch(real_line(3.0, 1.0, 1)));
        let players = players(shift(1.0, 1.0), line(-0.5, 0.25));
        let found = after_a_step(players, rules, 1e-9, real_line(3.0, 1.0, 1), &probe);
        [slopes::INPUT_GRADIENT_NORM, slopes::SAMPLE_GRADIENT_NORM].map(|of| value(&found, of))
    };
    let [slope, told] = measured(clipped());
    assert!((slope - 0.5).abs() < 1e-6 && (told - 0.5).abs() < 1e-6, "{slope} {told}");
    // ∂/∂x softplus(−D(x)) is σ(−D)·0.5 for scores from about −0.75 to 0.75.
    let [slope, told] = measured(Rules::alternating(NonSaturating::default()));
    assert!((slope - 0.5).abs() < 1e-6 && told > 0.2 && told < 0.4, "{slope} {told}");
}

#[test]
fn a_critic_that_likes_what_it_has_seen_has_a_gap() {
    let gap = |held_out: f64| {
        let probe = HeldOutProbe::new(
            Rules::alternating(Wasserstein).preprocessing,
            vec![batch(real_line(3.0, 0.5, 1)), batch(real_line(3.0, 0.5, 2))],
            vec![batch(real_line(held_out, 0.5, 4))],
        );
        let players = players(shift(1.0, 1.0), line(2.0, 0.0));
        let found = after_a_step(players, clipped(), 1e-9, real_line(3.0, 0.5, 1), &probe);
        value(&found, held_out::HELD_OUT_GAP)
    };
    let (same, other) = (gap(3.0), gap(2.0));
    assert!(same.abs() < 0.2 && (other - 2.0).abs() < 0.25, "{same} {other}");
}

#[test]
fn statistics_of_batches_are_compared_where_there_are_any() {
    let rules = Rules::alternating(NonSaturating::default());
    let probe = BatchStatisticsProbe::new(rules.preprocessing.clone(), batch(labeled_ring(1)));
    let found = after_a_step(normed(), rules.clone(), 1e-9, labeled_ring(1), &probe);
    let [gap, coupling] = [batch_statistics::TRAIN_EVAL_GAP, batch_statistics::BATCH_COUPLING]
        .map(|of| value(&found, of));
    // One step in, the running statistics are nine tenths those of the beginning.
    assert!(gap > 0.05 && coupling > 0.01, "{gap} {coupling}");
    let probe = BatchStatisticsProbe::new(rules.preprocessing.clone(), batch(real_ring(1)));
    let without = after_a_step(players(ring(8), judge(2)), rules, 1e-9, real_ring(1), &probe);
    assert!(without.is_empty(), "{without:?}");
}

/// Points as they are.
struct Itself;

impl FeatureExtractor<2> for Itself {
    fn id(&self) -> String {
        "itself".to_owned()
    }

    fn features(&self, points: Tensor<2>) -> Tensor<2> {
        points
    }
}

/// The average of a long half-life stays where the data are; the generator itself has gone away by its
/// learning rate.
#[test]
fn an_average_and_the_live_weights_are_measured_apart() {
    let points = |seed| batch(real_line(0.0, 1.0, seed)).samples;
    let probe = FeatureProbe::new(Itself, points(5), points(6)).unwrap().beside_live_weights();
    let measured = |ema| {
        let rules = Rules { ema, ..clipped() };
        let players = players(shift(0.0, 1.0), line(2.0, 0.0));
        after_a_step(players, rules, 3.0, real_line(0.0, 1.0, 1), &probe)
    };
    let averaged = measured(Some(EmaConfig { half_life: Span::Steps(1_000) }));
    let (of_average, of_live) = (value(&averaged, FRECHET), value(&averaged, LIVE_FRECHET));
    assert!(of_average < 0.1 && (of_live - 9.0).abs() < 1.0, "{of_average} {of_live}");
    let live = measured(None);
    assert!((value(&live, FRECHET) - of_live).abs() < 1e-9);
    assert!(live.iter().all(|(name, _)| *name != LIVE_FRECHET.name));
}

/// A generator of points with hidden units of which some are off.
#[derive(Module, Debug)]
struct Half {
    hidden: Linear,
    point: Linear,
}

fn half(dead: usize) -> Half {
    let device = Device::flex().autodiff();
    let bias: Vec<f32> = (0..4).map(|unit| if unit < dead { -1e3 } else { 1.0 }).collect();
    let mut hidden = LinearConfig::new(2, 4).init(&device);
    hidden.bias = Some(Param::from_tensor(Tensor::from_data(bias.as_slice(), &device)));
    Half { hidden, point: LinearConfig::new(4, 2).init(&device) }
}

impl Generator<2> for Half {
    fn latent_dim(&self) -> usize {
        2
    }

    fn forward(&self, latents: Latents) -> Tensor<2> {
        self.point.forward(activation::relu(self.hidden.forward(latents.noise)))
    }
}

#[test]
fn units_that_are_off_for_every_input_are_counted() {
    let rules = Rules::alternating(NonSaturating::default());
    let probe = DeadUnitProbe::new(rules.preprocessing.clone(), batch(real_ring(1)));
    for dead in [0, 1, 3] {
        let game = players(half(dead), judge(2));
        let found = after_a_step(game, rules.clone(), 1e-9, real_ring(1), &probe);
        assert_eq!(value(&found, dead_units::GENERATOR_DEAD_UNITS), dead as f64 / 4.0);
        assert_eq!(value(&found, dead_units::CRITIC_DEAD_UNITS), 0.0);
    }
}

#[test]
fn a_critic_of_packs_is_given_packs() {
    let mut rules = Rules::alternating(NonSaturating::default());
    rules.preprocessing.packing = 4;
    let real = || batch(real_ring(1));
    let of_packs = |probe: &dyn Probe<crate::games::Ring, crate::games::Judge, 2>| {
        after_a_step(players(ring(8), judge(8)), rules.clone(), 1e-9, real_ring(1), probe).len()
    };
    assert_eq!(of_packs(&UpdateProbe::new(rules.clone(), real())), 1);
    assert_eq!(of_packs(&SlopeProbe::new(rules.clone(), real())), 2);
    let packs = rules.preprocessing.clone();
    assert_eq!(of_packs(&HeldOutProbe::new(packs.clone(), vec![real()], vec![real()])), 1);
    assert_eq!(of_packs(&DeadUnitProbe::new(packs.clone(), real())), 2);
    assert_eq!(of_packs(&BatchStatisticsProbe::new(packs, real())), 0);
}

/// The bits of both players after seven steps.
fn trained(measured: bool) -> [Vec<u32>; 2] {
    let rules = Rules::alternating(NonSaturating::default());
    let real = || batch(labeled_ring(1));
    let probes: [Box<dyn Probe<crate::games::Normed, crate::games::NormedJudge, 2>>; 7] = [
        Box::new(UpdateProbe::new(rules.clone(), real())),
        Box::new(SlopeProbe::new(rules.clone(), real())),
        Box::new(HeldOutProbe::new(rules.preprocessing.clone(), vec![real()], vec![real()])),
        Box::new(BatchStatisticsProbe::new(rules.preprocessing.clone(), real())),
        Box::new(DeadUnitProbe::new(rules.preprocessing.clone(), real())),
        Box::new(ScoreProbe),
        Box::new(WeightProbe::default()),
    ];
    let game = Game {
        players: normed(),
        rules,
        source: labeled_ring(3),
        prior: LatentPrior::Normal,
        seed: Seed(3),
        device: Device::flex(),
        config: String::new(),
    };
    let mut session = Session::new();
    for probe in probes.iter().filter(|_| measured) {
        session = session.probe(Cadence::Every(Span::Steps(2)), probe.as_ref());
    }
    let learner = Learner::new(game).unwrap().fit(Span::Steps(7), &mut session).unwrap().learner;
    let Players { generator, critic, .. } = learner.players();
    [bits(&generator.module), bits(&critic.module)]
}

#[test]
fn measuring_changes_no_weight_and_no_running_statistic() {
    assert_eq!(trained(true), trained(false));
}
