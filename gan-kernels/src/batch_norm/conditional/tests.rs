//! Conditional batch normalization against plain loops in `f64`, and its gradients against their
//! differences.

use proptest::prelude::*;

use super::*;
use crate::channels::Map;
use crate::reference::{
    ACTIVATIONS, activated, assert_near, assert_near_sums, gradient, is_smooth, numbers, wide,
};

/// The variance of each channel, and the map before the activation.
fn normalize(norm: &BatchNorm, x: &[f64], scale: &[f64], shift: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let Map { pixels, channels, batch } = norm.map;
    let count = (pixels * batch) as f64;
    let channel = |place: usize| place / batch % channels;
    let (mut mean, mut variance) = (vec![0.0; channels], vec![0.0; channels]);
    x.iter().enumerate().for_each(|(place, x)| mean[channel(place)] += x / count);
    for (place, x) in x.iter().enumerate() {
        variance[channel(place)] += (x - mean[channel(place)]).powi(2) / count;
    }
    let at = |(place, x): (usize, &f64)| {
        let (c, of_sample) = (channel(place), place % (channels * batch));
        let deviation = (variance[c] + f64::from(norm.epsilon)).sqrt();
        scale[of_sample] * (x - mean[c]) / deviation + shift[of_sample]
    };
    let z = x.iter().enumerate().map(at).collect();
    (variance, z)
}

/// `false` if the case is inconclusive: differences would cross a kink, or hardly anything varies.
fn check(norm: &BatchNorm) -> bool {
    let of_samples = norm.map.channels * norm.map.batch;
    let x: Vec<f32> = numbers(norm.map.len(), 1).iter().map(|x| 2.0 * x + 0.5).collect();
    let scale: Vec<f32> = numbers(of_samples, 2).iter().map(|x| x + 1.5).collect();
    let (shift, weights) = (numbers(of_samples, 3), numbers(norm.map.len(), 4));
    let [x_64, scale_64, shift_64] = [&x, &scale, &shift].map(|numbers| wide(numbers));
    let (variance, z) = normalize(norm, &x_64, &scale_64, &shift_64);
    if variance.iter().any(|variance| *variance < 0.1) || !is_smooth(norm.activation, &z) {
        return false;
    }
    let weighted = |x: &[f64], scale: &[f64], shift: &[f64]| {
        let (_, z) = normalize(norm, x, scale, shift);
        let term = |(z, weight): (&f64, &f32)| activated(norm.activation, *z) * f64::from(*weight);
        z.iter().zip(&weights).map(term).sum::<f64>()
    };
    let of_x = gradient(&x_64, |x| weighted(x, &scale_64, &shift_64));
    let of_scale = gradient(&scale_64, |scale| weighted(&x_64, scale, &shift_64));
    let of_shift = gradient(&shift_64, |shift| weighted(&x_64, &scale_64, shift));
    let y: Vec<f64> = z.iter().map(|z| activated(norm.activation, *z)).collect();
    Level::each(|| {
        let Normalized { y: map, mean, variance: found } =
            norm.forward_by_sample(&x, &scale, &shift);
        assert_near("the map", &map, &y);
        assert_near("variances", &found, &variance);
        let made = norm.backward_by_sample(&x, [&scale, &shift], [&mean, &found], &weights);
        assert_near("the gradient", &made.x, &of_x);
        assert_near_sums("the scale's", &made.scale, &of_scale, norm.map.pixels);
        assert_near_sums("the shift's", &made.shift, &of_shift, norm.map.pixels);
        [map, mean, found, made.x, made.scale, made.shift]
    });
    true
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn results_and_gradients_are_those_of_plain_loops(
        pixels in 1usize..=6,
        channels in 1usize..=12,
        batch in 2usize..=40,
        activation in prop::sample::select(&ACTIVATIONS[..]),
    ) {
        let map = Map { pixels, channels, batch };
        prop_assume!(pixels * batch >= 8 && map.len() <= 600);
        let checked = check(&BatchNorm { map, epsilon: 1e-5, activation });
        prop_assume!(checked);
    }
}
