//! The memory that is left, as far as the system tells.

use std::fs;

/// Limits of a container (control groups, of version 2 and of version 1).
const LIMITS: [&str; 2] =
    ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"];

/// Bytes that could be used without another program losing its own, swap included; where a
/// container is limited to less, its limit. `None` where the system does not tell (it is Linux that does).
pub(crate) fn free_bytes() -> Option<u64> {
    let free = free_of(&fs::read_to_string("/proc/meminfo").ok()?)?;
    let limit = |path| fs::read_to_string(path).ok()?.trim().parse().ok();
    Some(LIMITS.iter().filter_map(limit).fold(free, u64::min))
}

/// Memory and swap that are free by the text of `/proc/meminfo`, in bytes.
fn free_of(meminfo: &str) -> Option<u64> {
    let kibibytes = |key: &str| -> Option<u64> {
        let line = meminfo.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'))?;
        line.trim().strip_suffix("kB")?.trim().parse().ok()
    };
    let total = kibibytes("MemAvailable")?.checked_add(kibibytes("SwapFree").unwrap_or(0))?;
    total.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_and_swap_are_added() {
        let text = "MemTotal:  24684084 kB\nMemAvailable:   1000 kB\nSwapFree:     24 kB\n";
        assert_eq!(free_of(text), Some(1024 * 1024));
        assert_eq!(free_of("MemAvailable: 3 kB\n"), Some(3 * 1024));
        assert_eq!(free_of("MemTotal: 3 kB\n"), None);
        assert_eq!(free_of("MemAvailable: many kB\n"), None);
    }
}
