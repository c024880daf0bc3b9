//! The measured parts that the model of scaling is made of, as a file: `cargo xtask bench ranks` writes it,
//! `cargo xtask bench scaling` reads it.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use serde::{Deserialize, Serialize};

/// What was measured, on one machine.
#[derive(Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Parts {
    /// The machine and the day.
    pub(crate) machine: String,
    /// By recipe.
    pub(crate) recipe: Vec<OfRecipe>,
}

/// Seconds of a step of one recipe, each the median over the rounds.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfRecipe {
    pub(crate) name: String,
    /// Samples of a batch.
    pub(crate) batch: u32,
    /// Micro-batches of `cut`, and how many times `small`'s batch the batch is.
    pub(crate) pieces: u32,
    /// One thread, the batch whole.
    pub(crate) whole: f64,
    /// One thread, the batch in `pieces` micro-batches.
    pub(crate) cut: f64,
    /// One thread, a batch of `batch / pieces`.
    pub(crate) small: f64,
    /// Two ranks of one thread, one half of the batch each.
    pub(crate) ranks: f64,
    /// The slower of two processes of one thread that train on half the batch each and exchange nothing.
    pub(crate) beside: f64,
    /// Single steps of one thread, as multiples of their mean.
    pub(crate) jitter: Vec<f64>,
}

impl OfRecipe {
    fn check(&self) -> anyhow::Result<()> {
        let Self { name, whole, cut, small, ranks, beside, jitter, .. } = self;
        let times = [("whole", whole), ("cut", cut), ("small", small)];
        let times = times.into_iter().chain([("ranks", ranks), ("beside", beside)]);
        let times = times.chain(jitter.iter().map(|factor| ("jitter", factor)));
        for (key, time) in times {
            ensure!(
                time.is_finite() && *time > 0.0,
                "`{key}` of {name} is {time}; expected a number above 0"
            );
        }
        ensure!(!jitter.is_empty(), "{name} has no `jitter`; expected a number a step");
        ensure!(
            self.pieces > 1 && self.batch.is_multiple_of(self.pieces),
            "`pieces` of {name} is {}; expected 2 or more that divide its batch of {}",
            self.pieces,
            self.batch
        );
        Ok(())
    }
}

/// Where parts are unless a file is named: beside this program, in the build folder.
///
/// # Errors
/// The system does not say where this program is.
pub(crate) fn usual() -> anyhow::Result<PathBuf> {
    beside_this_program("bench-ranks.toml")
}

/// A file in the build folder.
///
/// # Errors
/// The system does not say where this program is.
pub(super) fn beside_this_program(name: &str) -> anyhow::Result<PathBuf> {
    Ok(env::current_exe().context("cannot find this program")?.with_file_name(name))
}

impl Parts {
    /// # Errors
    /// The file cannot be read, or is none of parts.
    pub(crate) fn read(path: &Path) -> anyhow::Result<Self> {
        let text = fs::read_to_string(path).with_context(|| {
            format!(
                "cannot read {}; `cargo xtask bench ranks` measures parts and says where they are",
                path.display()
            )
        })?;
        Self::of(&text).with_context(|| format!("{} holds no measured parts", path.display()))
    }

    fn of(text: &str) -> anyhow::Result<Self> {
        let parts: Self = toml::from_str(text)?;
        ensure!(!parts.recipe.is_empty(), "it has no [[recipe]]");
        parts.recipe.iter().try_for_each(OfRecipe::check)?;
        Ok(parts)
    }

    /// # Errors
    /// The file cannot be written.
    pub(super) fn write(&self, path: &Path) -> anyhow::Result<()> {
        let text = toml::to_string(self).context("parts are TOML")?;
        fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Parts with a step of `0.002 + 0.001·micro-batches + 0.001·samples` seconds, and 10 ms for the exchange.
    pub(crate) fn parts(name: &str) -> OfRecipe {
        OfRecipe {
            name: name.to_owned(),
            batch: 64,
            pieces: 4,
            whole: 0.067,
            cut: 0.070,
            small: 0.019,
            ranks: 0.045,
            beside: 0.035,
            jitter: vec![1.0],
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let parts = Parts { machine: "two cores".to_owned(), recipe: vec![parts("dcgan")] };
        parts.write(file.path()).unwrap();
        assert_eq!(Parts::read(file.path()).unwrap(), parts);
    }

    #[test]
    fn what_cannot_have_been_measured_is_refused_by_its_name() {
        let complaint = |change: fn(&mut OfRecipe)| {
            let mut recipe = parts("dcgan");
            change(&mut recipe);
            let parts = Parts { machine: String::new(), recipe: vec![recipe] };
            Parts::of(&toml::to_string(&parts).unwrap()).unwrap_err().to_string()
        };
        let zero = complaint(|parts| parts.cut = 0.0);
        assert_eq!(zero, "`cut` of dcgan is 0; expected a number above 0");
        assert!(complaint(|parts| parts.jitter.clear()).contains("no `jitter`"));
        assert!(
            complaint(|parts| parts.jitter.push(f64::NAN)).contains("`jitter` of dcgan is NaN")
        );
        assert!(complaint(|parts| parts.pieces = 5).contains("divide its batch of 64"));
        assert!(Parts::of("machine = 'm'\nrecipe = []").unwrap_err().to_string().contains("no [["));
        let missing = Parts::read(Path::new("/nowhere")).unwrap_err().to_string();
        assert!(missing.contains("cannot read /nowhere; `cargo xtask bench ranks`"), "{missing}");
    }
}
