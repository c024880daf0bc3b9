use gan_core::batch::Fakes;
use gan_core::loss::{FGanDivergence, Hinge, LeastSquares, LossConfig, Minimax, NonSaturating};
use gan_core::optimizer::OptimizerConfig;
use gan_core::progress::Span;

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
    let loss = |settings: &[&str]| layers("gan", settings).unwrap().train.rules.loss;
    assert_eq!(loss(&["train.loss=hinge"]), LossConfig::Hinge(Hinge));
    let kl = LossConfig::f_gan(FGanDivergence::Kl);
    assert_eq!(loss(&["train.loss.kind=f-gan", "train.loss.divergence=kl"]), kl);
    assert_eq!(loss(&["train.loss=f-gan", "train.loss.divergence=kl"]), kl);
    // The kind that it already has leaves its numbers alone.
    let smooth = ["train.loss.smoothing=0.1", "train.loss=non-saturating"];
    assert_eq!(loss(&smooth), LossConfig::NonSaturating(NonSaturating { smoothing: 0.1 }));
    let critic = layers("gan", &["train.critic=rms-prop"]).unwrap().train.critic;
    assert!(matches!(critic, OptimizerConfig::RmsProp { .. }));
}

#[test]
fn a_file_may_name_a_loss_or_write_its_table() {
    let folder = tempfile::tempdir().unwrap();
    let read = |text: &str| {
        let path = folder.path().join("mine.toml");
        std::fs::write(&path, format!("recipe = \"gan\"\n{text}")).unwrap();
        Layers::of_file(path).unwrap().finish().unwrap().train.rules.loss
    };
    assert_eq!(read("train.loss = \"hinge\""), LossConfig::Hinge(Hinge));
    assert_eq!(
        read("[train.loss]\nkind = \"minimax\""),
        LossConfig::Minimax(Minimax { smoothing: 0.0 })
    );
    let smooth = "train.loss = { smoothing = 0.25, kind = \"least-squares\" }";
    assert_eq!(read(smooth), LossConfig::LeastSquares(LeastSquares { smoothing: 0.25 }));
}

/// The `config.toml` of a run, whatever its kinds are and whatever was switched off.
#[test]
fn a_file_that_states_everything_means_that_and_nothing_of_its_recipe() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    let cosine = "train.schedule={kind = 'cosine', end = 0.1, over = '100 steps'}";
    let all: [(&str, &[&str]); 3] = [
        ("wgan-gp", &[cosine]),
        ("r3gan", &["train.ema=none", "train.penalties=none"]),
        ("gan", &["data.kind=ring", "train.loss=hinge"]),
    ];
    for (recipe, settings) in all {
        let config = layers(recipe, settings).unwrap();
        std::fs::write(&path, config.to_toml().unwrap()).unwrap();
        assert_eq!(Layers::of_file(path.clone()).unwrap().finish().unwrap(), config, "{recipe}");
    }
    let text = layers("gan", &[]).unwrap().to_toml().unwrap();
    std::fs::write(&path, format!("{text}\n[extra]\nkey = 1\n")).unwrap();
    let complaint = format!("{:#}", Layers::of_file(path).err().unwrap());
    assert!(complaint.contains("`extra.key`"), "{complaint}");
}

/// A run from before the key `train.fakes` existed continues as it was begun.
#[test]
fn a_key_that_a_run_lacks_is_not_taken_from_its_recipe() {
    let text = layers("dcgan", &[]).unwrap().to_toml().unwrap();
    let older = text.replace("fakes = \"shared\"\n", "");
    assert_ne!(text, older);
    let older = Layers::of_config(toml::from_str(&older).unwrap()).unwrap().finish().unwrap();
    assert_eq!(older.train.rules.fakes, Fakes::Fresh);
}

