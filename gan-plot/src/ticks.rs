//! Axis ticks at round numbers.

/// A marked place on an axis.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tick {
    /// Where, in the axis's own unit.
    pub(crate) value: f64,
    /// The number as written beside it.
    pub(crate) label: String,
}

/// Ticks at 1, 2 or 5 times a power of ten within `[low, high]`, about `wanted` of them.
///
/// Both ends are finite and `low < high`.
pub(crate) fn linear(low: f64, high: f64, wanted: usize) -> Vec<Tick> {
    let rough = (high - low) / wanted.max(1) as f64;
    let decade = rough.log10().floor();
    let unit = 10f64.powf(decade);
    let factor = [1.0, 2.0, 5.0].into_iter().find(|f| f * unit >= rough * 0.999).unwrap_or(10.0);
    let step = factor * unit;
    let exponent = if factor == 10.0 { decade + 1.0 } else { decade } as i32;

    let (first, last) = ((low / step - 1e-9).ceil(), (high / step + 1e-9).floor());
    let plain = low.abs().max(high.abs()) < 1e7 && exponent >= -4;
    // Few enough to fit an `i32`, however large the numbers are.
    let n_ticks = (last - first).clamp(0.0, 100.0) as i32;
    (0..=n_ticks)
        .map(|idx| {
            // Adding 0 turns −0 into 0.
            let value = (first + f64::from(idx)) * step + 0.0;
            let label = if plain { fixed(value, exponent) } else { scientific(value, exponent) };
            Tick { value, label }
        })
        .collect()
}

/// Ticks for a logarithmic axis over `[low, high]`; all three are base-10 logarithms.
///
/// Below one decade these are the [`linear`] ones; up to three they are 1, 2 and 5 times each power
/// of ten, beyond that whole decades, at most about eight of them. Both ends are finite and
/// `low < high`.
pub(crate) fn logarithmic(low: f64, high: f64) -> Vec<Tick> {
    let span = high - low;
    if span < 1.0 {
        let ticks = linear(10f64.powf(low), 10f64.powf(high), 5).into_iter();
        return ticks.map(|tick| Tick { value: tick.value.log10(), ..tick }).collect();
    }
    let stride = (span / 8.0).ceil();
    let factors: &[i32] = if span <= 3.0 { &[1, 2, 5] } else { &[1] };
    let (first, last) = ((low / stride).floor() as i32, (high / stride).ceil() as i32);
    (first..=last)
        .flat_map(|idx| factors.iter().map(move |factor| power(*factor, idx * stride as i32)))
        .filter(|tick| (low - 1e-9..=high + 1e-9).contains(&tick.value))
        .collect()
}

fn power(factor: i32, exponent: i32) -> Tick {
    let label = if (-3..=4).contains(&exponent) {
        fixed(f64::from(factor) * 10f64.powi(exponent), exponent)
    } else {
        format!("{factor}e{exponent}")
    };
    Tick { value: f64::from(factor).log10() + f64::from(exponent), label }
}

/// As many decimals as a step of `10^exponent` needs.
fn fixed(value: f64, exponent: i32) -> String {
    format!("{value:.*}", usize::try_from(-exponent).unwrap_or(0))
}

fn scientific(value: f64, exponent: i32) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let digits = value.abs().log10().floor() as i32 - exponent;
    format!("{value:.*e}", usize::try_from(digits).unwrap_or(0)).replace(".0e", "e")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(ticks: &[Tick]) -> Vec<&str> {
        ticks.iter().map(|tick| tick.label.as_str()).collect()
    }

    #[test]
    fn linear_ticks_are_round_and_inside() {
        assert_eq!(labels(&linear(0.0, 1.0, 5)), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(labels(&linear(-1.8, 2.7, 5)), ["-1", "0", "1", "2"]);
        assert_eq!(labels(&linear(0.0, 20_000.0, 5)), ["0", "5000", "10000", "15000", "20000"]);
        assert_eq!(labels(&linear(0.0, 2e8, 4)), ["0", "5e7", "1e8", "1.5e8", "2e8"]);
        assert_eq!(labels(&linear(0.0, 4e-7, 2)), ["0", "2e-7", "4e-7"]);
    }

    #[test]
    fn an_axis_far_from_zero_has_few_ticks() {
        for (low, high) in [(1e15, 1e15 + 1.0), (-1e99, 1e99), (1e-30, 2e-30)] {
            let ticks = linear(low, high, 6);
            assert!((1..=20).contains(&ticks.len()), "{low} {high}: {}", ticks.len());
        }
    }

    #[test]
    fn logarithmic_ticks_suit_the_span() {
        assert_eq!(labels(&logarithmic(-2.3, 1.2)), ["0.01", "0.1", "1", "10"]);
        assert_eq!(labels(&logarithmic(-0.1, 1.1)), ["1", "2", "5", "10"]);
        assert_eq!(labels(&logarithmic(0.0, 0.2)), ["1.0", "1.2", "1.4"]);
        let wide = logarithmic(-30.0, 12.0);
        assert_eq!(labels(&wide)[..2], ["1e-30", "1e-24"]);
        assert!(wide.len() <= 9);
    }
}
