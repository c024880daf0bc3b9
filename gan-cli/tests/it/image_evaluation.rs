//! Images beside real ones: while a run trains, afterwards, and from other programs.

use serde_json::Value;

use crate::program::{Place, Program};

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// A small conditional run on two hundred digits that is measured every 20 steps.
fn measured(place: &Place, words: &str) -> Program {
    let program = place.gan(&format!("train cgan {words}"));
    let program = program.set("data.subset=200").set("train.batch=20").set("model.hidden=8");
    let program = program.set("model.latent=4").set("log.every=10 steps");
    let program = program.set("checkpoint.every=20 steps").set("checkpoint.keep=9");
    let program = program.set("evaluation.features=digits").set("evaluation.samples=100");
    program.set("evaluation.every=20 steps")
}

#[test]
fn digits_are_measured_while_they_are_learned() {
    let place = Place::new();
    let program = measured(&place, "--steps 40 --out run");
    let program = program.set("checkpoint.keep_best=samples/frechet");
    let stderr = program.arg("--show").arg("samples/frechet").succeed().stderr;
    assert!(
        stderr.contains("evaluation: 100 samples every 20 steps, in the features mnist-1-"),
        "{stderr}"
    );
    assert!(
        stderr.lines().any(|line| line.contains("step 40/40") && line.contains("samples/frechet "))
    );
    let said = stderr.lines().filter(|line| line.contains("Fréchet ") && line.contains("(real "));
    assert_eq!(said.count(), 2, "{stderr}");
    let lines: Vec<Value> = place.text("run/metrics.jsonl").lines().map(json).collect();
    let with: Vec<&Value> =
        lines.iter().filter(|line| line["samples/frechet"].is_number()).collect();
    assert_eq!(
        with.iter().map(|line| line["step"].as_u64().unwrap()).collect::<Vec<_>>(),
        [20, 40]
    );
    for name in ["frechet", "kernel_distance", "coverage", "class_js", "label_agreement", "spread"]
    {
        let real = format!("samples/{name}/of_real");
        assert!(with[0][&real].is_number(), "{name}");
        assert!(with[0][format!("samples/{name}/standard_error")].is_number(), "{name}");
    }
    assert!(with[0]["samples/frechet"].as_f64() > with[0]["samples/frechet/of_real"].as_f64());
    let manifest = json(&place.text("run/manifest.json"));
    assert_eq!(manifest["evaluation"]["metric_version"], "mnist-1");
    assert!(manifest["evaluation"]["sha256"].as_str().unwrap().len() == 64);
    assert!(manifest["evaluation"]["test_accuracy"].as_f64().unwrap() >= 0.995);
    assert!(place.text("run/plots/samples-frechet.svg").contains("real samples"));
    assert!(json(&place.text("run/summary.json"))["samples/coverage"].is_number());
    place.gan("sample run --from-step best -n 2 --out best.png").succeed();
}

#[test]
fn measuring_changes_no_bit_of_a_run_and_resuming_none_of_its_numbers() {
    let place = Place::new();
    measured(&place, "--steps 40 --out whole").succeed();
    measured(&place, "--steps 20 --out parts").succeed();
    place.gan("train --resume --out parts --steps 40").set("evaluation.features=digits").succeed();
    assert_eq!(place.bytes("whole/metrics.jsonl"), place.bytes("parts/metrics.jsonl"));
    measured(&place, "--steps 40 --out bare").set("evaluation.features=none").succeed();
    for run in ["whole", "bare"] {
        place.gan(&format!("sample {run} -n 3 --out {run}.npy")).succeed();
    }
    assert_eq!(place.bytes("whole.npy"), place.bytes("bare.npy"));
    assert!(!place.text("bare/metrics.jsonl").contains("samples/frechet"));
}

