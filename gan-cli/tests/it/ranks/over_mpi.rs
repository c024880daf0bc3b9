//! `mpirun` of a program that was built with the feature `mpi`.

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::program::{Outcome, Place};

/// Small forms of the recipes, eight shards of four samples.
const RECIPES: [(&str, &str); 5] = [
    ("cgan", "--set model.hidden=8"),
    ("dcgan", "--set model.generator_width=2 --set model.critic_width=2"),
    (
        "dcgan",
        "--set model.generator_width=2 --set model.critic_width=2 \
         --set train.batch_statistics=synchronized",
    ),
    ("wgan-gp", "--set model.generator_width=2 --set model.critic_width=2"),
    ("r3gan", "--set model.generator_width=2 --set model.critic_width=2"),
];

/// `mpirun` with these words, of more processes than there may be processors; a dot in the middle of the
/// line is a space within a word.
fn mpirun(place: &Place, words: &str) -> Command {
    let mut command = Command::new("mpirun");
    command.args(["--oversubscribe", "--bind-to", "none"]);
    command.args(words.split_whitespace().map(|word| word.replace('·', " ")));
    command.current_dir(place.path("")).env("RAYON_NUM_THREADS", "1").stdin(Stdio::null());
    // Refused to the superuser otherwise, as whom tests run in a container.
    command.env("OMPI_ALLOW_RUN_AS_ROOT", "1").env("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
    command
}

/// `gan train` with these words, as small as it can be.
fn train(words: &str) -> String {
    format!(
        "{} train {words} --set evaluation.features=none --set report=never --set log.every=1·step",
        env!("CARGO_BIN_EXE_gan")
    )
}

fn digits(recipe: &str, settings: &str) -> String {
    train(&format!(
        "{recipe} {settings} --set data.subset=64 --set train.batch=32 --set train.shards=8 \
         --set model.latent=4 --set pictures.count=4"
    ))
}

fn run(place: &Place, words: &str) -> Outcome {
    Outcome::of(mpirun(place, words).output().unwrap())
}

fn succeed(place: &Place, words: &str) {
    let outcome = run(place, words);
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
}

/// What a run measured, and the weights of both players at its end.
fn result(place: &Place, run: &str) -> [Vec<u8>; 3] {
    place.gan(&format!("export {run} --out {run}-g.safetensors")).succeed();
    place.gan(&format!("export {run} --critic --out {run}-d.safetensors")).succeed();
    let files = ["/metrics.jsonl", "-g.safetensors", "-d.safetensors"];
    files.map(|file| place.bytes(&format!("{run}{file}")))
}

#[test]
fn one_two_four_and_eight_ranks_make_the_same_bytes() {
    let place = Place::new();
    for (index, (recipe, settings)) in RECIPES.into_iter().enumerate() {
        for ranks in [1, 2, 4, 8] {
            let out = format!("--out {recipe}-{index}-{ranks}");
            let words = digits(recipe, &format!("{settings} --steps 3 {out}"));
            succeed(&place, &format!("-n {ranks} {words}"));
        }
        let alone = result(&place, &format!("{recipe}-{index}-1"));
        for ranks in [2, 4, 8] {
            let found = result(&place, &format!("{recipe}-{index}-{ranks}"));
            assert!(found == alone, "{recipe} {settings} on {ranks} ranks");
        }
    }
}

#[test]
fn a_run_goes_on_with_another_number_of_ranks() {
    let place = Place::new();
    let settings = "--set model.generator_width=2 --set model.critic_width=2";
    succeed(
        &place,
        &format!("-n 1 {}", digits("dcgan", &format!("{settings} --steps 6 --out whole"))),
    );
    succeed(
        &place,
        &format!("-n 4 {}", digits("dcgan", &format!("{settings} --steps 2 --out parts"))),
    );
    succeed(&place, &format!("-n 2 {}", train("--resume --steps 4 --out parts")));
    // One process by itself, without a launcher.
    place.gan("train --resume --steps 6 --out parts").succeed();
    assert!(result(&place, "whole") == result(&place, "parts"));
}

#[test]
fn ranks_evaluate_together_what_one_evaluates() {
    let place = Place::new();
    for ranks in [1, 2, 4] {
        let settings = "--set data.subset=200 --set train.batch=32 --set train.shards=4 \
                        --set model.generator_width=2 --set model.critic_width=2 --set model.latent=4 \
                        --set train.ema.half_life=4·steps --set evaluation.every=2·steps \
                        --set evaluation.samples=130 --steps 5";
        let words = train(&format!("dcgan {settings} --out run-{ranks}"))
            .replace("evaluation.features=none", "evaluation.features=digits");
        succeed(&place, &format!("-n {ranks} {words}"));
    }
    let alone = result(&place, "run-1");
    let measured = String::from_utf8(alone[0].clone()).unwrap();
    assert_eq!(measured.matches("samples/frechet\"").count(), 3, "{measured}");
    assert_eq!(measured.matches("live/frechet\"").count(), 3, "{measured}");
    for ranks in [2, 4] {
        assert!(result(&place, &format!("run-{ranks}")) == alone, "{ranks} ranks");
    }
}

#[test]
fn what_is_wrong_is_said_once() {
    let place = Place::new();
    let one_error = |words: &str, parts: &[&str]| {
        let outcome = run(&place, words);
        assert_ne!(outcome.code, Some(0), "{words}");
        let errors: Vec<&str> =
            outcome.stderr.lines().filter(|line| line.contains("error: ")).collect();
        assert_eq!(errors.len(), 1, "{words}: {}", outcome.stderr);
        for part in parts {
            assert!(errors[0].contains(part), "expected {part:?} in: {}", errors[0]);
        }
    };
    let points = |words: &str| train(&format!("gan --steps 2 --out run {words}"));
    one_error(
        &format!("-n 2 {}", points("")),
        &["`train.shards` is 1, which 2 processes", "--set train.shards=2"],
    );
    one_error(&format!("-n 3 {}", points("--set train.shards=5")), &["3 processes", "2, 4, 8"]);
    let shards = "--set train.shards=2";
    one_error(
        &format!("-n 1 {} : -n 1 {}", points(shards), points(&format!("{shards} --seed 3"))),
        &["the configuration of rank 1 is not that of rank 0"],
    );
    one_error(
        &format!(
            "-n 1 {} : -n 1 {}",
            train(&format!("cgan --steps 2 --out run {shards}")),
            train(&format!("cgan --steps 2 --out run {shards} --data-dir nowhere")),
        ),
        &["rank 1: `data.dir` is nowhere"],
    );
    assert!(place.names_in("").is_empty(), "a refused run leaves nothing");
    succeed(&place, &format!("-n 2 {}", points(shards)));
    one_error(&format!("-n 2 {}", points(shards)), &["run"]);
}

/// Processes of a launcher, by their rank.
fn process_of(launcher: u32, rank: u32) -> Option<String> {
    let rank = format!("OMPI_COMM_WORLD_RANK={rank}");
    let is_ours = |pid: &str| {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
        let environment = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        status.lines().any(|line| line == format!("PPid:\t{launcher}"))
            && environment.split(|&byte| byte == 0).any(|each| each == rank.as_bytes())
    };
    let processes = fs::read_dir("/proc").unwrap().map(|entry| entry.unwrap().file_name());
    processes.filter_map(|name| name.into_string().ok()).find(|pid| is_ours(pid))
}

/// Sends a signal to one rank of a long run once it has a checkpoint; how the launcher then ends.
fn signal(place: &Place, run: &str, rank: u32, signal: &str) -> Outcome {
    let words = train(&format!(
        "gan --steps 1000000 --out {run} --set train.shards=2 --set checkpoint.every=20·steps"
    ));
    let mut command = mpirun(place, &format!("-n 2 {words}"));
    let launcher = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let began = Instant::now();
    let checkpoints = place.path(&format!("{run}/checkpoints"));
    while fs::read_dir(&checkpoints).map_or(0, Iterator::count) < 2 {
        assert!(began.elapsed() < Duration::from_secs(120), "no checkpoint");
        std::thread::sleep(Duration::from_millis(50));
    }
    let process = process_of(launcher.id(), rank).unwrap();
    assert!(Command::new("kill").args([signal, &process]).status().unwrap().success());
    Outcome::of(launcher.wait_with_output().unwrap())
}

#[test]
fn a_dead_rank_ends_all_of_them_and_the_run_goes_on_from_its_checkpoint() {
    let place = Place::new();
    let outcome = signal(&place, "run", 1, "-KILL");
    assert_ne!(outcome.code, Some(0));
    assert!(outcome.stderr.contains("signal 9"), "{}", outcome.stderr);
    let saved = place.names_in("run/checkpoints").len();
    assert!(saved > 0);
    let step: u64 = place.names_in("run/checkpoints").pop().unwrap()[5..].parse().unwrap();
    succeed(
        &place,
        &format!("-n 2 {}", train(&format!("--resume --steps {} --out run", step + 20))),
    );
}

#[test]
fn a_signal_to_the_first_rank_saves_a_checkpoint_and_ends_all() {
    let place = Place::new();
    let outcome = signal(&place, "run", 0, "-TERM");
    assert_eq!(outcome.code, Some(143), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("terminated at step"), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("gan train --resume --out run"), "{}", outcome.stderr);
}
