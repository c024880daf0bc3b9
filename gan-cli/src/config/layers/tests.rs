use gan_core::{FGanDivergence, Fakes, LossConfig, OptimizerConfig, Span};

use super::*;
use crate::config::DataConfig;

fn layers(recipe: &str, settings: &[&str]) -> anyhow::Result<RunConfig> {
    let mut layers = Layers::of_recipe(recipe)?;
    settings.iter().try_for_each(|setting| layers.set(setting))?;
    layers.finish()
}

fn complaint(recipe: &str, setting: &str) -> String {
    format!("{:#}", layers(recipe, &[setting]).unwrap_err())
}

#[test]
fn settings_replace_defaults_and_leave_the_rest() {
    let config = layers("gan", &["train.batch=250", "train.budget=40 epochs", "seed = 7"]).unwrap();
    assert_eq!((config.train.batch, config.train.budget), (250, Span::Epochs(40)));
    assert_eq!((config.seed, config.data), (7, DataConfig::moons()));
}

#[test]
fn a_new_kind_brings_its_own_defaults() {
    let config = layers("gan", &["data.kind=ring", "data.points=500"]).unwrap();
    assert_eq!(config.data, DataConfig::Ring { points: 500, sigma: 0.01 });
    let config = layers("gan", &["train.critic.kind=rms-prop", "train.critic.lr=5e-5"]).unwrap();
    let rms_prop = OptimizerConfig::RmsProp { lr: 5e-5, alpha: 0.99, epsilon: 1e-8 };
    assert_eq!(config.train.critic, rms_prop);
}

#[test]
fn the_name_of_a_kind_stands_for_its_table() {
    let loss = |settings: &[&str]| layers("gan", settings).unwrap().train.loss;
    assert_eq!(loss(&["train.loss=hinge"]), LossConfig::Hinge);
    let kl = LossConfig::f_gan(FGanDivergence::Kl);
    assert_eq!(loss(&["train.loss.kind=f-gan", "train.loss.divergence=kl"]), kl);
    assert_eq!(loss(&["train.loss=f-gan", "train.loss.divergence=kl"]), kl);
    // The kind that it already has leaves its numbers alone.
    let smooth = ["train.loss.smoothing=0.1", "train.loss=non-saturating"];
    assert_eq!(loss(&smooth), LossConfig::NonSaturating { smoothing: 0.1 });
    let critic = layers("gan", &["train.critic=rms-prop"]).unwrap().train.critic;
    assert!(matches!(critic, OptimizerConfig::RmsProp { .. }));
}

#[test]
fn a_file_may_name_a_loss_or_write_its_table() {
    let folder = tempfile::tempdir().unwrap();
    let read = |text: &str| {
        let path = folder.path().join("mine.toml");
        std::fs::write(&path, format!("recipe = \"gan\"\n{text}")).unwrap();
        Layers::of_file(path).unwrap().finish().unwrap().train.loss
    };
    assert_eq!(read("train.loss = \"hinge\""), LossConfig::Hinge);
    assert_eq!(read("[train.loss]\nkind = \"minimax\""), LossConfig::Minimax { smoothing: 0.0 });
    let smooth = "train.loss = { smoothing = 0.25, kind = \"least-squares\" }";
    assert_eq!(read(smooth), LossConfig::LeastSquares { smoothing: 0.25 });
}

/// A run of before there was the key `train.fakes` goes on as it was begun.
#[test]
fn a_key_that_a_run_lacks_is_not_taken_from_its_recipe() {
    let text = layers("dcgan", &[]).unwrap().to_toml().unwrap();
    let older = text.replace("fakes = \"shared\"\n", "");
    assert_ne!(text, older);
    let older = Layers::of_config(toml::from_str(&older).unwrap()).unwrap().finish().unwrap();
    assert_eq!(older.train.fakes, Fakes::Fresh);
}

#[test]
fn none_switches_off_what_a_run_can_do_without() {
    let config = layers("r3gan", &["train.ema=none", "train.penalties=none"]).unwrap();
    assert_eq!((config.train.ema, config.train.penalties), (None, Vec::new()));
    let constraint = layers("sngan", &["train.constraint=none"]).unwrap().train.constraint;
    assert_eq!(constraint, gan_core::Constraint::None);
    let norm = layers("wgan-gp", &["model.critic_norm=none"]).unwrap().to_toml().unwrap();
    assert!(norm.contains("critic_norm = \"none\""), "{norm}");
    assert!(complaint("gan", "train.budget=none").contains("unusable value"));
}

#[test]
fn unknown_keys_are_told_the_nearest() {
    let message = complaint("gan", "train.bacth=3");
    assert_eq!(
        message,
        "`train.bacth` in --set is not a configuration key; did you mean `train.batch`?"
    );
    // The noise of the moons means nothing to the digits.
    assert!(complaint("dcgan", "data.noise=0.1").contains("is not a configuration key"));
    // Only losses with labels have targets to smooth.
    let settings = ["train.loss=hinge", "train.loss.smoothing=0.1"];
    let message = format!("{:#}", layers("gan", &settings).unwrap_err());
    assert!(message.contains("`train.loss.smoothing` in --set is not"), "{message}");
    let message = complaint("gan", "seed.low=1");
    assert_eq!(message, "`seed.low` in --set is not a key: `seed` is a value");
}

#[test]
fn mistyped_values_are_named_with_their_key() {
    let message = complaint("gan", "data.points=many");
    assert!(message.starts_with("`data.points` in --set has an unusable value: "), "{message}");
    let message = complaint("gan", "train.budget=soon");
    assert!(
        message.contains("such as \"2000 steps\" or \"30 epochs\", found \"soon\""),
        "{message}"
    );
    let message = complaint("gan", "train.loss=hinge-ish");
    assert!(message.contains("`non-saturating`"), "{message}");
    assert!(complaint("gan", "train.batch").contains("expected key=value"));
}

#[test]
fn values_out_of_range_are_named() {
    for (setting, key) in [
        ("train.batch=0", "`train.batch` must be at least 1"),
        ("train.generator.lr=-1e-4", "`train.generator.lr` must be"),
        ("train.loss.smoothing=0.5", "`train.loss.smoothing` must be a number from 0"),
        ("train.critic.beta_2=1", "`train.critic.beta_2` must be"),
    ] {
        let message = complaint("gan", setting);
        assert!(message.starts_with(key), "{message}");
    }
}

#[test]
fn differences_name_keys_and_both_values() {
    let (one, other) = (layers("gan", &[]).unwrap(), layers("gan", &["train.batch=64"]).unwrap());
    let difference =
        Difference { key: "train.batch".to_owned(), one: "50".to_owned(), other: "64".to_owned() };
    assert_eq!(differences(&one, &other).unwrap(), [difference]);
    assert_eq!(differences(&one, &one).unwrap(), []);
}