#[test]
fn none_switches_off_what_a_run_can_do_without() {
    let config = layers("r3gan", &["train.ema=none", "train.penalties=none"]).unwrap();
    assert_eq!((config.train.rules.ema, config.train.rules.penalties), (None, Vec::new()));
    let constraint = layers("sngan", &["train.constraint=none"]).unwrap().train.rules.constraint;
    assert_eq!(constraint, gan_core::constraint::Constraint::None);
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

fn notes(settings: &[&str]) -> (RunConfig, Vec<String>) {
    let mut layers = Layers::of_recipe("gan").unwrap();
    settings.iter().for_each(|setting| layers.set(setting).unwrap());
    let notes = layers.notes().to_vec();
    (layers.finish().unwrap(), notes)
}

#[test]
fn a_synonym_sets_its_keys_and_is_said() {
    let (config, said) = notes(&["train.lr=3e-3"]);
    assert_eq!((config.train.generator.lr(), config.train.critic.lr()), (3e-3, 3e-3));
    assert_eq!(said, ["`train.lr` means train.generator.lr and train.critic.lr"]);

    let (config, _) = notes(&["lr_g=1e-3", "LR_D=2e-3", "batch-size=20", "nz=7", "n_critic=2"]);
    assert_eq!((config.train.generator.lr(), config.train.critic.lr()), (1e-3, 2e-3));
    assert_eq!((config.train.batch, config.train.rules.critic_steps), (20, 2));
    assert!(config.to_toml().unwrap().contains("latent = 7"));

    let (config, said) = notes(&["epochs=5", "manual_seed=9", "beta1=0.3"]);
    assert_eq!((config.train.budget, config.seed), (Span::Epochs(5), 9));
    assert_eq!(config.train.generator, OptimizerConfig::adam(1e-4, 0.3, 0.999));
    assert_eq!(said[0], "`epochs` means train.budget");
    assert_eq!(notes(&["train.iterations=5"]).0.train.budget, Span::Steps(5));

    let (config, _) = notes(&["train.discriminator.lr=0.5", "train.critic-steps=3"]);
    assert_eq!((config.train.critic.lr(), config.train.rules.critic_steps), (0.5, 3));
    let (config, _) = notes(&["clip_value=0.02"]);
    assert_eq!(
        config.train.rules.constraint,
        gan_core::constraint::Constraint::Clip { bound: 0.02 }
    );
}

#[test]
fn names_that_other_tools_have_for_values_are_understood() {
    let loss =
        |name: &str| layers("gan", &[&format!("train.loss={name}")]).unwrap().train.rules.loss;
    for (name, expected) in [
        ("bce", LossConfig::NonSaturating(NonSaturating { smoothing: 0.0 })),
        ("lsgan", LossConfig::LeastSquares(LeastSquares { smoothing: 0.0 })),
        ("MSE", LossConfig::LeastSquares(LeastSquares { smoothing: 0.0 })),
        ("Hinge", LossConfig::Hinge(Hinge)),
        ("least_squares", LossConfig::LeastSquares(LeastSquares { smoothing: 0.0 })),
    ] {
        assert_eq!(loss(name), expected, "{name}");
    }
    let both = layers("gan", &["optimizer=RMSprop"]).unwrap().train;
    assert!(matches!(both.generator, OptimizerConfig::RmsProp { .. }));
    assert_eq!(both.generator, both.critic);
    for (kind, expected) in [
        ("two-moons", "moons"),
        ("MNIST", "mnist"),
        ("digits", "mnist"),
        ("folder", "images"),
        ("csv", "points"),
    ] {
        let text = layers("gan", &[&format!("data.kind={kind}")]).unwrap().to_toml().unwrap();
        assert!(text.contains(&format!("[data]\nkind = \"{expected}\"")), "{kind}: {text}");
    }
    let config = layers("gan", &["train.batch=\"64\"", "data.points=1e3"]).unwrap();
    assert_eq!(config.train.batch, 64);
    assert_eq!(config.data, DataConfig::Moons { points: 1000, noise: 0.05 });
}

#[test]
fn what_has_several_meanings_is_refused_with_all_of_them() {
    for (setting, parts) in [
        ("clip=0.1", ["`clip` in --set", "`train.clip_norm`", "`train.constraint=clip`"]),
        ("niter=5", ["`niter` in --set", "N epochs", "N steps"]),
        ("betas=[0.5, 0.999]", ["`betas`", "`train.generator.beta_1`", "`train.critic.beta_2`"]),
        ("lambda_gp=10", ["`lambda_gp`", "train.penalties=[{kind", "gradient-penalty"]),
        ("dataroot=x", ["`dataroot`", "`data.dir`", "`data.file`"]),
    ] {
        let message = complaint("gan", setting);
        assert!(parts.iter().all(|part| message.contains(part)), "{message}");
    }
    let images = layers("dcgan", &["data.kind=images", "dataroot=x"]).unwrap().data;
    assert!(matches!(images, DataConfig::Images { dir, .. } if dir == Path::new("x")));
}

/// Values that make no sense for most keys.
const HOSTILE: [&str; 33] = [
    "",
    " ",
    "0",
    "-1",
    "1",
    "9223372036854775807",
    "-9223372036854775808",
    "1e400",
    "1e308",
    "-1e308",
    "1e-300",
    "nan",
    "-nan",
    "inf",
    "-inf",
    "true",
    "True",
    "none",
    "[]",
    "[1, 2]",
    "[[]]",
    "{}",
    "{kind = 3}",
    "\"\"",
    "\"\\u001b[31m\"",
    "a\nb",
    "1979-05-27",
    "0x7fffffffffffffff",
    "18446744073709551615 steps",
    "9999999999999999999999 epochs",
    "\u{1f600}",
    "~bob/x",
    "~",
];

/// The keys of every recipe and kind of data, and values that make no sense for most of them.
#[test]
fn every_key_takes_or_refuses_any_value_in_a_short_message_soon() {
    let long = "x".repeat(1_000_000);
    let quoted = format!("\"{long}\"");
    let deep = "[".repeat(60) + &"]".repeat(60);
    let values = HOSTILE.into_iter().chain([deep.as_str(), long.as_str(), quoted.as_str()]);
    let began = std::time::Instant::now();
    for recipe in ["gan", "r3gan", "cdcgan"] {
        let defaults = Layers::of_recipe(recipe).unwrap();
        let mut keys = Vec::new();
        collect_leaves(&defaults.table, "", &mut keys);
        keys.push((long.clone(), Value::Boolean(true)));
        for (key, _) in keys {
            for value in values.clone() {
                let mut layers = Layers::of_recipe(recipe).unwrap();
                let done = layers.set(&format!("{key}={value}")).and_then(|()| layers.finish());
                let Err(error) = done else { continue };
                let message = format!("{error:#}");
                let is_one_line = !message.contains(['\n', '\u{1b}']);
                assert!(is_one_line && message.chars().count() < 500, "{key}: {message}");
            }
        }
    }
    assert!(began.elapsed().as_secs() < 60, "{:?}", began.elapsed());
}

#[test]
fn a_file_of_unknown_keys_or_long_lines_is_refused_at_once_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.toml");
    let complaint = |text: String| {
        std::fs::write(&path, text).unwrap();
        let Err(error) = Layers::of_file(path.clone()) else { panic!("it was read") };
        format!("{error:#}")
    };
    let unknown: String = (0..10_000).map(|i| format!("key{i} = 1\n")).collect();
    let long = "y".repeat(1_000_000);
    let began = std::time::Instant::now();
    for (text, part) in [
        (format!("recipe = \"gan\"\n{unknown}"), "is not a configuration key"),
        (format!("recipe = \"gan\"\n{long} = 1\n"), "is not a configuration key"),
        (format!("recipe = \"gan\"\nseed = \"{long}\"\n"), "1000000 characters"),
        (format!("recipe = \"gan\"\nseed = {long}\n"), "is not TOML: line 2"),
        (format!("recipe = \"{long}\"\n"), "no recipe is called"),
    ] {
        let message = complaint(text);
        assert!(message.contains(part) && message.contains("mine.toml"), "{message}");
        assert!(message.chars().count() < 700 && !message.contains('\n'), "{message}");
    }
    assert!(began.elapsed().as_secs() < 10, "{:?}", began.elapsed());
}

#[test]
fn numbers_too_large_for_any_machine_are_refused_by_key() {
    for (setting, part) in [
        ("data.points=1000000000", "`data.points` must be at most 100000000"),
        ("pictures.count=1000000000", "`pictures.count` must be at most 65536"),
        ("evaluation.samples=1000000000", "`evaluation.samples` must be at most 10000000"),
        ("checkpoint.keep=1000000000", "`checkpoint.keep` must be at most 1000000"),
        ("train.batch=1000000000", "`train.batch` must be at most 1000000"),
        ("train.critic_steps=1000000000", "`train.critic_steps` must be at most 1000"),
        ("train.accumulation=4294967296", "`train.accumulation` must be at most 65536"),
        ("train.lr=1e7", "`train.generator.lr` must be at most 1000000"),
        ("train.budget=18446744073709551615 epochs", "`train.budget` must be at most"),
    ] {
        let message = complaint("gan", setting);
        assert!(message.contains(part), "{message}");
    }
}
