//! NumPy's arrays.

use std::path::Path;

use super::Format;
use super::csv::of_table;
use crate::draw::Draw;
use crate::input::Input;
use crate::mutate;
use crate::oracle::Reading;
use crate::text;

pub(super) const FORMAT: Format = Format { name: "npy", seeds, mutate, respell, read };

const NAME: &str = "points.npy";
const MARK: &[u8] = b"\x93NUMPY";

/// An array in parts, so that lengths can be made to fit what was changed.
#[derive(Clone, Debug)]
pub(super) struct Array {
    version: u8,
    header: Vec<u8>,
    values: Vec<u8>,
}

impl Array {
    pub(super) fn new(descr: &str, shape: &str, values: Vec<u8>) -> Self {
        let header =
            format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}\n");
        Self { version: 1, header: header.into_bytes(), values }
    }

    fn in_fortran_order(self) -> Self {
        let header = String::from_utf8_lossy(&self.header).replace("False", "True");
        Self { header: header.into_bytes(), ..self }
    }

    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(MARK)?;
        let (&[version, _], rest) = rest.split_first_chunk()?;
        let (length, rest) = match version {
            1 => rest.split_first_chunk().map(|(n, rest)| (u16::from_le_bytes(*n).into(), rest))?,
            _ => {
                rest.split_first_chunk().map(|(n, rest)| (u32::from_le_bytes(*n) as usize, rest))?
            }
        };
        let (header, values) = rest.split_at_checked(length)?;
        Some(Self { version, header: header.to_vec(), values: values.to_vec() })
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let length = (self.header.len() as u32).to_le_bytes();
        let length = if self.version == 1 { &length[..2] } else { &length[..] };
        [MARK, &[self.version, 0], length, &self.header, &self.values].concat()
    }

    /// One change to version, header or values.
    pub(super) fn mutate(&mut self, draw: &mut Draw) {
        match draw.below(6) {
            0 => self.version = *draw.pick(&[0, 1, 2, 3, 4, 255]),
            1 => self.header = self.dictionary(draw),
            2 => {
                let cut = draw.below(self.values.len() + 1);
                self.values.truncate(cut);
            }
            3 => self.values.resize(draw.below(4096), 0),
            4 => {
                let at = 4 * draw.below(self.values.len() / 4 + 1);
                mutate::field(&mut self.values, at, 4, draw);
            }
            _ => text::tokens(&mut self.header, draw),
        }
    }

    /// A dictionary of this format whose entries need not fit the values.
    fn dictionary(&self, draw: &mut Draw) -> Vec<u8> {
        const TYPES: &[&str] = &[
            "<f4", ">f4", "<f8", ">f8", "<f2", "|b1", "|u1", "|i1", "<i2", "<u4", "<i8", ">u8",
            "<c8", "|S5", "<U3", "|O", "|V16", "<f16", "<M8[ns]", "f4", "=f4", "",
        ];
        let descr = draw.pick(TYPES);
        let order = draw.pick(&["True", "False", "true", "1"]);
        let n_axes = draw.below(5);
        let axes: Vec<String> = (0..n_axes)
            .map(|_| if draw.once_in(2) { draw.below(20) as u64 } else { draw.extreme() })
            .map(|axis| axis.to_string())
            .collect();
        let shape = axes.join(", ");
        format!("{{'descr': '{descr}', 'fortran_order': {order}, 'shape': ({shape},), }}").into()
    }
}

/// Arrays of many types, orders and shapes.
pub(super) fn arrays() -> Vec<Array> {
    let numbers = || (0..16).map(|i| f64::from(i) * 0.5 - 4.0);
    let single: Vec<u8> = numbers().flat_map(|x| (x as f32).to_le_bytes()).collect();
    let single_big: Vec<u8> = numbers().flat_map(|x| (x as f32).to_be_bytes()).collect();
    let double: Vec<u8> = numbers().flat_map(f64::to_le_bytes).collect();
    let double_big: Vec<u8> = numbers().flat_map(f64::to_be_bytes).collect();
    let long: Vec<u8> = numbers().flat_map(|x| (x as i64).to_le_bytes()).collect();
    let half: Vec<u8> = (0..16_u16).flat_map(|i| (0x3c00 + 16 * i).to_le_bytes()).collect();
    let bits: Vec<u8> = (0..16).map(|i| i % 2).collect();
    vec![
        Array::new("<f4", "(8, 2)", single.clone()),
        Array::new(">f4", "(4, 4)", single_big),
        Array::new("<f8", "(16, 1)", double.clone()),
        Array { version: 2, ..Array::new(">f8", "(8, 2)", double_big) },
        Array { version: 3, ..Array::new("<f8", "(2, 8)", double.clone()) },
        Array::new("<i8", "(8, 2)", long),
        Array::new("<f2", "(8, 2)", half),
        Array::new("|b1", "(8, 2)", bits.clone()),
        Array::new("|u1", "(4, 1, 2, 2)", bits),
        Array::new("<f4", "(16,)", single),
        Array::new("<f8", "(8, 2)", double).in_fortran_order(),
    ]
}

fn seeds() -> Vec<Input> {
    arrays().iter().map(|array| Input::file(NAME, array.to_bytes())).collect()
}

fn mutate(input: &mut Input, draw: &mut Draw) {
    let Some(bytes) = input.bytes_mut(0) else { return };
    match Array::parse(bytes) {
        Some(mut array) => {
            array.mutate(draw);
            *bytes = array.to_bytes();
        }
        None => mutate::bytes(bytes, &[], draw),
    }
}

/// Another version, and blanks in the dictionary and behind it, mean nothing.
fn respell(input: &Input, draw: &mut Draw) -> Option<Input> {
    let mut array = Array::parse(input.bytes(NAME))?;
    array.version = 1 + draw.below(3) as u8;
    let header = String::from_utf8(array.header).ok()?;
    let colon = format!(":{}", " ".repeat(draw.below(4)));
    let header = header.trim_end().replace(": ", &colon);
    array.header = (header + &" ".repeat(draw.below(64)) + "\n").into_bytes();
    Some(Input::file(NAME, array.to_bytes()))
}

fn read(folder: &Path) -> anyhow::Result<Reading> {
    of_table(&folder.join(NAME))
}
