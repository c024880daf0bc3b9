//! The registry of penalties: names, hyperparameters and their ranges.

use serde_json::{from_value, json, to_value};

use crate::penalty::{GradientPenaltyMethod, Penalty};

#[test]
fn configurations_name_penalties_as_the_registry_does() {
    for penalty in Penalty::ALL {
        assert_eq!(to_value(penalty).unwrap()["kind"], penalty.name());
    }
}

#[test]
fn a_name_alone_means_the_default_numbers() {
    for penalty in Penalty::ALL {
        let by_name: Penalty = from_value(json!({ "kind": penalty.name() })).unwrap();
        assert_eq!(by_name, penalty);
    }
    let method: GradientPenaltyMethod = from_value(json!({ "kind": "finite-difference" })).unwrap();
    assert_eq!(method, GradientPenaltyMethod::FiniteDifference { step: 0.1 });
    assert_eq!(GradientPenaltyMethod::default(), GradientPenaltyMethod::Exact);
}

#[test]
fn the_default_numbers_are_in_their_ranges() {
    for penalty in Penalty::ALL {
        penalty.validate("penalty").unwrap();
    }
}

#[test]
fn numbers_out_of_range_are_named_by_key() {
    let complaint = |config| {
        let penalty: Penalty = from_value(config).unwrap();
        penalty.validate("critic.penalties.0").unwrap_err().to_string()
    };
    assert_eq!(
        complaint(json!({ "kind": "r1", "weight": -1.0 })),
        "`critic.penalties.0.weight` must be a finite number from 0 up, found -1"
    );
    let target = complaint(json!({ "kind": "dragan", "target": -0.5 }));
    assert!(target.starts_with("`critic.penalties.0.target` must be"), "{target}");
    let end = json!({ "kind": "linear", "end": -1.0, "over": "5 steps" });
    let schedule = complaint(json!({ "kind": "drift", "schedule": end }));
    assert!(schedule.starts_with("`critic.penalties.0.schedule.end`"), "{schedule}");
    let step = GradientPenaltyMethod::FiniteDifference { step: 0.0 }
        .validate("input_gradients")
        .unwrap_err();
    assert_eq!(step.to_string(), "`input_gradients.step` must be a finite number above 0, found 0");
}

#[test]
fn only_another_estimator_carries_a_warning() {
    assert_eq!(GradientPenaltyMethod::Exact.warning(), None);
    let warning = GradientPenaltyMethod::FiniteDifference { step: 0.1 }.warning().unwrap();
    assert!(warning.contains("another estimator"));
}

#[test]
fn the_table_of_the_readme_is_that_of_the_registry() {
    for penalty in Penalty::ALL {
        let (name, formula, source) = (penalty.name(), penalty.formula(), penalty.source());
        let row = format!("| `{name}` | {formula} | {source} |\n");
        assert!(include_str!("../../../README.md").contains(&row), "{row}");
    }
}
