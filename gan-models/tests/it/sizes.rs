//! Every recipe of doubling stages at every size that it names: images, scores and a step.

use burn::module::Module as _;
use burn::tensor::Device;
use gan_core::batch::Batch;
use gan_core::learner::Learner;
use gan_core::player::{Critic, Generator};
use gan_core::progress::Span;
use gan_core::session::Session;
use gan_models::{Architecture, ConvolutionalConfig, Networks, RecipeKind, ResidualConfig, Sides};

use crate::architectures::{latents, trainable};
use crate::play::{bits, game};

/// Every side that the architectures name.
fn sides() -> &'static [usize] {
    let Sides::Only(sides) = RecipeKind::R3gan.recipe().architecture.image_sides() else {
        panic!("convolutional networks make some sizes only")
    };
    sides
}

/// After a step of either player, the images are of the right size and in range, and all else moved.
fn steps_at<G: Generator<4>, C: Critic<4>>(
    kind: RecipeKind,
    classes: usize,
    networks: Networks<G, C>,
    side: usize,
) {
    // Kernels on Flex are for batches of 16 and more; larger images take Burn's own layers too.
    let batch = if side <= 48 { 16 } else { 4 };
    let learner = Learner::new(game(kind, classes, networks, [batch, 1, side, side])).unwrap();
    let look = |learner: &Learner<G, C, _, 4>| {
        let players = learner.players();
        (bits(&players.generator.module).weights, bits(&players.critic.module).weights)
    };
    let start = look(&learner);
    let end = look(&learner.fit(Span::Steps(1), &mut Session::new()).unwrap().learner);
    assert_ne!(start.0, end.0, "{} at {side}", kind.name());
    assert_ne!(start.1, end.1, "{} at {side}", kind.name());
    let is_finite = |bits: &Vec<u32>| bits.iter().all(|bits| f32::from_bits(*bits).is_finite());
    assert!(is_finite(&end.0) && is_finite(&end.1), "{} at {side}", kind.name());
}

#[test]
fn one_step_moves_both_players_of_every_convolutional_recipe_at_every_kind_of_size() {
    let device = Device::flex().autodiff();
    for kind in RecipeKind::ALL {
        for side in [16, 20, 24, 40, 48, 96, 128] {
            let width = if side <= 48 { 4 } else { 2 };
            let shape = [1, side, side];
            match kind.recipe().architecture {
                Architecture::Conv(conv) => {
                    let conv = ConvolutionalConfig {
                        latent: 3,
                        generator_width: width,
                        critic_width: width,
                        ..conv
                    };
                    steps_at(kind, conv.classes, conv.init(&shape, 1, &device).unwrap(), side);
                }
                Architecture::Residual(residual) => {
                    let residual = ResidualConfig {
                        latent: 3,
                        generator_width: width,
                        critic_width: width,
                        ..residual
                    };
                    steps_at(kind, 0, residual.init(&shape, 1, &device).unwrap(), side);
                }
                _ => {}
            }
        }
    }
}

/// Images of the right shape and range, and a score for each.
fn makes_and_scores<G: Generator<4>, C: Critic<4>>(networks: Networks<G, C>, side: usize) {
    let images = networks.generator.forward(latents(2, 5));
    assert_eq!(images.dims(), [2, 3, side, side]);
    let farthest = images.clone().abs().max().into_scalar::<f32>();
    assert!(farthest <= 1.0 && farthest > 0.0, "{farthest} at {side}");
    let scores = networks.critic.score(Batch::unlabeled(images)).raw();
    assert_eq!(scores.dims(), [2, 1]);
    assert!(scores.sum().into_scalar::<f32>().is_finite());
}

#[test]
fn every_side_that_is_named_is_made_and_scored() {
    let device = Device::flex();
    for side in sides() {
        let shape = [3, *side, *side];
        let conv = ConvolutionalConfig {
            latent: 5,
            generator_width: 1,
            critic_width: 2,
            ..Default::default()
        };
        makes_and_scores(conv.init(&shape, 1, &device).unwrap(), *side);
        let residual = ResidualConfig { latent: 5, generator_width: 1, critic_width: 2, blocks: 1 };
        makes_and_scores(residual.init(&shape, 1, &device).unwrap(), *side);
    }
}

/// Larger images have more levels, and none with more than eight times the width.
#[test]
fn maps_double_three_times_and_no_more() {
    let device = Device::flex();
    let config = ConvolutionalConfig {
        latent: 5,
        generator_width: 2,
        critic_width: 1,
        ..ConvolutionalConfig::default()
    };
    let weights = |side| {
        let Networks { generator, critic } = config.init(&[3, side, side], 1, &device).unwrap();
        (trainable(&generator.train()), trainable(&critic.train()))
    };
    let kernels = |maps: &[usize]| maps.windows(2).map(|w| w[0] * w[1] * 16).sum::<usize>();
    let norms = |maps: &[usize]| 2 * maps.iter().sum::<usize>();
    // 7·2⁵ = 224: the latent meets a kernel of 7×7, and so does the score.
    let up = [16, 16, 8, 4, 2];
    let generator = 5 * 16 * 49 + kernels(&up) + norms(&up) + 2 * 3 * 16 + 3;
    let down = [3, 1, 2, 4, 8, 8];
    let critic = kernels(&down) + 1 + norms(&down[2..]) + 8 * 49 + 1;
    assert_eq!(weights(224), (generator, critic));
}

#[test]
fn the_program_can_choose_a_side_from_the_size_of_the_data() {
    let side = |kind: RecipeKind, native| kind.recipe().architecture.fitting_side(native);
    assert_eq!(side(RecipeKind::Wgan, 250), 224);
    assert_eq!(side(RecipeKind::R3gan, 12), 16);
    assert_eq!(side(RecipeKind::Dcgan, 250), 32);
    assert_eq!(side(RecipeKind::Cgan, 30), 30);
    assert_eq!(side(RecipeKind::Cgan, 250), 64);
}