#[test]
fn a_run_does_not_go_on_in_other_features() {
    let place = Place::new();
    measured(&place, "--steps 20 --out run").succeed();
    let mut manifest = json(&place.text("run/manifest.json"));
    manifest["evaluation"]["features"] = "mnist-0-0123456789ab".into();
    place.write("run/manifest.json", manifest.to_string());
    let resumed =
        place.gan("train --resume --out run --steps 40").set("evaluation.features=digits");
    place.refuses(
        resumed,
        &["mnist-0-0123456789ab", "cannot be compared", "evaluation.features=none"],
    );
    place.gan("train --resume --out run --steps 40").succeed();
}

#[test]
fn checkpoints_and_runs_are_evaluated_beside_real_digits_and_controls() {
    let place = Place::new();
    measured(&place, "--steps 40 --out run").succeed();
    let table = place.gan("evaluate run --samples 200").succeed().stdout;
    for part in [
        "Step 40: 200 samples in the features mnist-1-",
        "noise",
        "one repeated",
        "shuffled values",
        "samples/frechet_infinity",
        "samples/copying",
        "samples/support",
        "what their label asked for",
    ] {
        assert!(table.contains(part), "{part}: {table}");
    }
    let one = json(&place.gan("evaluate run --samples 200 --json").succeed().stdout);
    assert_eq!(one["evaluation"]["metric_version"], "mnist-1");
    let value = one["measured"]["samples/frechet"].as_f64().unwrap();
    assert!(value > one["measured"]["samples/frechet/of_real"].as_f64().unwrap());
    assert!(one["controls"]["noise"]["samples/coverage"].as_f64().unwrap() < 0.2);
    assert_eq!(one["agreement"].as_array().unwrap().len(), 10);
    // From the cache, and after the cache was damaged, the numbers are the same.
    let again = json(&place.gan("evaluate run --samples 200 --json").succeed().stdout);
    assert_eq!(again, one);
    let all = json(&place.gan("evaluate run --all --samples 200 --json").succeed().stdout);
    let steps: Vec<u64> =
        all.as_array().unwrap().iter().map(|row| row["step"].as_u64().unwrap()).collect();
    assert_eq!(steps, [20, 40]);
    assert_eq!(all[1]["measured"], one["measured"]);
    let side_by_side = place.gan("evaluate run run --samples 200").succeed().stdout;
    assert!(side_by_side.contains("real, held out") && side_by_side.contains("label_agreement"));
    place.refuses(place.gan("evaluate run --samples 20"), &["cannot evaluate the samples", "20"]);
    place.refuses(place.gan("evaluate run --reference mnist"), &["--reference"]);
}

#[test]
fn what_is_kept_of_real_images_can_be_lost_or_damaged() {
    let place = Place::new();
    measured(&place, "--steps 20 --out run").succeed();
    let evaluate = || {
        let cache = place.path("cache");
        place.gan("evaluate run --samples 100 --json").env("GAN_CACHE_DIR", cache.to_str().unwrap())
    };
    let first = evaluate().succeed();
    let names = place.names_in("cache");
    assert!(names.iter().filter(|name| name.ends_with(".features")).count() == 2, "{names:?}");
    for name in &names {
        let bytes = place.bytes(&format!("cache/{name}"));
        place.write(&format!("cache/{name}"), &bytes[..bytes.len() / 2]);
    }
    let second = evaluate().succeed();
    assert!(second.stderr.contains("is damaged"), "{}", second.stderr);
    assert_eq!(second.stdout, first.stdout);
    let nowhere =
        place.gan("evaluate run --samples 100 --json").env("GAN_CACHE_DIR", "/dev/null/x");
    let third = nowhere.succeed();
    assert!(third.stderr.contains("is not kept for the next time"), "{}", third.stderr);
    assert_eq!(third.stdout, first.stdout);
}

