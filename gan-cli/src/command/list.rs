//! `gan list`: the recipes, data sets, losses and devices of this program.

use gan_core::constraint::Constraint;
use gan_core::critic_preprocessing::Augmentation;
use gan_core::loss::{FGanDivergence, LossConfig};
use gan_core::penalty::Penalty;
use gan_models::RecipeKind;
use serde_json::{Value, json};

use crate::args::ListArguments;
use crate::config::DataConfig;
use crate::device::{BACKENDS, compiled};
use crate::streams;
use crate::table::table;

pub(crate) fn run(arguments: &ListArguments) -> anyhow::Result<()> {
    let text =
        if arguments.json { serde_json::to_string_pretty(&as_json())? + "\n" } else { as_tables() };
    streams::print(&text)?;
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
    [recipes(), data(), losses(), penalties(), constraints(), devices()].join("\n")
}

fn recipes() -> String {
    let rows = RecipeKind::ALL.map(|kind| {
        let recipe = kind.recipe();
        let source = format!("{}, {}", recipe.source.citation, recipe.source.locator);
        vec![kind.name().to_owned(), recipe.summary.to_owned(), source]
    });
    let mut text = table("Recipes", &rows);
    for kind in RecipeKind::ALL {
        text += &format!("\n  {} differs from its paper:\n", kind.name());
        for deviation in kind.recipe().deviations {
            text += &format!("  - {deviation}\n");
        }
    }
    text
}

fn data() -> String {
    table("Data sets", &DataConfig::KINDS.map(|(name, summary)| vec![name.into(), summary.into()]))
}

fn losses() -> String {
    let row =
        |loss: LossConfig| [loss.name(), loss.summary(), loss.source()].map(Into::into).into();
    let divergences = FGanDivergence::ALL.map(FGanDivergence::name).join(", ");
    table("Losses", &LossConfig::KINDS.map(row))
        + &format!("\n  divergences of f-gan: {divergences}\n")
}

fn penalties() -> String {
    let row = |penalty: Penalty| {
        [penalty.name(), penalty.formula(), penalty.source()].map(Into::into).into()
    };
    table("Penalties", &Penalty::ALL.map(row))
}

fn constraints() -> String {
    let row = |constraint: Constraint| {
        let source = constraint.source().unwrap_or_default();
        [constraint.name(), constraint.formula(), source].map(Into::into).into()
    };
    let augmentations = Augmentation::ALL.map(Augmentation::name).join(", ");
    table("Constraints", &Constraint::ALL.map(row))
        + &format!("\n  augmentations: {augmentations}\n")
}

fn devices() -> String {
    let rows = BACKENDS.iter().map(|name| {
        let state = match compiled().iter().position(|compiled| compiled == name) {
            Some(0) => "compiled in, the default".to_owned(),
            Some(_) => "compiled in".to_owned(),
            None => format!("not compiled in; build with --features {name}"),
        };
        vec![(*name).to_owned(), state]
    });
    table("Devices", &rows.collect::<Vec<_>>())
}
