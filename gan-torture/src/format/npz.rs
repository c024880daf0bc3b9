//! NumPy's archives of arrays.

use std::path::Path;

use super::csv::of_table;
use super::npy::{Array, arrays};
use super::{Format, zip};
use crate::container::archive::{self, Entry};
use crate::draw::Draw;
use crate::input::Input;
use crate::mutate;
use crate::oracle::Reading;

pub(super) const FORMAT: Format = Format { name: "npz", seeds, mutate, respell, read };

const NAME: &str = "points.npz";

fn seeds() -> Vec<Input> {
    let archive = |(index, array): (usize, &Array)| {
        let is_deflated = index % 2 == 1;
        let entry = Entry { is_deflated, ..Entry::stored("arr_0.npy", array.to_bytes()) };
        Input::file(NAME, archive::to_bytes(&[entry]))
    };
    arrays().iter().enumerate().map(archive).collect()
}

fn mutate(input: &mut Input, draw: &mut Draw) {
    if let Some(bytes) = input.bytes_mut(0) {
        zip::damage(bytes, draw, damage_array);
    }
}

fn damage_array(bytes: &mut Vec<u8>, draw: &mut Draw) {
    match Array::parse(bytes) {
        Some(mut array) => {
            array.mutate(draw);
            *bytes = array.to_bytes();
        }
        None => mutate::bytes(bytes, &[], draw),
    }
}

fn respell(input: &Input, draw: &mut Draw) -> Option<Input> {
    Some(Input::file(NAME, zip::respelled(input.bytes(NAME), draw)?))
}

fn read(folder: &Path) -> anyhow::Result<Reading> {
    of_table(&folder.join(NAME))
}
