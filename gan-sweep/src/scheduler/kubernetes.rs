//! An Indexed Job of Kubernetes, as YAML.

use std::num::NonZeroUsize;
use std::path::Path;

use super::quoted::quoted;
use super::{Job, whole_path};
use crate::{Kubernetes, Profile, SweepError, Tally};

/// Failures of a task after which it is not started again.
const RETRIES: usize = 2;

/// The job; what differs stands in angle brackets.
const JOB: &str = "\
apiVersion: batch/v1
kind: Job
metadata:
  name: gan-sweep
spec:
  completionMode: Indexed
  completions: <tasks>
  parallelism: <running>
  backoffLimitPerIndex: <retries>
  podFailurePolicy:
    rules:
      # Stopped early: to be started again.
      - action: Ignore
        onExitCodes: { containerName: gan, operator: In, values: [<try again>] }
      - action: Ignore
        onPodConditions: [{ type: DisruptionTarget }]
  template:
    spec:
      restartPolicy: Never
      terminationGracePeriodSeconds: 60
      containers:
        - name: gan
          image: <image>
          command: [\"/bin/sh\", \"-c\", <command>]
          env: [{ name: RAYON_NUM_THREADS, value: <threads> }]
          resources: { requests: { cpu: <room> } }
          volumeMounts: [{ name: sweep, mountPath: <mount> }]
      volumes:
        - name: sweep
          persistentVolumeClaim: { claimName: <claim> }
";

/// The Job that runs every task of the plan: one pod for each, told by `JOB_COMPLETION_INDEX` which
/// one it is. A task that was stopped early is started again without being counted as failed. It needs
/// Kubernetes 1.33, in which `backoffLimitPerIndex` is stable.
///
/// # Errors
/// The profile has no `kubernetes` part, or the sweep folder is not on its volume.
pub fn kubernetes_job(job: &Job<'_>, profile: &Profile) -> Result<String, SweepError> {
    let missing = || SweepError::ProfileKey {
        key: "kubernetes",
        expected: "a table with `image`, `claim` and `mount`",
        found: "none".to_owned(),
    };
    let on = profile.kubernetes.as_ref().ok_or_else(missing)?;
    let folder = folder_on(on, job)?;
    let tasks = job.plan.tasks(profile.per_task().get());
    let running = profile.max_running.map_or(tasks, NonZeroUsize::get).min(tasks);
    let cpus = profile.cpus.unwrap_or(NonZeroUsize::MIN);
    let memory = profile.mem.as_ref().map(|mem| format!(", memory: {}", text(&binary(mem))));
    let words = format!(
        "exec {} sweep run {} --index \"$JOB_COMPLETION_INDEX\" --per-task {} --patience 60",
        quoted(on.program.as_deref().unwrap_or("gan")),
        quoted(&folder),
        profile.per_task()
    );
    let parts = [
        ("<tasks>", tasks.to_string()),
        ("<running>", running.to_string()),
        ("<retries>", RETRIES.to_string()),
        ("<try again>", Tally::TRY_AGAIN.to_string()),
        ("<image>", text(&on.image)),
        ("<command>", text(&words)),
        ("<threads>", text(&cpus.to_string())),
        ("<room>", format!("{cpus}{}", memory.unwrap_or_default())),
        ("<mount>", text(&on.mount)),
        ("<claim>", text(&on.claim)),
    ];
    // From the last to the first: what a user's text has in brackets comes after the one that is meant.
    let fill = |yaml: String, (part, value): &(&str, String)| yaml.replacen(part, value, 1);
    Ok(parts.iter().rev().fold(JOB.to_owned(), fill))
}

/// The sweep folder, which has to lie on the volume that pods have.
fn folder_on(on: &Kubernetes, job: &Job<'_>) -> Result<String, SweepError> {
    let folder = whole_path(job.folder.root())?;
    match !on.mount.is_empty() && Path::new(&folder).starts_with(&on.mount) {
        true => Ok(folder),
        false => Err(SweepError::ProfileKey {
            key: "kubernetes.mount",
            expected: "the folder that the volume is mounted at",
            found: format!("{}, which does not hold {folder}", on.mount),
        }),
    }
}

/// Text in double quotes, as YAML and JSON both have it.
fn text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Slurm's `4G` as Kubernetes has it, `4Gi`.
fn binary(mem: &str) -> String {
    if mem.ends_with(['K', 'M', 'G', 'T']) { format!("{mem}i") } else { mem.to_owned() }
}
