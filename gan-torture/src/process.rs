//! What a process has used, from the files that Linux keeps about it; nothing is known elsewhere.

use std::fs;
use std::process::Command;

/// Forget the peak of this process's memory; what it has now, in MiB.
pub(crate) fn reset_peak() -> Option<u64> {
    fs::write("/proc/self/clear_refs", "5").ok()?;
    peak_mib()
}

/// The most memory that this process has had since the last reset, in MiB.
pub(crate) fn peak_mib() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib / 1024)
}

/// The processor time of a process, all threads together, in hundredths of a second.
pub(crate) fn processor_time(id: u32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name in parentheses may have spaces of its own.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some(user + system)
}

/// The program with an address space of at most `mib`, where a shell can limit it.
pub(crate) fn limited(program: &std::path::Path, mib: u64) -> Command {
    if !cfg!(unix) {
        return Command::new(program);
    }
    let mut command = Command::new("sh");
    command.args(["-c", &format!("ulimit -v {}; exec \"$0\" \"$@\"", mib * 1024)]).arg(program);
    command
}
