//! What was left out of a file, in words.

/// A note on lines that were left out.
pub(super) fn left_out(lines: &[u64], why: &str) -> Option<String> {
    let first = lines.first()?;
    Some(match lines.len() {
        1 => format!("line {first} was left out: {why}"),
        n => format!("{n} lines were left out, the first is line {first}: {why}"),
    })
}

/// A note on the last line, which its writer did not finish.
pub(super) fn torn(line: u64) -> String {
    format!("line {line}, the last, is torn and was left out: the run may be in progress")
}
