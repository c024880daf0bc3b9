//! Stacked MNIST: three digits an image, 1000 classes, the same bytes on every machine.

use std::sync::LazyLock;

use burn_dataset::Dataset;
use gan_batch::Seed;
use gan_data::{DataError, Mnist, MnistSize, MnistSplit, SampleSet, StackedMnist};

use crate::errors::check;

static DIGITS: LazyLock<Mnist> =
    LazyLock::new(|| Mnist::shipped(MnistSplit::Test, MnistSize::Original28).unwrap());

fn stacked(n: usize, seed: u64) -> StackedMnist {
    StackedMnist::new(DIGITS.clone(), n, Seed(seed)).unwrap()
}

#[test]
fn a_channel_is_a_digit_and_the_label_has_its_decimals() {
    let set = stacked(50, 1);
    assert_eq!((set.len(), set.classes(), set.shape()), (50, 1000, &[3, 28, 28][..]));
    for index in 0..50 {
        let sample = set.get(index).unwrap();
        let of = set.digits_of(index);
        assert_eq!(sample.values, DIGITS.values(&of), "image {index}");
        let [a, b, c] = of.map(|digit| DIGITS.label(digit).unwrap());
        assert_eq!(sample.label, Some(100 * a + 10 * b + c), "image {index}");
    }
}

#[test]
fn at_32_pixels_each_channel_is_the_resized_digit() {
    let digits = Mnist::shipped(MnistSplit::Test, MnistSize::Resized32).unwrap();
    let large = StackedMnist::new(digits.clone(), 20, Seed(1)).unwrap();
    assert_eq!(large.shape(), [3, 32, 32]);
    assert_eq!(large.digits_of(19), stacked(20, 1).digits_of(19));
    assert_eq!(large.values(&[19]), digits.values(&large.digits_of(19)));
    assert_ne!(large.fingerprint(), stacked(20, 1).fingerprint());
}

#[test]
fn the_bytes_of_a_seed_are_pinned_and_a_shorter_set_is_the_beginning() {
    let (short, long) = (stacked(100, 42), stacked(1_000, 42));
    assert!((0..100).all(|index| short.digits_of(index) == long.digits_of(index)));
    assert_eq!([0, 1, 999].map(|index| long.digits_of(index)), PINNED_DIGITS);
    assert_eq!(long.fingerprint().to_string(), PINNED);
    assert_ne!(stacked(1_000, 43).fingerprint(), long.fingerprint());
    assert_ne!(short.fingerprint(), long.fingerprint());
}

#[test]
fn every_digit_is_as_likely_in_every_channel() {
    let n = 128_000;
    let set = stacked(n, 3);
    for channel in 0..3 {
        let mut counts = vec![0_usize; DIGITS.len()];
        (0..n).for_each(|index| counts[set.digits_of(index)[channel]] += 1);
        // χ² of 9,999 degrees of freedom: five deviations.
        let expected = n as f64 / 10_000.0;
        let chi: f64 = counts.iter().map(|&c| (c as f64 - expected).powi(2) / expected).sum();
        assert!((chi - 9_999.0).abs() < 5.0 * (2.0_f64 * 9_999.0).sqrt(), "{channel}: {chi}");
    }
}

#[test]
fn the_channels_are_independent_and_classes_have_the_products_of_shares() {
    let n = 128_000;
    let inventory = stacked(n, 4).inventory();
    let digits = DIGITS.inventory().classes;
    let share = |digit: usize| digits[digit].samples as f64 / DIGITS.len() as f64;
    for (label, class) in inventory.classes.iter().enumerate() {
        let p = share(label / 100) * share(label / 10 % 10) * share(label % 10);
        let (mean, deviation) = (n as f64 * p, (n as f64 * p * (1.0 - p)).sqrt());
        // Of 1000 classes, five deviations are passed once in 1,700 seeds.
        let off = (class.samples as f64 - mean) / deviation;
        assert!(off.abs() < 5.0, "class {label}: {} of {mean}", class.samples);
    }
    assert_eq!(inventory.classes.iter().map(|class| class.samples).sum::<usize>(), n);
}

#[test]
fn the_inventory_says_what_is_in_it() {
    let inventory = stacked(1_000, 1).inventory();
    assert_eq!(
        (inventory.noun, inventory.samples, inventory.range),
        ("stacked digits", 1_000, [-1.0, 1.0])
    );
    assert_eq!((inventory.classes.len(), inventory.classes[7].name.as_str()), (1_000, "007"));
    let said = inventory.to_string();
    assert!(said.starts_with("1000 stacked digits 3×28×28 in 1000 classes (000 "), "{said}");
    assert!(said.ends_with("; each of three of 10000 digits"), "{said}");
}

#[test]
fn the_shipped_set_has_the_size_of_the_protocol() {
    let set = StackedMnist::shipped(MnistSplit::Test, MnistSize::Original28, Seed(0)).unwrap();
    assert_eq!(set.len(), 128_000);
    assert_eq!(set.digits_of(99), stacked(100, 0).digits_of(99));
}

#[test]
fn no_images_are_refused() {
    let error = StackedMnist::new(DIGITS.clone(), 0, Seed(0)).unwrap_err();
    check(&error, &["n_samples is 0", "at least 1"]);
    assert!(matches!(error, DataError::Parameter { .. }));
}

const PINNED_DIGITS: [[usize; 3]; 3] = [[8872, 7724, 9043], [8321, 6112, 2473], [8821, 2702, 879]];
const PINNED: &str = "3f7477a8e72c4d431d9c49da1c3b75ad61d2d2e3606a1d7fad7e46bd0d9a18fc";
