//! The machine that the measurements were taken on.

use std::env;
use std::fs;
use std::thread;

/// Cores, processor and system, in one line; what the system does not report is left out.
pub(crate) fn description() -> String {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let processor = fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| model(&text));
    let processor = processor.map_or(String::new(), |model| format!(" of {model}"));
    let plural = if cores == 1 { "" } else { "s" };
    format!("{cores} core{plural}{processor}, {} on {}", env::consts::OS, env::consts::ARCH)
}

/// The load average over the last minute, where the system reports it: anything but
/// about 0 spoils a measurement.
pub(crate) fn load() -> Option<f64> {
    first_number(&fs::read_to_string("/proc/loadavg").ok()?)
}

fn first_number(loadavg: &str) -> Option<f64> {
    loadavg.split_whitespace().next()?.parse().ok()
}

/// The name of the processor in Linux's list of processors.
fn model(cpuinfo: &str) -> Option<String> {
    let value = |line: &str| line.split_once(':').map(|(_, value)| value.trim().to_owned());
    cpuinfo.lines().find(|line| line.starts_with("model name")).and_then(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_processor_is_named_where_linux_names_it() {
        let text = "processor\t: 0\nmodel name\t: Example 9000 @ 2 GHz\nmodel name\t: other\n";
        assert_eq!(model(text).as_deref(), Some("Example 9000 @ 2 GHz"));
        assert_eq!(model("processor : 0\n"), None);
        assert!(description().contains("core"));
    }

    #[test]
    fn the_load_is_that_of_the_last_minute() {
        assert_eq!(first_number("3.80 4.30 3.90 2/345 6789\n"), Some(3.8));
        assert_eq!(first_number(""), None);
    }
}
