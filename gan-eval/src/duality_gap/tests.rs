//! Games whose gap is known, collapse on the ring, and what measuring leaves alone.

use std::f64::consts::{LN_2, TAU};

use burn::tensor::Device;
use gan_core::constraint::Constraint;
use gan_core::critic_preprocessing::InstanceNoise;
use gan_core::learner::{Game, Learner};
use gan_core::loss::{AdversarialLoss as _, LossConfig, NonSaturating, Scores, Wasserstein};
use gan_core::penalty::{GradientPenalty, Penalty};
use gan_core::progress::{Cadence, Span};
use gan_core::session::Session;

use super::*;

use crate::games::{
    Judge, bits, judge, labeled_ring, line, normed, players, real_line, real_ring, ring, shift,
};

const AT: Progress = Progress { step: 0, steps_per_epoch: 1 };

fn response(steps: u64, rules: Rules) -> BestResponse {
    BestResponse {
        steps: NonZeroU64::new(steps).unwrap(),
        rules,
        prior: LatentPrior::Normal,
        generator: OptimizerConfig::adam(0.01, 0.5, 0.9),
        critic: OptimizerConfig::adam(0.05, 0.5, 0.9),
        seed: Seed(3),
    }
}

fn clipped(bound: f64) -> Rules {
    Rules { constraint: Constraint::Clip { bound }, ..Rules::alternating(Wasserstein) }
}

/// Gap, worst critic and best generator.
fn values(measured: [Measurement; 3]) -> [f64; 3] {
    measured.map(|each| each.value)
}

/// The numbers of a point at 1 against the critic `slope·x`, where the data is a point at `real`.
fn bilinear(real: f64, slope: f32, schedule: Schedule) -> [f64; 3] {
    let rules = Rules { schedule, ..clipped(0.5) };
    let probe =
        DualityGap::new(response(20, rules), real_line(real, 0.0, 1), real_line(real, 0.0, 2));
    values(probe.unwrap().evaluate(&players(shift(1.0, 0.0), line(slope, 0.0)), AT).unwrap())
}

/// `M = w·(x − θ)` with `|w| ≤ ½`: the critic's 20 steps of 0.05 end at the bound, and the generator's of 0.01 go
/// 0.2 up the slope, because Adam steps by its rate where the gradient stays the same.
#[test]
fn of_a_bilinear_game_the_gap_is_what_the_players_can_walk() {
    let near = |found: [f64; 3], expected: [f64; 3]| {
        let differs = found.iter().zip(expected).any(|(a, b)| (a - b).abs() > 1e-4);
        assert!(!differs, "{found:?} {expected:?}");
    };
    let constant = Schedule::default();
    // ½·(3 − 1) and 0.1·(3 − 1.2).
    near(bilinear(3.0, 0.1, constant), [0.82, 1.0, 0.18]);
    // Downhill for a critic that slopes the other way.
    near(bilinear(3.0, -0.1, constant), [1.22, 1.0, -0.22]);
    // The generator is right, and a critic that slopes leads it astray.
    near(bilinear(1.0, 0.1, constant), [0.02, 0.0, -0.02]);
    near(bilinear(1.0, 0.0, constant), [0.0, 0.0, 0.0]);
    // A learning rate that has faded says nothing of what a player could gain.
    let faded = Schedule::Linear { end: 0.0, over: Span::Steps(1), warm_up: Span::Steps(0) };
    let at_the_end = bilinear(3.0, 0.1, faded);
    near(at_the_end, [0.82, 1.0, 0.18]);
}

/// `JS(N(0, 1), N(2, 1))` in nats, by the trapezoidal rule.
fn js_of_normals() -> f64 {
    let density = |x: f64, mean: f64| (-0.5 * (x - mean).powi(2)).exp() / TAU.sqrt();
    let term = |a: f64, b: f64| 0.5 * a * (2.0 * a / (a + b)).ln();
    let at = |i: i32| {
        let x = f64::from(i) * 0.01 - 8.0;
        let (p, q) = (density(x, 0.0), density(x, 2.0));
        (term(p, q) + term(q, p)) * 0.01
    };
    (0..1_800).map(at).sum()
}

