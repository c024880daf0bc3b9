//! Rules that cannot be played, refused with the key and the reason before anything is on disk,
//! and runs with every one of the rules.

use crate::program::Place;

fn check(recipe: &str, settings: &[&str], parts: &[&str]) {
    let place = Place::new();
    let program = place.gan(&format!("train {recipe} --steps 1 --out run"));
    let program = settings.iter().fold(program, |program, setting| program.set(setting));
    place.refuses(program, parts);
}

#[test]
fn numbers_of_the_rules_out_of_range_are_named_by_key() {
    let negative = "train.penalties=[{kind = \"r1\", weight = -1.0}]";
    check("gan", &[negative], &["`train.penalties.0.weight`", "from 0 up", "found -1"]);
    let clip = ["train.constraint=clip", "train.constraint.bound=0"];
    check("gan", &clip, &["`train.constraint.bound`", "above 0", "found 0"]);
    let spectral = ["train.constraint=spectral-norm", "train.constraint.iterations=0"];
    check("gan", &spectral, &["`train.constraint.iterations`", "at least 1", "found 0"]);
    let half_life = ["train.ema.half_life=0 steps"];
    check("gan", &half_life, &["`train.ema.half_life`", "at least 1 step", "found 0"]);
    check("gan", &["train.accumulation=0"], &["`train.accumulation`", "found 0"]);
    check("gan", &["train.clip_norm=0"], &["`train.clip_norm`", "above 0", "found 0"]);
    check("gan", &["train.loss.smoothing=0.5"], &["`train.loss.smoothing`", "found 0.5"]);
    check("gan", &["train.instance_noise.sigma=-2"], &["`train.instance_noise.sigma`", "found -2"]);
    let schedule = "train.schedule={kind = \"cosine\", end = -1, over = \"10 steps\"}";
    check("gan", &[schedule], &["`train.schedule.end`", "found -1"]);
}

#[test]
fn rules_that_do_not_go_together_are_refused_with_the_reason() {
    check("gan", &["train.packing=3"], &["`train.packing`", "50 samples", "packs of 3"]);
    check("gan", &["train.loss=wasserstein"], &["`train.loss`", "unbounded below", "clip"]);
    let r1 = "train.penalties=[{kind = \"r1\"}]";
    check("wgan", &[r1], &["`train.constraint`", "`clip` and `r1`"]);
    let twice = "train.penalties=[{kind = \"r1\"}, {kind = \"r1\"}]";
    check("gan", &[twice], &["`train.penalties`", "`r1` is there twice"]);
    check(
        "dcgan",
        &[r1],
        &["`r1`", "batch normalization", "every score depend on the whole batch"],
    );
    check("gan", &["train.augment=[\"cutout\"]"], &["`train.augment`", "rank 1"]);
}

#[test]
fn a_penalty_with_a_mistyped_number_is_refused() {
    let wieght = "train.penalties=[{kind = \"r1\", wieght = 1.0}]";
    check("gan", &[wieght], &["`train.penalties` in --set", "`wieght`"]);
    check("gan", &["train.penalties=[{kind = \"r3\"}]"], &["`r3`", "`r2`"]);
}

#[test]
fn image_sizes_and_classes_that_a_recipe_does_not_support_are_refused() {
    check("dcgan", &["data.size=28"], &["[1, 28, 28]", "--set data.size=32"]);
    check("cgan", &["model.classes=7"], &["`model.classes` is 7", "10 classes"]);
    check("cgan", &["data.kind=ring", "model.classes=2"], &["`model.classes` is 2", "8 classes"]);
    check("cgan", &["train.packing=2"], &["packing", "class"]);
}

