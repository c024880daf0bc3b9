//! The plan of a sweep: one training a line, with its whole configuration.

use std::collections::HashMap;
use std::error::Error;
use std::fs;
use std::io;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::folder::make;
use crate::{Definition, SweepError, SweepFolder};

/// What makes a whole configuration of a recipe and some settings.
pub trait Resolve {
    /// The configuration of `recipe`, which may be a file that ends in `.toml`, with the settings
    /// `key=value` in their order and then the seed, as TOML.
    ///
    /// # Errors
    /// There is no such recipe, key or value.
    fn resolve(
        &self,
        recipe: &str,
        set: &[String],
        seed: u64,
    ) -> Result<String, Box<dyn Error + Send + Sync>>;
}

impl<F> Resolve for F
where
    F: Fn(&str, &[String], u64) -> Result<String, Box<dyn Error + Send + Sync>>,
{
    fn resolve(
        &self,
        recipe: &str,
        set: &[String],
        seed: u64,
    ) -> Result<String, Box<dyn Error + Send + Sync>> {
        self(recipe, set, seed)
    }
}

/// One training: a line of the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Training {
    /// The first 16 digits of the SHA-256 of its configuration.
    pub id: String,
    /// `RUN-seedN`: names its folders.
    pub name: String,
    /// What it shares with the same setting under other seeds.
    pub run: String,
    /// Its seed.
    pub seed: u64,
    /// The whole configuration, as TOML.
    pub config: String,
    /// Words that `gan train` is called with besides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub arguments: Vec<String>,
}

/// Every training of a sweep, in the order of its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The trainings.
    pub trainings: Vec<Training>,
}

/// What planning did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Planned {
    /// The plan is new.
    Written,
    /// The same plan was there.
    AsBefore,
}

impl Plan {
    /// Resolves every training of a definition.
    ///
    /// # Errors
    /// A configuration cannot be resolved, or two are the same.
    pub fn of(definition: &Definition, resolve: &impl Resolve) -> Result<Self, SweepError> {
        let mut trainings = Vec::with_capacity(definition.trainings());
        for run in &definition.runs {
            for &seed in &run.seeds {
                let name = format!("{}-seed{seed}", run.name);
                let config = resolve
                    .resolve(&run.recipe, &run.set, seed)
                    .map_err(|source| SweepError::Resolve { training: name.clone(), source })?;
                let (run, arguments) = (run.name.clone(), definition.arguments.clone());
                trainings.push(Training { id: id(&config), name, run, seed, config, arguments });
            }
        }
        let mut seen = HashMap::new();
        for training in &trainings {
            if let Some(one) = seen.insert(&training.id, &training.name) {
                let (one, other) = (one.clone(), training.name.clone());
                return Err(SweepError::SameConfiguration { one, other });
            }
        }
        Ok(Self { trainings })
    }

    /// The plan of a sweep folder.
    ///
    /// # Errors
    /// There is none, or a line of it is damaged.
    pub fn read(folder: &SweepFolder) -> Result<Self, SweepError> {
        let path = folder.plan();
        let text = fs::read_to_string(&path).map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => SweepError::NoPlan { folder: folder.root().to_owned() },
            _ => SweepError::Read { path: path.clone(), source },
        })?;
        let mut trainings = Vec::new();
        for (idx, line) in text.lines().enumerate() {
            let damaged =
                |message| SweepError::PlanLine { path: path.clone(), line: idx + 1, message };
            let training: Training =
                serde_json::from_str(line).map_err(|error| damaged(error.to_string()))?;
            let found = id(&training.config);
            if found != training.id {
                let id = &training.id;
                return Err(damaged(format!("its id is {id}, but its configuration has {found}")));
            }
            trainings.push(training);
        }
        Ok(Self { trainings })
    }

    /// Writes the plan, and the sweep file beside it. The same plan may be written again: the sweep
    /// file, which also has what of the results is shown, is then that of the last time.
    ///
    /// # Errors
    /// [`SweepError::OtherPlan`], [`SweepError::Held`], or the system refuses it.
    pub fn write(&self, folder: &SweepFolder, definition: &[u8]) -> Result<Planned, SweepError> {
        make(folder.root())?;
        let _held = folder.hold()?;
        let planned = match Self::read(folder) {
            Ok(found) if found == *self => Planned::AsBefore,
            Ok(found) => return Err(self.differs_from(&found, folder)),
            Err(SweepError::NoPlan { .. }) => Planned::Written,
            Err(error) => return Err(error),
        };
        gan_files::replace(&folder.definition(), definition)?;
        if planned == Planned::Written {
            gan_files::replace(&folder.plan(), self.text().as_bytes())?;
        }
        Ok(planned)
    }

    /// How many tasks of so many trainings it is.
    pub fn tasks(&self, per_task: usize) -> usize {
        self.trainings.len().div_ceil(per_task.max(1))
    }

    /// The trainings of a task.
    ///
    /// # Errors
    /// [`SweepError::NoTask`].
    pub fn task(&self, index: usize, per_task: usize) -> Result<&[Training], SweepError> {
        let per_task = per_task.max(1);
        let missing = || SweepError::NoTask {
            index,
            trainings: self.trainings.len(),
            per_task,
            last: self.tasks(per_task).saturating_sub(1),
        };
        self.trainings.chunks(per_task).nth(index).ok_or_else(missing)
    }

    fn text(&self) -> String {
        // Nothing in a training is a number that JSON has no word for.
        let line = |training| serde_json::to_string(training).unwrap_or_default() + "\n";
        self.trainings.iter().map(line).collect()
    }

    fn differs_from(&self, found: &Self, folder: &SweepFolder) -> SweepError {
        let (now, before) = (&self.trainings, &found.trainings);
        let same = now.iter().zip(before).take_while(|(one, other)| one == other).count();
        let first = now.get(same).or_else(|| before.get(same));
        SweepError::OtherPlan {
            folder: folder.root().to_owned(),
            found: before.len(),
            planned: now.len(),
            first: first.map(|training| training.name.clone()).unwrap_or_default(),
        }
    }
}

