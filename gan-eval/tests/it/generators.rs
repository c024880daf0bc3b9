//! Generators whose faults are known: each number moves as its documentation says.

use gan_data::MnistSplit;
use gan_eval::{Card, Control, Corruption, Found, quantities::quantities};

use super::{N, Numbers, look, perfect, real, reference};

#[test]
fn real_digits_score_the_floor() {
    let reference = reference();
    let (digits, labels) = perfect();
    let found = Numbers::of(&reference, digits, Some(&labels));
    let floor = Numbers(reference.measure_held_out(N, Card::Full).unwrap());
    for quantity in quantities(Card::Full, Found { classes: 10, images: 0 }) {
        let name = quantity.name.strip_prefix("samples/").unwrap();
        let (value, real) = (found.get(name), floor.get(name));
        let close = match name {
            "frechet" | "duplicates" | "support" => value < 2.0 * real.max(0.004) || value == real,
            "frechet_infinity" => (value - real).abs() < floor.get("frechet"),
            "kernel_distance" => (value - real).abs() < 0.02,
            "class_js" => value < 0.01,
            "copying" => value.abs() < 6.0,
            "classifier_score" => (value - real).abs() < 0.2,
            "smallest_class" => value > 0.7,
            _ => (value - real).abs() < 0.1,
        };
        assert!(close, "{name}: {value}, real {real}");
    }
    assert!(found.get("label_agreement") > 0.97 && found.get("least_agreement") > 0.9);
}

#[test]
fn one_digit_is_precise_and_covers_nothing() {
    let reference = reference();
    let (digits, _) = perfect();
    let one = Numbers::of(&reference, Control::OneRepeated.samples(&digits), None);
    let floor = Numbers(reference.measure_held_out(N, Card::Full).unwrap());
    assert!(one.get("frechet") > 20.0 * floor.get("frechet"));
    assert!(one.get("coverage") < 0.02 && one.get("recall") < 0.01);
    assert_eq!((one.get("spread"), one.get("smallest_class")), (0.0, 0.0));
    assert_eq!((one.get("duplicates"), one.get("support")), (1.0, 1.0));
    assert!(one.get("class_js") > 0.4 && (one.get("classifier_score") - 1.0).abs() < 1e-6);
}

#[test]
fn ten_digits_have_all_classes_and_a_support_of_ten() {
    let reference = reference();
    let (digits, labels) = perfect();
    let first = |class: usize| labels.iter().position(|&label| label == class).unwrap();
    let ten: Vec<_> = (0..10).map(|class| digits.clone().narrow(0, first(class), 1)).collect();
    let ten = burn::tensor::Tensor::cat(ten, 0).repeat_dim(0, N / 10);
    let found = Numbers::of(&reference, ten, None);
    assert!(found.get("class_js") < 0.01 && found.get("smallest_class") > 0.8);
    assert!((found.get("support") - 10.0).abs() < 0.2, "{}", found.get("support"));
    assert!(found.get("coverage") < 0.1 && found.get("recall") < 0.05);
    assert!(found.get("frechet") > reference_floor(&reference));
}

fn reference_floor(reference: &gan_eval::Reference) -> f64 {
    5.0 * Numbers(reference.measure_held_out(N, Card::Full).unwrap()).get("frechet")
}

#[test]
fn noise_is_far_from_everything_whatever_class_it_is_taken_for() {
    let reference = reference();
    for control in [Control::Noise, Control::ShuffledValues] {
        let found = Numbers::of(&reference, control.samples(&perfect().0), None);
        assert!(found.get("frechet") > 2.0 * reference_floor(&reference), "{control:?}");
        assert!(found.get("coverage") < 0.05 && found.get("density") < 0.1, "{control:?}");
        assert!(found.get("kernel_distance") > 0.1, "{control:?}");
        assert!(found.get("copying") > 5.0 && found.get("authenticity") > 0.9, "{control:?}");
    }
}

#[test]
fn blurred_digits_lose_fidelity() {
    let reference = reference();
    let (digits, labels) = perfect();
    let sharp = Numbers::of(&reference, digits.clone(), Some(&labels));
    let blurred = Numbers::of(&reference, Corruption::Blur.apply(digits, 0.6), Some(&labels));
    for name in ["precision", "density", "coverage", "label_agreement", "confident", "spread"] {
        assert!(blurred.get(name) < sharp.get(name), "{name}");
    }
    for name in ["frechet", "frechet_infinity", "kernel_distance", "copying"] {
        assert!(blurred.get(name) > sharp.get(name), "{name}");
    }
}

#[test]
fn swapped_labels_change_the_agreement_alone() {
    let reference = reference();
    let (digits, labels) = perfect();
    let swapped: Vec<usize> =
        labels.iter().map(|&label| if label < 2 { 1 - label } else { label }).collect();
    let right = Numbers::of(&reference, digits.clone(), Some(&labels));
    let wrong = Numbers::of(&reference, digits, Some(&swapped));
    let share = labels.iter().filter(|&&label| label < 2).count() as f64 / N as f64;
    assert!(wrong.get("least_agreement") < 0.01);
    let fall = right.get("label_agreement") - wrong.get("label_agreement");
    assert!((fall - share).abs() < 0.01, "{fall} {share}");
    for name in ["frechet", "precision", "class_js", "spread", "classifier_score"] {
        assert_eq!(right.get(name), wrong.get(name), "{name}");
    }
}

#[test]
fn copied_training_digits_are_no_authentic_ones() {
    let reference = reference();
    let floor = Numbers(reference.measure_held_out(N, Card::Full).unwrap());
    let copies = Numbers::of(&reference, real(MnistSplit::Train, 0, N).0, None);
    assert_eq!(copies.get("authenticity"), 0.0);
    assert!(copies.get("copying") < -10.0, "{}", copies.get("copying"));
    assert!(floor.get("authenticity") > 0.3 && floor.get("copying").abs() < 3.0);
    // A fifth of them is enough to be told.
    let fresh = perfect().0.narrow(0, 0, 800);
    let mixed = burn::tensor::Tensor::cat(vec![real(MnistSplit::Train, 0, 200).0, fresh], 0);
    let mixed = Numbers::of(&reference, mixed, None);
    assert!(mixed.get("authenticity") < floor.get("authenticity") - 0.05);
    assert!(mixed.get("copying") < -2.0, "{}", mixed.get("copying"));
}

#[test]
fn the_order_of_the_samples_changes_nothing() {
    let reference = reference();
    let (digits, _) = perfect();
    let there = reference.measure(&look(digits.clone(), None), Card::Full).unwrap();
    let back = reference.measure(&look(digits.flip([0]), None), Card::Full).unwrap();
    for (there, back) in there.iter().zip(&back) {
        let (a, b) = (there.value, back.value);
        assert!(a == b || (a - b).abs() < 1e-12 * a.abs(), "{}: {a} {b}", there.quantity.name);
    }
}
