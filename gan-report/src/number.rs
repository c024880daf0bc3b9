//! Numbers as people read them.

pub(crate) use gan_plot::grouped;

/// Three to four significant digits, with an exponent where it is far from 1.
pub(crate) fn short(number: f64) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "∞" } else { "−∞" }.to_owned();
    }
    let size = number.abs();
    let text = if number.fract() == 0.0 && size < 1e6 {
        format!("{}{}", if number < 0.0 { "-" } else { "" }, grouped(size as u64))
    } else if !(1e-3..1e6).contains(&size) {
        format!("{number:.2e}")
    } else {
        let decimals = 2 - (size.log10().floor() as i32).clamp(-2, 2);
        format!("{number:.*}", usize::try_from(decimals).unwrap_or(0))
    };
    text.replace('-', "−")
}

/// A duration in seconds as hours, minutes and seconds.
pub(crate) fn duration(seconds: f64) -> String {
    let whole = seconds.max(0.0).round() as u64;
    let (hours, minutes, seconds) = (whole / 3600, whole / 60 % 60, whole % 60);
    match (hours, minutes) {
        (0, 0) => format!("{seconds} s"),
        (0, _) => format!("{minutes} min {seconds:02} s"),
        _ => format!("{hours} h {minutes:02} min"),
    }
}

/// A number of bytes in the largest unit below it.
pub(crate) fn bytes(number: u64) -> String {
    let number = number as f64;
    match number {
        n if n >= 1e9 => format!("{:.2} GB", n / 1e9),
        n if n >= 1e6 => format!("{:.1} MB", n / 1e6),
        n => format!("{:.0} kB", n / 1e3),
    }
}

/// A moment in seconds since 1970 as date and time, in UTC.
///
/// # Source
/// Days to a civil date as by Hinnant (2013), "chrono-Compatible Low-Level Date Algorithms".
pub(crate) fn moment(unix_seconds: u64) -> String {
    let (days, of_day) = (unix_seconds / 86_400 + 719_468, unix_seconds % 86_400);
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = year_of_era + 400 * era + u64::from(month <= 2);
    let (hour, minute) = (of_day / 3600, of_day / 60 % 60);
    format!("{year}-{month:02}-{day:02} {hour:02}:{minute:02} UTC")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        let numbers =
            [0.0, 938.0, 11_244.0, 0.000_3, 0.051_23, 0.5, 2.636, 34.56, 1234.5, -0.12, 2.5e9];
        let texts = [
            "0",
            "938",
            "11,244",
            "3.00e−4",
            "0.0512",
            "0.500",
            "2.64",
            "34.6",
            "1234",
            "−0.120",
            "2.50e9",
        ];
        assert_eq!(numbers.map(short), texts);
        assert_eq!(short(f64::NEG_INFINITY), "−∞");
        assert_eq!(short(-5.0), "−5");
    }

    #[test]
    fn durations_sizes_and_moments_read_as_such() {
        assert_eq!([5.4, 560.4, 9000.0].map(duration), ["5 s", "9 min 20 s", "2 h 30 min"]);
        assert_eq!([900, 161_034_240, 2_000_000_000].map(bytes), ["1 kB", "161.0 MB", "2.00 GB"]);
        assert_eq!(moment(0), "1970-01-01 00:00 UTC");
        assert_eq!(moment(1_796_029_319), "2026-11-30 09:01 UTC");
        assert_eq!(moment(951_782_400), "2000-02-29 00:00 UTC");
    }
}
