//! From an experiment to the trainings that it consists of: one per run and seed.

use std::ffi::OsString;
use std::fs;
use std::num::NonZeroU32;
use std::path::{self, Path, PathBuf};

use anyhow::bail;

use crate::experiment::planted::data_folder;
use crate::experiment::summary::save;
use crate::experiment::{Care, Experiment, Form, Start, Task};

/// The file in the folder of a training that ended in numbers which are not finite: what it said.
pub(crate) const DIVERGED: &str = "diverged.txt";
/// What the program says then.
const HAS_DIVERGED: &str = "the game has diverged";
/// What stands in a setting for the folder with the data that were made for the experiment.
const DATA: &str = "{data}";

/// One training: a call of `gan`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Job {
    /// The name of the run.
    pub(crate) run: String,
    /// What it is called for, with the settings of the experiment and of its form.
    pub(crate) task: Task,
    /// The seed, from 0 on.
    pub(crate) seed: u32,
    /// The run folder.
    pub(crate) folder: PathBuf,
    /// How it is looked after.
    pub(crate) care: Care,
}

/// What a run folder holds before the training.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Folder {
    /// Nothing: it does not exist or is empty.
    Free,
    /// A training that was not finished and left a checkpoint.
    Unfinished,
    /// A training that was not finished and left no checkpoint.
    Stranded,
    /// A training with its summary.
    Finished,
}

impl Job {
    /// The trainings of an experiment in the order of its file, all seeds of a run together.
    pub(crate) fn all(
        experiment: &Experiment,
        form: Form,
        seeds: u32,
        results: &Path,
    ) -> Vec<Self> {
        let mut jobs = Vec::new();
        for run in &experiment.runs {
            let counted = 0..run.seeds.map_or(seeds, NonZeroU32::get);
            for seed in run.seed.map_or(counted, |seed| seed..seed + 1) {
                jobs.push(Self {
                    run: run.name.clone(),
                    task: placed(whole_task(experiment, &run.task, form), results),
                    seed,
                    folder: results.join(format!("{}-seed{seed}", run.name)),
                    care: run.care,
                });
            }
        }
        jobs
    }

    /// The same training with its folder in another one.
    pub(crate) fn at(&self, results: &Path) -> Self {
        let folder = results.join(format!("{}-seed{}", self.run, self.seed));
        let (run, task) = (self.run.clone(), self.task.clone());
        Self { run, task, seed: self.seed, folder, care: self.care }
    }

    /// Whether it trains, and is not another command.
    pub(crate) fn is_training(&self) -> bool {
        !matches!(self.task, Task::Command { .. })
    }

    /// The folder of the run that it goes on from, if it does.
    pub(crate) fn branches_off(&self) -> Option<&Path> {
        match &self.task {
            Task::Branch { from, .. } => Some(from),
            Task::Train { .. } | Task::Command { .. } => None,
        }
    }

    /// The arguments of `gan`.
    pub(crate) fn arguments(&self, device: Option<&str>, start: Start) -> Vec<OsString> {
        let mut arguments: Vec<OsString> = Vec::new();
        match &self.task {
            Task::Train { recipe, set, .. } => {
                arguments.extend(["train".into(), recipe.into()]);
                for setting in set {
                    arguments.extend(["--set".into(), setting.into()]);
                }
            }
            Task::Branch { from, set, .. } => {
                arguments.push("train".into());
                if start == Start::Fresh {
                    arguments.extend(["--branch".into(), from.into()]);
                }
                for setting in set {
                    arguments.extend(["--set".into(), setting.into()]);
                }
            }
            Task::Command { words } => arguments.extend(words.iter().map(OsString::from)),
        }
        arguments.extend(["--seed".into(), self.seed.to_string().into()]);
        if let Some(device) = device {
            arguments.extend(["--device".into(), device.into()]);
        }
        arguments.extend(["--out".into(), self.folder.clone().into()]);
        if self.is_training() {
            arguments.extend(["--doctor".into(), "warn".into()]);
        }
        if start == Start::Resume && self.is_training() {
            arguments.push("--resume".into());
        }
        arguments
    }

    /// What the run folder holds.
    pub(crate) fn found(&self) -> Folder {
        if self.folder.join("summary.json").exists() || self.has_diverged() {
            Folder::Finished
        } else if holds_something(&self.folder.join("checkpoints")) {
            Folder::Unfinished
        } else if holds_something(&self.folder) {
            Folder::Stranded
        } else {
            Folder::Free
        }
    }

    /// Whether it ended in numbers that are not finite.
    pub(crate) fn has_diverged(&self) -> bool {
        self.folder.join(DIVERGED).exists()
    }

