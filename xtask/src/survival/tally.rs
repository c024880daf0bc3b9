//! The results of the trials.

use super::Wanted;

/// Counts of trials.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) trials: u64,
    /// Kills, failed writes or ends of a part after which the run was resumed.
    pub(super) strikes: u64,
    /// Trials whose run ended like the undisturbed one.
    pub(super) survived: u64,
    /// Checkpoints whose files did not match their checksums.
    pub(super) corruptions: u64,
    /// Trials whose run could not continue, or ended otherwise than the undisturbed one.
    pub(super) mismatches: u64,
}

impl Tally {
    pub(super) const HEADING: &str = "\
| torture | seed | trials | strikes | survived | corruptions | mismatches |
|---|---|---|---|---|---|---|";

    pub(super) fn row(&self, wanted: &Wanted) -> String {
        let Self { trials, strikes, survived, corruptions, mismatches } = self;
        let (name, seed) = (wanted.kind.name(), wanted.seed);
        format!(
            "| {name} | {seed} | {trials} | {strikes} | {survived} | {corruptions} | {mismatches} |"
        )
    }

    pub(super) fn has_faults(&self) -> bool {
        self.corruptions > 0 || self.mismatches > 0
    }

    /// A trial with the differences that were found, which are printed.
    pub(super) fn add(&mut self, what: &str, differences: &[String]) {
        self.trials += 1;
        if differences.is_empty() {
            self.survived += 1;
        } else {
            self.mismatches += 1;
            say!("    MISMATCH: {what}: {}", differences.join("; "));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::survival::Kind;

    #[test]
    fn a_trial_with_a_difference_is_a_fault() {
        let mut tally = Tally::default();
        tally.add("a kill", &[]);
        assert!(!tally.has_faults());
        tally.add("a kill", &["metrics.jsonl differs".to_owned()]);
        assert!(tally.has_faults());
        let row = tally.row(&Wanted::of(Kind::Kill));
        assert_eq!(row, "| kill | 0 | 2 | 0 | 1 | 0 | 1 |");
    }
}
