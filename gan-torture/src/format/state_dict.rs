//! Weights in the two formats of PyTorch.

use std::path::Path;

use super::{Format, of_values, zip};
use crate::draw::Draw;
use crate::input::Input;
use crate::oracle::Reading;
use crate::{mutate, text};

/// A header in JSON, then the values.
pub(super) const SAFETENSORS: Format = Format {
    name: "safetensors",
    seeds: || vec![safetensors([0, 1, 2, 3], ""), safetensors([3, 1, 0, 2], "  ")],
    mutate: damage_safetensors,
    respell: respell_safetensors,
    read: |folder| read(&folder.join(SAFETENSORS_NAME)),
};
/// An archive with a pickle and a file for each tensor.
pub(super) const PTH: Format = Format {
    name: "pth",
    seeds: pth_seeds,
    mutate: damage_pth,
    respell: respell_pth,
    read: |folder| read(&folder.join(PTH_NAME)),
};

const SAFETENSORS_NAME: &str = "weights.safetensors";
const PTH_NAME: &str = "weights.pth";
/// What PyTorch has written for 3 latents, 5 hidden units and 2 coordinates.
const GENERATOR: &[u8] =
    include_bytes!("../../../gan-cli/tests/fixtures/pytorch/gan-generator.pth");
/// The same tensors: names, shapes, numbers of values.
const TENSORS: [(&str, &str, usize); 4] = [
    ("hidden.0.bias", "[5]", 5),
    ("hidden.0.weight", "[5,3]", 15),
    ("output.bias", "[2]", 2),
    ("output.weight", "[2,5]", 10),
];

/// The tensors in this order, with blanks before the values.
fn safetensors(order: [usize; 4], blanks: &str) -> Input {
    let (mut entries, mut values) = (Vec::new(), Vec::new());
    for index in order {
        let (name, shape, n) = TENSORS[index];
        let begin = values.len();
        values.extend((0..n).flat_map(|i| ((i + index) as f32 * 0.125 - 0.5).to_le_bytes()));
        let offsets = format!("[{begin},{}]", values.len());
        entries.push(format!(
            r#""{name}":{{"dtype":"F32","shape":{shape},"data_offsets":{offsets}}}"#
        ));
    }
    let header = format!("{{{}}}{blanks}", entries.join(","));
    Input::file(SAFETENSORS_NAME, joined(header.as_bytes(), &values))
}

fn joined(header: &[u8], values: &[u8]) -> Vec<u8> {
    [&(header.len() as u64).to_le_bytes(), header, values].concat()
}

fn damage_safetensors(input: &mut Input, draw: &mut Draw) {
    let Some(bytes) = input.bytes_mut(0) else { return };
    let parts = bytes.split_first_chunk().and_then(|(length, rest)| {
        let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
        rest.split_at_checked(length)
    });
    let Some((header, values)) = parts else { return mutate::bytes(bytes, &[], draw) };
    let (mut header, mut values) = (header.to_vec(), values.to_vec());
    match draw.below(6) {
        0 => mutate::bytes(&mut values, &[], draw),
        1 => damage_entries(&mut header, draw),
        2 => return mutate::field(bytes, 0, 8, draw),
        _ => text::tokens(&mut header, draw),
    }
    *bytes = joined(&header, &values);
}

/// Drop, double or move one of the tensors, or give one the type of another.
fn damage_entries(header: &mut Vec<u8>, draw: &mut Draw) {
    let text = String::from_utf8_lossy(header).into_owned();
    if draw.once_in(2) {
        let types = ["F64", "F16", "BF16", "I8", "U8", "I64", "BOOL", "F8_E4M3", "C64", "F4"];
        *header = text.replacen("F32", draw.word(&types), 1 + draw.below(4)).into_bytes();
        return;
    }
    let inner = text.trim().trim_start_matches('{').trim_end_matches('}');
    let mut entries: Vec<String> = inner.split("},").map(|entry| format!("{entry}}}")).collect();
    mutate::parts(&mut entries, draw);
    *header = format!("{{{}}}", entries.join(",").replace("}}", "}")).into_bytes();
}

/// The order of the tensors and blanks behind the header mean nothing.
fn respell_safetensors(_: &Input, draw: &mut Draw) -> Option<Input> {
    let mut order = [0, 1, 2, 3];
    for index in 0..4 {
        order.swap(index, draw.below(4));
    }
    Some(safetensors(order, &" ".repeat(draw.below(9))))
}

fn pth_seeds() -> Vec<Input> {
    let deflated = zip::respelled(GENERATOR, &mut Draw::of_case("pth seeds", 0));
    let files = [Some(GENERATOR.to_vec()), deflated];
    files.into_iter().flatten().map(|bytes| Input::file(PTH_NAME, bytes)).collect()
}

fn damage_pth(input: &mut Input, draw: &mut Draw) {
    if let Some(bytes) = input.bytes_mut(0) {
        zip::damage(bytes, draw, damage_pickle);
    }
}

/// A pickle is opcodes and short numbers between names.
fn damage_pickle(bytes: &mut Vec<u8>, draw: &mut Draw) {
    const OPCODES: &[u8] =
        b"(.0123FINJKMLRSTUVXabcdeghijlopqrstu}]){\x80\x81\x85\x86\x87\x88\x89\x8a\x8b\x8c\x93\x94";
    match draw.below(4) {
        0 => text::tokens(bytes, draw),
        1 => {
            let opcode = *draw.pick(OPCODES);
            let at = draw.below(bytes.len());
            bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte = opcode);
        }
        2 => {
            let (opcode, at) = (*draw.pick(OPCODES), draw.below(bytes.len() + 1));
            let times = 1 << draw.below(16);
            bytes.splice(at..at, std::iter::repeat_n(opcode, times));
        }
        _ => mutate::bytes(bytes, &[], draw),
    }
}

fn respell_pth(input: &Input, draw: &mut Draw) -> Option<Input> {
    Some(Input::file(PTH_NAME, zip::respelled(input.bytes(PTH_NAME), draw)?))
}

fn read(path: &Path) -> anyhow::Result<Reading> {
    Ok(of_values(&gan_cli::torture::state_dict(path)?))
}
