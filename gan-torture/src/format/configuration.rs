//! Configurations: TOML files, and settings of the command line.

use std::path::Path;

use super::{Format, no_other_spelling};
use crate::draw::Draw;
use crate::input::{Entry, Input};
use crate::mutate;
use crate::oracle::Reading;
use crate::text;

/// A file with all keys of a recipe.
pub(super) const FILE: Format =
    Format { name: "toml", seeds, mutate: damage_file, respell: respell_file, read };
/// A file that names its recipe, and `--set` over it.
pub(super) const SETTINGS: Format = Format {
    name: "set",
    seeds: setting_seeds,
    mutate: damage_settings,
    respell: no_other_spelling,
    read,
};

const NAME: &str = "config.toml";
/// A setting a line; the program gets each as a word of its own.
const SETTINGS_NAME: &str = "settings";
const RECIPES: &[&str] = &["gan", "cgan", "dcgan", "wgan-gp", "r3gan"];
/// A seed that cannot be made is refused, which is a fault.
const NO_SEED: &str = "no seed";

fn of_recipe(recipe: &str) -> Input {
    Input::file(NAME, format!("recipe = \"{recipe}\"\n"))
}

fn resolved(recipe: &str) -> String {
    let read = || -> anyhow::Result<String> {
        let folder = tempfile::tempdir()?;
        of_recipe(recipe).write(folder.path())?;
        gan_cli::torture::configuration(&folder.path().join(NAME), &[])
    };
    read().unwrap_or_else(|_| NO_SEED.to_owned())
}

fn seeds() -> Vec<Input> {
    RECIPES.iter().map(|recipe| Input::file(NAME, resolved(recipe))).collect()
}

fn setting_seeds() -> Vec<Input> {
    let settings = |recipe: &str, text: &str| of_recipe(recipe).with(SETTINGS_NAME, text);
    vec![
        settings("gan", "train.batch=250\ntrain.budget=40 epochs\nseed = 7\n"),
        settings("gan", "data.kind=ring\ndata.points=500\ntrain.loss=hinge\n"),
        settings("r3gan", "train.ema=none\ntrain.penalties=none\n"),
        settings("dcgan", "train.critic.kind=rms-prop\ntrain.critic.lr=5e-5\nlog.every=3 steps\n"),
    ]
}

fn damage_file(input: &mut Input, draw: &mut Draw) {
    let Some(Entry::File(bytes)) = input.entries.get_mut(NAME) else { return };
    match draw.below(3) {
        0 => damage_value(bytes, draw),
        1 => {
            let mut lines: Vec<Vec<u8>> =
                bytes.split_inclusive(|&byte| byte == b'\n').map(<[u8]>::to_vec).collect();
            mutate::parts(&mut lines, draw);
            *bytes = lines.concat();
        }
        _ => text::tokens(bytes, draw),
    }
}

/// A key of the file gets a hostile value.
fn damage_value(bytes: &mut Vec<u8>, draw: &mut Draw) {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let lines: Vec<&str> = text.lines().collect();
    let chosen = draw.below(lines.len());
    let mut damaged = String::new();
    for (index, line) in lines.into_iter().enumerate() {
        match line.split_once('=') {
            Some((key, _)) if index == chosen => damaged += &format!("{key}= {}", value(draw)),
            _ => damaged += line,
        }
        damaged.push('\n');
    }
    *bytes = damaged.into_bytes();
}

/// A hostile value, as a number or as text.
fn value(draw: &mut Draw) -> String {
    let token = text::hostile(draw);
    if draw.once_in(3) { format!("\"{token}\"") } else { token }
}

/// A key of a recipe gets a hostile value by `--set`; sometimes the key is hostile too.
fn damage_settings(input: &mut Input, draw: &mut Draw) {
    let keys = keys(&resolved(draw.word(RECIPES)));
    let key = match draw.below(8) {
        0 => text::hostile(draw),
        1 => format!("{}.{}", draw.pick(&keys), text::hostile(draw)),
        _ => draw.pick(&keys).clone(),
    };
    let setting = format!("{key}={}\n", value(draw));
    let Some(Entry::File(bytes)) = input.entries.get_mut(SETTINGS_NAME) else { return };
    match draw.below(4) {
        0 => text::tokens(bytes, draw),
        1 => *bytes = setting.into_bytes(),
        _ => bytes.extend(setting.into_bytes()),
    }
}

/// The dotted keys of a configuration.
fn keys(text: &str) -> Vec<String> {
    let (mut table, mut keys) = (String::new(), vec!["recipe".to_owned()]);
    for line in text.lines() {
        if let Some(name) = line.strip_prefix('[') {
            table = format!("{}.", name.trim_matches(|bracket| "[]".contains(bracket)));
        } else if let Some((key, _)) = line.split_once(" = ") {
            keys.push(format!("{table}{}", key.trim()));
        }
    }
    keys
}

/// Blanks, blank lines and comments mean nothing.
fn respell_file(input: &Input, draw: &mut Draw) -> Option<Input> {
    let text = String::from_utf8(input.bytes(NAME).to_vec()).ok()?;
    let mut respelled = String::new();
    for line in text.lines() {
        respelled += &" ".repeat(draw.below(3));
        respelled += line;
        respelled += draw.word(&["\n", "\r\n", "\n\n", " # nothing\n"]);
    }
    Some(Input::file(NAME, respelled))
}

fn read(folder: &Path) -> anyhow::Result<Reading> {
    let settings = std::fs::read(folder.join(SETTINGS_NAME)).unwrap_or_default();
    let settings = String::from_utf8_lossy(&settings).into_owned();
    let settings: Vec<String> = settings.lines().map(str::to_owned).collect();
    Ok(Reading::of(gan_cli::torture::configuration(&folder.join(NAME), &settings)?))
}
