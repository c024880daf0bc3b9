//! MNIST's files, plain and compressed.

use std::path::Path;

use gan_data::{Mnist, MnistSize, MnistSplit};

use super::{Format, of_set};
use crate::container::gzip;
use crate::draw::Draw;
use crate::input::{Entry, Input};
use crate::mutate;
use crate::oracle::Reading;

/// Files as they are.
pub(super) const PLAIN: Format =
    Format { name: "idx", seeds: plain, mutate: damage_plain, respell: respell_plain, read };
/// Files in gzip.
pub(super) const COMPRESSED: Format = Format {
    name: "idx.gz",
    seeds: compressed,
    mutate: damage_compressed,
    respell: respell_compressed,
    read,
};

/// Images and labels, in the order of their names.
const NAMES: [&str; 2] = ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"];
const OTHER_NAMES: [&str; 2] = ["train-images.idx3-ubyte", "train-labels.idx1-ubyte"];
/// A bomb of the seed's header and a content of this size.
const BOMB: usize = 1200 << 20;
/// Files of this test are smaller.
const LARGEST: u64 = 1 << 20;

fn contents(n: u32) -> [Vec<u8>; 2] {
    let header = |words: &[u32]| words.iter().flat_map(|word| word.to_be_bytes()).collect();
    let mut images: Vec<u8> = header(&[0x803, n, 28, 28]);
    images.extend((0..n * 784).map(|i| (i * 7 % 256) as u8));
    let mut labels: Vec<u8> = header(&[0x801, n]);
    labels.extend((0..n).map(|i| (i % 10) as u8));
    [images, labels]
}

fn files(names: [&str; 2], ending: &str, contents: [Vec<u8>; 2]) -> Input {
    let [images, labels] = contents;
    let [first, second] = names.map(|name| format!("{name}{ending}"));
    Input::default().with(&first, images).with(&second, labels)
}

fn plain() -> Vec<Input> {
    [1, 3, 12].map(|n| files(NAMES, "", contents(n))).to_vec()
}

fn compressed() -> Vec<Input> {
    let mut draw = Draw::of_case("idx.gz seeds", 0);
    let mut packed =
        |n| files(NAMES, ".gz", contents(n).map(|bytes| gzip::pack(&bytes, &mut draw)));
    vec![packed(1), packed(12)]
}

fn damage_plain(input: &mut Input, draw: &mut Draw) {
    let index = draw.below(2);
    if let Some(bytes) = input.bytes_mut(index) {
        damage(bytes, draw);
    }
}

fn damage(bytes: &mut Vec<u8>, draw: &mut Draw) {
    match draw.below(6) {
        0 => mutate::field(bytes, 4 * draw.below(4), 4, draw),
        1 => bytes.truncate(draw.below(bytes.len() + 1)),
        2 => bytes.extend(draw.bytes(9)),
        // Another number of samples, of which there really are as many.
        3 => {
            let n = draw.below(4) as u32;
            *bytes = contents(n)[draw.below(2)].clone();
        }
        4 => {
            let value = draw.byte();
            let at = 8 + draw.below(20);
            bytes.get_mut(at..).into_iter().flatten().take(3).for_each(|byte| *byte = value);
        }
        _ => mutate::bytes(bytes, &[], draw),
    }
}

fn damage_compressed(input: &mut Input, draw: &mut Draw) {
    let index = draw.below(2);
    let Some(bytes) = input.bytes_mut(index) else { return };
    let mut content = gzip::unpack(bytes, LARGEST);
    // A bomb costs a second to make.
    if draw.once_in(100) {
        content.resize(BOMB, 0);
    } else {
        damage(&mut content, draw);
    }
    *bytes = gzip::pack(&content, draw);
    if draw.once_in(4) {
        // The checksum and the length stand at the end.
        let at = bytes.len().saturating_sub(8);
        mutate::field(bytes, at, 4, draw);
    }
}

/// The other name of a file means nothing.
fn respell_plain(input: &Input, draw: &mut Draw) -> Option<Input> {
    let bytes = |name: &str| input.bytes(name).to_vec();
    let contents = NAMES.map(bytes);
    let names = if draw.once_in(2) { OTHER_NAMES } else { NAMES };
    if draw.once_in(2) {
        return Some(files(names, "", contents));
    }
    Some(files(names, ".gz", contents.map(|bytes| gzip::pack(&bytes, draw))))
}

/// The degree of compression, the members and the contents of their headers mean nothing.
fn respell_compressed(input: &Input, draw: &mut Draw) -> Option<Input> {
    let mut respelled = input.clone();
    for entry in respelled.entries.values_mut() {
        if let Entry::File(bytes) = entry {
            *bytes = gzip::pack_in_members(&gzip::unpack(bytes, LARGEST), draw);
        }
    }
    Some(respelled)
}

fn read(folder: &Path) -> anyhow::Result<Reading> {
    Ok(of_set(&Mnist::from_dir(folder, MnistSplit::Train, MnistSize::Original28)?))
}
