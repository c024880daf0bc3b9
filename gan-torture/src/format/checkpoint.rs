//! The folder of a run: configuration, manifest and a checkpoint, whose checksums fit or not.

use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::{Format, of_values};
use crate::draw::Draw;
use crate::input::{Entry, Input};
use crate::oracle::Reading;
use crate::{mutate, text};

pub(super) const FORMAT: Format =
    Format { name: "checkpoint", seeds, mutate: damage, respell, read };

const FOLDER: &str = "checkpoints/step-0000000002";
const SUMS: &str = "SHA256SUMS";

/// A file of the run that was trained for two steps with 3 latents and 5 hidden units.
macro_rules! of_run {
    ($name:literal) => {
        ($name, include_bytes!(concat!("../../fixtures/run/", $name)))
    };
}

/// The files of its checkpoint.
const CHECKPOINT: &[(&str, &[u8])] = &[
    of_run!("ema.bpk"),
    of_run!("critic-optimizer.bpk"),
    of_run!("critic.bpk"),
    of_run!("generator-optimizer.bpk"),
    of_run!("generator.bpk"),
    of_run!("state.json"),
    of_run!("SHA256SUMS"),
];
/// The files beside it.
const RUN: &[(&str, &[u8])] = &[of_run!("config.toml"), of_run!("manifest.json")];

fn seeds() -> Vec<Input> {
    let run = RUN.iter().fold(Input::default(), |input, (name, bytes)| input.with(name, *bytes));
    let checkpoint = |run: Input| {
        CHECKPOINT
            .iter()
            .fold(run, |input, (name, bytes)| input.with(&format!("{FOLDER}/{name}"), *bytes))
    };
    // What a run leaves when it is ended while it writes must not matter.
    let unfinished = checkpoint(run.clone())
        .with("checkpoints/.unfinished-step-0000000004/generator.bpk", *b"half")
        .with("metrics.jsonl", *b"{\"step\":2");
    vec![checkpoint(run), unfinished]
}

/// Change one of the files; most often its checksum fits.
fn damage(input: &mut Input, draw: &mut Draw) {
    let names: Vec<String> = input.entries.keys().cloned().collect();
    let name = draw.pick(&names).clone();
    match input.entries.get_mut(&name) {
        _ if draw.once_in(20) => drop(input.entries.remove(&name)),
        Some(Entry::File(bytes)) if name.ends_with(".bpk") => damage_record(bytes, draw),
        Some(Entry::File(bytes)) => text::tokens(bytes, draw),
        _ => {}
    }
    if !name.ends_with(SUMS) && !draw.once_in(8) {
        make_sums_fit(input);
    }
}

/// Burn's records: a header of fixed fields, names and shapes in CBOR, then values.
fn damage_record(bytes: &mut Vec<u8>, draw: &mut Draw) {
    match draw.below(4) {
        0 => text::tokens(bytes, draw),
        1 => {
            let (at, width) = (draw.below(64), 1 << draw.below(4));
            mutate::field(bytes, at, width, draw);
        }
        _ => mutate::bytes(bytes, &[], draw),
    }
}

fn make_sums_fit(input: &mut Input) {
    let mut sums = String::new();
    for (name, _) in CHECKPOINT.iter().filter(|(name, _)| *name != SUMS) {
        let bytes = input.bytes(&format!("{FOLDER}/{name}"));
        let digest = Sha256::digest(bytes);
        let digits: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        sums += &format!("{digits}  {name}\n");
    }
    let name = format!("{FOLDER}/{SUMS}");
    if input.entries.contains_key(&name) {
        input.entries.insert(name, Entry::File(sums.into_bytes()));
    }
}

/// The order of the checksums and the blanks of JSON mean nothing.
fn respell(input: &Input, draw: &mut Draw) -> Option<Input> {
    let mut respelled = input.clone();
    let name = format!("{FOLDER}/state.json");
    let state = String::from_utf8(input.bytes(&name).to_vec()).ok()?;
    let blanks = " ".repeat(draw.below(4));
    respelled.entries.insert(name, Entry::File((state + &blanks).into_bytes()));
    make_sums_fit(&mut respelled);
    let name = format!("{FOLDER}/{SUMS}");
    let sums = String::from_utf8(respelled.bytes(&name).to_vec()).ok()?;
    let mut lines: Vec<&str> = sums.split_inclusive('\n').collect();
    lines.rotate_left(draw.below(6));
    let sums = lines.concat();
    respelled.entries.insert(name, Entry::File(sums.into_bytes()));
    Some(respelled)
}

fn read(folder: &Path) -> anyhow::Result<Reading> {
    let (step, config, weights) = gan_cli::torture::run(folder)?;
    let mut reading = of_values(&weights);
    reading.digest += &format!("step {step}\n{config}");
    // A checkpoint whose checksums were made to fit may hold any numbers.
    reading.faults.clear();
    Ok(reading)
}
