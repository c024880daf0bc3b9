//! The command line itself: help, lists, completions, and words that mean nothing.

use serde_json::Value;

use crate::program::Place;

#[test]
fn the_help_of_each_subcommand_shows_an_example() {
    let place = Place::new();
    for command in [
        "train",
        "sample",
        "interpolate",
        "export",
        "import",
        "evaluate",
        "duality",
        "montage",
        "plot",
        "data",
        "list",
        "completions",
    ] {
        let help = place.gan(command).arg("--help").succeed().stdout;
        let (_, example) = help.split_once("Example:\n").unwrap_or_else(|| panic!("{help}"));
        assert!(example.trim_start().starts_with(&format!("gan {command}")), "{help}");
    }
}

#[test]
fn unknown_words_are_told_the_nearest() {
    let place = Place::new();
    place.refuses(place.gan("trian gan"), &["'trian'", "'train'"]);
    place.refuses(
        place.gan("train dcgn"),
        &["no recipe is called `dcgn`", "`dcgan`?", "gan, dcgan"],
    );
    place.refuses(place.gan("data mons -n 5 --out a.csv"), &["'mons'", "'moons'"]);
    place.refuses(place.gan("completions zhs"), &["'zhs'", "bash", "zsh"]);
}

#[test]
fn train_wants_to_know_what() {
    let place = Place::new();
    place.refuses(place.gan("train --steps 5"), &["expected a recipe", "gan train dcgan"]);
}

#[test]
fn flags_that_contradict_each_other_are_refused() {
    let place = Place::new();
    place.refuses(place.gan("train gan --steps 5 --epochs 5"), &["--steps", "--epochs"]);
    place.refuses(place.gan("train gan --resume --force"), &["--resume", "--force"]);
    place.refuses(place.gan("train gan --from-step 5"), &["--resume"]);
}

#[test]
fn a_dashboard_without_a_terminal_is_refused_before_a_folder_is_made() {
    let place = Place::new();
    place.refuses(place.gan("train gan --steps 5 --out run --tui"), &["--tui"]);
}

/// The lists of `gan list --json`, by the name of the list.
fn listed(place: &Place, what: &str) -> Vec<String> {
    let all: Value = serde_json::from_str(&place.gan("list --json").succeed().stdout).unwrap();
    let name = |entry: &Value| entry.as_str().or(entry["name"].as_str()).unwrap().to_owned();
    all[what].as_array().unwrap().iter().map(name).collect()
}

#[test]
fn list_names_recipes_data_losses_and_devices() {
    let place = Place::new();
    for (what, expected) in [
        ("recipes", vec!["gan", "dcgan"]),
        ("data", vec!["moons", "ring", "grid", "mnist", "stacked-mnist", "points", "images"]),
        ("losses", vec!["minimax", "non-saturating", "least-squares", "hinge", "f-gan"]),
        ("divergences_of_f_gan", vec!["kl", "jeffreys", "weighted-jensen-shannon"]),
    ] {
        let names = listed(&place, what);
        assert!(expected.iter().all(|name| names.iter().any(|n| n == name)), "{names:?}");
    }
    let tables = place.gan("list").succeed().stdout;
    for name in ["dcgan", "moons", "non-saturating", "wasserstein", "reverse-kl", "flex"] {
        assert!(tables.contains(name), "{tables}");
    }
}

#[test]
fn the_listed_recipes_carry_their_papers_and_deviations() {
    let json = Place::new().gan("list --json").succeed().stdout;
    let all: Value = serde_json::from_str(&json).unwrap();
    for recipe in all["recipes"].as_array().unwrap() {
        for key in ["summary", "citation", "title", "locator"] {
            assert!(recipe[key].as_str().is_some_and(|text| !text.is_empty()), "{recipe}: {key}");
        }
        assert!(recipe["deviations"].is_array(), "{recipe}");
    }
}

#[test]
fn the_devices_listed_are_those_compiled_in() {
    for (device, is_compiled_in) in devices() {
        let names = listed(&Place::new(), "devices");
        assert_eq!(names.iter().any(|name| name == device), is_compiled_in, "{device}");
    }
}

#[test]
fn a_device_that_is_not_compiled_in_names_its_feature() {
    let place = Place::new();
    for (device, is_compiled_in) in devices() {
        if !is_compiled_in {
            let program = place.gan(&format!("train gan --steps 1 --out run --device {device}"));
            place.refuses(program, &[&format!("`{device}`"), &format!("--features {device}")]);
        }
    }
}

#[test]
fn a_device_that_does_not_exist_is_told_which_do() {
    let place = Place::new();
    let program = place.gan("train gan --steps 1 --out run --device tpu");
    place.refuses(program, &["`tpu`", "flex", "ndarray", "tch", "cuda", "wgpu"]);
}

/// A program with several backends starts itself once more where Burn's default is another one.
#[test]
fn the_device_is_the_arguments_or_the_environments() {
    let device = |words: &str, variable: Option<&str>| {
        let place = Place::new();
        let mut program = place.gan(&format!("train gan --steps 1 --out run {words}"));
        program.command.env_remove("BURN_DEVICE");
        program.command.envs(variable.map(|name| ("BURN_DEVICE", name)));
        program.succeed();
        let manifest: serde_json::Value =
            serde_json::from_slice(&place.bytes("run/manifest.json")).unwrap();
        manifest["device"].as_str().unwrap().to_owned()
    };
    for (name, _) in devices().into_iter().filter(|(name, there)| *there && is_of_processors(name))
    {
        assert_eq!(device(&format!("--device {name}"), None), name);
        assert_eq!(device("", Some(name)), name);
        assert_eq!(device(&format!("--device {name}"), Some("flex")), name);
    }
    let place = Place::new();
    let mut program = place.gan("train gan --steps 1 --out run");
    program.command.env("BURN_DEVICE", "tpu");
    place.refuses(program, &["BURN_DEVICE", "`tpu`", "flex", "ndarray"]);
}

fn is_of_processors(device: &str) -> bool {
    matches!(device, "flex" | "ndarray" | "tch")
}

fn devices() -> [(&'static str, bool); 5] {
    [
        ("flex", cfg!(feature = "flex")),
        ("ndarray", cfg!(feature = "ndarray")),
        ("tch", cfg!(feature = "tch")),
        ("cuda", cfg!(feature = "cuda")),
        ("wgpu", cfg!(feature = "wgpu")),
    ]
}

#[test]
fn completions_know_the_subcommands() {
    let place = Place::new();
    for shell in ["bash", "zsh", "fish"] {
        let script = place.gan("completions").arg(shell).succeed().stdout;
        assert!(script.contains("train") && script.contains("sample"), "{shell}: {script}");
    }
}
