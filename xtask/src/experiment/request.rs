//! A request: one call of `cargo xtask experiment` as data.

use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;

use crate::claim::Tally;
use crate::experiment::Ending;

/// One call of `cargo xtask experiment NAME`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Request {
    /// The experiment's name: its file's name without `.toml`.
    pub(crate) name: String,
    /// The whole experiment or its short form.
    pub(crate) form: Form,
    /// What to do about results of an earlier call.
    pub(crate) start: Start,
    /// Seeds per run, where it is not the experiment's own number.
    pub(crate) seeds: Option<NonZeroU32>,
    /// Whether what is planted is cured as well.
    pub(crate) cures: Cures,
    /// Where the trainings run.
    pub(crate) place: Place,
    /// What a cluster is told, handed to gan.
    pub(crate) profile: Option<PathBuf>,
    /// Trainings at once, where it is not one.
    pub(crate) jobs: Option<NonZeroUsize>,
    /// Features to build `gan-cli` with, separated by commas.
    pub(crate) features: Option<String>,
    /// The device to train on, where it is not gan's own choice.
    pub(crate) device: Option<String>,
    /// The folder for results, where it is not `runs` in the workspace.
    pub(crate) out: Option<PathBuf>,
    /// Where results are kept, if not in `results` of the workspace.
    pub(crate) results: Option<PathBuf>,
    /// Whether a claim that is not held is told by the exit code.
    pub(crate) checking: Checking,
    /// Whether numbers of different kernels may stand in one table.
    pub(crate) mixing: Mixing,
}

/// What a claim that is not held, or cannot be judged, does to the exit code.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Checking {
    /// Nothing.
    #[default]
    Off,
    /// It has a code of its own.
    On,
}

/// Whether numbers of different kernels may stand in one table.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Mixing {
    /// They must not.
    #[default]
    Refused,
    /// They may.
    Allowed,
}

impl Checking {
    /// How a command ends that has judged claims.
    pub(crate) fn ending(self, claims: Tally) -> Ending {
        if self == Self::On && !claims.all_held() { Ending::NotHeld } else { Ending::Finished }
    }
}

/// Where trainings run.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Place {
    /// On this machine.
    #[default]
    Here,
    /// As job arrays of Slurm.
    Slurm,
}

/// How much of an experiment to run.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Form {
    /// All of it.
    #[default]
    Full,
    /// A few minutes of it, for a first look.
    Quick,
}

/// Whether planted faults are cured after they were found.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Cures {
    /// One cure is tried for each of them.
    #[default]
    Tried,
    /// None is.
    LeftOut,
}

/// What to do about results of an earlier call.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Start {
    /// There must be none.
    #[default]
    Fresh,
    /// Keep what is finished and continue the rest.
    Resume,
}

impl Request {
    /// The command line that continues this request.
    pub(crate) fn continuation(&self) -> String {
        let mut line = format!("cargo xtask experiment {}", self.name);
        if self.form == Form::Quick {
            line += " --quick";
        }
        if let Some(seeds) = self.seeds {
            line += &format!(" --seeds {seeds}");
        }
        if self.place == Place::Slurm {
            line += " --on slurm";
        }
        if let Some(profile) = &self.profile {
            line += &format!(" --profile {}", profile.display());
        }
        if let Some(jobs) = self.jobs {
            line += &format!(" --jobs {jobs}");
        }
        if self.cures == Cures::LeftOut {
            line += " --no-cures";
        }
        if let Some(features) = &self.features {
            line += &format!(" --features {features}");
        }
        if let Some(device) = &self.device {
            line += &format!(" --device {device}");
        }
        if let Some(out) = &self.out {
            line += &format!(" --out {}", out.display());
        }
        if let Some(results) = &self.results {
            line += &format!(" --results {}", results.display());
        }
        if self.checking == Checking::On {
            line += " --check";
        }
        if self.mixing == Mixing::Allowed {
            line += " --mixed";
        }
        line + " --resume"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_continuation_repeats_every_option() {
        let request = Request {
            name: "moons".into(),
            form: Form::Quick,
            start: Start::Fresh,
            seeds: NonZeroU32::new(3),
            cures: Cures::LeftOut,
            place: Place::Slurm,
            profile: Some("lab.toml".into()),
            jobs: NonZeroUsize::new(2),
            features: Some("cuda".into()),
            device: Some("cuda:1".into()),
            out: Some("there".into()),
            results: Some("kept".into()),
            checking: Checking::On,
            mixing: Mixing::Allowed,
        };
        assert_eq!(
            request.continuation(),
            "cargo xtask experiment moons --quick --seeds 3 --on slurm --profile lab.toml --jobs 2 --no-cures --features cuda \
             --device cuda:1 --out there --results kept --check --mixed --resume"
        );
    }
}
