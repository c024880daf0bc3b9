//! The registry as configurations see it.

use gan_divergence::f_divergence::f_divergence_rows;
use serde_json::{from_value, json, to_value};

use super::*;

#[test]
fn a_name_alone_is_its_kind_with_defaults() {
    for kind in LossConfig::KINDS {
        assert_eq!(from_value::<LossConfig>(json!(kind.name())).unwrap(), kind);
        assert_eq!(to_value(kind).unwrap()["kind"], kind.name());
    }
}

#[test]
fn a_loss_is_written_as_a_table_and_read_back() {
    for config in registry() {
        let written = to_value(config).unwrap();
        assert!(written.is_object(), "{written}");
        assert_eq!(from_value::<LossConfig>(written).unwrap(), config);
    }
    let written = to_value(LossConfig::NonSaturating(NonSaturating { smoothing: 0.1 })).unwrap();
    assert_eq!(written, json!({ "kind": "non-saturating", "smoothing": 0.1 }));
}

#[test]
fn what_a_table_leaves_out_has_its_default() {
    let partial = json!({ "divergence": "kl", "kind": "f-gan" });
    let read: LossConfig = from_value(partial).unwrap();
    assert_eq!(read, LossConfig::f_gan(FGanDivergence::Kl));
}

#[test]
fn unknown_names_are_told_the_known_ones() {
    for unknown in [json!("hinge-ish"), json!({ "kind": "hinge-ish" })] {
        let message = from_value::<LossConfig>(unknown).unwrap_err().to_string();
        assert!(message.contains("`hinge-ish`"), "{message}");
        for kind in LossConfig::KINDS {
            assert!(message.contains(&format!("`{}`", kind.name())), "{message}");
        }
    }
    let row = json!({ "kind": "f-gan", "divergence": "renyi" });
    let message = from_value::<LossConfig>(row).unwrap_err().to_string();
    assert!(message.contains("`renyi`") && message.contains("`squared-hellinger`"), "{message}");
    let message = from_value::<LossConfig>(json!(3)).unwrap_err().to_string();
    assert!(message.contains("the name of a loss or a table with its `kind`"), "{message}");
    let message = from_value::<LossConfig>(json!({ "smoothing": 0.1 })).unwrap_err().to_string();
    assert!(message.contains("`kind`"), "{message}");
}

#[test]
fn smoothing_is_at_least_0_and_less_than_a_half() {
    for smoothing in [-0.1, 0.5, f64::NAN] {
        for config in [
            LossConfig::Minimax(Minimax { smoothing }),
            LossConfig::NonSaturating(NonSaturating { smoothing }),
            LossConfig::LeastSquares(LeastSquares { smoothing }),
        ] {
            let message = config.validate("train.loss").unwrap_err().to_string();
            let expected = "`train.loss.smoothing` must be a number from 0 up to, but not, 0.5";
            assert_eq!(message, format!("{expected}, found {smoothing}"));
        }
    }
    assert!(registry().into_iter().all(|config| config.validate("train.loss").is_ok()));
}

#[test]
fn every_row_of_the_table_is_an_f_gan() {
    let of_table = f_divergence_rows().map(|row| row.name());
    assert_eq!(FGanDivergence::ALL.map(FGanDivergence::name), of_table);
    for divergence in FGanDivergence::ALL {
        assert_eq!(to_value(divergence).unwrap(), divergence.name());
    }
}

#[test]
fn every_kind_says_what_it_is_and_where_from() {
    for kind in LossConfig::KINDS {
        assert!(!kind.summary().is_empty() && kind.source().contains("arXiv"), "{kind:?}");
    }
}

#[test]
fn the_table_of_the_readme_has_every_kind_and_its_source() {
    for kind in LossConfig::KINDS {
        let is_row = |line: &&str| {
            line.starts_with(&format!("| `{}` |", kind.name())) && line.contains(kind.source())
        };
        assert_eq!(README.lines().filter(is_row).count(), 1, "{}", kind.name());
    }
}

const README: &str = include_str!("../../../README.md");