/// The log-ratio of two normal densities of one deviation is a line, so that a linear critic can be the best
/// one: Goodfellow et al. (2014), theorem 1. Against a critic that says nothing, no generator gains.
#[test]
fn of_two_normals_the_gap_beside_a_flat_critic_is_twice_their_js() {
    let rules = Rules::alternating(NonSaturating::default());
    let probe =
        DualityGap::new(response(300, rules), real_line(0.0, 1.0, 1), real_line(0.0, 1.0, 2));
    let measured = probe.unwrap().evaluate(&players(shift(2.0, 1.0), line(0.0, 0.0)), AT).unwrap();
    let (twice_js, error) = (2.0 * js_of_normals(), measured[0].standard_error.unwrap());
    assert!(error > 0.001 && error < 0.03, "{error}");
    let [gap, worst, best] = values(measured);
    assert!((gap - twice_js).abs() < 4.0 * error, "{gap} ± {error}, {twice_js}");
    assert!((worst - gap + 2.0 * LN_2).abs() < 1e-5 && (best + 2.0 * LN_2).abs() < 1e-5);
}

/// The numbers of a generator of the first `modes` of eight.
fn of_modes(modes: usize) -> [f64; 3] {
    let response = BestResponse {
        prior: LatentPrior::Uniform,
        critic: OptimizerConfig::adam(2e-3, 0.5, 0.9),
        generator: OptimizerConfig::adam(2e-3, 0.5, 0.9),
        ..response(100, Rules::alternating(NonSaturating::default()))
    };
    let probe = DualityGap::new(response, real_ring(1), real_ring(2)).unwrap();
    values(probe.evaluate(&players(ring(modes), judge(2)), AT).unwrap())
}

#[test]
fn the_fewer_modes_of_the_ring_are_made_the_larger_is_the_gap() {
    let [[all, perfect, _], [half, of_half, _], [one, of_one, _]] = [8, 4, 1].map(of_modes);
    let numbers = format!("gaps {all} {half} {one}, critics {perfect} {of_half} {of_one}");
    assert!(all.abs() < 0.1, "{numbers}");
    assert!(half > all + 0.3 && one > half + 0.3, "{numbers}");
    // A critic cannot tell all modes from all modes; of one and of half of eight, it finds nearly twice the JS.
    assert!((perfect + 2.0 * LN_2).abs() < 0.02, "{numbers}");
    assert!(of_one > -0.7 && of_half < -0.8 && of_half > -1.1, "{numbers}");
}

#[test]
fn of_every_loss_the_generator_descends_what_the_critic_ascends() {
    let scores = |values: [f32; 4]| {
        Scores::new(Tensor::<1>::from_data(values, &Device::flex()).unsqueeze_dim::<2>(1))
    };
    let (real, fake) = (scores([1.0, -0.5, 2.0, 0.25]), scores([-1.0, 0.5, 0.0, -3.0]));
    for kind in LossConfig::KINDS {
        let game = ZeroSum(kind.build());
        let value = |loss: Tensor<1>| loss.into_scalar::<f32>();
        let critic = value(kind.build().critic(&real, &fake));
        assert_eq!(value(game.critic(&real, &fake)), critic);
        assert_eq!(value(game.generator(&|| real.clone(), &fake)), -critic, "{}", kind.name());
        assert_eq!(game.lipschitz_bound(), kind.build().lipschitz_bound());
    }
}

#[test]
fn of_every_loss_a_generator_that_is_off_leaves_a_gap() {
    for kind in LossConfig::KINDS {
        let rules = Rules { loss: kind, ..clipped(1.0) };
        let (real, held_out) = (real_line(0.0, 1.0, 1), real_line(0.0, 1.0, 2));
        let probe = DualityGap::new(response(20, rules), real, held_out).unwrap();
        // The score that says nothing is a target's middle for least squares.
        let flat = if kind.name() == "least-squares" { 0.5 } else { 0.0 };
        let off = probe.evaluate(&players(shift(2.0, 1.0), line(-0.1, flat)), AT).unwrap();
        let right = probe.evaluate(&players(shift(0.0, 1.0), line(0.0, flat)), AT).unwrap();
        let ([off, ..], [right, ..]) = (values(off), values(right));
        assert!(off > 0.04 && right.abs() < 0.02, "{}: {off} {right}", kind.name());
    }
}

