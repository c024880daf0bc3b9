//! Vectors side by side, so that eight of them are one register.

use crate::lanes::LANES;
use crate::parallel::for_each_piece;

/// Numbers in a cache line, on which [`Packed`] begins.
const LINE: usize = 8;

/// `count` rows of `len` numbers, `stride` apart.
#[derive(Clone, Copy)]
pub(crate) struct Rows<'a> {
    pub(crate) data: &'a [f64],
    pub(crate) stride: usize,
    pub(crate) count: usize,
    pub(crate) len: usize,
}

impl<'a> Rows<'a> {
    /// Rows without gaps.
    pub(crate) fn dense(data: &'a [f64], len: usize) -> Self {
        Self { data, stride: len, count: data.len() / len, len }
    }

    pub(crate) fn row(&self, i: usize) -> &'a [f64] {
        &self.data[i * self.stride..][..self.len]
    }
}

/// A factor of a product: vectors in groups of eight, in a group coordinate after coordinate.
///
/// The last group is filled up with zeros.
pub(crate) struct Packed {
    memory: Vec<f64>,
    /// Where the first group begins: at the first address that is a multiple of 64 bytes.
    start: usize,
    /// How many vectors there are.
    pub(crate) count: usize,
    /// How many coordinates each has.
    pub(crate) len: usize,
}

impl Packed {
    /// Packs the rows of a matrix.
    pub(crate) fn rows(from: Rows<'_>) -> Self {
        Self::rows_in(Vec::new(), from)
    }

    /// Packs the rows of a matrix, in memory that is there already.
    pub(crate) fn rows_in(memory: Vec<f64>, from: Rows<'_>) -> Self {
        Self::by_group(memory, from.count, from.len, |group, place| {
            pack_rows(from, group * LANES, place);
        })
    }

    /// Packs the columns of a matrix.
    pub(crate) fn columns(from: Rows<'_>) -> Self {
        Self::by_group(Vec::new(), from.len, from.count, |group, place| {
            pack_columns(from, group * LANES, place);
        })
    }

    /// Packs vectors that `fill` writes, given the number of a group and its place.
    pub(crate) fn by_group(
        mut memory: Vec<f64>,
        count: usize,
        len: usize,
        fill: impl Fn(usize, &mut [f64]) + Sync,
    ) -> Self {
        let needed = count.div_ceil(LANES) * LANES * len;
        if memory.len() < needed + LINE - 1 {
            // Zeros from the system are first touched by the threads that fill them.
            memory = vec![0.0; needed + LINE - 1];
        }
        let start = memory.as_ptr().align_offset(LINE * size_of::<f64>()).min(LINE - 1);
        let places = &mut memory[start..][..needed];
        if !count.is_multiple_of(LANES) {
            places[count / LANES * LANES * len..].fill(0.0);
        }
        for_each_piece(places, LANES * len, fill);
        Self { memory, start, count, len }
    }

    /// What it took of memory, for the next.
    pub(crate) fn into_memory(self) -> Vec<f64> {
        self.memory
    }

    /// Eight vectors, coordinate after coordinate.
    pub(crate) fn group(&self, group: usize) -> &[f64] {
        &self.memory[self.start + group * LANES * self.len..][..LANES * self.len]
    }
}

/// Writes the rows from `first` on, of which there may be fewer than eight, side by side.
pub(crate) fn pack_rows(from: Rows<'_>, first: usize, place: &mut [f64]) {
    let place = &mut place[..LANES * from.len];
    if first + LANES <= from.count {
        let rows: [&[f64]; LANES] = std::array::from_fn(|lane| from.row(first + lane));
        for (k, place) in place.chunks_exact_mut(LANES).enumerate() {
            place.iter_mut().zip(rows).for_each(|(place, row)| *place = row[k]);
        }
    } else {
        for lane in 0..from.count - first {
            let places = place[lane..].iter_mut().step_by(LANES);
            places.zip(from.row(first + lane)).for_each(|(place, &x)| *place = x);
        }
    }
}

/// Writes the columns from `first` on, of which there may be fewer than eight, side by side.
pub(crate) fn pack_columns(from: Rows<'_>, first: usize, place: &mut [f64]) {
    for (k, place) in place.chunks_exact_mut(LANES).take(from.count).enumerate() {
        let numbers = &from.row(k)[first..];
        // Of a length that compilers know, a copy is one instruction.
        match (place.first_chunk_mut::<LANES>(), numbers.first_chunk::<LANES>()) {
            (Some(place), Some(numbers)) => *place = *numbers,
            _ => place[..numbers.len()].copy_from_slice(numbers),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_packed_as_the_rows_of_the_transpose() {
        let (count, len) = (300, 13);
        let data: Vec<f64> = (0..count * len).map(|i| i as f64).collect();
        let transposed: Vec<f64> =
            (0..len * count).map(|i| data[i % count * len + i / count]).collect();
        let columns = Packed::columns(Rows::dense(&data, len));
        let rows = Packed::rows(Rows::dense(&transposed, count));
        for group in 0..len.div_ceil(LANES) {
            assert_eq!(columns.group(group), rows.group(group));
        }
        assert_eq!(columns.group(0)[LANES..][..3], [13.0, 14.0, 15.0]);
        assert_eq!(columns.group(1)[4..LANES], [12.0, 0.0, 0.0, 0.0]);
    }
}