/// The identity of a configuration.
fn id(config: &str) -> String {
    Sha256::digest(config.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(
        recipe: &str,
        set: &[String],
        seed: u64,
    ) -> Result<String, Box<dyn Error + Send + Sync>> {
        if set.iter().any(|setting| setting.starts_with("wrong=")) {
            return Err("`wrong` in --set is not a configuration key".into());
        }
        Ok(format!("recipe = {recipe:?}\nset = {set:?}\nseed = {seed}\n"))
    }

    fn plan(text: &str) -> Result<Plan, SweepError> {
        Plan::of(&Definition::parse(text).unwrap(), &resolve)
    }

    const TWO: &str = "seeds = 2\n[[run]]\nname = 'a'\nrecipe = 'gan'\nset = ['x=1']\n";

    #[test]
    fn the_same_file_is_the_same_bytes_and_another_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let folder = SweepFolder::at(&dir.path().join("deep/sweep"));
        assert_eq!(plan(TWO).unwrap().write(&folder, b"one").unwrap(), Planned::Written);
        let bytes = fs::read(folder.plan()).unwrap();
        assert_eq!(plan(TWO).unwrap().write(&folder, b"two").unwrap(), Planned::AsBefore);
        assert_eq!(fs::read(folder.plan()).unwrap(), bytes);
        assert_eq!(fs::read(folder.definition()).unwrap(), b"two");
        assert_eq!(Plan::read(&folder).unwrap(), plan(TWO).unwrap());
        let other = plan(&TWO.replace("seeds = 2", "seeds = [0, 2, 3]")).unwrap();
        let refused = other.write(&folder, b"three").unwrap_err().to_string();
        let end =
            "2 trainings, now 3; the first that differs is `a-seed2`; plan into another folder";
        assert!(refused.ends_with(end), "{refused}");
        assert_eq!(fs::read(folder.plan()).unwrap(), bytes);
        assert_eq!(fs::read(folder.definition()).unwrap(), b"two");
    }

    #[test]
    fn a_line_names_the_training_and_has_its_configuration() {
        let plan = plan(&TWO.replace("seeds", "arguments = ['--doctor', 'warn']\nseeds")).unwrap();
        assert_eq!(
            plan.text().lines().next().unwrap(),
            "{\"id\":\"a76cd52da93bd802\",\"name\":\"a-seed0\",\"run\":\"a\",\"seed\":0,\
             \"config\":\"recipe = \\\"gan\\\"\\nset = [\\\"x=1\\\"]\\nseed = 0\\n\",\
             \"arguments\":[\"--doctor\",\"warn\"]}"
        );
    }

    #[test]
    fn a_folder_is_planned_by_one_process_at_a_time() {
        let dir = tempfile::tempdir().unwrap();
        let folder = SweepFolder::at(dir.path());
        let held = folder.hold().unwrap();
        let error = plan(TWO).unwrap().write(&folder, b"").unwrap_err();
        assert!(error.to_string().contains("is held by process "), "{error}");
        drop(held);
        assert!(plan(TWO).unwrap().write(&folder, b"").is_ok());
    }

    #[test]
    fn equal_and_impossible_configurations_are_named() {
        let twice = format!("{TWO}[[run]]\nname = 'b'\nrecipe = 'gan'\nset = ['x=1']\n");
        let error = plan(&twice).unwrap_err().to_string();
        assert!(error.starts_with("`a-seed0` and `b-seed0` have the same"), "{error}");
        let error = plan(&TWO.replace("x=1", "wrong=1")).unwrap_err();
        assert_eq!(error.to_string(), "`a-seed0` has no configuration");
        assert!(error.source().unwrap().to_string().contains("`wrong`"));
    }

    #[test]
    fn a_missing_and_a_damaged_plan_are_no_plans() {
        let dir = tempfile::tempdir().unwrap();
        let folder = SweepFolder::at(dir.path());
        let missing = Plan::read(&folder).unwrap_err().to_string();
        assert!(missing.contains("make one with: gan sweep plan FILE.toml --out "), "{missing}");
        let good = plan(TWO).unwrap().text();
        fs::write(folder.plan(), good.replacen("x=1", "x=2", 1)).unwrap();
        let damaged = Plan::read(&folder).unwrap_err().to_string();
        assert!(damaged.starts_with("line 1 of ") && damaged.contains("its id is "), "{damaged}");
        fs::write(folder.plan(), &good[..good.len() - 9]).unwrap();
        assert!(Plan::read(&folder).unwrap_err().to_string().starts_with("line 2 of "));
    }

    #[test]
    fn tasks_have_so_many_trainings_and_the_last_has_the_rest() {
        let plan = plan(&TWO.replace("seeds = 2", "seeds = 5")).unwrap();
        assert_eq!((plan.tasks(2), plan.tasks(5), plan.tasks(9)), (3, 1, 1));
        assert_eq!(plan.task(1, 2).unwrap()[0].name, "a-seed2");
        assert_eq!(plan.task(2, 2).unwrap().len(), 1);
        let error = plan.task(3, 2).unwrap_err().to_string();
        assert!(error.contains("are the tasks 0 to 2"), "{error}");
    }
}