/// What a critic of packs of two sees, by penalty and constraint.
fn of_rules(rules: Rules) -> [f64; 3] {
    let critic = rules.constraint.attach(judge(4), &Seed(1).stream("constraint"));
    let probe = DualityGap::new(response(20, rules), real_ring(1), real_ring(2)).unwrap();
    values(probe.evaluate::<_>(&players(ring(1), critic), AT).unwrap())
}

#[test]
fn penalties_constraints_packing_noise_and_accumulation_hold_in_responses() {
    let mut rules = Rules { accumulation: 2, ..Rules::alternating(Wasserstein) };
    rules.preprocessing.packing = 2;
    let instance_noise = InstanceNoise { sigma: 0.1, schedule: Schedule::default() };
    rules.preprocessing.instance_noise = Some(instance_noise);
    let penalized =
        Rules { penalties: vec![Penalty::from(GradientPenalty::default())], ..rules.clone() };
    let normal = Rules { constraint: Constraint::SpectralNorm { iterations: 1 }, ..rules.clone() };
    let clipped = Rules { constraint: Constraint::Clip { bound: 0.01 }, ..rules };
    let [[_, of_penalty, _], [_, of_norm, _], [_, of_clip, _]] =
        [penalized, normal, clipped].map(of_rules);
    // The slope is about 1 under the penalty and 1 at most under the norm; packs of two points are about 1.6 apart,
    // and three clipped layers of these widths have a slope of 0.01³·64·64·2 at most.
    assert!(of_penalty > 0.5 && of_penalty < 3.0, "{of_penalty}");
    assert!(of_norm > 0.2 && of_norm < 2.0, "{of_norm}");
    assert!(of_clip > 1e-4 && of_clip < 0.02, "{of_clip}");
}

fn of_normed() -> DualityGap<crate::games::NormedJudge, impl BatchSource<2>, 2> {
    let rules = Rules::alternating(NonSaturating::default());
    DualityGap::new(response(5, rules), labeled_ring(1), labeled_ring(2)).unwrap()
}

/// Weights and running statistics of both players after seven steps, measured or not.
fn trained(measured: bool) -> [Vec<u32>; 2] {
    let game = Game {
        players: normed(),
        rules: Rules::alternating(NonSaturating::default()),
        source: labeled_ring(3),
        prior: LatentPrior::Normal,
        seed: Seed(3),
        device: Device::flex(),
        config: String::new(),
    };
    let probe = of_normed();
    let mut session = Session::new();
    if measured {
        session = session.probe(Cadence::Every(Span::Steps(2)), &probe);
    }
    let learner = Learner::new(game).unwrap().fit(Span::Steps(7), &mut session).unwrap().learner;
    let Players { generator, critic, .. } = learner.players();
    [bits(&generator.module), bits(&critic.module)]
}

#[test]
fn measuring_changes_no_weight_and_no_running_statistic() {
    let before = normed();
    let bits_of = |players: &Players<_, _>| {
        let Players { generator, critic, .. }: &Players<
            crate::games::Normed,
            crate::games::NormedJudge,
        > = players;
        [bits(&generator.module), bits(&critic.module)]
    };
    let untouched = bits_of(&before);
    let [first, again] = [(), ()].map(|()| of_normed().evaluate(&before, AT).unwrap());
    assert_eq!(first, again);
    assert_eq!(bits_of(&before), untouched);
    assert_eq!(trained(true), trained(false));
    // Three batches make an epoch: no more of them are held out.
    assert!(first.iter().all(|each| each.value.is_finite() && each.standard_error.is_some()));
}

#[test]
fn rules_that_cannot_be_played_are_refused() {
    let refused = |rules| {
        let probe = DualityGap::<Judge, _, 2>::new(response(1, rules), real_ring(1), real_ring(2));
        probe.map(|_| ()).unwrap_err().to_string()
    };
    assert!(refused(Rules::alternating(Wasserstein)).contains("unbounded below"));
    let mut packed = Rules::alternating(NonSaturating::default());
    packed.preprocessing.packing = 3;
    assert!(refused(packed).contains("128 samples cannot be cut into packs of 3"));
}
