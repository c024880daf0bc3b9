//! Kept results in the place of trainings.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, bail};

use super::keep::is_of_command;
use super::record::contradictions;
use super::{Provenance, agreement};
use crate::experiment::{Care, Folder, Gan, Job, Mixing, Room, Start, Task};
use crate::interrupt::Interrupt;

/// What it takes to take kept results.
pub(crate) struct Taking<'a> {
    /// The program, which knows what settings come to.
    pub(crate) gan: &'a Gan,
    /// The device that the trainings are for.
    pub(crate) device: Option<&'a str>,
    /// Where the experiment's results are kept.
    pub(crate) kept: &'a Path,
    /// Whether numbers of different kernels may stand in one table.
    pub(crate) mixing: Mixing,
    /// Ctrl-C.
    pub(crate) interrupt: &'a Interrupt,
}

/// A training's configuration and provenance with this program on this machine.
struct Own {
    config: String,
    provenance: Provenance,
}

/// Moves every training that has not begun to its kept result, where there is one that agrees, and
/// says so. `None` if Ctrl-C ended it.
///
/// # Errors
/// A kept result cannot be read, the program refuses the settings, or kernels would be mixed.
pub(crate) fn take(taking: &Taking<'_>, jobs: &mut [Job]) -> anyhow::Result<Option<()>> {
    let mut own: BTreeMap<String, Own> = BTreeMap::new();
    for job in jobs.iter_mut().filter(|job| job.found() == Folder::Free) {
        let kept = job.at(taking.kept);
        if kept.found() != Folder::Finished {
            continue;
        }
        if job.is_training() && !own.contains_key(&job.run) {
            let Some(found) = ask(taking, job)? else { return Ok(None) };
            own.insert(job.run.clone(), found);
        }
        let folder = kept.folder.display();
        match objections(job, &kept.folder, own.get(&job.run))? {
            found if found.is_empty() => {
                let from = provenance(&kept.folder, own.get(&job.run))?;
                say!("    {}, seed {}, is kept in {folder}{from}", job.run, job.seed);
                job.folder = kept.folder;
            }
            found => say!(
                "    {folder} is of another training and will be replaced: {}",
                found.join("; ")
            ),
        }
    }
    let unmixed = Unmixed { mixing: taking.mixing, advice: ADVICE };
    let mut ours = own.into_values().next().map(|own| own.provenance);
    let left = jobs.iter().find(|job| job.found() != Folder::Finished && job.is_training());
    if let (Some(job), None) = (left, &ours)
        && jobs.iter().any(|job| job.folder.join("manifest.json").exists())
    {
        let Some(found) = ask(taking, job)? else { return Ok(None) };
        ours = Some(found.provenance);
    }
    unmixed.ensure(jobs, ours.filter(|_| left.is_some()))?;
    Ok(Some(()))
}

const ADVICE: &str = "--mixed takes them together; --results DIR keeps those of these kernels \
                      elsewhere, with --out DIR for what is not kept yet";

/// A table of numbers that come from the same kernels, unless they may be mixed.
pub(crate) struct Unmixed {
    /// Whether they may.
    pub(crate) mixing: Mixing,
    /// What can be done if they must not and are.
    pub(crate) advice: &'static str,
}

impl Unmixed {
    /// Checks the trainings that there are, and that to come with `ours`.
    ///
    /// # Errors
    /// There are different kernels among them; or a manifest cannot be read.
    pub(crate) fn ensure(&self, jobs: &[Job], ours: Option<Provenance>) -> anyhow::Result<()> {
        let mut examples: BTreeMap<String, String> = BTreeMap::new();
        for job in jobs {
            if let Some(found) = Provenance::of(&job.folder)? {
                let example = format!("{}, seed {}", job.run, job.seed);
                examples.entry(found.kernels).or_insert(example);
            }
        }
        if let Some(ours) = ours {
            examples
                .entry(ours.kernels)
                .or_insert_with(|| "what is still to be trained".to_owned());
        }
        if examples.len() > 1 && self.mixing == Mixing::Refused {
            let named = examples.iter().map(|(kernels, example)| format!("{kernels} ({example})"));
            let named = named.collect::<Vec<_>>().join(" and ");
            bail!(
                "numbers of different kernels would stand in one table: {named}; {}",
                self.advice
            );
        }
        Ok(())
    }
}

