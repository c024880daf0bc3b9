//! The ladder that a measure of images has to climb: more of a fault is never better.

use burn::tensor::Tensor;
use gan_data::MnistSplit;
use gan_divergence::Points;
use gan_divergence::gaussian::{Extrapolation, frechet_infinity};
use gan_eval::{Card, Corruption, Observed};

use super::{N, Numbers, look, perfect, real, reference};

const STRENGTHS: [f64; 5] = [0.2, 0.4, 0.6, 0.8, 1.0];

#[test]
fn every_corruption_moves_the_distance_away_step_by_step() {
    let reference = reference();
    let digits = perfect().0.narrow(0, 0, N / 2);
    let frechet = |samples: Tensor<4>| {
        let measured = reference.measure(&look(samples, None), Card::Brief).unwrap();
        Numbers(measured).get("frechet")
    };
    let floor = frechet(digits.clone());
    for corruption in Corruption::ALL {
        let rungs = STRENGTHS.map(|strength| frechet(corruption.apply(digits.clone(), strength)));
        let climbs = floor < rungs[0] && rungs.is_sorted();
        assert!(climbs, "{}: {floor} {rungs:?}", corruption.name());
    }
}

#[test]
fn dropped_classes_are_missed_one_by_one() {
    let reference = reference();
    let (digits, labels) = real(MnistSplit::Test, 0, 3 * N);
    let without = |classes: usize| {
        let kept: Vec<i32> = (0..3 * N as i32).filter(|&i| labels[i as usize] >= classes).collect();
        let kept = &kept[..800];
        let indices = Tensor::<1, burn::tensor::Int>::from_ints(kept, &digits.device());
        Numbers::of(&reference, digits.clone().select(0, indices), None)
    };
    let rungs: Vec<Numbers> = (0..8).map(without).collect();
    for pair in rungs.windows(2) {
        assert!(pair[1].get("coverage") < pair[0].get("coverage"));
        assert!(pair[1].get("recall") < pair[0].get("recall") + 0.02);
        assert!(pair[1].get("class_js") > pair[0].get("class_js"));
    }
    assert!(rungs[7].get("recall") < 0.7 * rungs[0].get("recall"));
}

#[test]
fn the_extrapolated_distance_hardly_depends_on_the_number_of_samples() {
    let real = look(real(MnistSplit::Train, 0, 4_000).0, None);
    let spoiled = Corruption::Blur.apply(self::real(MnistSplit::Test, 0, 4_000).0, 0.8);
    let fake = look(spoiled, None);
    let values = |observed: &Observed, n: usize| -> Vec<f64> {
        observed.features[..n * observed.dim].iter().map(|&x| f64::from(x)).collect()
    };
    let at = |n: usize| {
        let (real, fake) = (values(&real, n), values(&fake, n));
        let (real, fake) = (Points::new(&real, 64).unwrap(), Points::new(&fake, 64).unwrap());
        frechet_infinity(real, fake, Extrapolation::default()).unwrap().value
    };
    let (half, all) = (at(2_000), at(4_000));
    assert!((half / all - 1.0).abs() < 0.05, "{half} {all}");
}