    /// Whether a training that failed with these words came to an end that it may come to: it is
    /// recorded.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn may_end(&self, complaint: &str) -> anyhow::Result<bool> {
        let may = self.care == Care::MayDiverge && complaint.contains(HAS_DIVERGED);
        if may {
            save(
                &self.folder.join(DIVERGED),
                &format!("{}\n", complaint.trim_start_matches(": ")),
            )?;
        }
        Ok(may)
    }

    /// Checks that the training neither overwrites results nor continues what cannot be continued.
    ///
    /// # Errors
    /// The run folder exists where a fresh one is wanted, or has no checkpoint to resume from.
    pub(crate) fn check_folder(&self, start: Start) -> anyhow::Result<()> {
        let folder = self.folder.display();
        match (self.found(), start) {
            (Folder::Free, _) | (Folder::Finished | Folder::Unfinished, Start::Resume) => Ok(()),
            (Folder::Finished, Start::Fresh) => bail!(
                "{folder} holds a finished run; give another folder with --out, \
                 or keep it with --resume"
            ),
            (Folder::Unfinished, Start::Fresh) => bail!(
                "{folder} holds an unfinished run; continue it with --resume, \
                 or give another folder with --out"
            ),
            // It is short, and is begun anew.
            (Folder::Stranded, Start::Resume) if self.care != Care::None => Ok(()),
            (Folder::Stranded, _) => bail!(
                "{folder} holds a run that stopped before its first checkpoint; \
                 remove it or give another folder with --out"
            ),
        }
    }
}

/// A run's task with what the experiment sets for all of them and what its short form changes.
fn whole_task(experiment: &Experiment, task: &Task, form: Form) -> Task {
    fn none() -> &'static [String] {
        &[]
    }
    let quick = |of_quick| match form {
        Form::Full => none(),
        Form::Quick => of_quick,
    };
    let whole = |set: &[String], own| -> Vec<String> {
        let short = quick(&experiment.quick.set).iter().chain(quick(own));
        experiment.set.iter().chain(set).chain(short).cloned().collect()
    };
    match task {
        Task::Train { recipe, set, quick: own } => {
            Task::Train { recipe: recipe.clone(), set: whole(set, own), quick: Vec::new() }
        }
        Task::Branch { from, recipe, inherited, set, quick: own } => Task::Branch {
            from: from.clone(),
            recipe: recipe.clone(),
            inherited: whole(inherited, &[]),
            set: whole(set, own),
            quick: Vec::new(),
        },
        Task::Command { words } => {
            let all = words.iter().chain(quick(&experiment.quick.command));
            Task::Command { words: all.cloned().collect() }
        }
    }
}

/// The task with the folder of the experiment's own data in the place of its word, and with that of the
/// run that it branches off.
fn placed(task: Task, results: &Path) -> Task {
    let (recipe, set, quick) = match task {
        Task::Train { recipe, set, quick } => (recipe, set, quick),
        Task::Branch { from, recipe, inherited, set, quick } => {
            return Task::Branch { from: results.join(from), recipe, inherited, set, quick };
        }
        Task::Command { .. } => return task,
    };
    let folder = data_folder(results);
    // A run that is trained anew may be trained from elsewhere.
    let folder = path::absolute(&folder).unwrap_or(folder).display().to_string();
    let set = set.into_iter().map(|setting| setting.replace(DATA, &folder)).collect();
    Task::Train { recipe, set, quick }
}