#[test]
fn samples_of_other_programs_are_evaluated() {
    let place = Place::new();
    place.gan("data mnist -n 300 --out digits.npy").succeed();
    place.gan("data mnist -n 300 --out digits.npz").succeed();
    place.gan("data mnist -n 300 --out digits/").succeed();
    let evaluated = |path: &str| {
        let outcome = place.gan(&format!("evaluate --samples {path} --json")).succeed();
        (json(&outcome.stdout), outcome.stderr)
    };
    let (array, read) = evaluated("digits.npy");
    assert!(read.contains("300 images of 1×28×28, values from −1 to 1"), "{read}");
    let (archive, read) = evaluated("digits.npz");
    assert!(read.contains("levels from 0 to 255"), "{read}");
    let (folder, _) = evaluated("digits/");
    let number =
        |value: &Value, name: &str| value["measured"][format!("samples/{name}")].as_f64().unwrap();
    for value in [&array, &archive, &folder] {
        assert!((number(value, "frechet") / number(&array, "frechet") - 1.0).abs() < 1e-3);
        assert!(number(value, "coverage") > 0.5);
    }
    assert!(
        number(&archive, "label_agreement") > 0.97 && number(&folder, "label_agreement") > 0.97
    );
    // These are digits of the training set itself.
    let copies = number(&array, "authenticity");
    assert!(copies < array["measured"]["samples/authenticity/of_real"].as_f64().unwrap());
    let beside = place
        .gan("evaluate --samples digits.npy --reference digits.npz --features digits --json")
        .succeed();
    let beside = json(&beside.stdout);
    assert!(beside["measured"]["samples/authenticity"].is_null());
    assert!(number(&beside, "frechet") < 1.0);
}

#[test]
fn samples_that_cannot_be_evaluated_are_refused_by_what_is_wrong() {
    let place = Place::new();
    place.gan("data moons -n 300 --out points.npy").succeed();
    place.write("text.txt", "1,2");
    let refused = |path: &str, parts: &[&str]| {
        let program = place.gan(&format!("evaluate --samples {path}"));
        place.refuses(program, parts);
    };
    refused("points.npy", &["[300, 2]", "[n, height, width]"]);
    refused("nothing.npy", &["cannot read nothing.npy"]);
    refused("text.txt", &["neither .npy nor .npz"]);
    place.gan("data mnist -n 20 --out few.npy").succeed();
    let few = place.gan("evaluate --samples few.npy").run();
    few.failed_saying(&["cannot evaluate the samples", "20 samples, expected at least 67"]);
    refused("few.npy --features few.npy", &["few.npy is no classifier", "mark"]);
    refused("few.npy --features fid.pth", &["`evaluation.features`", "fid.pth"]);
    place.write("fid.safetensors", "no weights");
    refused("few.npy --features fid.safetensors", &["fid.safetensors"]);
    refused("few.npy --features none", &["--features", "found none"]);
    place.refuses(place.gan("evaluate"), &["RUN"]);
}

#[test]
fn images_of_ones_own_get_a_classifier_of_their_own() {
    let place = Place::new();
    place.gan("data mnist -n 300 --out digits/").succeed();
    let train = "classifier train digits --epochs 2 --batch 30 --out judge --name mine";
    let outcome = place.gan(train).succeed();
    assert!(outcome.stderr.contains("of 30 test images"), "{}", outcome.stderr);
    let summary = json(&place.text("judge/summary.json"));
    assert!(summary["test_accuracy_28"].is_number());
    assert!(place.path("judge/mistakes-28.png").exists());
    place.gan(&format!("{train} --out again")).succeed();
    assert_eq!(place.bytes("judge/classifier.bin"), place.bytes("again/classifier.bin"));
    place.refuses(place.gan(train), &["holds a classifier", "--force"]);

    let run =
        place.gan("train cgan --steps 4 --out run").set("data.kind=images").set("data.dir=digits");
    let run = run.set("train.batch=20").set("model.hidden=8").set("evaluation.samples=100");
    run.set("evaluation.features=judge/classifier.bin").succeed();
    let manifest = json(&place.text("run/manifest.json"));
    assert!(manifest["evaluation"]["metric_version"].as_str().unwrap().starts_with("mine-"));
    let lines = place.text("run/metrics.jsonl");
    assert!(lines.contains("samples/frechet"), "{lines}");
    let evaluated = json(&place.gan("evaluate run --samples 100 --json").succeed().stdout);
    assert!(evaluated["measured"]["samples/frechet"].is_number());
    assert!(evaluated["measured"]["samples/copying"].is_null());
    let colored = place.gan("train cgan --steps 1 --out other").set("data.kind=images");
    let colored = colored.set("data.dir=digits").set("data.color=rgb");
    place.refuses(colored.set("evaluation.features=digits"), &["1 channels", "3×28×28"]);
    place.refuses(place.gan("classifier train nowhere"), &["nowhere"]);
}

