//! The levels of a Laplacian pyramid, of planes of pixels in `f64`.

/// The filter, in sixteenths.
const TAPS: [f64; 5] = [1.0, 4.0, 6.0, 4.0, 1.0];
/// The least side of a level that is not the whole image.
const LEAST_SIDE: usize = 14;

/// Rows and columns of a plane.
pub(super) type Size = [usize; 2];

/// The size of the next level, unless this one is the last.
pub(super) fn next(size: Size) -> Option<Size> {
    let half = size.map(|side| side.div_ceil(2));
    (half[0].min(half[1]) >= LEAST_SIDE).then_some(half)
}

/// Every other pixel of the filtered plane.
pub(super) fn reduced(plane: &[f64], size @ [height, _]: Size) -> Vec<f64> {
    let [to_height, to_width] = size.map(|side| side.div_ceil(2));
    let narrow = along_rows(plane, size, to_width, reduced_at);
    along_columns(&narrow, [height, to_width], to_height, reduced_at)
}

/// The plane at the size of the level above: zeros between its pixels, filtered, four times as bright.
pub(super) fn expanded(plane: &[f64], from: Size, [height, width]: Size) -> Vec<f64> {
    let wide = along_rows(plane, from, width, expanded_at);
    along_columns(&wide, [from[0], width], height, expanded_at)
}

/// What each output position takes from a line of `len` positions: a position and its weight.
type Weights = fn(at: usize, len: usize, to: usize) -> [(usize, f64); TAPS.len()];

fn reduced_at(at: usize, len: usize, _: usize) -> [(usize, f64); TAPS.len()] {
    std::array::from_fn(|tap| (mirrored(2 * at + tap, len), TAPS[tap] / 16.0))
}

/// Of the line with zeros in between, which has `to` positions and is mirrored at its own border.
fn expanded_at(at: usize, _: usize, to: usize) -> [(usize, f64); TAPS.len()] {
    std::array::from_fn(|tap| {
        let position = mirrored(at + tap, to);
        let weight = if position.is_multiple_of(2) { TAPS[tap] / 8.0 } else { 0.0 };
        (position / 2, weight)
    })
}

/// The position that `shifted − 2` stands for: beyond the border, as far before it.
fn mirrored(shifted: usize, len: usize) -> usize {
    let distance = shifted.abs_diff(2);
    if distance < len { distance } else { 2 * (len - 1) - distance }
}

fn along_rows(plane: &[f64], [_, width]: Size, to: usize, weights: Weights) -> Vec<f64> {
    let taps: Vec<_> = (0..to).map(|at| weights(at, width, to)).collect();
    let row = |row: &[f64]| {
        let at = |taps: &[(usize, f64); TAPS.len()]| taps.iter().map(|&(x, w)| w * row[x]).sum();
        taps.iter().map(at).collect::<Vec<f64>>()
    };
    plane.chunks_exact(width).flat_map(row).collect()
}

fn along_columns(plane: &[f64], [height, width]: Size, to: usize, weights: Weights) -> Vec<f64> {
    let mut out = vec![0.0; to * width];
    for (at, out) in out.chunks_exact_mut(width).enumerate() {
        for (row, weight) in weights(at, height, to) {
            let row = &plane[row * width..][..width];
            out.iter_mut().zip(row).for_each(|(out, value)| *out += weight * value);
        }
    }
    out
}
