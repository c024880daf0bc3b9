//! Batch normalization against plain loops in `f64`, and its gradients against their differences.

use proptest::prelude::*;

use super::*;
use crate::reference::{
    ACTIVATIONS, activated, assert_near, assert_near_sums, gradient, is_smooth, numbers, wide,
};

/// What the loops make: mean and variance of each channel, and the map before the activation.
struct Expected {
    mean: Vec<f64>,
    variance: Vec<f64>,
    z: Vec<f64>,
}

fn normalize(norm: &BatchNorm, x: &[f64], gamma: &[f64], beta: &[f64]) -> Expected {
    let Map { pixels, channels, batch } = norm.map;
    let count = (pixels * batch) as f64;
    let channel = |place: usize| place / batch % channels;
    let mut mean = vec![0.0; channels];
    x.iter().enumerate().for_each(|(place, x)| mean[channel(place)] += x / count);
    let mut variance = vec![0.0; channels];
    for (place, x) in x.iter().enumerate() {
        variance[channel(place)] += (x - mean[channel(place)]).powi(2) / count;
    }
    let at = |(place, x): (usize, &f64)| {
        let c = channel(place);
        gamma[c] * (x - mean[c]) / (variance[c] + f64::from(norm.epsilon)).sqrt() + beta[c]
    };
    let z = x.iter().enumerate().map(at).collect();
    Expected { mean, variance, z }
}

/// `false` if the case is inconclusive: differences would cross a kink, or hardly anything varies.
fn check(norm: &BatchNorm, offset: f32) -> bool {
    let x: Vec<f32> = numbers(norm.map.len(), 1).iter().map(|x| 2.0 * x + offset).collect();
    let gamma: Vec<f32> = numbers(norm.map.channels, 2).iter().map(|x| x + 1.5).collect();
    let (beta, weights) = (numbers(norm.map.channels, 3), numbers(norm.map.len(), 4));
    let [x_64, gamma_64, beta_64] = [&x, &gamma, &beta].map(|numbers| wide(numbers));
    let expected = normalize(norm, &x_64, &gamma_64, &beta_64);
    let varies = expected.variance.iter().all(|variance| *variance > 0.1);
    if !varies || !is_smooth(norm.activation, &expected.z) {
        return false;
    }
    let weighted = |x: &[f64], gamma: &[f64], beta: &[f64]| {
        let z = normalize(norm, x, gamma, beta).z;
        let term = |(z, weight): (&f64, &f32)| activated(norm.activation, *z) * f64::from(*weight);
        z.iter().zip(&weights).map(term).sum::<f64>()
    };
    let of_x = gradient(&x_64, |x| weighted(x, &gamma_64, &beta_64));
    let of_gamma = gradient(&gamma_64, |gamma| weighted(&x_64, gamma, &beta_64));
    let of_beta = gradient(&beta_64, |beta| weighted(&x_64, &gamma_64, beta));
    let y: Vec<f64> = expected.z.iter().map(|z| activated(norm.activation, *z)).collect();
    let terms = norm.map.pixels * norm.map.batch;
    Level::each(|| {
        let Normalized { y: map, mean, variance } = norm.forward(&x, &gamma, &beta);
        assert_near("the map", &map, &y);
        assert_near_sums("means", &mean, &expected.mean, 1);
        assert_near("variances", &variance, &expected.variance);
        let found = norm.backward(&x, [&gamma, &beta], [&mean, &variance], &weights);
        assert_near("the gradient", &found.x, &of_x);
        assert_near_sums("the scale's", &found.gamma, &of_gamma, terms);
        assert_near_sums("the shift's", &found.beta, &of_beta, terms);
        [map, mean, variance, found.x, found.gamma, found.beta]
    });
    true
}

fn shapes() -> impl Strategy<Value = Map> {
    let sizes = (1usize..=9, 1usize..=20, 2usize..=40);
    let map = |(pixels, channels, batch)| Map { pixels, channels, batch };
    sizes.prop_map(map).prop_filter("a map that can be moved in each of its numbers", |map| {
        map.pixels * map.batch >= 8 && map.len() <= 800
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn results_and_gradients_are_those_of_plain_loops(
        map in shapes(),
        activation in prop::sample::select(&ACTIVATIONS[..]),
        offset in prop_oneof![Just(0.0f32), Just(1.5)],
    ) {
        let checked = check(&BatchNorm { map, epsilon: 1e-5, activation }, offset);
        prop_assume!(checked);
    }
}
