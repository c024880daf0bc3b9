//! A disk that is full at many different levels.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use super::compare::{Results, corruptions};
use super::kill::{STEPS, finish};
use super::sandbox::Sandbox;
use super::tally::Tally;
use super::{Deadline, Wanted};
use crate::report::Report;
use crate::workspace::succeeds;

/// Room for everything, in KiB.
const ROOM: u64 = 64 * 1024;

pub(super) fn run(
    sandbox: &Sandbox,
    wanted: &Wanted,
    deadline: Deadline,
    report: &mut Report,
) -> anyhow::Result<Tally> {
    let folder = sandbox.trial("undisturbed")?;
    sandbox.train(&folder, STEPS).status()?;
    let undisturbed = Results::of(sandbox, &folder)?;
    let (used, largest) = sizes(&folder.join("run"))?;
    say!("    a run of {used} KiB, its largest file of {largest} KiB");
    let mounts = Mount::new(&sandbox.trial("mount")?, ROOM).is_some();
    if !mounts {
        report
            .skip("a full file system", "no tmpfs may be mounted here; files are limited instead");
    }
    let mut tally = Tally::default();
    for trial in 0..wanted.trials {
        if deadline.has_passed() {
            break;
        }
        let folder = sandbox.trial(&format!("trial-{trial}"))?;
        // Spread over all levels from the first trials on.
        let part = (trial as f64 * 0.618_034 + wanted.seed as f64 * 0.414_214).fract();
        let level = 4 + (part * 1.2 * if mounts { used as f64 } else { largest as f64 }) as u64;
        let mount = if mounts { Mount::new(&folder, level) } else { None };
        let status = match mount {
            Some(_) => sandbox.train(&folder, STEPS).status()?,
            None => limited(sandbox, &folder, level).status()?,
        };
        tally.strikes += u64::from(!status.success());
        tally.corruptions += corruptions(&folder);
        if let Some(mount) = &mount {
            mount.make_room();
        }
        let what = format!("{level} KiB of disk");
        finish_on(sandbox, &folder, mount, &undisturbed, &what, &mut tally)?;
    }
    Ok(tally)
}

/// [`finish`], in a folder that is a file system of its own: it is emptied, not removed.
fn finish_on(
    sandbox: &Sandbox,
    folder: &Path,
    mount: Option<Mount>,
    undisturbed: &Results,
    what: &str,
    tally: &mut Tally,
) -> anyhow::Result<()> {
    let Some(mount) = mount else { return finish(sandbox, folder, undisturbed, what, tally) };
    let resumed = sandbox.train(folder, STEPS).status()?;
    let differences = match resumed.success() {
        true => undisturbed.differences(&Results::of(sandbox, folder)?),
        false => vec!["the run cannot go on after room was made".to_owned()],
    };
    tally.corruptions += corruptions(folder);
    tally.add(what, &differences);
    drop(mount);
    Ok(())
}

/// The sizes of all files of a folder together and of the largest of them, in KiB.
fn sizes(folder: &Path) -> anyhow::Result<(u64, u64)> {
    let (mut all, mut largest) = (0, 0);
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (of_it, of_one) = match entry.path().is_dir() {
            true => sizes(&entry.path())?,
            false => {
                // A file takes whole pages.
                let size = entry.metadata()?.len().div_ceil(4096) * 4;
                (size, size)
            }
        };
        all += of_it;
        largest = largest.max(of_one);
    }
    Ok((all, largest))
}

/// A training that cannot write more than `level` KiB into any one file.
fn limited(sandbox: &Sandbox, folder: &Path, level: u64) -> Command {
    let mut shell = Command::new("sh");
    let script = format!("trap '' XFSZ; ulimit -f {}; exec \"$0\" \"$@\"", 2 * level);
    shell.current_dir(folder).arg("-c").arg(script).arg(sandbox.program());
    shell.args(Sandbox::training(STEPS));
    shell.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    shell
}

/// A file system in memory; dropped, it is gone.
struct Mount {
    path: std::path::PathBuf,
}

impl Mount {
    /// One of `size` KiB, if the system allows it.
    fn new(path: &Path, size: u64) -> Option<Self> {
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={size}k"), "tmpfs"]).arg(path);
        succeeds(&mut mount).then(|| Self { path: path.to_owned() })
    }

    fn make_room(&self) {
        let mut mount = Command::new("mount");
        mount.args(["-o", &format!("remount,size={ROOM}k")]).arg(&self.path);
        // Without it the run cannot continue, which is detected.
        succeeds(&mut mount);
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        succeeds(Command::new("umount").arg(&self.path));
    }
}
