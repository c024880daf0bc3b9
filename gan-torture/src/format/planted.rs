//! Readers with a fault each, and one without: they show that every fault is noticed.
//!
//! They are no formats of the workspace; only their names start them.

use std::path::Path;
use std::time::Duration;

use super::{Format, no_other_spelling};
use crate::draw::Draw;
use crate::input::Input;
use crate::oracle::Reading;

/// All of them.
pub(crate) const ALL: &[Format] = &[
    planted("planted-sound", |_| Ok(Reading::of("same"))),
    planted("planted-panic", |_| Ok(Reading::of(first_byte(&[]).to_string()))),
    planted("planted-panic-in-a-thread", panic_elsewhere),
    planted("planted-abort", |_| std::process::abort()),
    planted("planted-deep-recursion", |_| Ok(Reading::of(depth(0).to_string()))),
    planted("planted-memory", |_| Ok(Reading::of(fill(1200).to_string()))),
    planted("planted-endless-memory", |_| Ok(Reading::of(fill(1 << 20).to_string()))),
    planted("planted-busy-loop", |_| busy()),
    planted("planted-control-character", |_| anyhow::bail!("cannot read \u{1b}[31ma.png")),
    planted("planted-two-lines", |_| anyhow::bail!("cannot read\na.png")),
    planted("planted-long-message", |_| anyhow::bail!("{}", "x".repeat(601))),
    planted("planted-refusal", |_| anyhow::bail!("no file is good enough")),
    planted("planted-wrong-numbers", |_| Ok(wrong_numbers())),
    planted("planted-long-line", |_| Ok(long_line())),
    planted("planted-print", print),
    planted("planted-spelling", spelling),
];

const fn planted(name: &'static str, read: fn(&Path) -> anyhow::Result<Reading>) -> Format {
    Format { name, seeds, mutate, respell, read }
}

fn seeds() -> Vec<Input> {
    vec![Input::file("file", *b"some bytes")]
}

fn mutate(_: &mut Input, _: &mut Draw) {}

fn respell(input: &Input, draw: &mut Draw) -> Option<Input> {
    no_other_spelling(input, draw).or_else(|| Some(input.clone().with("other", *b"spelling")))
}

fn first_byte(bytes: &[u8]) -> u8 {
    bytes[0]
}

/// A panic of which the caller learns nothing.
fn panic_elsewhere(_: &Path) -> anyhow::Result<Reading> {
    let _ = std::thread::spawn(|| first_byte(&[])).join();
    Ok(Reading::of("same"))
}

fn depth(level: u64) -> u64 {
    let frame = std::hint::black_box([level; 64]);
    if frame[0] == u64::MAX { 0 } else { 1 + std::hint::black_box(depth(level + 1)) }
}

fn fill(mib: usize) -> usize {
    let bytes: Vec<u8> = std::hint::black_box(vec![1; mib << 20]);
    bytes.len()
}

fn busy() -> anyhow::Result<Reading> {
    loop {
        std::hint::spin_loop();
    }
}

fn wrong_numbers() -> Reading {
    let faults = vec!["3 samples counted of 4".to_owned()];
    Reading { faults, ..Reading::of("same") }
}

fn long_line() -> Reading {
    Reading { lines: vec!["x".repeat(601)], ..Reading::of("same") }
}

fn print(_: &Path) -> anyhow::Result<Reading> {
    println!("something that nobody asked for");
    // So that it is read before the line of the case.
    std::thread::sleep(Duration::from_millis(1));
    Ok(Reading::of("same"))
}

fn spelling(folder: &Path) -> anyhow::Result<Reading> {
    Ok(Reading::of(folder.join("other").exists().to_string()))
}
