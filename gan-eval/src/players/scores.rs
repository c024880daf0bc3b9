//! How far a critic's scores of real samples and fakes lie apart, in the batches of the step itself.
//!
//! | Quantity | Measures | Read as |
//! |---|---|---|
//! | `critic/score_overlap` | twice the share of (real, fake) pairs whose fake scores higher, ties half, at most 1 | 0: scores separate; 1: they do not differ (Mann and Whitney (1947), doi:10.1214/aoms/1177730491) |
//! | `critic/saturated_scores` | share of scores with `σ(score)` within 0.001 of 0 or 1 | near 1, a logistic critic is certain of everything |
//! | `critic/score_size` | median absolute score | scores that double again and again foretell numbers that overflow |

use gan_core::loss::Scores;
use gan_core::measurement::{Measurement, Quantity};
use gan_core::probe::{Probe, ProbeError, Snapshot};

/// How far scores of real samples and fakes overlap.
pub const SCORE_OVERLAP: Quantity = Quantity::new("critic/score_overlap", "share");
/// How many scores are certain.
pub const SATURATED_SCORES: Quantity = Quantity::new("critic/saturated_scores", "share");
/// How large scores are.
pub const SCORE_SIZE: Quantity = Quantity::new("critic/score_size", "score");

/// `σ(score)` is this near to 0 or 1 where a critic is certain.
const CERTAIN: f64 = 0.001;

/// Measures the scores of the critic's last update. It costs no pass of a network.
#[derive(Clone, Copy, Debug, Default)]
pub struct ScoreProbe;

impl<G, C, const D: usize> Probe<G, C, D> for ScoreProbe {
    fn name(&self) -> &str {
        "scores"
    }

    fn quantities(&self) -> Vec<Quantity> {
        vec![SCORE_OVERLAP, SATURATED_SCORES, SCORE_SIZE]
    }

    fn measure(&self, game: &Snapshot<'_, G, C, D>) -> Result<Vec<Measurement>, ProbeError> {
        let values = |of: &Scores| of.raw().into_data().iter::<f64>().collect::<Vec<_>>();
        let report = game.stepped.critic;
        Ok(measured(&values(&report.real), &values(&report.fake)))
    }
}

fn measured(real: &[f64], fake: &[f64]) -> Vec<Measurement> {
    let mut sizes: Vec<f64> = real.iter().chain(fake).map(|score| score.abs()).collect();
    sizes.sort_by(f64::total_cmp);
    // |score| ≥ ln((1 − p)/p) where σ(score) is within p of 0 or 1.
    let certain = ((1.0 - CERTAIN) / CERTAIN).ln();
    let n_certain = sizes.iter().filter(|size| **size >= certain).count();
    let median = sizes.get(sizes.len() / 2).copied().unwrap_or(f64::NAN);
    vec![
        SCORE_OVERLAP.measured(overlap(real, fake)),
        SATURATED_SCORES.measured(n_certain as f64 / sizes.len() as f64),
        SCORE_SIZE.measured(median),
    ]
}

fn overlap(real: &[f64], fake: &[f64]) -> f64 {
    let pairs = real.iter().flat_map(|real| fake.iter().map(move |fake| (real, fake)));
    let higher = pairs.map(|(real, fake)| {
        if fake > real {
            1.0
        } else if fake == real {
            0.5
        } else {
            0.0
        }
    });
    (2.0 * higher.sum::<f64>() / (real.len() * fake.len()) as f64).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(real: &[f64], fake: &[f64]) -> Vec<f64> {
        measured(real, fake).iter().map(|each| each.value).collect()
    }

    #[test]
    fn scores_that_separate_have_no_overlap_and_equal_ones_all() {
        assert_eq!(values(&[7.0, 8.0], &[-7.0, -9.0]), [0.0, 1.0, 8.0]);
        assert_eq!(values(&[0.5, 0.5], &[0.5, 0.5]), [1.0, 0.0, 0.5]);
        // Of four pairs one has the higher fake: 2·¼.
        assert_eq!(values(&[1.0, 3.0], &[2.0, 0.0])[0], 0.5);
        // A critic that prefers fakes is no less lost than one that cannot tell.
        assert_eq!(values(&[-1.0], &[1.0])[0], 1.0);
    }

    #[test]
    fn a_score_is_certain_from_one_in_a_thousand_on() {
        let (above, below) = (6.907, 6.906);
        assert_eq!(values(&[above, -above], &[below, 0.0])[1], 0.5);
    }
}
