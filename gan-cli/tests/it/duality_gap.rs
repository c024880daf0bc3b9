//! The duality gap of a run's game: where it is asked for, and what it leaves as it was.

use serde_json::Value;

use crate::program::{Place, Program};

const NAMES: [&str; 3] = ["game/duality_gap", "game/worst_critic", "game/best_generator"];

/// A short game that is evaluated every two steps.
fn short(program: Program) -> Program {
    let program = program.set("log.every=1 step").set("evaluation.every=2 steps");
    let program = program.set("evaluation.samples=20").set("evaluation.mode_samples=10");
    program.set("evaluation.features=none")
}

/// The same, with the gap.
fn measured(program: Program) -> Program {
    short(program).set("evaluation.duality_gap=3")
}

/// The lines of a run's metrics that have the gap.
fn lines(place: &Place, run: &str) -> Vec<Value> {
    let text = place.text(&format!("{run}/metrics.jsonl"));
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.filter(|line| line.get(NAMES[0]).is_some()).collect()
}

#[test]
fn a_gap_that_is_asked_for_is_a_quantity_like_any() {
    let place = Place::new();
    let program = place.train("--steps 4 --out run").arg("--show").arg(NAMES[0]);
    let program = measured(program).set("checkpoint.keep_best=game/duality_gap");
    let shown = program.set("data.kind=ring").succeed().stderr;
    assert!(shown.contains("· game/duality_gap "), "{shown}");
    let lines = lines(&place, "run");
    assert_eq!(lines.iter().map(|line| &line["step"]).collect::<Vec<_>>(), [2, 4]);
    let summary: Value = serde_json::from_str(&place.text("run/summary.json")).unwrap();
    for name in NAMES {
        let error = format!("{name}/standard_error");
        assert_eq!(summary[name], lines[1][name]);
        assert!(summary[&error].as_f64().unwrap() > 0.0, "{summary}");
    }
    let [gap, worst, best] = NAMES.map(|name| lines[1][name].as_f64().unwrap());
    assert!((gap - (worst - best)).abs() < 1e-9 && gap > 0.0, "{gap} {worst} {best}");
    let plot = place.text("run/plots/game-value.svg");
    assert!(NAMES.iter().all(|name| plot.contains(name)), "{plot}");
}

#[test]
fn without_the_key_there_is_no_gap() {
    let place = Place::new();
    short(place.train("--steps 2 --out run")).succeed();
    assert!(lines(&place, "run").is_empty());
    assert!(place.text("run/config.toml").contains("duality_gap = 0\n"));
    let program = short(place.train("--steps 2 --out other"));
    place.refuses(program.set("checkpoint.keep_best=game/duality_gap"), &["game/duality_gap"]);
}

/// Every weight and running statistic of both players after the last step.
fn players(place: &Place, run: &str) -> [Vec<u8>; 2] {
    ["--weights live", "--critic"].map(|which| {
        let file = format!("{run}{}.safetensors", which.len());
        place.gan(&format!("export {run} {which} --out {file}")).succeed();
        tensors(place, &file)
    })
}

/// What the steps of a run logged, without the gap.
fn steps(place: &Place, run: &str) -> Vec<Value> {
    let text = place.text(&format!("{run}/metrics.jsonl"));
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let of_steps = lines.map(|mut line| {
        line.as_object_mut().unwrap().retain(|name, _| !name.starts_with("game/"));
        line
    });
    of_steps.collect()
}

/// Clipped weights, a gradient penalty, batch normalization, an average, classes.
#[test]
fn measuring_changes_no_bit_of_any_game() {
    let place = Place::new();
    let average = "train.ema.half_life=2 steps";
    let games = |run: &str| {
        let images = |recipe: &str| {
            let words = format!("train {recipe} --steps 5 --out {recipe}-{run}");
            let small =
                ["data.subset=8", "train.batch=4", "model.latent=4", "train.critic_steps=1"];
            let program = small.iter().fold(place.gan(&words), |program, set| program.set(set));
            program.set("model.generator_width=2").set("model.critic_width=2")
        };
        [
            place.train(&format!("--steps 5 --out gan-{run}")).set(average),
            images("wgan"),
            images("wgan-gp"),
            images("cdcgan"),
        ]
    };
    for program in games("with") {
        measured(program).succeed();
    }
    for program in games("without") {
        short(program).succeed();
    }
    for recipe in ["gan", "wgan", "wgan-gp", "cdcgan"] {
        let [with, without] = ["with", "without"].map(|run| format!("{recipe}-{run}"));
        assert_eq!(lines(&place, &with).len(), 3, "{recipe}");
        assert!(lines(&place, &without).is_empty());
        assert!(players(&place, &with) == players(&place, &without), "{recipe}");
        assert_eq!(steps(&place, &with), steps(&place, &without), "{recipe}");
        for line in lines(&place, &with) {
            assert!(NAMES.iter().all(|name| line[*name].is_f64()), "{recipe}: {line}");
        }
    }
}

#[test]
fn a_resumed_run_has_the_gaps_of_the_uninterrupted_one() {
    let place = Place::new();
    let train = |words: &str| measured(place.train(words)).set("checkpoint.every=2 steps");
    train("--steps 6 --out whole").succeed();
    train("--steps 4 --out parts").succeed();
    place.gan("train --resume --out parts --steps 6").succeed();
    assert_eq!(lines(&place, "whole"), lines(&place, "parts"));
    assert_eq!(lines(&place, "whole").len(), 3);
    measured(place.train("--steps 6 --seed 9 --out other")).succeed();
    assert_ne!(lines(&place, "whole"), lines(&place, "other"));
}

#[test]
fn the_steps_of_a_response_are_read_from_a_file_and_refused_by_key() {
    let place = Place::new();
    let file = "recipe = \"gan\"\n[evaluation]\nduality_gap = 2\nsamples = 20\nmode_samples = 10\n";
    place.write("mine.toml", file);
    place.gan("train mine.toml --steps 1 --out file").set("data.points=50").succeed();
    assert_eq!(lines(&place, "file").len(), 1);
    for (value, parts) in [
        ("-1", ["`evaluation.duality_gap` in --set", "`-1`"]),
        ("1.5", ["`evaluation.duality_gap` in --set", "1.5"]),
        ("often", ["`evaluation.duality_gap` in --set", "often"]),
        ("100001", ["`evaluation.duality_gap` must be at most 100000 steps", "found 100001"]),
    ] {
        let program = place.gan("train gan --steps 1 --out run");
        place.refuses(program.set(&format!("evaluation.duality_gap={value}")), &parts);
    }
}

/// The tensors of a `.safetensors` file, behind its header.
pub(crate) fn tensors(place: &Place, name: &str) -> Vec<u8> {
    let bytes = place.bytes(name);
    let header = u64::from_le_bytes(bytes[..8].try_into().unwrap());
    bytes[8 + usize::try_from(header).unwrap()..].to_vec()
}