/// Why a kept result is not one of this training; nothing if it is.
fn objections(job: &Job, kept: &Path, own: Option<&Own>) -> anyhow::Result<Vec<String>> {
    let read = |name: &str| {
        let path = kept.join(name);
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
    };
    let (settings, own) = match (&job.task, own) {
        (Task::Train { set, .. }, Some(own)) => (set, own),
        (Task::Branch { .. }, Some(own)) => {
            let job = Job { folder: kept.to_path_buf(), ..job.clone() };
            let mut found = contradictions(&job)?;
            found.extend(other_data(kept, own)?);
            return Ok(found);
        }
        (Task::Command { words }, _) => {
            let same = is_of_command(kept, words)?;
            return Ok(if same { Vec::new() } else { vec!["it is of another command".to_owned()] });
        }
        (_, None) => return Ok(vec!["its settings are unknown".to_owned()]),
    };
    let config = read("config.toml")?;
    let mut found = agreement::differences(&config, &own.config, &["train.budget", "seed"])?;
    match agreement::budget(settings) {
        None => found.push("the experiment states no train.budget to compare".to_owned()),
        Some(budget) if agreement::has_budget(&config, &budget)? => {}
        Some(budget) => found.push(format!("train.budget is now {budget}")),
    }
    found.extend(other_data(kept, own)?);
    Ok(found)
}

fn other_data(kept: &Path, own: &Own) -> anyhow::Result<Option<String>> {
    let data = Provenance::of(kept)?.and_then(|found| found.data);
    Ok((data != own.provenance.data).then(|| "its data were others".to_owned()))
}

/// Of which build and kernels a kept result is, if not of these.
fn provenance(kept: &Path, own: Option<&Own>) -> anyhow::Result<String> {
    let (Some(own), Some(found)) = (own, Provenance::of(kept)?) else { return Ok(String::new()) };
    let mut text = String::new();
    if found.build != own.provenance.build {
        text += &format!(", from another build, {}", found.build);
    }
    if found.kernels != own.provenance.kernels {
        text += &format!(", by other kernels, {}", found.kernels);
    }
    Ok(text)
}

/// What the program makes of a training's settings, of a branch those that it inherits, found by one step
/// of it in a folder that is removed again.
fn ask(taking: &Taking<'_>, job: &Job) -> anyhow::Result<Option<Own>> {
    let (recipe, set) = match &job.task {
        Task::Train { recipe, set, .. } => (recipe, set),
        Task::Branch { recipe, inherited, .. } => (recipe, inherited),
        Task::Command { .. } => bail!("a command has no settings"),
    };
    let folder = job.folder.with_file_name(format!("{}.tmp", job.run));
    let mut set = set.clone();
    set.push("train.budget=\"1 steps\"".to_owned());
    let task = Task::Train { recipe: recipe.clone(), set, quick: Vec::new() };
    let one_step = Job { run: job.run.clone(), task, seed: job.seed, folder, care: Care::None };
    let remove = || match fs::remove_dir_all(&one_step.folder) {
        Err(error) if one_step.folder.exists() => {
            Err(error).with_context(|| format!("cannot remove {}", one_step.folder.display()))
        }
        _ => Ok(()),
    };
    remove()?;
    say!("    asking gan what the settings of {} come to", job.run);
    let arguments = one_step.arguments(taking.device, Start::Fresh);
    let said = taking.gan.ask(&arguments, Room::Whole, taking.interrupt)?;
    let config = one_step.folder.join("config.toml");
    let own = said.map(|_| -> anyhow::Result<Own> {
        let config = fs::read_to_string(&config)
            .with_context(|| format!("cannot read {}", config.display()))?;
        let found = Provenance::of(&one_step.folder)?;
        Ok(Own { config, provenance: found.context("gan left no manifest.json")? })
    });
    let own = own.transpose()?;
    remove()?;
    Ok(own)
}

