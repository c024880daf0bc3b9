//! `gan list`: what this program has.

use std::io::Write as _;

use gan_core::{Augmentation, Constraint, FGanDivergence, LossConfig, Penalty};
use gan_models::RecipeKind;
use serde_json::{Value, json};

use crate::args::ListArguments;
use crate::config::DataConfig;
use crate::device::{BACKENDS, compiled};
use crate::table::table;

pub(crate) fn run(arguments: &ListArguments) -> anyhow::Result<()> {
    let text =
        if arguments.json { serde_json::to_string_pretty(&as_json())? + "\n" } else { as_tables() };
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(())
}

fn as_json() -> Value {
    let recipes = RecipeKind::ALL.map(|kind| {
        let recipe = kind.recipe();
        json!({
            "name": kind.name(),
            "summary": recipe.summary,
            "citation": recipe.source.citation,
            "title": recipe.source.title,
            "locator": recipe.source.locator,
            "deviations": recipe.deviations,
        })
    });
    let data = DataConfig::KINDS.map(|(name, summary)| json!({ "name": name, "summary": summary }));
    let losses = LossConfig::KINDS.map(
        |loss| json!({ "name": loss.name(), "summary": loss.summary(), "source": loss.source() }),
    );
    json!({
        "recipes": recipes,
        "data": data,
        "losses": losses,
        "divergences_of_f_gan": FGanDivergence::ALL.map(FGanDivergence::name),
        "penalties": Penalty::ALL.map(|penalty| {
            json!({
                "name": penalty.name(),
                "formula": penalty.formula(),
                "source": penalty.source(),
            })
        }),
        "constraints": Constraint::ALL.map(|constraint| {
            json!({
                "name": constraint.name(),
                "formula": constraint.formula(),
                "source": constraint.source(),
            })
        }),
        "augmentations": Augmentation::ALL.map(Augmentation::name),
        "devices": compiled(),
    })
}

fn as_tables() -> String {
    let recipes = RecipeKind::ALL.iter().map(|kind| {
        let recipe = kind.recipe();
        let source = format!("{}, {}", recipe.source.citation, recipe.source.locator);
        vec![kind.name().to_owned(), recipe.summary.to_owned(), source]
    });
    let data =
        DataConfig::KINDS.iter().map(|(name, summary)| vec![(*name).into(), (*summary).into()]);
    let losses = LossConfig::KINDS.iter().map(|loss| {
        vec![loss.name().to_owned(), loss.summary().to_owned(), loss.source().to_owned()]
    });
    let rows = FGanDivergence::ALL.map(FGanDivergence::name).join(", ");
    let penalties = Penalty::ALL.iter().map(|penalty| {
        vec![penalty.name().to_owned(), penalty.formula().to_owned(), penalty.source().to_owned()]
    });
    let constraints = Constraint::ALL.iter().map(|constraint| {
        let source = constraint.source().unwrap_or_default();
        vec![constraint.name().to_owned(), constraint.formula().to_owned(), source.to_owned()]
    });
    let augmentations = Augmentation::ALL.map(Augmentation::name).join(", ");
    let devices = BACKENDS.iter().map(|name| {
        let state = match compiled().iter().position(|compiled| compiled == name) {
            Some(0) => "compiled in, the default".to_owned(),
            Some(_) => "compiled in".to_owned(),
            None => format!("not compiled in; build with --features {name}"),
        };
        vec![(*name).to_owned(), state]
    });
    let mut text = table("Recipes", &recipes.collect::<Vec<_>>());
    for kind in RecipeKind::ALL {
        text += &format!("\n  {} differs from its paper:\n", kind.name());
        for deviation in kind.recipe().deviations {
            text += &format!("  - {deviation}\n");
        }
    }
    text += &(String::from("\n") + &table("Data sets", &data.collect::<Vec<_>>()));
    text += &(String::from("\n") + &table("Losses", &losses.collect::<Vec<_>>()));
    text += &format!("\n  divergences of f-gan: {rows}\n");
    text += &(String::from("\n") + &table("Penalties", &penalties.collect::<Vec<_>>()));
    text += &(String::from("\n") + &table("Constraints", &constraints.collect::<Vec<_>>()));
    text += &format!("\n  augmentations: {augmentations}\n");
    text += &(String::from("\n") + &table("Devices", &devices.collect::<Vec<_>>()));
    text
}
