//! Which kernels and which build numbers come from.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::Context;
use serde_json::Value;

use crate::experiment::Job;

/// Which kernels and which build the numbers of a training come from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Provenance {
    /// The kernels, or the device that has none of ours, and the precision that was used.
    pub(crate) kernels: String,
    /// The beginning of the commit that the program was built of.
    pub(crate) build: String,
    /// The digest of the data.
    pub(super) data: Option<String>,
    /// The run that it goes on from, if it is a branch.
    pub(super) branched_from: Option<String>,
}

impl Provenance {
    /// What the manifest in a folder says; `None` where there is none, as of a command.
    ///
    /// # Errors
    /// The manifest cannot be read.
    pub(crate) fn of(folder: &Path) -> anyhow::Result<Option<Self>> {
        let path = folder.join("manifest.json");
        if !path.exists() {
            return Ok(None);
        }
        let text =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let manifest: Value = serde_json::from_str(&text)
            .with_context(|| format!("{} is not JSON", path.display()))?;
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let device = || text(&manifest["device"]).unwrap_or_else(|| "unknown".to_owned());
        let kernels =
            text(&manifest["kernels"]).unwrap_or_else(|| format!("those of {}", device()));
        let precision = text(&manifest["precision"]["used"]).unwrap_or_else(|| "f32".to_owned());
        let build = text(&manifest["git_commit"]).unwrap_or_else(|| "unknown".to_owned());
        Ok(Some(Self {
            kernels: format!("{kernels} in {precision}"),
            build: build.chars().take(7).collect(),
            data: text(&manifest["data"]["sha256"]),
            branched_from: text(&manifest["branched_from"]["run"]),
        }))
    }

    /// A line of where the numbers of trainings come from; nothing where they say nothing of it.
    ///
    /// # Errors
    /// A manifest cannot be read.
    pub(crate) fn line(jobs: &[Job]) -> anyhow::Result<Option<String>> {
        let mut by_build: BTreeMap<String, BTreeMap<&str, Vec<String>>> = BTreeMap::new();
        let mut kernels = BTreeSet::new();
        for job in jobs {
            if let Some(own) = Self::of(&job.folder)? {
                kernels.insert(own.kernels);
                let seeds = by_build.entry(own.build).or_default().entry(&job.run).or_default();
                seeds.push(job.seed.to_string());
            }
        }
        if by_build.is_empty() {
            return Ok(None);
        }
        let kernels: Vec<String> = kernels.into_iter().collect();
        let builds: Vec<String> = match by_build.len() {
            1 => by_build.into_keys().collect(),
            _ => by_build.into_iter().map(|(build, runs)| part(&build, &runs)).collect(),
        };
        let (kernels, builds) = (kernels.join(" and "), builds.join("; "));
        Ok(Some(format!("Kernels: {kernels}. Build: {builds}.")))
    }
}

/// `16fe6b3 (dcgan 0 1, gan 3)`.
fn part(build: &str, runs: &BTreeMap<&str, Vec<String>>) -> String {
    let of_run = |(run, seeds): (&&str, &Vec<String>)| format!("{run} {}", seeds.join(" "));
    format!("{build} ({})", runs.iter().map(of_run).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Care, Task};

    fn job(results: &Path, run: &str, seed: u32, manifest: &str) -> Job {
        let folder = results.join(format!("{run}-seed{seed}"));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("manifest.json"), manifest).unwrap();
        let task = Task::Command { words: Vec::new() };
        Job { run: run.into(), task, seed, folder, care: Care::None }
    }

    fn manifest(kernels: &str, commit: &str) -> String {
        format!(
            r#"{{"device": "flex", "kernels": {kernels}, "git_commit": "{commit}",
                "precision": {{"used": "f32"}}, "data": {{"sha256": "d1"}}}}"#
        )
    }

    #[test]
    fn a_manifest_says_kernels_precision_and_build() {
        let results = tempfile::tempdir().unwrap();
        let job = |kernels| job(results.path(), "a", 0, &manifest(kernels, "0123456789"));
        let of = |kernels| Provenance::of(&job(kernels).folder).unwrap().unwrap();
        let avx = of("\"avx512\"");
        assert_eq!((avx.kernels.as_str(), avx.build.as_str()), ("avx512 in f32", "0123456"));
        assert_eq!(avx.data.as_deref(), Some("d1"));
        assert_eq!(of("null").kernels, "those of flex in f32");
        assert_eq!(Provenance::of(results.path()).unwrap(), None);
    }

    #[test]
    fn a_line_says_which_numbers_come_from_which_build() {
        let results = tempfile::tempdir().unwrap();
        let job = |run, seed, commit| job(results.path(), run, seed, &manifest("\"avx2\"", commit));
        let jobs = [job("a", 0, "1111111x"), job("a", 1, "1111111x")];
        let line = |jobs: &[Job]| Provenance::line(jobs).unwrap();
        assert_eq!(line(&jobs).unwrap(), "Kernels: avx2 in f32. Build: 1111111.");
        let jobs = [job("a", 0, "2222222"), job("a", 1, "1111111x"), job("b", 0, "1111111x")];
        let expected = "Kernels: avx2 in f32. Build: 1111111 (a 1, b 0); 2222222 (a 0).";
        assert_eq!(line(&jobs).unwrap(), expected);
        assert_eq!(line(&[]), None);
    }
}