#[cfg(test)]
mod tests {
    use super::super::keep::{keep, tests::trained};
    use super::*;

    fn own(of: &Job) -> Own {
        let config = fs::read_to_string(of.folder.join("config.toml")).unwrap();
        let config = config.replace("20 steps", "1 step").replace("seed = 1", "seed = 0");
        Own { config, provenance: Provenance::of(&of.folder).unwrap().unwrap() }
    }

    fn kept(results: &Path) -> (Job, Job) {
        let job = trained(&results.join("runs"), "a", 1);
        let kept = job.at(&results.join("kept"));
        keep(&job, "samples/step-*.png", &kept.folder).unwrap();
        (job, kept)
    }

    #[test]
    fn a_kept_result_agrees_with_its_own_training_and_with_no_other() {
        let results = tempfile::tempdir().unwrap();
        let (job, kept) = kept(results.path());
        let objections = |own: &Own| objections(&job, &kept.folder, Some(own)).unwrap();
        assert!(objections(&own(&job)).is_empty());
        let mut other = own(&job);
        other.config = other.config.replace("batch = 64", "batch = 32");
        other.provenance.data = Some("d2".into());
        let expected = ["train.batch: was 64, now 32", "its data were others"];
        assert_eq!(objections(&other), expected);
    }

    #[test]
    fn a_result_of_another_length_is_none() {
        let results = tempfile::tempdir().unwrap();
        let (mut job, kept) = kept(results.path());
        let own = own(&job);
        for (set, expected) in [
            (vec!["train.budget=\"30 steps\"".to_owned()], "train.budget is now \"30 steps\""),
            (Vec::new(), "states no train.budget"),
        ] {
            job.task = Task::Train { recipe: "gan".into(), set, quick: Vec::new() };
            let found = objections(&job, &kept.folder, Some(&own)).unwrap();
            assert!(found.len() == 1 && found[0].contains(expected), "{found:?}");
        }
    }

    #[test]
    fn a_command_agrees_by_its_words() {
        let results = tempfile::tempdir().unwrap();
        let (mut job, kept) = kept(results.path());
        job.task = Task::Command { words: vec!["duality".into()] };
        assert_eq!(objections(&job, &kept.folder, None).unwrap(), ["it is of another command"]);
        fs::write(kept.folder.join("command.json"), "{\"words\": [\"duality\"]}").unwrap();
        assert!(objections(&job, &kept.folder, None).unwrap().is_empty());
    }

    #[test]
    fn another_build_and_other_kernels_are_said() {
        let results = tempfile::tempdir().unwrap();
        let (job, kept) = kept(results.path());
        let mut own = own(&job);
        assert_eq!(provenance(&kept.folder, Some(&own)).unwrap(), "");
        own.provenance.build = "1234567".into();
        own.provenance.kernels = "avx2 in f32".into();
        let expected = ", from another build, abcdef0, by other kernels, avx512 in f32";
        assert_eq!(provenance(&kept.folder, Some(&own)).unwrap(), expected);
    }

    #[test]
    fn kernels_are_mixed_only_on_request() {
        let results = tempfile::tempdir().unwrap();
        let (job, _) = kept(results.path());
        let ours = |kernels: &str| {
            let found = Provenance::of(&job.folder).unwrap();
            found.map(|found| Provenance { kernels: kernels.into(), ..found })
        };
        let jobs = std::slice::from_ref(&job);
        let ensure = |mixing, ours| Unmixed { mixing, advice: ADVICE }.ensure(jobs, ours);
        assert!(ensure(Mixing::Refused, None).is_ok());
        assert!(ensure(Mixing::Refused, ours("avx512 in f32")).is_ok());
        assert!(ensure(Mixing::Allowed, ours("avx2 in f32")).is_ok());
        let complaint = ensure(Mixing::Refused, ours("avx2 in f32")).unwrap_err().to_string();
        let expected = "avx2 in f32 (what is still to be trained) and avx512 in f32 (a, seed 1)";
        assert!(complaint.contains(expected) && complaint.contains("--mixed"), "{complaint}");
    }
}
