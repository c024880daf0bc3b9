//! What is kept of a training.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use serde_json::{Value, json};

use super::{FIGURES, public, series};
use crate::experiment::{DIVERGED, Job, Pictures, Task, pictures_of};
use crate::removal::remove_folder;

/// What the doctor said while a training went on.
const DIAGNOSES: &str = "diagnoses.jsonl";
/// The file that says which command made a result that is no training.
const COMMAND: &str = "command.json";

/// Keeps what a training has come to in `target`, in the place of what was kept there before: its
/// configuration, its manifest without paths, its summary, its series, thinned, what the doctor said of it,
/// and pictures of samples, three of seed 0 and the last one of seeds 1 and 2; of another command its
/// words, its summary, its table and its picture.
///
/// The same run folder makes the same bytes. The folder is there as a whole or not at all. What became
/// of it is said.
///
/// # Errors
/// A file is missing or cannot be read, or the folder cannot be written.
pub(crate) fn keep(job: &Job, picture: &str, target: &Path) -> anyhow::Result<()> {
    let was_kept = target.exists();
    let mut name = target.file_name().map(OsString::from).unwrap_or_default();
    name.push(".tmp");
    let unfinished = target.with_file_name(name);
    remove_folder(&unfinished)?;
    fs::create_dir_all(&unfinished)
        .with_context(|| format!("cannot create {}", unfinished.display()))?;
    write(job, picture, &unfinished)
        .with_context(|| format!("cannot keep {}", job.folder.display()))?;
    remove_folder(target)?;
    fs::rename(&unfinished, target)
        .with_context(|| format!("cannot write {}", target.display()))?;
    let place = if was_kept { ", in the place of what was kept there" } else { "" };
    say!("    {}, seed {}, is kept in {}{place}", job.run, job.seed, target.display());
    Ok(())
}

/// Whether a kept result is that of a command with these words.
///
/// # Errors
/// What says so cannot be read.
pub(super) fn is_of_command(kept: &Path, words: &[String]) -> anyhow::Result<bool> {
    let path = kept.join(COMMAND);
    if !path.exists() {
        return Ok(false);
    }
    let text =
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(serde_json::from_str::<Value>(&text).is_ok_and(|found| found == json!({ "words": words })))
}

/// Keeps the figures of a whole experiment.
///
/// # Errors
/// They cannot be read or written.
pub(crate) fn keep_figures(from: &Path, results: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(results).with_context(|| format!("cannot create {}", results.display()))?;
    let (unfinished, target) = (results.join("figures.tmp"), results.join(FIGURES));
    fs::copy(from.join(FIGURES), &unfinished)
        .and_then(|_| fs::rename(&unfinished, &target))
        .with_context(|| format!("cannot write {}", target.display()))
}

fn write(job: &Job, picture: &str, target: &Path) -> anyhow::Result<()> {
    let run = &job.folder;
    match &job.task {
        Task::Train { .. } | Task::Branch { .. } => {
            let config = read(run, "config.toml")?;
            save(target, "config.toml", public::config(&config).context("config.toml")?)?;
            let manifest = read(run, "manifest.json")?;
            save(target, "manifest.json", public::manifest(&manifest).context("manifest.json")?)?;
            let kept = series::thinned(&read(run, "metrics.jsonl")?).context("metrics.jsonl")?;
            save(target, "metrics.jsonl.gz", series::compressed(&kept)?)?;
            if run.join(DIAGNOSES).exists() {
                save(target, DIAGNOSES, read(run, DIAGNOSES)?)?;
            }
        }
        Task::Command { words } => {
            let words = serde_json::to_string_pretty(&json!({ "words": words }))? + "\n";
            save(target, COMMAND, words)?;
        }
    }
    let end = if job.has_diverged() { DIVERGED } else { "summary.json" };
    save(target, end, read(run, end)?)?;
    if run.join("table.md").exists() {
        save(target, "table.md", read(run, "table.md")?)?;
    }
    for file in pictures_of(run, picture, Pictures::of_seed(job.seed)) {
        let name = file.strip_prefix(run).unwrap_or(&file);
        let bytes = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
        save(target, name, bytes)?;
    }
    Ok(())
}

fn read(folder: &Path, name: &str) -> anyhow::Result<String> {
    let path = folder.join(name);
    ensure!(path.exists(), "it has no {name}");
    fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
}

