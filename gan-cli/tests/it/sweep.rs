//! `gan sweep`.

use serde_json::Value;

use crate::program::Place;

const SWEEP: &str = r#"
seeds = 2
measures = ["critic/loss"]
set = ["log.every=1 step", "pictures.every=never", "evaluation.samples=200", "evaluation.mode_samples=200"]

[[sweep]]
name = "lr-{lr}"
recipe = "gan"
set = ["train.generator.lr={lr}", "train.budget={steps} steps", "data.kind=points", "data.file=points.csv"]
axes = [[{ lr = "1e-3", steps = "20" }, { lr = "1e-4", steps = "30" }]]
"#;

fn planned() -> Place {
    let place = Place::new();
    place.gan("data moons -n 300 --out points.csv").succeed();
    place.write("sweep.toml", SWEEP);
    place.gan("sweep plan sweep.toml --out lr").succeed();
    place
}

#[test]
fn a_plan_has_whole_configurations_and_is_the_same_again() {
    let place = planned();
    let plan = place.text("lr/plan.jsonl");
    let lines: Vec<Value> = plan.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let names: Vec<&str> = lines.iter().map(|line| line["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["lr-1e-3-seed0", "lr-1e-3-seed1", "lr-1e-4-seed0", "lr-1e-4-seed1"]);
    let config = lines[2]["config"].as_str().unwrap();
    for part in ["seed = 0", "lr = 0.0001", "budget = \"30 steps\""] {
        assert!(config.contains(part), "{part}: {config}");
    }
    // Seen from every folder.
    let file = place.path("points.csv").canonicalize().unwrap();
    assert!(config.contains(&file.display().to_string()), "{config}");
    place.gan("sweep plan sweep.toml --out lr").succeed();
    assert_eq!(place.text("lr/plan.jsonl"), plan);
    place.write("other.toml", SWEEP.replace("seeds = 2", "seeds = 3"));
    place.gan("sweep plan other.toml --out lr").run().failed_saying(&["has another plan"]);
    place.write("wrong.toml", SWEEP.replace("train.generator.lr", "train.generator.rate"));
    let named = ["`lr-1e-3-seed0` has no configuration", "train.generator.rate"];
    place.refuses(place.gan("sweep plan wrong.toml --out wrong"), &named);
}

#[test]
fn a_planned_training_is_the_run_that_gan_train_makes() {
    let place = planned();
    place.gan("sweep run lr --index 0").succeed();
    let words = "train gan --seed 0 --out alone --set train.generator.lr=1e-3 --set data.kind=points \
                 --set data.file=points.csv --set pictures.every=never --set evaluation.samples=200 \
                 --set evaluation.mode_samples=200 --steps 20";
    // Other tests of trainings do without an evaluation.
    place.gan(words).set("log.every=1 step").set("evaluation.features=auto").succeed();
    assert_eq!(
        place.text("lr/runs/lr-1e-3-seed0/metrics.jsonl"),
        place.text("alone/metrics.jsonl")
    );
}

#[test]
fn tasks_and_a_local_sweep_end_in_the_same_table() {
    let (tasks, local) = (planned(), planned());
    for index in [1, 0] {
        tasks.gan(&format!("sweep run lr --per-task 2 --index {index}")).succeed();
    }
    local.gan("sweep submit lr --on local --jobs 2").succeed();
    for place in [&tasks, &local] {
        let status = place.gan("sweep status lr").succeed().stdout;
        assert!(status.starts_with("4 of 4 finished"), "{status}");
        place.gan("sweep collect lr").succeed();
    }
    // The files of the data lie in two places, which no table names.
    for table in ["lr/table.md", "lr/table.csv", "lr/table.json"] {
        assert_eq!(tasks.text(table), local.text(table));
    }
    assert!(tasks.text("lr/table.md").contains("| lr-1e-3 | 2 of 2 | "));
}

#[test]
fn what_makes_no_sense_is_refused() {
    let place = planned();
    place.refuses(place.gan("sweep run lr --index 4"), &["there is no task 4", "0 to 3"]);
    place.refuses(place.gan("sweep status nowhere"), &["has no plan.jsonl", "gan sweep plan"]);
    place.refuses(place.gan("sweep submit lr --on slurm --jobs 2"), &["--jobs", "max_running"]);
    place.refuses(place.gan("sweep submit lr --on print-kubernetes"), &["`kubernetes`", "image"]);
    let line = place.gan("sweep submit lr --on print-parallel").succeed().stdout;
    assert!(line.contains("sweep run") && line.lines().count() == 1, "{line}");
    place
        .gan("sweep submit lr --on slurm")
        .env("PATH", "/nowhere")
        .run()
        .failed_saying(&["--on local"]);
}
