//! What other tools call the keys and values of a configuration.
//!
//! A key is compared without regard to case and with hyphens for underscores. What has one meaning
//! is accepted and reported; what has several is refused with all of them.

use toml::Value;

/// What a word of another tool stands for here.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Meaning {
    /// The same value for each of these keys.
    Keys(&'static [&'static str]),
    /// `train.budget`, in this unit.
    Budget(&'static str),
    /// `train.constraint` is `clip`, with this bound.
    WeightClip,
    /// `data.dir` or `data.file`, by the kind of data.
    DataPath,
    /// No setting of its own: what to type in its place.
    Refused(&'static str),
}

use Meaning::{Budget, DataPath, Keys, Refused, WeightClip};

/// Every synonym, without the prefixes `train.`, `model.`, `data.` that may stand before it.
const SYNONYMS: [(&[&str], Meaning); 43] = [
    (&["lr", "learning_rate"], Keys(&["train.generator.lr", "train.critic.lr"])),
    (&["lr_g", "g_lr", "generator_lr", "lrg"], Keys(&["train.generator.lr"])),
    (&["lr_d", "d_lr", "critic_lr", "discriminator_lr", "lr_c", "lrd"], Keys(&["train.critic.lr"])),
    (&["generator.learning_rate"], Keys(&["train.generator.lr"])),
    (&["critic.learning_rate"], Keys(&["train.critic.lr"])),
    (&["beta1", "beta_1", "b1"], Keys(&["train.generator.beta_1", "train.critic.beta_1"])),
    (&["beta2", "beta_2", "b2"], Keys(&["train.generator.beta_2", "train.critic.beta_2"])),
    (&["generator.beta1"], Keys(&["train.generator.beta_1"])),
    (&["generator.beta2"], Keys(&["train.generator.beta_2"])),
    (&["critic.beta1"], Keys(&["train.critic.beta_1"])),
    (&["critic.beta2"], Keys(&["train.critic.beta_2"])),
    (&["optimizer", "optim"], Keys(&["train.generator", "train.critic"])),
    (&["batch_size", "bs", "batchsize", "batch"], Keys(&["train.batch"])),
    (&["epochs", "n_epochs", "num_epochs", "max_epochs"], Budget("epochs")),
    (
        &["steps", "iterations", "n_steps", "num_steps", "max_steps", "iters", "n_iters"],
        Budget("steps"),
    ),
    (&["budget"], Keys(&["train.budget"])),
    (
        &["n_critic", "d_steps", "critic_iters", "ncritic", "n_dis", "critic_steps"],
        Keys(&["train.critic_steps"]),
    ),
    (&["latent_dim", "nz", "z_dim", "noise_dim", "latent_size", "latent"], Keys(&["model.latent"])),
    (&["ngf", "generator_width"], Keys(&["model.generator_width"])),
    (&["ndf", "critic_width"], Keys(&["model.critic_width"])),
    (&["hidden_dim", "hidden_size", "hidden"], Keys(&["model.hidden"])),
    (&["n_layers", "num_layers", "depth"], Keys(&["model.depth"])),
    (&["num_classes", "n_classes", "classes"], Keys(&["model.classes"])),
    (&["random_seed", "manual_seed", "rng_seed", "seed", "manualseed"], Keys(&["seed"])),
    (&["loss", "gan_mode", "adv_loss"], Keys(&["train.loss"])),
    (&["label_smoothing"], Keys(&["train.loss.smoothing"])),
    (&["grad_clip", "clip_grad_norm", "max_grad_norm"], Keys(&["train.clip_norm"])),
    (&["precision", "dtype", "mixed_precision", "amp_dtype"], Keys(&["train.precision"])),
    (&["slope", "gradient_penalty_method"], Keys(&["train.gradient_penalty_method"])),
    (&["accumulation_steps", "grad_accum", "accumulate"], Keys(&["train.accumulation"])),
    (
        &["sync_bn", "sync_batchnorm", "synchronized_batch_norm", "batch_statistics"],
        Keys(&["train.batch_statistics"]),
    ),
    (&["weight_clip", "clip_value", "weight_clipping"], WeightClip),
    (&["image_size", "img_size", "imagesize", "resolution", "size"], Keys(&["data.size"])),
    (&["dataset"], Keys(&["data.kind"])),
    (&["n_samples", "num_samples", "points"], Keys(&["data.points"])),
    (&["save_every", "save_interval", "checkpoint_interval"], Keys(&["checkpoint.every"])),
    (&["log_interval", "log_every", "print_freq"], Keys(&["log.every"])),
    (
        &[
            "dataroot",
            "data_dir",
            "data_path",
            "dataset_dir",
            "path",
            "folder",
            "root",
            "dir",
            "file",
        ],
        DataPath,
    ),
    (
        &["clip"],
        Refused(
            "`train.clip_norm` (length of gradients) or `train.constraint=clip` with \
             `train.constraint.bound` (weights)",
        ),
    ),
    (&["niter", "n_iter"], Refused("`train.budget=\"N epochs\"` or `train.budget=\"N steps\"`")),
    (
        &["betas"],
        Refused(
            "`train.generator.beta_1`, `train.generator.beta_2`, `train.critic.beta_1` and \
             `train.critic.beta_2`",
        ),
    ),
    (
        &["lambda_gp", "gp_weight", "gp_lambda", "gradient_penalty"],
        Refused("`train.penalties=[{kind = \"gradient-penalty\", weight = 10.0}]`"),
    ),
    (&["device", "out", "output_dir", "outdir"], Refused("the flags `--device` and `--out`")),
];

/// The key as this program writes keys: lower case, underscores, `critic` for `discriminator`.
pub(crate) fn canonical(key: &str) -> String {
    let key = key.trim().to_lowercase().replace('-', "_");
    match key.strip_prefix("train.discriminator") {
        Some(rest) if rest.is_empty() || rest.starts_with('.') => format!("train.critic{rest}"),
        _ => key,
    }
}

/// What a canonical key that is none of ours stands for.
pub(crate) fn meaning(key: &str) -> Option<Meaning> {
    let bare = ["train.", "model.", "data."].iter().find_map(|table| key.strip_prefix(table));
    let bare = bare.unwrap_or(key);
    SYNONYMS.iter().find(|(words, _)| words.contains(&bare)).map(|(_, meaning)| *meaning)
}

/// Names that other tools have for the values of a key.
const VALUES: [(&str, &[(&str, &str)]); 7] = [
    (
        "train.loss",
        &[
            ("bce", "non-saturating"),
            ("vanilla", "non-saturating"),
            ("ns", "non-saturating"),
            ("wgan", "wasserstein"),
            ("lsgan", "least-squares"),
            ("mse", "least-squares"),
        ],
    ),
    ("train.generator", &[("rmsprop", "rms-prop")]),
    ("train.critic", &[("rmsprop", "rms-prop")]),
    (
        "train.constraint",
        &[("sn", "spectral-norm"), ("weight-clipping", "clip"), ("clipping", "clip")],
    ),
    (
        "data",
        &[
            ("two-moons", "moons"),
            ("make-moons", "moons"),
            ("digits", "mnist"),
            ("stacked", "stacked-mnist"),
            ("stackedmnist", "stacked-mnist"),
            ("folder", "images"),
            ("image-folder", "images"),
            ("imagefolder", "images"),
            ("csv", "points"),
            ("npy", "points"),
            ("8gaussians", "ring"),
            ("25gaussians", "grid"),
        ],
    ),
    ("train.prior", &[("gaussian", "normal"), ("gauss", "normal")]),
    ("train.precision", &[("float32", "f32"), ("fp32", "f32"), ("bfloat16", "bf16")]),
];

/// The value as this program writes it, where `key` is a choice among names.
pub(crate) fn canonical_value(key: &str, text: &str) -> Option<String> {
    let choice = key.strip_suffix(".kind").unwrap_or(key);
    let (_, names) = VALUES.iter().find(|(key, _)| *key == choice)?;
    let plain = text.trim().to_lowercase().replace('_', "-");
    let name = names.iter().find(|(typed, _)| *typed == plain).map(|(_, ours)| (*ours).to_owned());
    Some(name.unwrap_or(plain))
}

/// Other readings of a value that its key could not take: numbers in quotes, whole numbers written
/// with a point or an exponent, truth values as Python writes them.
pub(crate) fn other_reading(value: &Value) -> Option<Value> {
    let whole = |number: f64| {
        let is_whole = number.fract() == 0.0 && number.abs() < 9e15;
        is_whole.then_some(Value::Integer(number as i64))
    };
    match value {
        Value::Float(number) => whole(*number),
        Value::String(text) => match text.trim() {
            "True" | "TRUE" => Some(Value::Boolean(true)),
            "False" | "FALSE" => Some(Value::Boolean(false)),
            text => text.parse::<i64>().map(Value::Integer).ok().or_else(|| {
                let number = text.parse::<f64>().ok().filter(|number| number.is_finite())?;
                Some(whole(number).unwrap_or(Value::Float(number)))
            }),
        },
        _ => None,
    }
}

/// The nearest recipe to a name that other tools know.
pub(crate) fn recipe(name: &str) -> Option<&'static str> {
    Some(match name {
        "biggan" | "sagan" | "sn-gan" => "sngan",
        "stylegan" | "stylegan2" | "stylegan3" | "progan" => "r3gan",
        "wgangp" => "wgan-gp",
        "vanilla" | "vanilla-gan" => "gan",
        "ls-gan" => "lsgan",
        "conditional-gan" => "cgan",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_has_two_meanings_and_all_are_canonical() {
        let words: Vec<&str> =
            SYNONYMS.iter().flat_map(|(words, _)| words.iter().copied()).collect();
        for word in &words {
            assert_eq!(words.iter().filter(|other| *other == word).count(), 1, "{word}");
            assert_eq!(canonical(word), *word);
            assert!(meaning(word).is_some() && meaning(&format!("train.{word}")).is_some());
        }
        assert_eq!(canonical("train.Discriminator.LR"), "train.critic.lr");
        assert_eq!(meaning("train.penalties"), None);
    }

    /// Whatever a synonym stands for is a key of some recipe.
    #[test]
    fn every_meaning_is_a_key() {
        let all: Vec<String> = gan_models::RecipeKind::ALL
            .iter()
            .map(|kind| crate::config::RunConfig::of_recipe(*kind).to_toml().unwrap())
            .collect();
        let readme = include_str!("../../README.md");
        for (words, meaning) in SYNONYMS {
            assert!(words.iter().any(|word| readme.contains(&format!("`{word}`"))), "{words:?}");
            let Keys(keys) = meaning else { continue };
            for key in keys {
                let name = key.rsplit('.').next().unwrap();
                let is_there = |text: &String| {
                    text.contains(&format!("\n{name} = ")) || text.contains(&format!(".{name}]"))
                };
                // These two are there on request only.
                let optional = ["clip_norm", "smoothing"].contains(&name);
                assert!(optional || all.iter().any(is_there), "{key}");
            }
        }
    }
}
