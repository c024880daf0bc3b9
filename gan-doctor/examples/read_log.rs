//! Examines the log of a run, made by any program: `read_log FILE [ours=theirs,…] [--json]`.
//!
//! Without a file, the course's DCGAN losing its digits, as it was recorded.

#![expect(clippy::print_stdout, reason = "an example prints what it found")]

use std::error::Error;
use std::process::ExitCode;

use gan_doctor::reader::{Columns, read_csv, read_json_lines};
use gan_doctor::{Case, CriticFacts, Examination, Loss, Objective};

const RECORDED: &[u8] = include_bytes!("../tests/recorded/dcgan-seed-3.csv");

fn main() -> ExitCode {
    match examine() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn examine() -> Result<(), Box<dyn Error>> {
    let (flags, arguments): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|argument| argument.starts_with("--"));
    let columns: Columns = arguments.get(1).map_or("", String::as_str).parse()?;
    let read = match arguments.first() {
        None => read_csv(RECORDED, &columns)?,
        Some(path) if path.ends_with(".jsonl") => read_json_lines(&std::fs::read(path)?, &columns)?,
        Some(path) => read_csv(&std::fs::read(path)?, &columns)?,
    };
    for note in &read.notes {
        println!("note: {note}");
    }
    let case = Case {
        objective: Objective { loss: Some(Loss::NonSaturating), ..Objective::default() },
        critic: CriticFacts { batch_norm: Some(true), ..CriticFacts::default() },
        ..Case::default()
    };
    let examination = Examination::of(&case, &read.trace);
    if flags.iter().any(|flag| flag == "--json") {
        println!("{}", serde_json::to_string_pretty(&examination)?);
    } else {
        println!("{examination}");
    }
    Ok(())
}
