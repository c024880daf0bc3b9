//! The machine that the measurements were taken on.

use std::env;
use std::fs;
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

/// Sets of vector instructions that decide how fast a step is, as Linux spells them.
const INSTRUCTIONS: [&str; 5] = ["avx2", "avx512f", "avx512_bf16", "amx_bf16", "asimd"];

/// Cores, processor, its instructions, system and date, in one line; what the system does not report is left
/// out.
pub(crate) fn description() -> String {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let processor = fs::read_to_string("/proc/cpuinfo").map_or(String::new(), |t| processor(&t));
    let plural = if cores == 1 { "" } else { "s" };
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let (system, on) = (env::consts::OS, env::consts::ARCH);
    format!("{cores} core{plural}{processor}, {system} on {on}, {}", date(since.as_secs() / 86_400))
}

/// The load average over the last minute, where the system reports it: anything but
/// about 0 spoils a measurement.
pub(crate) fn load() -> Option<f64> {
    first_number(&fs::read_to_string("/proc/loadavg").ok()?)
}

fn first_number(loadavg: &str) -> Option<f64> {
    loadavg.split_whitespace().next()?.parse().ok()
}

/// ` of NAME (family F, model M; instructions)`, from Linux's list of processors.
fn processor(cpuinfo: &str) -> String {
    let pairs = cpuinfo.lines().filter_map(|line| line.split_once(':'));
    let pairs: Vec<_> = pairs.map(|(key, value)| (key.trim(), value.trim())).collect();
    let value = |key| pairs.iter().find(|(found, _)| *found == key).map(|(_, value)| *value);
    let Some(name) = value("model name") else { return String::new() };
    let family = value("cpu family").map(|family| format!("family {family}"));
    let model = value("model").map(|model| format!("model {model}"));
    let flags: Vec<&str> = value("flags").unwrap_or_default().split(' ').collect();
    let has = INSTRUCTIONS.into_iter().filter(|set| flags.contains(set)).collect::<Vec<_>>();
    let has = (!has.is_empty()).then(|| has.join(" "));
    let details: Vec<String> = [family, model, has].into_iter().flatten().collect();
    match details.is_empty() {
        true => format!(" of {name}"),
        false => format!(" of {name} ({})", details.join(", ")),
    }
}

/// `YEAR-MONTH-DAY` of the Gregorian calendar, so many days after 1970-01-01.
fn date(days: u64) -> String {
    // Years begin in March, so that the day that leap years add is the last.
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = 400 * era + year_of_era + u64::from(month < 3);
    format!("{year}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_processor_is_described_where_linux_describes_it() {
        let text = "processor\t: 0\ncpu family\t: 6\nmodel\t\t: 207\nmodel name\t: Example 9000\n\
                    flags\t\t: fpu avx2 avx512f sse\nmodel name\t: other\n";
        let described = " of Example 9000 (family 6, model 207, avx2 avx512f)";
        assert_eq!(processor(text), described);
        assert_eq!(processor("model name : other\n"), " of other");
        assert_eq!(processor("processor : 0\n"), "");
        assert!(description().contains("core"));
    }

    #[test]
    fn days_are_counted_from_1970() {
        for (days, text) in [
            (0, "1970-01-01"),
            (11_016, "2000-02-29"),
            (11_017, "2000-03-01"),
            (20_786, "2026-11-29"),
        ] {
            assert_eq!(date(days), text);
        }
    }

    #[test]
    fn the_load_is_that_of_the_last_minute() {
        assert_eq!(first_number("3.80 4.30 3.90 2/345 6789\n"), Some(3.8));
        assert_eq!(first_number(""), None);
    }
}
