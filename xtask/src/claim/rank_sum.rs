//! The Mann–Whitney U test (Wilcoxon's rank-sum test), exact.

use super::ranks::doubled_midranks;

/// The chances of a rank sum under the hypothesis that both samples come from one distribution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Tails {
    /// Of a sum of the first sample's ranks as small as the one that was seen, or smaller.
    pub(super) lower: f64,
    /// Of one as large, or larger.
    pub(super) upper: f64,
}

impl Tails {
    /// The two-sided p: twice the smaller tail.
    pub(super) fn two_sided(self) -> f64 {
        (2.0 * self.lower.min(self.upper)).min(1.0)
    }
}

/// Compares two samples by the ranks of the first among all values, equal ones by midranks.
///
/// Every choice of `first.len()` of all values is equally likely; `counts[k][s]` is the number of
/// choices of `k` values whose doubled ranks sum to `s`, built value by value. Ties make no
/// difference to its exactness.
///
/// # Numerics
/// Counts are whole numbers in `f64`, exact up to 2⁵³ choices (some 28 values a side).
///
/// # Source
/// Mann & Whitney (1947), doi:10.1214/aoms/1177730491; ties: Lehmann, Nonparametrics (1975), §1.4.
pub(super) fn rank_sum(first: &[f64], second: &[f64]) -> Tails {
    let values: Vec<f64> = first.iter().chain(second).copied().collect();
    let ranks = doubled_midranks(&values);
    let seen: usize = ranks[..first.len()].iter().sum();
    let total: usize = ranks.iter().sum();
    let mut counts = vec![vec![0.0; total + 1]; first.len() + 1];
    counts[0][0] = 1.0;
    for &rank in &ranks {
        for k in (1..=first.len()).rev() {
            let (fewer, more) = counts.split_at_mut(k);
            for sum in rank..=total {
                more[0][sum] += fewer[k - 1][sum - rank];
            }
        }
    }
    let of_size = &counts[first.len()];
    let all: f64 = of_size.iter().sum();
    let share = |part: &[f64]| part.iter().sum::<f64>() / all;
    Tails { lower: share(&of_size[..=seen]), upper: share(&of_size[seen..]) }
}

/// The smallest one-sided p that samples of these sizes can come to: that of no overlap at all.
pub(super) fn smallest_p(n_first: usize, n_second: usize) -> f64 {
    // A whole number at every step.
    let choices = (1..=n_first).fold(1.0, |c, k| c * (n_second + k) as f64 / k as f64);
    1.0 / choices
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(p: f64, expected: f64) {
        assert!((p - expected).abs() < 1e-12, "{p} is not {expected}");
    }

    #[test]
    fn three_against_three_without_overlap_is_one_in_twenty() {
        let tails = rank_sum(&[1.0, 2.0, 3.0], &[4.0, 5.0, 6.0]);
        assert_eq!((tails.lower, tails.upper), (0.05, 1.0));
        assert_eq!(tails.two_sided(), 0.1);
        assert_eq!(rank_sum(&[4.0, 5.0, 6.0], &[1.0, 2.0, 3.0]).upper, 0.05);
    }

    /// Mann & Whitney's table I: the chance of a U that small, for five against five.
    #[test]
    fn the_distribution_is_that_of_the_table() {
        let one_sided = |first: [f64; 5]| {
            let others: Vec<f64> =
                (1..=10).map(f64::from).filter(|rank| !first.contains(rank)).collect();
            rank_sum(&first, &others).lower
        };
        close(one_sided([1.0, 2.0, 3.0, 4.0, 5.0]), 1.0 / 252.0); // U = 0: 0.004
        close(one_sided([1.0, 2.0, 3.0, 4.0, 6.0]), 2.0 / 252.0); // U = 1: 0.008
        close(one_sided([1.0, 2.0, 3.0, 4.0, 9.0]), 12.0 / 252.0); // U = 4: 0.048
        close(one_sided([1.0, 2.0, 3.0, 5.0, 9.0]), 19.0 / 252.0); // U = 5: 0.075
    }

    /// The same by listing every choice.
    #[test]
    fn ties_are_counted_exactly() {
        let (first, second) = ([1.0, 2.0, 2.0], [2.0, 3.0, 3.0, 0.5]);
        let values: Vec<f64> = first.iter().chain(&second).copied().collect();
        let ranks = doubled_midranks(&values);
        let seen: usize = ranks[..3].iter().sum();
        let sums = (0_u32..1 << 7).filter(|choice| choice.count_ones() == 3).map(|choice| {
            (0..7).filter(|idx| choice >> idx & 1 == 1).map(|idx| ranks[idx]).sum::<usize>()
        });
        let sums: Vec<usize> = sums.collect();
        let share = |n: usize| n as f64 / 35.0;
        let tails = rank_sum(&first, &second);
        close(tails.lower, share(sums.iter().filter(|&&sum| sum <= seen).count()));
        close(tails.upper, share(sums.iter().filter(|&&sum| sum >= seen).count()));
        assert_eq!(rank_sum(&[1.0; 4], &[1.0; 4]), Tails { lower: 1.0, upper: 1.0 });
    }

    #[test]
    fn few_seeds_have_a_smallest_p() {
        close(smallest_p(3, 3), 0.05);
        close(smallest_p(1, 1), 0.5);
        close(smallest_p(2, 5), 1.0 / 21.0);
        close(smallest_p(10, 10), 1.0 / 184_756.0);
    }
}
