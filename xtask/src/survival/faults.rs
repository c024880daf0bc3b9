//! The faults of `gan-files`, at every operation of a training.

use std::fs;
use std::path::Path;

use anyhow::{Context, ensure};

use super::sandbox::Sandbox;

const KINDS: [&str; 6] = ["power-cut", "kill-half", "short", "kill", "enospc", "eio"];

/// Every pair of a kind and an operation, in an order that is spread over all of them from the start.
pub(super) struct Faults {
    operations: u64,
    stride: u64,
}

impl Faults {
    /// Those of a training of `steps` steps, which is made once to count its operations.
    pub(super) fn of(sandbox: &Sandbox, folder: &Path, steps: u64) -> anyhow::Result<Self> {
        let trace = folder.join("operations");
        let mut command = sandbox.train(folder, steps);
        let status = command.env("GAN_FILES_TRACE", &trace).status()?;
        ensure!(status.success(), "the undisturbed training ended with {status}");
        let text = fs::read_to_string(&trace).context("the program has no faults in it")?;
        Ok(Self::over(text.lines().count() as u64))
    }

    fn over(operations: u64) -> Self {
        let pairs = operations * KINDS.len() as u64;
        let golden = (pairs as f64 * 0.618) as u64;
        let stride = (golden.max(1)..).find(|stride| greatest_divisor(*stride, pairs) == 1);
        Self { operations, stride: stride.unwrap_or(1) }
    }

    pub(super) fn operations(&self) -> u64 {
        self.operations
    }

    /// The fault of a trial, as the program reads it from its environment.
    pub(super) fn of_trial(&self, trial: u64, seed: u64) -> String {
        let kinds = KINDS.len() as u64;
        let pair = (trial % (self.operations * kinds) * self.stride) % (self.operations * kinds);
        let (kind, at) = (KINDS[(pair % kinds) as usize], pair / kinds + 1);
        format!("{kind}:{at}:{}", seed.wrapping_add(trial))
    }
}

fn greatest_divisor(mut a: u64, mut b: u64) -> u64 {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_kind_strikes_at_every_operation_once() {
        let faults = Faults::over(35);
        let pair = |trial| {
            let fault = faults.of_trial(trial, 0);
            fault.rsplit_once(':').map(|(pair, _)| pair.to_owned())
        };
        let struck: BTreeSet<_> = (0..35 * 6).filter_map(pair).collect();
        assert_eq!(struck.len(), 35 * 6);
        assert!(struck.contains("eio:35") && struck.contains("power-cut:1"));
    }
}