#[test]
fn images_without_a_network_are_compared_in_pixels_and_patches() {
    let place = Place::new();
    place.gan("data mnist -n 240 --out digits/").succeed();
    let train = |words: &str| {
        let program = place.gan(&format!("train cgan --steps 4 {words}"));
        let program = program.set("data.kind=images").set("data.dir=digits");
        let program = program.set("train.batch=20").set("model.hidden=8");
        program.set("evaluation.features=auto").set("evaluation.samples=100")
    };
    let stderr = train("--out run").succeed().stderr;
    assert!(
        stderr.contains("100 samples every 10 epochs, in the features pca-pixels-64-"),
        "{stderr}"
    );
    let manifest = json(&place.text("run/manifest.json"));
    assert_eq!(manifest["evaluation"]["metric_version"], "pca-pixels-1");
    let line = json(place.text("run/metrics.jsonl").lines().last().unwrap());
    assert!(line["samples/frechet"].as_f64() > line["samples/frechet/of_real"].as_f64());
    assert!(line["samples/class_js"].is_null() && line["samples/pyramid"].is_null());

    let evaluated = json(&place.gan("evaluate run --samples 100 --json").succeed().stdout);
    for name in ["samples/pyramid", "samples/pyramid_finest", "samples/pyramid_coarsest"] {
        let measured = &evaluated["measured"];
        let real = measured[format!("{name}/of_real")].as_f64();
        assert!(measured[name].as_f64() > real, "{name}");
        assert!(evaluated["controls"]["noise"][name].as_f64() > real, "{name}");
    }
    let again = json(&place.gan("evaluate run --samples 100 --json").succeed().stdout);
    assert_eq!(evaluated, again, "kept or worked out, the numbers are the same");

    let foreign = "evaluate --samples digits --reference digits --json";
    let copies = json(&place.gan(foreign).succeed().stdout);
    assert_eq!(copies["evaluation"]["metric_version"], "pca-pixels-1");
    assert!(copies["measured"]["samples/precision"].as_f64() > Some(0.9));

    place.gan("data mnist -n 60 --out few/").succeed();
    let few = train("--out silent").set("data.dir=few").succeed().stderr;
    assert!(few.contains("note: samples are not measured: there are fewer than 100 real ones; `evaluation.features=pixels`"), "{few}");
}

#[test]
fn a_table_is_compared_value_by_value() {
    let place = Place::new();
    place.gan("data moons -n 400 --out moons.csv").succeed();
    let train = |words: &str| {
        let program = place.gan(&format!("train gan --steps 4 {words}"));
        let program = program.set("data.kind=points").set("data.file=moons.csv");
        program.set("train.batch=20").set("evaluation.features=auto")
    };
    let stderr = train("--out run").succeed().stderr;
    let said = "1000 samples every 20 epochs, in the features standardized-2-";
    assert!(stderr.contains(said), "{stderr}");
    let manifest = json(&place.text("run/manifest.json"));
    assert_eq!(manifest["evaluation"]["metric_version"], "standardized-1");
    let line = json(place.text("run/metrics.jsonl").lines().last().unwrap());
    assert!(line["samples/coverage"].as_f64() < line["samples/coverage/of_real"].as_f64());
    let evaluated = json(&place.gan("evaluate run --samples 200 --json").succeed().stdout);
    let noise = &evaluated["controls"]["noise"];
    assert!(
        noise["samples/frechet"].as_f64()
            > evaluated["measured"]["samples/frechet/of_real"].as_f64()
    );
    assert!(evaluated["measured"]["samples/pyramid"].is_null());
    let unfit = train("--out other").set("evaluation.features=digits");
    place.refuses(unfit, &["`evaluation.features` does not fit the data", "1 channels"]);
}
