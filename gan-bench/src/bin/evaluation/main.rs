//! The evaluation of 10,000 digits against 10,000 others and its parts, for `cargo xtask bench evaluation`.
//!
//! Reads tasks, a line each, and answers each with a line:
//!
//! | Task | Answer |
//! |---|---|
//! | `write FOLDER` | `done`: the digits are in `real.f32`, `fake.f32` and `held-out.f32` there, the classifier in `classifier.bin` |
//! | `features`, `card`, and the other tasks of `Digits::work` | seconds that it took, and the number that it is about |
//!
//! What cannot be done is answered with `error:` and the reason. `twin.py` beside this file answers the same
//! tasks in PyTorch, NumPy and SciPy.
#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a benchmark prints, and its set-up is its own"
)]

mod digits;

use std::io::{BufRead, Write};
use std::time::Instant;

use crate::digits::Digits;

fn main() {
    let mut digits = None;
    for task in std::io::stdin().lock().lines() {
        let task = task.expect("the input is text");
        let digits = digits.get_or_insert_with(Digits::read);
        let answer = answer(digits, &task).unwrap_or_else(|reason| format!("error: {reason}"));
        println!("{answer}");
        std::io::stdout().flush().expect("stdout is read");
    }
}

fn answer(digits: &Digits, task: &str) -> Result<String, String> {
    if let Some(folder) = task.strip_prefix("write ") {
        digits.write(folder.as_ref()).map_err(|error| error.to_string())?;
        return Ok("done".to_owned());
    }
    let start = Instant::now();
    let number = digits.work(task)?;
    Ok(format!("{} {number}", start.elapsed().as_secs_f64()))
}
