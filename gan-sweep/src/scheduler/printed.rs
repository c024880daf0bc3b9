//! Tests of what is printed for others to start.

use std::io::Write as _;
use std::num::NonZeroUsize;
use std::path::Path;
use std::process::Command;

use super::{Job, kubernetes_job, parallel_line};
use crate::{Definition, Kubernetes, Plan, Profile, SweepFolder};

fn plan() -> Plan {
    let resolve = |_: &str, _: &[String], seed: u64| Ok(format!("seed = {seed}\n"));
    let text = "seeds = 5\n[[run]]\nname = 'a'\nrecipe = 'gan'\n";
    Plan::of(&Definition::parse(text).unwrap(), &resolve).unwrap()
}

#[test]
fn a_job_of_kubernetes_has_a_pod_for_each_task() {
    let (plan, folder) = (plan(), SweepFolder::at(Path::new("/data/it's/lr")));
    let job = Job { folder: &folder, plan: &plan, program: Path::new("/usr/bin/gan") };
    let missing = kubernetes_job(&job, &Profile::default()).unwrap_err().to_string();
    let expected = "`kubernetes` of the profile: expected a table with `image`, `claim` and `mount`, found none";
    assert_eq!(missing, expected);
    let on = Kubernetes {
        image: "registry/gan:1".into(),
        claim: "sweeps".into(),
        mount: "/data".into(),
        program: None,
    };
    let profile = Profile {
        per_task: NonZeroUsize::new(2),
        max_running: NonZeroUsize::new(9),
        mem: Some("4G".into()),
        kubernetes: Some(on.clone()),
        ..Profile::default()
    };
    let yaml = kubernetes_job(&job, &profile).unwrap();
    for line in [
        "  completions: 3",
        "  parallelism: 3",
        "  backoffLimitPerIndex: 2",
        "        onExitCodes: { containerName: gan, operator: In, values: [75] }",
        "          resources: { requests: { cpu: 1, memory: \"4Gi\" } }",
        "          command: [\"/bin/sh\", \"-c\", \"exec 'gan' sweep run '/data/it'\\\\''s/lr' --index \
         \\\"$JOB_COMPLETION_INDEX\\\" --per-task 2 --patience 60\"]",
    ] {
        assert!(
            yaml.lines().any(|found| found.trim_start_matches("- ") == line || found == line),
            "{line}: {yaml}"
        );
    }
    let elsewhere = Kubernetes { mount: "/scratch".into(), ..on };
    let profile = Profile { kubernetes: Some(elsewhere), ..Profile::default() };
    let refused = kubernetes_job(&job, &profile).unwrap_err().to_string();
    assert!(refused.ends_with("found /scratch, which does not hold /data/it's/lr"), "{refused}");
}

#[test]
fn the_line_for_parallel_starts_every_task_once() {
    let (plan, dir) = (plan(), tempfile::tempdir().unwrap());
    let folder = SweepFolder::at(&dir.path().join("a sweep"));
    std::fs::create_dir(folder.root()).unwrap();
    let job = Job { folder: &folder, plan: &plan, program: Path::new("/bin/echo") };
    let line = parallel_line(&job, NonZeroUsize::new(2).unwrap(), NonZeroUsize::new(2)).unwrap();
    assert!(line.starts_with("seq 0 2 | parallel ") && line.ends_with(" --index {}\n"), "{line}");
    let is_there = Command::new("parallel").arg("--version").output();
    if !is_there.is_ok_and(|said| said.stdout.starts_with(b"GNU parallel")) {
        let _ = writeln!(std::io::stdout(), "skipped: no GNU parallel to read the line");
        return;
    }
    let said = Command::new("/bin/sh").args(["-c", &line]).output().unwrap();
    let mut lines: Vec<_> = std::str::from_utf8(&said.stdout).unwrap().lines().collect();
    lines.sort_unstable();
    let root = folder.root().display();
    let expected = [0, 1, 2].map(|task| format!("sweep run {root} --per-task 2 --index {task}"));
    assert_eq!(lines, expected, "{}", String::from_utf8_lossy(&said.stderr));
}
