//! A system that has few threads to give, or none.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};

use crate::program::{Outcome, Place};

/// `gan` under a limit on the threads of its user. The limit binds no superuser, so that one runs it as
/// a user without other processes; for any other user the limit counts all that he runs.
fn with_at_most(threads: u32, place: &Place, words: &str) -> Outcome {
    let gan = place.path("gan");
    let mut command = Command::new("prlimit");
    command.arg(format!("--nproc={threads}"));
    if is_superuser() {
        command = Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups", "prlimit"]);
        command.arg(format!("--nproc={threads}"));
    }
    command.arg(gan).args(words.split(' ')).current_dir(place.path("")).stdin(Stdio::null());
    Outcome::of(command.output().unwrap())
}

fn is_superuser() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("Uid:")).unwrap();
    line.split_whitespace().nth(1) == Some("0")
}

#[test]
fn without_threads_a_run_plays_or_says_so_and_leaves_nothing() {
    let place = Place::new();
    fs::set_permissions(place.path(""), Permissions::from_mode(0o777)).unwrap();
    fs::copy(env!("CARGO_BIN_EXE_gan"), place.path("gan")).unwrap();
    let digits = "train dcgan --steps 2 --out OUT --set data.subset=64 --set train.batch=8 \
                  --set model.generator_width=4 --set model.critic_width=4";
    for threads in [1, 2, 3, 4, 5, 8] {
        for (idx, words) in ["train gan --steps 2 --out OUT", digits].iter().enumerate() {
            let out = format!("run-{threads}-{idx}");
            let outcome = with_at_most(threads, &place, &words.replace("OUT", &out));
            let made = place.path(&out).exists();
            match outcome.code {
                Some(0) => assert!(place.path(&format!("{out}/summary.json")).exists()),
                Some(1) => assert!(
                    outcome.stderr.contains("error: cannot start a thread") && !made,
                    "{threads}: {}",
                    outcome.stderr
                ),
                other => panic!("{threads}: {other:?} {}", outcome.stderr),
            }
        }
    }
}
