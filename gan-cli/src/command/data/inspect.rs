//! `gan data inspect`: how a file or a folder would be read, what is odd about it, what to type.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail};
use gan_core::seed::Seed;
use gan_data::{Duplicate, ImageFolder, ImageSurvey, Inspection, Inventory, SampleSet};
use gan_models::RecipeKind;
use gan_run::quoted;
use serde_json::json;

use crate::args::InspectArguments;
use crate::config::{Colors, DataConfig, RunConfig, expand_home};
use crate::inventory::InventoryRecord;
use crate::streams;

/// How many of each oddity are shown by name.
const SHOWN: usize = 3;

pub(crate) fn run(arguments: &InspectArguments) -> anyhow::Result<()> {
    streams::print(&inspected(arguments)?)
}

fn inspected(arguments: &InspectArguments) -> anyhow::Result<String> {
    let path = &expand_home(&arguments.path)?;
    let data = data_at(path)?;
    let recipe = recipe_for(&data);
    let data = data.resolved(&RunConfig::of_recipe(recipe).model)?;
    let set = data.open(Seed(0))?;
    let inventory = set.inventory();
    let mut odd = oddities(&*set, &Inspection::of(&*set, &inventory));
    if let DataConfig::Images { dir, .. } = &data {
        odd.extend(odd_sizes(&ImageFolder::survey(dir)?));
    }
    let command = command(recipe, &data);
    if arguments.json {
        let report = json!({
            "path": path.to_string_lossy(),
            "data": InventoryRecord::from(&inventory),
            "odd": odd,
            "command": command,
        });
        return Ok(serde_json::to_string_pretty(&report)? + "\n");
    }
    Ok(report(path, &inventory, &odd, &command))
}

/// The configuration by which `gan train` would read what is at `path`.
fn data_at(path: &Path) -> anyhow::Result<DataConfig> {
    if !path.is_dir() {
        return Ok(DataConfig::points_of(path));
    }
    let entries = fs::read_dir(path).with_context(|| format!("cannot list {}", path.display()))?;
    let names: Vec<String> =
        entries.flatten().map(|entry| entry.file_name().to_string_lossy().to_lowercase()).collect();
    if names.iter().any(|name| name == "config.toml")
        && names.iter().any(|name| name == "manifest.json")
    {
        bail!("{0} is a run folder, not data: look at it with gan evaluate {0}", path.display());
    }
    if has_idx_files(path) {
        return Ok(DataConfig::mnist_of(path));
    }
    let gray = ImageFolder::survey(path)?.is_gray();
    Ok(DataConfig::images_of(path, if gray { Colors::Gray } else { Colors::Rgb }))
}

/// Whether a folder has images in MNIST's format.
pub(in crate::command) fn has_idx_files(folder: &Path) -> bool {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().to_lowercase());
    names.into_iter().any(|name| name.contains("idx3-ubyte"))
}

/// The recipe that a newcomer would begin with on such data.
fn recipe_for(data: &DataConfig) -> RecipeKind {
    match data {
        DataConfig::Points { .. } => RecipeKind::Gan,
        DataConfig::Images { .. } => RecipeKind::DcganClassic,
        _ => RecipeKind::Dcgan,
    }
}

/// What was found, a line each.
fn oddities(set: &dyn SampleSet, found: &Inspection) -> Vec<String> {
    let mut odd = Vec::new();
    if !found.duplicates.is_empty() {
        let pairs = found.duplicates.iter().take(SHOWN).map(|Duplicate { first, again }| {
            format!("{} is {}", name(set, *again), name(set, *first))
        });
        odd.push(listed("samples are there twice", found.duplicates.len(), pairs));
    }
    if !found.blank.is_empty() {
        let names = found.blank.iter().take(SHOWN).map(|&index| name(set, index));
        odd.push(listed("samples have one value everywhere", found.blank.len(), names));
    }
    if !found.nearly_empty.is_empty() {
        let classes = found.nearly_empty.iter().take(SHOWN);
        let classes = classes.map(|class| format!("{} {}", class.name, class.samples));
        let text = "classes have less than a tenth of an equal share";
        odd.push(listed(text, found.nearly_empty.len(), classes));
    }
    if !found.constant_channels.is_empty() {
        let channels = found.constant_channels.iter().take(SHOWN).map(|idx| (idx + 1).to_string());
        let text = match set.shape().len() {
            1 => "columns have one value in all samples",
            _ => "channels have one value in all images",
        };
        odd.push(listed(text, found.constant_channels.len(), channels));
    }
    if found.gray_in_rgb {
        odd.push("all images are gray: data.color=gray needs a third of the work".to_owned());
    }
    odd
}

/// The sizes of images that do not all have one, and how many have each.
fn odd_sizes(survey: &ImageSurvey) -> Option<String> {
    let count = survey.sizes.len();
    let shown = survey.sizes.iter().take(SHOWN);
    let shown = shown.map(|size| format!("{}×{} {}", size.width, size.height, size.images));
    (count > 1).then(|| listed("sizes, all cropped to squares and brought to one", count, shown))
}

/// `7 samples are there twice: b.png is a.png, …`.
fn listed(what: &str, count: usize, shown: impl Iterator<Item = String>) -> String {
    let shown: Vec<String> = shown.collect();
    let more = if count > shown.len() { ", …" } else { "" };
    format!("{count} {what}: {}{more}", shown.join(", "))
}

/// What a user calls a sample: its file, or its position from 1.
fn name(set: &dyn SampleSet, index: usize) -> String {
    set.origin(index).unwrap_or_else(|| format!("sample {}", index + 1))
}

/// The command line that trains on such data.
fn command(recipe: RecipeKind, data: &DataConfig) -> String {
    let mut command = format!("gan train {}", recipe.name());
    for setting in data.settings() {
        let _ = write!(command, " --set {}", quoted(&setting));
    }
    command
}

fn report(path: &Path, inventory: &Inventory, odd: &[String], command: &str) -> String {
    let mut text = format!("{}: {inventory}\n", path.display());
    for line in odd {
        let _ = writeln!(text, "odd: {line}");
    }
    if odd.is_empty() {
        text +=
            "nothing odd: no duplicates, blank samples, constant channels or near-empty classes\n";
    }
    text + &format!("train on it: {command}\n")
}
