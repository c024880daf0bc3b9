//! Best checkpoints and early stopping by what was measured.

use serde_json::Value;

use crate::program::{Place, Program};

const MEASURE: &str = "samples/sliced_w2";

/// A run on eight Gaussians that is measured every 20 steps; it learns fast, so that numbers move.
fn train(place: &Place, words: &str) -> Program {
    let program = place.train(words).set("data.kind=ring").set("evaluation.every=20 steps");
    let program = program.set("evaluation.samples=200").set("evaluation.mode_samples=100");
    program.set("train.generator.lr=1e-3").set("train.critic.lr=1e-3").set("checkpoint.keep=1")
}

/// Step and value of each line that has the measure.
fn measured(place: &Place, run: &str) -> Vec<(u64, f64)> {
    let lines = place.text(&format!("{run}/metrics.jsonl"));
    let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.filter_map(|line| Some((line["step"].as_u64()?, line[MEASURE].as_f64()?))).collect()
}

fn best(place: &Place, run: &str) -> u64 {
    let all = measured(place, run);
    all.iter().fold(all[0], |best, &one| if one.1 < best.1 { one } else { best }).0
}

fn folder(step: u64) -> String {
    format!("step-{step:010}")
}

#[test]
fn the_best_checkpoint_stays_beside_the_newest_and_is_taken_by_name() {
    let place = Place::new();
    let keep = format!("checkpoint.keep_best={MEASURE}");
    train(&place, "--steps 300 --out run").set(&keep).succeed();
    let step = best(&place, "run");
    assert!(step < 300, "this seed's best must not be its last: {:?}", measured(&place, "run"));
    assert_eq!(place.names_in("run/checkpoints"), [folder(step), folder(300)]);

    place.gan("sample run -n 4 --from-step best --out best.csv").succeed();
    place.gan(&format!("sample run -n 4 --from-step {step} --out step.csv")).succeed();
    assert_eq!(place.bytes("best.csv"), place.bytes("step.csv"));
    place.gan("export run --from-step best --out best.safetensors").succeed();
    let evaluated = place.gan("evaluate run --from-step best --json").succeed().stdout;
    assert_eq!(serde_json::from_str::<Value>(&evaluated).unwrap()["step"], step);

    // What a run does in parts it does as a whole.
    train(&place, "--steps 100 --out parts").set(&keep).succeed();
    place.gan("train --resume --out parts --steps 300").succeed();
    assert_eq!(place.names_in("parts/checkpoints"), place.names_in("run/checkpoints"));
    assert_eq!(place.bytes("parts/metrics.jsonl"), place.bytes("run/metrics.jsonl"));
}

/// What was measured before there was a rule has left no checkpoint to keep.
#[test]
fn the_best_can_be_kept_from_some_step_on() {
    let place = Place::new();
    train(&place, "--steps 100 --out run").succeed();
    let keep = format!("checkpoint.keep_best={MEASURE}");
    place.gan("train --resume --out run --steps 300").set(&keep).succeed();
    let later: Vec<_> = measured(&place, "run").into_iter().filter(|one| one.0 >= 100).collect();
    let best = later.iter().fold(later[0], |best, &one| if one.1 < best.1 { one } else { best }).0;
    place.gan("sample run -n 4 --from-step best --out best.csv").succeed();
    place.gan(&format!("sample run -n 4 --from-step {best} --out step.csv")).succeed();
    assert_eq!(place.bytes("best.csv"), place.bytes("step.csv"));
}

#[test]
fn a_run_that_no_longer_improves_ends_and_can_be_resumed() {
    let place = Place::new();
    let stop =
        |patience: &str| format!("train.stop={{quantity=\"{MEASURE}\", patience=\"{patience}\"}}");
    let outcome = train(&place, "--steps 3000 --out run").set(&stop("60 steps")).run();
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    let said = format!("{MEASURE} has not improved for 60 steps");
    assert!(outcome.stderr.contains(&said), "{}", outcome.stderr);
    let (last, best) = (measured(&place, "run").pop().unwrap().0, best(&place, "run"));
    assert_eq!(last, best + 60);
    assert_eq!(place.names_in("run/checkpoints"), [folder(last)]);

    // The same in parts: a kill before the end changes nothing.
    train(&place, "--steps 40 --out parts").set(&stop("60 steps")).succeed();
    place.gan("train --resume --out parts --steps 3000").run();
    assert_eq!(place.bytes("parts/metrics.jsonl"), place.bytes("run/metrics.jsonl"));

    // More patience, and it continues from where it stopped.
    let more = place.gan("train --resume --out run").set(&stop("200 steps")).run();
    assert_eq!(more.code, Some(0), "{}", more.stderr);
    assert!(measured(&place, "run").pop().unwrap().0 > last);
}

#[test]
fn a_quantity_that_is_not_measured_is_refused_with_the_nearest() {
    let place = Place::new();
    for (setting, parts) in [
        (
            "checkpoint.keep_best=samples/sliced_w3",
            &[
                "`checkpoint.keep_best` names `samples/sliced_w3`",
                "did you mean `samples/sliced_w2`",
            ][..],
        ),
        (
            "train.stop={quantity=\"samples/frecht\", patience=\"1 epoch\"}",
            &["`train.stop.quantity` names `samples/frecht`", "expected one of: samples/js"],
        ),
        // No direction of a loss is better.
        ("checkpoint.keep_best=critic/loss", &["`checkpoint.keep_best` names `critic/loss`"]),
        (
            "train.stop={quantity=\"samples/js\", patience=\"0 steps\"}",
            &["`train.stop.patience` must be at least 1 step"],
        ),
    ] {
        place.refuses(train(&place, "--steps 1 --out run").set(setting), parts);
        assert!(!place.path("run").exists());
    }
    let never = train(&place, "--steps 1 --out run").set("evaluation.every=never");
    let never = never.set("checkpoint.keep_best=samples/js");
    place.refuses(never, &["`checkpoint.keep_best` names `samples/js`", "at the end only"]);
    let digits = place.train_images("--steps 1 --out run").set("checkpoint.keep_best=samples/js");
    place.refuses(digits, &["`checkpoint.keep_best` names `samples/js`", "none is measured"]);

    train(&place, "--steps 2 --out run").succeed();
    place.refuses(place.gan("sample run --from-step best"), &["keeps no best checkpoint"]);
    let word = place.gan("sample run --from-step newest").run();
    assert!(word.stderr.contains("expected the number of a step, or best"), "{}", word.stderr);
}

#[test]
fn never_is_a_cadence_and_the_first_and_last_step_are_logged() {
    let place = Place::new();
    let program = train(&place, "--steps 7 --out run").set("log.every=never");
    let program = program.set("pictures.every=never").set("checkpoint.every=never");
    program.set("evaluation.every=never").succeed();
    let lines = place.text("run/metrics.jsonl");
    let steps: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["step"].take())
        .collect();
    assert_eq!(steps, [1, 7]);
    assert_eq!(measured(&place, "run").len(), 1);
    assert_eq!(place.names_in("run/samples"), ["step-0000000.png", "step-0000007.png"]);
    assert_eq!(place.names_in("run/checkpoints"), [folder(7)]);
}
