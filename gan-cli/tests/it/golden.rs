//! The bytes of every recipe: a change of the code that is not meant to change training does not.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::duality_gap::tensors;
use crate::program::{Place, Program};

/// Weights of both players and samples of every recipe after 50 steps, as [`sums`] writes them.
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

/// A line a file: the SHA-256 of its numbers, and its name.
fn sums(place: &Place, recipe: &str) -> String {
    let mut lines = String::new();
    let [generator, critic, samples] =
        ["generator.safetensors", "critic.safetensors", "samples.npy"]
            .map(|name| format!("{recipe}/{name}"));
    let live = format!("export {recipe} --weights live --out {generator}");
    let of_critic = format!("export {recipe} --critic --out {critic}");
    let drawn = format!("sample {recipe} -n 20 --out {samples}");
    for words in [live, of_critic, drawn] {
        place.gan(&words).succeed();
    }
    let numbers = [
        (tensors(place, &generator), generator),
        (tensors(place, &critic), critic),
        (place.bytes(&samples), samples),
    ];
    for (bytes, name) in numbers {
        let sum: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        writeln!(lines, "{sum}  {name}").unwrap();
    }
    lines
}

#[test]
fn every_recipe_makes_the_bytes_that_were_recorded() {
    let place = Place::new();
    let made: String = RECIPES
        .iter()
        .map(|recipe| {
            small(&place, recipe).succeed();
            sums(&place, recipe)
        })
        .collect();
    let others: Vec<&str> = made.lines().filter(|line| !RECORDED.contains(line)).collect();
    assert!(others.is_empty(), "not what was recorded:\n{}", others.join("\n"));
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
