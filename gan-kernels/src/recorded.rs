//! The bits that every kernel makes, recorded once for all processors with fused multiply-add.
//!
//! `Level::each` compares the levels that one processor has. AVX2 and NEON never meet in one, so all of
//! them are compared with what is written down here too.

use crate::activation::Activation;
use crate::adam::AdamStep;
use crate::batch_norm::{BatchNorm, Normalized};
use crate::channels::{Map, activate, add_to, sum};
use crate::contraction::Tiling;
use crate::convolution::grouped::GroupedConvolution;
use crate::convolution::{Convolution, Finish};
use crate::group_norm::GroupNorm;
use crate::pooling::Pooling;
use crate::precision::Precision;
use crate::reference::{ACTIVATIONS, numbers, square};
use crate::rms_prop::RmsPropStep;
use crate::simd::Level;

/// Kernels, what calls them on numbers that are always the same, and the fingerprint of what they make.
type Record = (&'static str, fn() -> Vec<Vec<f32>>, u64);

const RECORDED: [Record; 11] = [
    ("convolutions of images", of_images, 0xf40f_2d6e_2d2f_6569),
    ("convolutions of maps", of_maps, 0x4d3b_8979_7ae7_7fd4),
    ("fully connected layers", fully_connected, 0x4f08_ac02_c3fc_cfdd),
    ("grouped convolutions", in_groups, 0x67d4_1cdf_7ff9_7913),
    ("batch normalization", batch_normalization, 0xbca6_fdd9_cf22_8c53),
    ("class-conditional normalization", by_sample, 0xb89f_0027_5837_3758),
    ("group normalization", group_normalization, 0x479f_67d0_98ab_56ac),
    ("activations and sums", activations_and_sums, 0x66ce_558f_4f99_4841),
    ("pooling", pooling, 0x4d02_5644_7b45_dbd6),
    ("Adam", adam, 0x057c_2afc_aa0b_76b3),
    ("RMSProp", rms_prop, 0x51e8_d544_e364_b9ef),
];

/// All of them in one line each, so that a change that is meant to alter bits can be recorded anew.
#[test]
fn every_level_with_fused_multiply_add_makes_the_recorded_bits() {
    let line = |name: &str, bits: u64| format!("{name}: {bits:#018x}\n");
    let recorded: String = RECORDED.map(|(name, _, bits)| line(name, bits)).concat();
    let fused = Level::available().iter().filter(|level| **level != Level::Portable);
    for (level, tiling) in fused.flat_map(|level| Tiling::ALL.map(|tiling| (*level, tiling))) {
        let made = |make: fn() -> Vec<Vec<f32>>| fingerprint(&tiling.on(|| level.on(make)));
        let found: String = RECORDED.map(|(name, make, _)| line(name, made(make))).concat();
        assert!(found == recorded, "{level:?} {tiling:?} makes\n{found}recorded is\n{recorded}");
    }
}

/// FNV-1a, over the bytes of all numbers and the end of each list.
fn fingerprint(lists: &[Vec<f32>]) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    lists.iter().fold(0xcbf2_9ce4_8422_2325, |hash, list| {
        let bytes = list.iter().flat_map(|number| number.to_bits().to_le_bytes());
        bytes.chain([0xff]).fold(hash, step)
    })
}

fn of_images() -> Vec<Vec<f32>> {
    all_products(Convolution {
        geometry: square(10, 5, 4, 2, 1),
        fine_channels: 3,
        coarse_channels: 21,
        batch: 37,
        precision: Precision::F32,
    })
}

/// More rows than a tile has, and more operands than it meets at once.
fn of_maps() -> Vec<Vec<f32>> {
    all_products(Convolution {
        geometry: square(8, 4, 3, 2, 1),
        fine_channels: 70,
        coarse_channels: 39,
        batch: 64,
        precision: Precision::F32,
    })
}

fn fully_connected() -> Vec<Vec<f32>> {
    all_products(Convolution {
        geometry: square(1, 1, 1, 1, 0),
        fine_channels: 110,
        coarse_channels: 57,
        batch: 33,
        precision: Precision::F32,
    })
}

fn all_products(of: Convolution) -> Vec<Vec<f32>> {
    let weights = numbers(of.fine_channels * of.coarse_channels * of.geometry.taps(), 1);
    let [fine, coarse] = maps(&of);
    let [to_coarse, to_fine] = [numbers(of.coarse_channels, 4), numbers(of.fine_channels, 5)];
    let finish = |bias, activation| Finish { bias: Some(bias), activation };
    vec![
        of.coarsen(&fine, &weights, finish(&to_coarse, Activation::LeakyRelu(0.2))),
        of.refine(&coarse, &weights, finish(&to_fine, Activation::Tanh)),
        of.weight_gradient(&fine, &coarse),
    ]
}

/// The finer and the coarser one.
fn maps(of: &Convolution) -> [Vec<f32>; 2] {
    let pixels = [of.geometry.fine_pixels(), of.geometry.coarse_pixels()];
    let lengths = [pixels[0] * of.fine_channels, pixels[1] * of.coarse_channels];
    [numbers(lengths[0] * of.batch, 2), numbers(lengths[1] * of.batch, 3)]
}

