//! A long training in parts, with readers beside it: what grows, and what must not.

use std::fs;
use std::path::Path;
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::ensure;

use super::compare::corruptions;
use super::sandbox::Sandbox;
use super::tally::Tally;
use super::{Deadline, Wanted};
use crate::workspace::succeeds;

/// A part ends after so long, or a quarter of the whole.
const PART: Duration = Duration::from_secs(600);
/// How often the process is looked at, and how often samples are drawn beside it.
const LOOK: Duration = Duration::from_millis(500);
const SAMPLE_EVERY: u32 = 10;
/// What memory may grow by within a part after its first half: pages that come and go.
const GROWTH_KIB: u64 = 16 * 1024;
/// No run comes to its end here.
const ENDLESS: u64 = 1_000_000_000;

/// As often as in a long training: each line and picture stays on the disk.
const SETTINGS: [&str; 4] = [
    "log.every=500 steps",
    "pictures.every=20000 steps",
    "evaluation.every=5000 steps",
    "checkpoint.every=200 steps",
];

/// What a process held at one moment.
#[derive(Clone, Copy, Debug)]
struct Held {
    memory_kib: u64,
    descriptors: u64,
}

pub(super) fn run(sandbox: &Sandbox, wanted: &Wanted) -> anyhow::Result<Tally> {
    ensure!(Path::new("/proc/self/status").exists(), "soak needs Linux's /proc");
    let folder = sandbox.trial("soak")?;
    let minutes = wanted.minutes.unwrap_or(60.0);
    let deadline = Deadline::after(Some(minutes));
    let length = PART.min(Duration::from_secs_f64(15.0 * minutes));
    let mut tally = Tally::default();
    while !deadline.has_passed() && tally.trials < wanted.trials {
        let mut training = sandbox.train(&folder, ENDLESS);
        training.args(SETTINGS.iter().flat_map(|setting| ["--set", setting]));
        let mut child = training.spawn()?;
        let looked = watch(sandbox, &folder, &mut child, length)?;
        succeeds(Command::new("kill").args(["-TERM", &child.id().to_string()]));
        let status = child.wait()?;
        tally.strikes += 1;
        tally.corruptions += corruptions(&folder);
        let mut faults = grown(&looked);
        if status.code() != Some(143) {
            faults.push(format!("the part ended with {status}"));
        }
        faults.extend(left_over(&folder.join("run"))?);
        tally.add(&format!("part {}", tally.trials + 1), &faults);
    }
    Ok(tally)
}

/// Looks at the process for so long, and draws samples of its run meanwhile.
fn watch(
    sandbox: &Sandbox,
    folder: &Path,
    child: &mut Child,
    length: Duration,
) -> anyhow::Result<Vec<Held>> {
    let (began, mut looked) = (Instant::now(), Vec::new());
    let mut readers = (0, 0);
    while began.elapsed() < length && child.try_wait()?.is_none() {
        thread::sleep(LOOK);
        looked.extend(held(child.id()));
        let is_due = looked.len() as u32 % SAMPLE_EVERY == SAMPLE_EVERY - 1;
        if is_due && has_checkpoint(&folder.join("run/checkpoints")) {
            let words = ["sample", "run", "-n", "16", "--out", "sample.csv", "--force"];
            readers.0 += 1;
            readers.1 += u32::from(!sandbox.gan(folder, &words).status()?.success());
        }
    }
    say!("    {} readers beside the training, {} of them failed", readers.0, readers.1);
    ensure!(readers.1 == 0, "a reader failed beside a training");
    Ok(looked)
}

/// Whether there is a checkpoint to be read.
fn has_checkpoint(checkpoints: &Path) -> bool {
    fs::read_dir(checkpoints).is_ok_and(|entries| {
        entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with("step-"))
    })
}

fn held(process: u32) -> Option<Held> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let memory_kib = line.split_whitespace().next()?.parse().ok()?;
    let descriptors = fs::read_dir(format!("/proc/{process}/fd")).ok()?.count() as u64;
    Some(Held { memory_kib, descriptors })
}

/// What grew from the second quarter of a part to its last, by their lowest values.
fn grown(looked: &[Held]) -> Vec<String> {
    let quarter = looked.len() / 4;
    if quarter < 2 {
        return vec!["the part was too short to be measured".to_owned()];
    }
    let lowest = |part: &[Held], of: fn(&Held) -> u64| part.iter().map(of).min().unwrap_or(0);
    let (early, late) = (&looked[quarter..2 * quarter], &looked[3 * quarter..]);
    let memory = |part| lowest(part, |held| held.memory_kib);
    let descriptors = |part| lowest(part, |held| held.descriptors);
    say!(
        "    memory {} KiB, then {} KiB; file descriptors {}, then {}",
        memory(early),
        memory(late),
        descriptors(early),
        descriptors(late)
    );
    let mut faults = Vec::new();
    if memory(late) > memory(early) + GROWTH_KIB {
        faults.push(format!("memory grew from {} to {} KiB", memory(early), memory(late)));
    }
    if descriptors(late) > descriptors(early) {
        faults.push(format!("descriptors: {} became {}", descriptors(early), descriptors(late)));
    }
    faults
}

/// What a run has that is not documented: more checkpoints than it keeps, unfinished files.
fn left_over(run: &Path) -> anyhow::Result<Vec<String>> {
    let mut faults = Vec::new();
    let checkpoints = fs::read_dir(run.join("checkpoints"))?.count();
    if checkpoints > 2 {
        faults.push(format!("{checkpoints} checkpoints, of which 2 are kept"));
    }
    for folder in ["", "samples", "plots", "checkpoints"] {
        for entry in fs::read_dir(run.join(folder))? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') {
                faults.push(format!("{folder}/{name} was left behind"));
            }
        }
    }
    let metrics = fs::metadata(run.join("metrics.jsonl"))?.len();
    say!("    metrics.jsonl: {} KiB", metrics / 1024);
    Ok(faults)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(memory: impl Fn(u64) -> u64, descriptors: impl Fn(u64) -> u64) -> Vec<Held> {
        let held = |n| Held { memory_kib: memory(n), descriptors: descriptors(n) };
        (0..40).map(held).collect()
    }

    #[test]
    fn what_grows_is_found_and_what_comes_and_goes_is_not() {
        assert_eq!(grown(&part(|n| 90_000 + n % 3 * 9_000, |n| 9 + n % 2)), [""; 0]);
        assert_eq!(grown(&part(|n| 90_000 + n * 2_000, |_| 9)).len(), 1);
        assert_eq!(grown(&part(|_| 90_000, |n| 9 + n / 10)).len(), 1);
        assert_eq!(grown(&[]).len(), 1);
    }
}