fn save(folder: &Path, name: impl AsRef<Path>, contents: impl AsRef<[u8]>) -> anyhow::Result<()> {
    let path: PathBuf = folder.join(name);
    let cannot_write = || format!("cannot write {}", path.display());
    fs::create_dir_all(path.parent().unwrap_or(folder)).with_context(cannot_write)?;
    fs::write(&path, contents).with_context(cannot_write)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::claim::Training;
    use crate::experiment::Care;

    /// A training that has come to its end, as gan leaves it.
    pub(in super::super) fn trained(results: &Path, run: &str, seed: u32) -> Job {
        let folder = results.join(format!("{run}-seed{seed}"));
        fs::create_dir_all(folder.join("samples")).unwrap();
        let manifest = r#"{"kernels":"avx512","precision":{"used":"f32"},"git_commit":"abcdef012",
            "data":{"sha256":"d1"},"command":["/home/me/gan"]}"#;
        let config = format!(
            "recipe = \"gan\"\nseed = {seed}\n\n[data]\ndir = \"/home/me/digits\"\n\n[train]\nbatch = 64\nbudget = \"20 steps\"\n"
        );
        let metrics: String = (1..=20)
            .map(|step| {
                format!("{{\"step\":{step},\"epoch\":0,\"samples/js\":0.{step:02}123456789}}\n")
            })
            .collect();
        for (name, text) in [
            ("manifest.json", manifest),
            ("config.toml", &config),
            ("metrics.jsonl", &metrics),
            ("summary.json", "{\"samples/js\": 0.25, \"steps\": 20}"),
        ] {
            fs::write(folder.join(name), text).unwrap();
        }
        for step in [0, 5, 10, 15, 20] {
            fs::write(folder.join(format!("samples/step-{step:03}.png")), [step]).unwrap();
        }
        let set = vec!["train.budget=\"20 steps\"".to_owned()];
        let task = Task::Train { recipe: "gan".into(), set, quick: Vec::new() };
        Job { run: run.into(), task, seed, folder, care: Care::None }
    }

    fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
        let mut found = Vec::new();
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                found.extend(files(&path));
            } else {
                found.push((path.clone(), fs::read(&path).unwrap()));
            }
        }
        found.sort();
        found
    }

    #[test]
    fn a_kept_training_reads_like_the_training() {
        let folder = tempfile::tempdir().unwrap();
        let job = trained(folder.path(), "a", 0);
        fs::write(job.folder.join("diagnoses.jsonl"), "{\"event\":\"opened\"}\n").unwrap();
        let target = folder.path().join("kept").join("a-seed0");
        keep(&job, "samples/step-*.png", &target).unwrap();
        let kept = Training::read(&target, 0).unwrap();
        let whole = Training::read(&job.folder, 0).unwrap();
        assert_eq!(kept.numbers, whole.numbers);
        assert_eq!(kept.series.len(), 20);
        assert_eq!(kept.series[2].numbers["samples/js"], 0.031_234_6);

        let first = files(&target);
        let names: Vec<String> = first
            .iter()
            .map(|(path, _)| path.strip_prefix(&target).unwrap().display().to_string())
            .collect();
        let expected = [
            "config.toml",
            "diagnoses.jsonl",
            "manifest.json",
            "metrics.jsonl.gz",
            "samples/step-005.png",
            "samples/step-010.png",
            "samples/step-020.png",
            "summary.json",
        ];
        assert_eq!(names, expected);
        assert!(first.iter().all(|(_, bytes)| !String::from_utf8_lossy(bytes).contains("/home")));
        keep(&job, "samples/step-*.png", &target).unwrap();
        assert_eq!(files(&target), first, "the same bytes again");
    }

    #[test]
    fn pictures_of_a_few_seeds_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let n_pictures = |seed| {
            let job = trained(folder.path(), "a", seed);
            let target = job.at(&folder.path().join("kept")).folder;
            keep(&job, "samples/step-*.png", &target).unwrap();
            files(&target).iter().filter(|(path, _)| path.extension().unwrap() == "png").count()
        };
        assert_eq!([0, 1, 2, 3, 9].map(n_pictures), [3, 1, 1, 0, 0]);
    }

    #[test]
    fn what_is_incomplete_is_refused_and_leaves_what_was_kept() {
        let folder = tempfile::tempdir().unwrap();
        let job = trained(folder.path(), "a", 1);
        let target = folder.path().join("kept").join("a-seed1");
        keep(&job, "samples/step-*.png", &target).unwrap();
        let before = files(&target);
        fs::remove_file(job.folder.join("summary.json")).unwrap();
        let complaint = format!("{:#}", keep(&job, "p.png", &target).unwrap_err());
        assert!(complaint.ends_with("a-seed1: it has no summary.json"), "{complaint}");
        assert_eq!(files(&target), before);
        fs::write(job.folder.join("diverged.txt"), "error\n").unwrap();
        keep(&job, "samples/step-*.png", &target).unwrap();
        assert!(Training::read(&target, 1).unwrap().diverged);
    }

    #[test]
    fn of_a_command_its_words_its_table_and_its_picture_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let run = folder.path().join("duality-seed0");
        fs::create_dir_all(&run).unwrap();
        for (name, text) in [("summary.json", "{}"), ("table.md", "|"), ("duality.svg", "<svg>")] {
            fs::write(run.join(name), text).unwrap();
        }
        let task = Task::Command { words: vec!["duality".into(), "--steps".into(), "9".into()] };
        let job = Job { run: "duality".into(), task, seed: 0, folder: run, care: Care::None };
        let target = folder.path().join("kept");
        keep(&job, "duality.svg", &target).unwrap();
        let names = files(&target).into_iter().map(|(path, _)| path);
        let expected = ["command.json", "duality.svg", "summary.json", "table.md"]
            .map(|name| target.join(name));
        assert_eq!(names.collect::<Vec<_>>(), expected);
        let is_of = |words: &[&str]| {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            is_of_command(&target, &words).unwrap()
        };
        assert!(is_of(&["duality", "--steps", "9"]) && !is_of(&["duality"]));
    }
}