fn in_groups() -> Vec<Vec<f32>> {
    let whole = Convolution {
        geometry: square(6, 6, 3, 1, 1),
        fine_channels: 24,
        coarse_channels: 15,
        batch: 19,
        precision: Precision::F32,
    };
    let of = GroupedConvolution { whole, groups: 3 };
    let weights = numbers(24 * 15 / 3 * 9, 1);
    let [fine, coarse] = maps(&whole);
    vec![
        of.coarsen(&fine, &weights, Finish::default()),
        of.refine(&coarse, &weights, Finish::default()),
        of.weight_gradient(&fine, &coarse),
    ]
}

/// The map of every normalization: channels beyond a block, samples beyond a vector.
const MAP: Map = Map { pixels: 6, channels: 12, batch: 21 };

/// Of a map: what goes in, a direction, the gradient of what comes out.
fn of_map() -> [Vec<f32>; 3] {
    [1, 2, 3].map(|salt| numbers(MAP.len(), salt))
}

fn scale_and_shift(length: usize) -> [Vec<f32>; 2] {
    [numbers(length, 4).iter().map(|x| x + 1.5).collect(), numbers(length, 5)]
}

fn batch_normalization() -> Vec<Vec<f32>> {
    let [x, _, gradient] = of_map();
    let [gamma, beta] = scale_and_shift(MAP.channels);
    let with = |activation| {
        let norm = BatchNorm { map: MAP, epsilon: 1e-5, activation };
        let Normalized { y, mean, variance } = norm.forward(&x, &gamma, &beta);
        let made = norm.backward(&x, [&gamma, &beta], [&mean, &variance], &gradient);
        [y, mean, variance, made.x, made.gamma, made.beta]
    };
    ACTIVATIONS.into_iter().flat_map(with).collect()
}

fn by_sample() -> Vec<Vec<f32>> {
    let [x, _, gradient] = of_map();
    let [scale, shift] = scale_and_shift(MAP.channels * MAP.batch);
    let norm = BatchNorm { map: MAP, epsilon: 1e-5, activation: Activation::Relu };
    let Normalized { y, mean, variance } = norm.forward_by_sample(&x, &scale, &shift);
    let made = norm.backward_by_sample(&x, [&scale, &shift], [&mean, &variance], &gradient);
    vec![y, mean, variance, made.x, made.scale, made.shift]
}

fn group_normalization() -> Vec<Vec<f32>> {
    let [x, v, gradient] = of_map();
    let [gamma, beta] = scale_and_shift(MAP.channels);
    let with = |groups| {
        let activation = Activation::LeakyRelu(0.1);
        let norm = GroupNorm { map: MAP, groups, epsilon: 1e-5, activation };
        let mut made = vec![norm.forward(&x, &gamma, &beta), norm.tangent(&x, &v, &gamma)];
        made.extend(norm.backward(&x, [&gamma, &beta], &gradient));
        made.extend(norm.tangent_backward(&x, &v, &gamma, &gradient));
        made
    };
    [1, 4, MAP.channels].into_iter().flat_map(with).collect()
}

fn activations_and_sums() -> Vec<Vec<f32>> {
    let [x, other, gradient] = of_map();
    // From where a tangent is almost straight to where it is ±1.
    let wide: Vec<f32> = x.iter().zip(&other).map(|(x, scale)| x * 10.0 * scale * scale).collect();
    let with = |activation| {
        let y = activate(activation, &wide);
        let (before, sums) = MAP.activation_backward(activation, &y, &gradient);
        [y, before, sums]
    };
    let mut added = x.clone();
    add_to(&mut added, &other);
    let mut made = vec![sum(&x, &other), MAP.sums(&x), added];
    made.extend(ACTIVATIONS.into_iter().flat_map(with));
    made
}

fn pooling() -> Vec<Vec<f32>> {
    let pooling = Pooling { fine: [7, 6], window: [3, 2], scale: 1.0 / 6.0 };
    let [rows, columns] = pooling.coarse();
    let length = 45;
    let (fine, coarse) = (numbers(7 * 6 * length, 1), numbers(rows * columns * length, 2));
    vec![pooling.pool(&fine, length), pooling.repeat(&coarse, length)]
}

fn adam() -> Vec<Vec<f32>> {
    let [mut weights, mut m, mut v] = [numbers(101, 1), vec![0.0; 101], vec![0.0; 101]];
    for time in 1..=5 {
        let step = AdamStep { lr: 2e-4, beta_1: 0.5, beta_2: 0.999, epsilon: 1e-8, time };
        step.step(&mut weights, &numbers(101, 1 + time.unsigned_abs() as usize), &mut m, &mut v);
    }
    vec![weights, m, v]
}

fn rms_prop() -> Vec<Vec<f32>> {
    let [mut weights, mut squares] = [numbers(101, 1), vec![0.0; 101]];
    let step = RmsPropStep { lr: 5e-5, alpha: 0.99, epsilon: 1e-8 };
    for time in 1..=5 {
        step.step(&mut weights, &numbers(101, 1 + time), &mut squares);
    }
    vec![weights, squares]
}
