//! The checkpoint that a cure begins with: the best one from before the fault.

use gan_doctor::{Diagnosis, QUALITY, Record, Remedy, keep_networks};

/// A checkpoint is better than what the run has come to if its distance from the data is less than
/// this share of it.
const BETTER: f64 = 0.9;

/// The step of the last good checkpoint before a finding: of those from before it, the nearest to
/// the data, or the newest where that was not measured.
///
/// None where there is none, or where the run has been no better than it is now: then nothing is
/// gained by keeping what it has learned.
pub(crate) fn last_good(saved: &[u64], record: &Record, finding: &Diagnosis) -> Option<u64> {
    let before = || saved.iter().copied().filter(|&step| 0 < step && step < finding.since);
    let Some(quality) = QUALITY.iter().find_map(|each| record.trace.signal(each.name)) else {
        return before().max();
    };
    let measured = quality.points().iter().filter(|(step, _)| before().any(|saved| saved == *step));
    let &(step, best) = measured.min_by(|one, other| one.1.total_cmp(&other.1))?;
    (best < BETTER * quality.last(1).last_value()?).then_some(step)
}

/// Whether a game goes on with the same networks under a remedy.
pub(crate) fn keeps_networks(remedy: &Remedy) -> bool {
    keep_networks(remedy.settings.iter().map(|each| each.key))
}

#[cfg(test)]
mod tests {
    use gan_doctor::series::FRECHET;
    use gan_doctor::{Case, Severity, Trace};

    use super::*;

    fn found(since: u64) -> Diagnosis {
        Diagnosis::of_case(Severity::Severe, "").since(since)
    }

    fn record(quality: &[(u64, f64)]) -> Record {
        let mut trace = Trace::new();
        for &(step, value) in quality {
            trace.push(FRECHET.name, step, value).unwrap();
        }
        Record { case: Case::default(), trace }
    }

    #[test]
    fn it_is_the_best_one_before_the_fault() {
        let collapsed =
            record(&[(10, 90.0), (20, 5.0), (30, 6.0), (40, 80.0), (50, 1.0), (60, 99.0)]);
        assert_eq!(last_good(&[10, 20, 30, 40, 50, 60], &collapsed, &found(35)), Some(20));
        assert_eq!(last_good(&[30, 40, 50, 60], &collapsed, &found(35)), Some(30));
        assert_eq!(last_good(&[40, 50, 60], &collapsed, &found(35)), None);
    }

    #[test]
    fn nothing_is_good_of_a_run_that_never_was_better() {
        let never = record(&[(10, 90.0), (20, 91.0), (30, 90.0)]);
        assert_eq!(last_good(&[10, 20, 30], &never, &found(25)), None);
        assert_eq!(last_good(&[10, 20], &never, &found(0)), None);
    }

    #[test]
    fn the_newest_serves_where_nothing_was_measured() {
        assert_eq!(last_good(&[0, 10, 20, 30], &record(&[]), &found(25)), Some(20));
        assert_eq!(last_good(&[0], &record(&[]), &found(25)), None);
    }

    #[test]
    fn other_networks_cannot_go_on() {
        assert!(keeps_networks(&Remedy::set("train.critic.lr", "1e-4")));
        let both = Remedy::set("train.critic.lr", "1e-4").and("model.latent", "64");
        assert!(!keeps_networks(&both));
    }
}
