use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use super::*;
use crate::plan::Plan;
use crate::{Definition, Training};

/// A Slurm of three scripts. `sbatch` notes its words and counts jobs; `squeue` says what the file
/// `state` has; `scontrol` says what the file `config` has.
struct Fake {
    dir: tempfile::TempDir,
    folder: SweepFolder,
    plan: Plan,
}

impl Fake {
    fn new(trainings: usize) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let text = format!("seeds = {trainings}\n[[run]]\nname = 'a'\nrecipe = 'gan'\n");
        let resolve = |_: &str, _: &[String], seed: u64| Ok(format!("seed = {seed}\n"));
        let plan = Plan::of(&Definition::parse(&text).unwrap(), &resolve).unwrap();
        let folder = SweepFolder::at(&dir.path().join("a sweep"));
        plan.write(&folder, b"").unwrap();
        let fake = Self { dir, folder, plan };
        fake.command("sbatch", "echo \"$@\" >> calls; wc -l < calls");
        fake.command("squeue", "cat state");
        fake.command("scontrol", "cat config");
        fs::write(fake.dir.path().join("state"), "").unwrap();
        fake.config(1001, 10_000);
        fake
    }

    fn command(&self, name: &str, line: &str) {
        let path = self.dir.path().join(name);
        fs::write(&path, format!("#!/bin/sh\ncd \"$(dirname \"$0\")\"\n{line}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn config(&self, array: usize, jobs: usize) {
        let text = format!(
            "Configuration data\nMaxArraySize            = {array}\nMaxJobCount             = {jobs}\n"
        );
        fs::write(self.dir.path().join("config"), text).unwrap();
    }

    fn submit(&self, profile: &Profile) -> (Result<Submission, SweepError>, Vec<String>) {
        let said = std::cell::RefCell::new(Vec::new());
        let say = |line: &str| said.borrow_mut().push(line.to_owned());
        let submitted = Slurm::in_folder(self.dir.path()).submit(&self.job(), profile, &say);
        (submitted, said.into_inner())
    }

    fn job(&self) -> Job<'_> {
        Job { folder: &self.folder, plan: &self.plan, program: Path::new("/opt/gan") }
    }

    fn arrays(&self) -> Vec<String> {
        let calls = fs::read_to_string(self.dir.path().join("calls")).unwrap_or_default();
        let array = |line: &str| {
            let words: Vec<_> = line.split(' ').collect();
            format!("{} {}", words[0], words[words.len() - 1])
        };
        calls.lines().map(array).collect()
    }

    fn finish(&self, training: &Training) {
        let run = self.folder.run(training);
        fs::create_dir_all(&run).unwrap();
        fs::write(run.join("summary.json"), "{}").unwrap();
    }
}

#[test]
fn what_is_left_is_one_array_and_its_jobs_are_remembered() {
    let fake = Fake::new(8);
    fake.finish(&fake.plan.trainings[0]);
    fake.finish(&fake.plan.trainings[3]);
    let profile = Profile { max_running: NonZeroUsize::new(2), ..Profile::default() };
    let (submission, said) = fake.submit(&profile);
    let array = Array { job: "1".to_owned(), tasks: 6 };
    assert_eq!(submission.unwrap(), Submission { arrays: vec![array], per_task: 1 });
    assert_eq!(fake.arrays(), ["--array=1-2,4-7%2 0"]);
    assert!(said.is_empty(), "{said:?}");
    let remembered = fs::read_to_string(fake.folder.submitted()).unwrap();
    assert_eq!(remembered, "{\"job\":\"1\",\"first\":0,\"tasks\":\"1-2,4-7\"}\n");
}

