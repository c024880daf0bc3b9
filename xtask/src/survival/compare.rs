//! The final state of a run, and whether two runs ended in the same state.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};
use serde_json::Value;

use super::sandbox::Sandbox;

/// What of a summary depends on the clock.
const OF_THE_CLOCK: [&str; 5] = [
    "wall_seconds",
    "seconds_to_first_step",
    "seconds_waiting_for_data",
    "steps_per_second",
    "peak_memory_bytes",
];

/// The bytes of everything that two runs of one configuration have in common, by name.
#[derive(PartialEq)]
pub(super) struct Results(BTreeMap<String, Vec<u8>>);

impl Results {
    /// Those of the run `run` in `folder`, its exported weights among them.
    pub(super) fn of(sandbox: &Sandbox, folder: &Path) -> anyhow::Result<Self> {
        let mut found = BTreeMap::new();
        collect(&folder.join("run"), "", &mut found)?;
        // When it was begun, and by which words, also on the page; checkpoints have identities of their own.
        let is_of_the_start = |name: &str| ["manifest.json", "report.html"].contains(&name);
        found.retain(|name, _| !is_of_the_start(name) && !name.contains("checkpoints/step-"));
        if let Some(summary) = found.get_mut("summary.json") {
            *summary = without_the_clock(summary)?;
        }
        let words = ["export", "run", "--out", "weights.safetensors", "--force"];
        let status = sandbox.gan(folder, &words).status()?;
        ensure!(status.success(), "the weights cannot be exported: {status}");
        found.insert("weights".to_owned(), fs::read(folder.join("weights.safetensors"))?);
        Ok(Self(found))
    }

    /// In what `other` differs.
    pub(super) fn differences(&self, other: &Self) -> Vec<String> {
        let names = self.0.keys().chain(other.0.keys().filter(|name| !self.0.contains_key(*name)));
        let differs = |name: &&String| self.0.get(*name) != other.0.get(*name);
        let say = |name: &String| match (self.0.get(name), other.0.get(name)) {
            (Some(_), None) => format!("{name} is missing"),
            (None, _) => format!("{name} should not be there"),
            _ => format!("{name} differs"),
        };
        names.filter(differs).map(say).collect()
    }
}

fn collect(
    folder: &Path,
    prefix: &str,
    found: &mut BTreeMap<String, Vec<u8>>,
) -> anyhow::Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("no run {}", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{name}/"), found)?;
        } else {
            found.insert(name, fs::read(entry.path())?);
        }
    }
    Ok(())
}

fn without_the_clock(summary: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut summary: BTreeMap<String, Value> = serde_json::from_slice(summary)?;
    summary.retain(|name, _| !OF_THE_CLOCK.contains(&name.as_str()));
    Ok(serde_json::to_vec(&summary)?)
}

/// How many checkpoints of the run `run` in `folder` do not match their checksums.
pub(super) fn corruptions(folder: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(folder.join("run/checkpoints")) else { return 0 };
    let steps = entries.flatten().map(|entry| entry.path());
    let steps = steps.filter(|path| path.file_name().is_some_and(is_step));
    steps.filter(|path| !is_intact(path)).count() as u64
}

fn is_step(name: &std::ffi::OsStr) -> bool {
    name.to_string_lossy().starts_with("step-")
}

fn is_intact(checkpoint: &Path) -> bool {
    let mut check = Command::new("sha256sum");
    check.args(["-c", "--quiet", "SHA256SUMS"]).current_dir(checkpoint);
    check.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let intact = check.status().is_ok_and(|status| status.success());
    if !intact {
        say!("    CORRUPTION: {}", checkpoint.display());
    }
    intact
}
