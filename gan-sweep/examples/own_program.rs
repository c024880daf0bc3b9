//! A sweep of a program that is not `gan`: a shell script that "trains" by taking a root.

use std::error::Error;
use std::num::NonZeroUsize;
use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;
use std::{fs, io::Write as _};

use gan_sweep::{Collection, Definition, Plan, Stop, SweepFolder, Work};

const SWEEP: &str = r#"
seeds = 3
[[sweep]]
name = "power-{power}"
recipe = "root"
set = ["power={power}"]
axes = [[{ power = "2" }, { power = "3" }]]
"#;

/// Called as `train CONFIG --resume --out RUN`; leaves `summary.json`.
const PROGRAM: &str = r#"#!/bin/sh
. "$2"
mkdir -p "$5"
awk -v seed="$seed" -v power="$power" 'BEGIN { printf "{\"root\": %.4f}\n", (seed + 2) ^ (1 / power) }' \
    > "$5/summary.json"
"#;

fn main() -> Result<(), Box<dyn Error>> {
    let dir = tempfile::tempdir()?;
    let program = dir.path().join("root");
    fs::write(&program, PROGRAM)?;
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755))?;

    let folder = SweepFolder::at(&dir.path().join("sweep"));
    let config =
        |_: &str, set: &[String], seed: u64| Ok(format!("{}\nseed={seed}\n", set.join("\n")));
    let plan = Plan::of(&Definition::parse(SWEEP)?, &config)?;
    plan.write(&folder, SWEEP.as_bytes())?;

    let stop = Stop::watch()?;
    let work = Work {
        folder: &folder,
        program: &program,
        stop: &stop,
        say: &|line| drop(writeln!(std::io::stderr(), "{line}")),
        patience: Duration::ZERO,
    };
    let tally = work.everything(NonZeroUsize::MIN)?;
    let table = Collection::of(&folder, &plan)?.markdown();
    writeln!(std::io::stdout(), "{tally}\n\n{table}")?;
    Ok(())
}