#[test]
fn a_folder_with_a_job_that_is_not_over_is_refused() {
    let fake = Fake::new(4);
    fake.submit(&Profile::default()).0.unwrap();
    fs::write(fake.dir.path().join("state"), "RUNNING\nPENDING\nRUNNING\n").unwrap();
    let refused = fake.submit(&Profile::default()).0.unwrap_err().to_string();
    assert!(refused.contains("is pending and running: wait for it"), "{refused}");
    assert_eq!(fake.arrays().len(), 1);
    // Over, and later forgotten.
    fs::write(fake.dir.path().join("state"), "").unwrap();
    fake.submit(&Profile::default()).0.unwrap();
    fake.command("squeue", "echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1");
    fake.submit(&Profile::default()).0.unwrap();
    assert_eq!(fake.arrays().len(), 3);
    // Nobody knows.
    fake.command("squeue", "echo 'Unable to contact slurm controller' >&2; exit 1");
    let refused = fake.submit(&Profile::default()).0.unwrap_err().to_string();
    assert!(refused.ends_with("failed: Unable to contact slurm controller"), "{refused}");
    assert_eq!(fake.arrays().len(), 3);
}

#[test]
fn limits_of_the_cluster_split_the_array_and_fill_the_tasks() {
    let fake = Fake::new(25);
    fake.config(10, 10_000);
    let (submission, said) = fake.submit(&Profile::default());
    assert_eq!(submission.unwrap().arrays.len(), 3);
    assert_eq!(fake.arrays(), ["--array=0-9 0", "--array=0-9 10", "--array=0-4 20"]);
    assert_eq!(said, ["3 arrays, because the cluster's MaxArraySize is 10"]);

    let fake = Fake::new(25);
    fake.config(1001, 10);
    let (submission, said) = fake.submit(&Profile::default());
    assert_eq!(submission.unwrap().per_task, 3);
    assert_eq!(fake.arrays(), ["--array=0-8 0"]);
    assert_eq!(said, ["3 trainings a task, because the cluster's MaxJobCount is 10"]);
    let script = fs::read_to_string(fake.folder.job_script()).unwrap();
    assert!(script.contains("--per-task 3 "), "{script}");
}

#[test]
fn the_script_has_the_profile_and_quotes_what_a_shell_would_read() {
    let fake = Fake::new(2);
    let profile = Profile {
        time: Some("00:10:00".into()),
        extra: vec!["--gres=gpu:1".into()],
        setup: vec!["module load cuda".into()],
        ..Profile::default()
    };
    fake.submit(&profile).0.unwrap();
    let script = fs::read_to_string(fake.folder.job_script()).unwrap();
    let lines = [
        "#SBATCH --requeue",
        "#SBATCH --signal=B:USR1@60",
        "#SBATCH --open-mode=append",
        "#SBATCH --time=00:10:00",
        "#SBATCH --gres=gpu:1",
        "module load cuda",
    ];
    for line in lines {
        assert!(script.lines().any(|found| found == line), "{line}: {script}");
    }
    let folder = fake.folder.root().display();
    let call = format!("'/opt/gan' sweep run '{folder}' --index \"$(($1 + SLURM_ARRAY_TASK_ID))\"");
    assert!(script.contains(&call), "{script}");
    let checked =
        Command::new("bash").args(["-n".as_ref(), fake.folder.job_script().as_os_str()]).status();
    assert!(checked.is_err() || checked.unwrap().success());
}

#[test]
fn everything_finished_is_nothing_to_submit_and_no_slurm_is_said() {
    let fake = Fake::new(2);
    let missing =
        Slurm::in_folder(Path::new("/nowhere")).submit(&fake.job(), &Profile::default(), &|_| ());
    let missing = missing.unwrap_err().to_string();
    assert!(missing.ends_with("train on this machine with --on local"), "{missing}");
    fake.plan.trainings.iter().for_each(|training| fake.finish(training));
    let submission = fake.submit(&Profile::default()).0.unwrap();
    assert!(submission.arrays.is_empty() && fake.arrays().is_empty());
    assert!(submission.lines(&fake.job())[0].starts_with("everything is finished"));
}
