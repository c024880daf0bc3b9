//! Spearman's rank correlation.

use super::ranks::doubled_midranks;

/// The rank correlation of pairs, in [−1, 1]: the correlation of their midranks.
///
/// `None` where it is undefined: fewer than two pairs, a value that is no number, or a side that is
/// constant.
///
/// # Source
/// Spearman (1904), doi:10.2307/1412159.
pub(super) fn spearman(pairs: &[(f64, f64)]) -> Option<f64> {
    if pairs.iter().any(|(a, b)| a.is_nan() || b.is_nan()) {
        return None;
    }
    let (one, other): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
    let [one, other] = [one, other].map(|side| centered(&doubled_midranks(&side)));
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let scale = (dot(&one, &one) * dot(&other, &other)).sqrt();
    (scale > 0.0).then(|| (dot(&one, &other) / scale).clamp(-1.0, 1.0))
}

fn centered(ranks: &[usize]) -> Vec<f64> {
    let mean = ranks.iter().sum::<usize>() as f64 / ranks.len() as f64;
    ranks.iter().map(|&rank| rank as f64 - mean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(one: &[f64], other: &[f64]) -> Option<f64> {
        let pairs: Vec<_> = one.iter().copied().zip(other.iter().copied()).collect();
        spearman(&pairs)
    }

    #[test]
    fn only_the_order_counts() {
        assert_eq!(of(&[1.0, 2.0, 3.0], &[0.1, 7.0, 1e9]), Some(1.0));
        assert_eq!(of(&[1.0, 2.0, f64::INFINITY], &[3.0, 2.0, -1.0]), Some(-1.0));
    }

    /// 1 − 6·Σd²/(n·(n² − 1)) without ties: differences 1, 1, 1, 1, 0 of five.
    #[test]
    fn it_is_spearmans_formula() {
        let rho = of(&[1.0, 2.0, 3.0, 4.0, 5.0], &[2.0, 1.0, 4.0, 3.0, 5.0]).unwrap();
        assert!((rho - (1.0 - 6.0 * 4.0 / 120.0)).abs() < 1e-12, "{rho}");
        let tied = of(&[1.0, 1.0, 2.0], &[1.0, 2.0, 3.0]).unwrap();
        assert!((tied - 0.75_f64.sqrt()).abs() < 1e-12, "{tied}");
    }

    #[test]
    fn a_constant_or_a_missing_number_has_none() {
        assert_eq!(of(&[1.0, 1.0], &[1.0, 2.0]), None);
        assert_eq!(of(&[1.0, f64::NAN], &[1.0, 2.0]), None);
        assert_eq!(of(&[1.0], &[1.0]), None);
        assert_eq!(of(&[], &[]), None);
    }
}
