//! Mean and interval of a quantity over seeds.

use serde::Serialize;

/// How sure an interval is.
const CONFIDENCE: f64 = 0.95;

/// A quantity over the seeds of one setting. Numbers that are not finite have no mean.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Spread {
    /// Of how many seeds.
    pub n: usize,
    /// The mean.
    pub mean: Option<f64>,
    /// Half the width of the 95 % t interval of the mean, from two seeds on:
    /// `t(0.975; n - 1) · s / √n`, where `s` is the sample's standard deviation. It takes the values for
    /// draws of a normal distribution.
    pub half_width: Option<f64>,
    /// The smallest.
    pub min: f64,
    /// The largest.
    pub max: f64,
}

impl Spread {
    /// That of some values; none of no values or if one is no number.
    pub fn of(values: &[f64]) -> Option<Self> {
        if values.is_empty() || values.iter().any(|value| value.is_nan()) {
            return None;
        }
        let n = values.len();
        let min = values.iter().copied().fold(f64::INFINITY, f64::min);
        let max = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        // In an order of their own, so that that of the values changes no bit.
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let mean = sorted.iter().sum::<f64>() / n as f64;
        if !mean.is_finite() {
            return Some(Self { n, mean: None, half_width: None, min, max });
        }
        let half_width = (n > 1).then(|| {
            let squares: f64 = sorted.iter().map(|value| (value - mean) * (value - mean)).sum();
            t_quantile(n - 1) * (squares / (n - 1) as f64 / n as f64).sqrt()
        });
        Some(Self { n, mean: Some(mean), half_width, min, max })
    }
}

/// The number that Student's t with so many degrees of freedom stays within with [`CONFIDENCE`], to 12
/// digits, with the same bits on every machine: nothing but exact operations and one arc tangent of
/// `libm` goes into it.
fn t_quantile(degrees: usize) -> f64 {
    let (mut low, mut high) = (0.0, 13.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if within(middle, degrees) < CONFIDENCE { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

/// The probability of `|T| < t`: finite sums in the angle `θ = arctan(t / √ν)`.
///
/// # Source
/// Abramowitz and Stegun (1964), 26.7.3 and 26.7.4.
fn within(t: f64, degrees: usize) -> f64 {
    let freedom = degrees as f64;
    let hypotenuse = (freedom + t * t).sqrt();
    let (sine, cosine_squared) = (t / hypotenuse, freedom / (freedom + t * t));
    // Odd: cos θ (1 + 2/3 cos² θ + …); even: 1 + 1/2 cos² θ + …; each has ⌊ν / 2⌋ terms.
    let is_odd = degrees % 2 == 1;
    let (mut term, mut sum) = (if is_odd { cosine_squared.sqrt() } else { 1.0 }, 0.0);
    for k in 1..=degrees / 2 {
        sum += term;
        let (over, under) = if is_odd { (2 * k, 2 * k + 1) } else { (2 * k - 1, 2 * k) };
        term *= cosine_squared * over as f64 / under as f64;
    }
    match is_odd {
        true => std::f64::consts::FRAC_2_PI * (libm::atan(t / freedom.sqrt()) + sine * sum),
        false => sine * sum,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The 0.975 quantiles of Student's t, as tables have them.
    #[test]
    fn quantiles_are_those_of_the_tables() {
        let table = [
            (1, 12.706_204_736_174_7),
            (2, 4.302_652_729_749_46),
            (3, 3.182_446_305_283_71),
            (4, 2.776_445_105_197_79),
            (9, 2.262_157_162_798_2),
            (30, 2.042_272_456_301_24),
            (99, 1.984_216_951_586_42),
        ];
        for (degrees, expected) in table {
            let found = t_quantile(degrees);
            assert!((found - expected).abs() < 1e-9, "{degrees}: {found}, expected {expected}");
        }
    }

    #[test]
    fn an_interval_is_symmetric_about_the_mean_and_knows_no_order() {
        let spread = Spread::of(&[1.0, 2.0, 4.0]).unwrap();
        // s = √(7/3); t(0.975; 2) · s / √3
        let expected = 4.302_652_729_749_46 * (7.0_f64 / 9.0).sqrt();
        assert!((spread.half_width.unwrap() - expected).abs() < 1e-9, "{spread:?}");
        assert_eq!((spread.n, spread.min, spread.max), (3, 1.0, 4.0));
        let values = [0.1, 0.7, 0.3, 1e-9, 5.0, 0.2];
        let mut turned = values;
        turned.reverse();
        assert_eq!(Spread::of(&values), Spread::of(&turned));
    }

    #[test]
    fn one_value_has_no_interval_and_what_is_not_finite_no_mean() {
        assert_eq!(Spread::of(&[]), None);
        assert_eq!(Spread::of(&[1.0, f64::NAN]), None);
        assert_eq!(Spread::of(&[3.0]).unwrap().half_width, None);
        let endless = Spread::of(&[1.0, f64::INFINITY]).unwrap();
        assert_eq!((endless.mean, endless.max), (None, f64::INFINITY));
    }
}
