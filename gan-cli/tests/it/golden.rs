//! The bytes of every recipe: a change of the code that is not meant to change training does not.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::program::{Place, Program};

/// Weights, optimizers and samples of every recipe after 50 steps, as [`sums`] writes them.
const RECORDED: &str = include_str!("golden.txt");

const RECIPES: [&str; 10] = [
    "gan",
    "cgan",
    "cdcgan",
    "dcgan",
    "dcgan-classic",
    "lsgan",
    "wgan",
    "wgan-gp",
    "sngan",
    "r3gan",
];

/// A recipe with its own rules and small networks, on a few samples.
fn small(place: &Place, recipe: &str) -> Program {
    let program = place.gan(&format!("train {recipe} --steps 50 --seed 7 --out {recipe}"));
    match recipe {
        "gan" => program.set("data.points=200").set("model.hidden=16"),
        "cgan" => few_digits(program).set("model.hidden=16"),
        _ => few_digits(program).set("model.generator_width=8").set("model.critic_width=8"),
    }
}

fn few_digits(program: Program) -> Program {
    program.set("data.subset=64").set("train.batch=8")
}

/// A line a file: its name and its SHA-256.
fn sums(place: &Place, recipe: &str) -> String {
    let mut lines = String::new();
    let checkpoint = format!("{recipe}/checkpoints/step-0000000050");
    let weights = place.names_in(&checkpoint).into_iter().filter(|name| name.ends_with(".bpk"));
    let weights = weights.map(|name| format!("{checkpoint}/{name}"));
    for name in weights.chain([format!("{recipe}/samples.npy")]) {
        let mut sum = String::new();
        for byte in Sha256::digest(place.bytes(&name)) {
            write!(sum, "{byte:02x}").unwrap();
        }
        writeln!(lines, "{sum}  {name}").unwrap();
    }
    lines
}

#[test]
fn every_recipe_makes_the_bytes_that_were_recorded() {
    let place = Place::new();
    let mut found = String::new();
    for recipe in RECIPES {
        small(&place, recipe).succeed();
        place.gan(&format!("sample {recipe} -n 20 --out {recipe}/samples.npy")).succeed();
        found += &sums(&place, recipe);
    }
    assert_eq!(found, RECORDED, "found:\n{found}");
}

#[test]
fn the_record_has_every_recipe() {
    let place = Place::new();
    let listed = place.gan("list --json").succeed().stdout;
    let listed: serde_json::Value = serde_json::from_str(&listed).unwrap();
    let names: Vec<&str> = listed["recipes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|recipe| recipe["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, RECIPES);
}