fn holds_something(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::branch;

    fn experiment() -> Experiment {
        let text = r#"
            title = "T"
            question = "Q"
            picture = "final.png"
            seeds = 1
            set = ["w=0"]
            run = [
                { name = "a", recipe = "gan", set = ["x=1"], quick = ["x=3"] },
                { name = "b", recipe = "dcgan" },
            ]
            quick = { set = ["x=2"] }
        "#;
        toml::from_str(text).unwrap()
    }

    fn job(folder: &Path) -> Job {
        let mut jobs = Job::all(&experiment(), Form::Quick, 1, folder);
        jobs.swap_remove(0)
    }

    #[test]
    fn each_run_is_trained_once_per_seed() {
        let jobs = Job::all(&experiment(), Form::Full, 2, Path::new("runs/e"));
        let folders: Vec<_> = jobs.iter().map(|job| job.folder.display().to_string()).collect();
        assert_eq!(
            folders,
            ["runs/e/a-seed0", "runs/e/a-seed1", "runs/e/b-seed0", "runs/e/b-seed1"]
        );
    }

    #[test]
    fn quick_settings_come_last_so_that_they_win() {
        let arguments = job(Path::new("out")).arguments(Some("flex"), Start::Resume);
        let expected = "train gan --set w=0 --set x=1 --set x=2 --set x=3 --seed 0 --device flex --out F \
                        --doctor warn --resume";
        let expected: Vec<OsString> = expected
            .split(' ')
            .map(|word| match word {
                "F" => Path::new("out").join("a-seed0").into_os_string(),
                word => word.into(),
            })
            .collect();
        assert_eq!(arguments, expected);
    }

    #[test]
    fn a_command_gets_its_seed_and_folder_like_a_training() {
        let text = "title='T'\nquestion='Q'\npicture='p.svg'\nseeds=1\nset=['w=0']\n\
                    run=[{name='a',command=['duality','--steps','9']}]\n\
                    quick={command=['--steps','3']}";
        let experiment: Experiment = toml::from_str(text).unwrap();
        let jobs = Job::all(&experiment, Form::Quick, 1, Path::new("out"));
        let arguments = jobs[0].arguments(None, Start::Resume);
        let folder = Path::new("out").join("a-seed0").into_os_string();
        let words = "duality --steps 9 --steps 3 --seed 0 --out".split(' ').map(OsString::from);
        assert_eq!(arguments, words.chain([folder]).collect::<Vec<_>>());
    }

    #[test]
    fn a_branch_goes_on_from_the_folder_of_its_run() {
        let text = "title='T'\nquestion='Q'\npicture='p.png'\nseeds=2\nset=['w=0']\n\
                    run=[{name='a',recipe='gan',seed=3,set=['x=1']},{name='b',branch='a',set=['y=1']}]";
        let mut experiment: Experiment = toml::from_str(text).unwrap();
        branch::settle(&mut experiment.runs).unwrap();
        let results = tempfile::tempdir().unwrap();
        let mut jobs = Job::all(&experiment, Form::Full, 2, results.path());
        let names: Vec<_> = jobs.iter().map(|job| format!("{}{}", job.run, job.seed)).collect();
        assert_eq!(names, ["a3", "b0", "b1"]);
        let stem = results.path().join("a-seed3");
        assert_eq!(jobs[2].branches_off(), Some(stem.as_path()));
        let line = |start| {
            let words = jobs[2].arguments(None, start).into_iter();
            let line: Vec<_> = words.map(|word| word.to_string_lossy().into_owned()).collect();
            line.join(" ").replace(&results.path().display().to_string(), "R")
        };
        let settings = "--set w=0 --set y=1 --seed 1 --out R/b-seed1 --doctor warn";
        assert_eq!(line(Start::Fresh), format!("train --branch R/a-seed3 {settings}"));
        assert_eq!(line(Start::Resume), format!("train {settings} --resume"));

        jobs[0].folder = "kept/a-seed3".into();
        branch::with_checkpoints(&mut jobs);
        assert_eq!(jobs[0].folder, stem, "what is kept has no checkpoints to go on from");
        for job in &jobs[1..] {
            fs::create_dir_all(&job.folder).unwrap();
            fs::write(job.folder.join("summary.json"), "{}").unwrap();
        }
        jobs[0].folder = "kept/a-seed3".into();
        branch::with_checkpoints(&mut jobs);
        assert_eq!(jobs[0].folder, Path::new("kept/a-seed3"), "nothing goes on from it");
    }

    #[test]
    fn results_are_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let job = job(folder.path());
        let complaint = |start| job.check_folder(start).err().map(|error| error.to_string());

        assert_eq!(job.found(), Folder::Free);
        assert_eq!(complaint(Start::Fresh), None);

        fs::create_dir_all(job.folder.join("checkpoints")).unwrap();
        assert_eq!(job.found(), Folder::Stranded);
        assert!(complaint(Start::Resume).unwrap().contains("before its first checkpoint"));

        fs::write(job.folder.join("checkpoints/step-5"), "").unwrap();
        assert_eq!(job.found(), Folder::Unfinished);
        assert!(complaint(Start::Fresh).unwrap().contains("continue it with --resume"));
        assert_eq!(complaint(Start::Resume), None);

        fs::write(job.folder.join("summary.json"), "{}").unwrap();
        assert_eq!(job.found(), Folder::Finished);
        assert!(complaint(Start::Fresh).unwrap().contains("--out"));
        assert_eq!(complaint(Start::Resume), None);
    }

    #[test]
    fn a_short_training_may_be_begun_anew_or_diverge() {
        let folder = tempfile::tempdir().unwrap();
        let mut job = Job { care: Care::Short, ..job(folder.path()) };
        fs::create_dir_all(job.folder.join("samples")).unwrap();
        assert_eq!(job.found(), Folder::Stranded);
        assert!(job.check_folder(Start::Fresh).is_err());
        assert!(job.check_folder(Start::Resume).is_ok());

        let complaint = ": error: critic/loss is inf after step 5: the game has diverged";
        assert!(!job.may_end(complaint).unwrap());
        job.care = Care::MayDiverge;
        assert!(!job.may_end(": error: no space left on device").unwrap());
        assert_eq!(job.found(), Folder::Stranded);
        assert!(job.may_end(complaint).unwrap());
        assert_eq!(job.found(), Folder::Finished);
    }

    #[test]
    fn the_word_for_the_data_is_replaced_by_their_whole_path() {
        let set = vec!["data.file={data}/a.csv".to_owned(), "p=[{kind=\"r1\"}]".to_owned()];
        let task = Task::Train { recipe: "gan".into(), set, quick: Vec::new() };
        let Task::Train { set, .. } = placed(task, Path::new("/results")) else { panic!() };
        assert_eq!(set, ["data.file=/results/data/a.csv", "p=[{kind=\"r1\"}]"]);
    }
}
