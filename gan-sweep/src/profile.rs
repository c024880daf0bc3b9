//! What a scheduler is to be told of a cluster: a file beside the sweep.

use std::num::NonZeroUsize;
use std::path::Path;

use serde::Deserialize;

use crate::SweepError;

/// How tasks are submitted, from a TOML file. Every key may be left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Trainings in a task, one after the other; 1 if not given. Clusters want tasks of minutes, not of
    /// seconds.
    pub per_task: Option<NonZeroUsize>,
    /// Tasks that run at the same time, at most; as many as the cluster has room for if not given.
    pub max_running: Option<NonZeroUsize>,
    /// The partition.
    pub partition: Option<String>,
    /// The account that is charged.
    pub account: Option<String>,
    /// The time limit of a task, such as `02:00:00`.
    pub time: Option<String>,
    /// Processors of a task, and the threads that a training computes on; 1 if not given.
    pub cpus: Option<NonZeroUsize>,
    /// The memory of a task, such as `4G`.
    pub mem: Option<String>,
    /// How long before its time limit a task is warned, in seconds; 60 if not given.
    pub warn_seconds: Option<u32>,
    /// Further options of `sbatch`, one each, such as `--gres=gpu:1`.
    #[serde(default)]
    pub extra: Vec<String>,
    /// Lines of shell that come before the program, such as `module load cuda`.
    #[serde(default)]
    pub setup: Vec<String>,
    /// What only Kubernetes needs.
    pub kubernetes: Option<Kubernetes>,
}

/// Where a task runs in a cluster of containers.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kubernetes {
    /// The image that has the program.
    pub image: String,
    /// The claim of the volume that the sweep folder lies on.
    pub claim: String,
    /// Where that volume is mounted, here and in the containers.
    pub mount: String,
    /// The program in the image; `gan` if not given.
    pub program: Option<String>,
}

impl Profile {
    /// Reads a profile.
    ///
    /// # Errors
    /// The file cannot be read, has another key, or a value that would break the line it stands in.
    pub fn read(path: &Path) -> Result<Self, SweepError> {
        let text = std::fs::read_to_string(path).map_err(SweepError::reading(path))?;
        let profile: Self = toml::from_str(&text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            SweepError::Profile {
                path: path.to_owned(),
                line: before.matches('\n').count() + 1,
                message: error.message().lines().collect::<Vec<_>>().join(" "),
            }
        })?;
        profile.check()?;
        Ok(profile)
    }

    /// Trainings in a task.
    pub fn per_task(&self) -> NonZeroUsize {
        self.per_task.unwrap_or(NonZeroUsize::MIN)
    }

    fn check(&self) -> Result<(), SweepError> {
        let words = [
            ("partition", &self.partition),
            ("account", &self.account),
            ("time", &self.time),
            ("mem", &self.mem),
        ];
        for (key, value) in
            words.into_iter().filter_map(|(key, value)| Some((key, value.as_ref()?)))
        {
            if value.is_empty() || value.contains(|c: char| c.is_whitespace() || c.is_control()) {
                return Err(unusable(key, "one word", value));
            }
        }
        let is_option = |line: &&String| line.starts_with('-') && !line.contains(char::is_control);
        if let Some(line) = self.extra.iter().find(|line| !is_option(line)) {
            return Err(unusable("extra", "options of sbatch, which begin with `-`", line));
        }
        Ok(())
    }
}

fn unusable(key: &'static str, expected: &'static str, found: &str) -> SweepError {
    SweepError::ProfileKey { key, expected, found: format!("`{}`", found.escape_debug()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Profile, SweepError> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("profile.toml");
        std::fs::write(&path, text).unwrap();
        Profile::read(&path)
    }

    #[test]
    fn a_profile_is_read_and_an_empty_one_has_defaults() {
        assert_eq!(read("").unwrap(), Profile::default());
        assert_eq!(Profile::default().per_task().get(), 1);
        let profile = read("per_task = 4\ntime = '01:00:00'\nextra = ['--gres=gpu:1']\n").unwrap();
        assert_eq!((profile.per_task().get(), profile.extra.len()), (4, 1));
    }

    #[test]
    fn wrong_keys_and_values_are_named() {
        let complaint = |text: &str| read(text).unwrap_err().to_string();
        assert!(complaint("\npartitoin = 'x'").contains("profile.toml: line 2: unknown field"));
        assert!(complaint("per_task = 0").contains("line 1: "));
        assert_eq!(
            complaint("time = \"one\\nrm -r /\""),
            "`time` of the profile: expected one word, found `one\\nrm -r /`"
        );
        assert!(complaint("extra = ['gpu']").contains("begin with `-`, found `gpu`"));
    }
}