/// One short game with each rule of the table, on points.
#[test]
fn every_rule_plays() {
    let steps = "train gan --steps 3 --force --out run";
    let penalty = |kind: &str| format!("train.penalties=[{{kind = \"{kind}\"}}]");
    let mut settings: Vec<String> =
        ["gradient-penalty", "r1", "r2", "dragan", "drift", "orthogonal"].map(penalty).into();
    settings.extend(
        [
            "train.constraint=clip",
            "train.constraint=spectral-norm",
            "train.ema.half_life=10 steps",
            "train.accumulation=2",
            "train.packing=5",
            "train.clip_norm=0.1",
            "train.instance_noise.sigma=0.1",
            "train.prior=sphere",
            "train.loss=relativistic-average",
            "train.schedule={kind = \"linear\", end = 0.0, over = \"3 steps\"}",
        ]
        .map(str::to_owned),
    );
    let place = Place::new();
    for setting in settings {
        place.gan(steps).set("pictures.count=16").set("log.every=1 step").set(&setting).succeed();
        let last = place.text("run/metrics.jsonl");
        let penalized = setting.starts_with("train.penalties");
        assert_eq!(last.contains("\"critic/penalty\":"), penalized, "{setting}: {last}");
    }
}

/// Six steps are three steps, a restart and three more, to the byte, whatever the rules.
#[test]
fn every_rule_resumes_bit_for_bit() {
    let noise = "train.instance_noise={sigma = 0.2, schedule = {kind = \"linear\", end = 0.0, \
                 over = \"6 steps\"}}";
    let small = ["data.subset=64", "model.generator_width=2", "model.critic_width=2"];
    let augment = "train.augment=[\"translation\", \"cutout\", \"brightness\"]";
    let dcgan: Vec<&str> = small.into_iter().chain(["train.batch=8", augment]).collect();
    let games: [(&str, &[&str]); 6] = [
        ("gan", &["train.packing=5", noise]),
        ("gan", &["train.penalties=[{kind = \"gradient-penalty\"}, {kind = \"drift\"}]"]),
        ("gan", &["train.penalties=[{kind = \"dragan\"}]", "train.ema.half_life=2 steps"]),
        ("gan", &["train.constraint=spectral-norm", "train.accumulation=2"]),
        ("gan", &["train.constraint=clip", "train.clip_norm=0.1", "train.prior=sphere"]),
        ("dcgan", &dcgan),
    ];
    for (recipe, settings) in games {
        let place = Place::new();
        let train = |words: &str| {
            let program = place.gan(&format!("train {recipe} {words}")).set("pictures.count=16");
            let program = program.set("log.every=1 step").set("evaluation.samples=50");
            let program = program.set("evaluation.mode_samples=50");
            settings.iter().fold(program, |program, setting| program.set(setting)).succeed();
        };
        train("--steps 6 --out whole");
        train("--steps 3 --out parts");
        train("--steps 6 --out parts --resume");
        for file in ["metrics.jsonl", "samples/step-0000006.png"] {
            let [whole, parts] =
                ["whole", "parts"].map(|run| place.bytes(&format!("{run}/{file}")));
            assert!(whole == parts, "{recipe} {settings:?}: {file} differs");
        }
    }
}

#[test]
fn samples_are_of_the_average_unless_the_live_weights_are_asked_for() {
    let place = Place::new();
    place.train("--steps 20 --out run").set("train.ema.half_life=30 steps").succeed();
    let manifest = place.text("run/manifest.json");
    assert!(manifest.contains("the EMA of the generator's weights"), "{manifest}");
    let sample = |words: &str| {
        let outcome = place.gan(&format!("sample run -n 8 --force {words}")).succeed();
        (place.text(words.rsplit(' ').next().unwrap()), outcome.stderr)
    };
    let (default, said) = sample("--out default.csv");
    let (average, _) = sample("--weights ema --out ema.csv");
    let (live, silent) = sample("--weights live --out live.csv");
    assert_eq!(default, average);
    assert_ne!(default, live);
    assert!(said.contains("EMA") && !silent.contains("EMA"));

    place.train("--steps 2 --out plain").succeed();
    let none = place.gan("sample plain -n 8 --weights ema --out none.csv");
    place.refuses(none, &["keeps no EMA", "train.ema.half_life"]);
}
