//! The micro-kernel: sums of products, in tiles that stay in registers.
//!
//! A convolution, its transpose, both of their gradients and a fully connected layer are all of the
//! form
//!
//! `out[o][r][l] = activation(bias[r] + Σ_terms Σ_d weight[w + d·ws + r·rs] · input[x + d·xs + l])`
//!
//! where output `o` has a list of terms `(w, x)` of its own: the taps of its kernel that do not fall
//! outside the map. Nothing is copied, padded or unfolded before. An operand is a number, or two numbers
//! of less precision that are neighbors along `d`.

use std::ops::Range;

use crate::activation::Activation;
use crate::operand::{Bf16x2, Multiply, Operand, processor_has_bf16};
use crate::simd::{Level, Portable, Simd, at_level};
use crate::threads::{Shared, for_each};

/// Where the operands of one term begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Term {
    /// In the weights.
    pub weight: usize,
    /// In the input.
    pub input: usize,
}

/// The terms of every output, one list after the other.
#[derive(Clone, Debug, Default)]
pub(crate) struct Terms {
    all: Vec<Term>,
    ends: Vec<usize>,
}

impl Terms {
    /// Adds the list of the next output.
    pub(crate) fn push(&mut self, terms: impl IntoIterator<Item = Term>) {
        self.all.extend(terms);
        self.ends.push(self.all.len());
    }

    fn outputs(&self) -> usize {
        self.ends.len()
    }

    /// The list of one output.
    pub(crate) fn of(&self, output: usize) -> &[Term] {
        let begin = if output == 0 { 0 } else { self.ends[output - 1] };
        &self.all[begin..self.ends[output]]
    }
}

/// A contraction and its sizes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Contraction<'a> {
    /// What is summed for each output.
    pub terms: &'a Terms,
    /// Factors of each side in a term.
    pub depth: usize,
    /// Rows of an output.
    pub rows: usize,
    /// Numbers in a row of an output.
    pub lanes: usize,
    /// From the weight of one `d` to that of the next, `ws`.
    pub weight_stride: usize,
    /// From the weight of one row to that of the next, `rs`.
    pub row_stride: usize,
    /// From the input of one `d` to that of the next, `xs`; at least `lanes`.
    pub input_stride: usize,
    /// One number a row, added to each of its sums; as many for each of several outputs where
    /// outputs take turns (the groups of a convolution).
    pub bias: Option<&'a [f32]>,
    /// What is applied to the sums.
    pub activation: Activation,
}

/// Factors that a tile meets before the next one does, so that what they share stays in cache.
const CHUNK: usize = 512;

impl<'a> Contraction<'a> {
    /// Every output, one after the other, `[outputs][rows][lanes]`.
    ///
    /// # Panics
    /// If a term reaches beyond its operands, or the bias has not one number a row.
    pub(crate) fn run<F: Product>(&self, weights: &[F], input: &[F]) -> Vec<f32> {
        let &Self { terms, depth, rows, lanes, .. } = self;
        for term in terms.all.iter().filter(|_| depth > 0 && rows > 0) {
            let last_row = (rows - 1) * self.row_stride;
            let weight_end = term.weight + (depth - 1) * self.weight_stride + last_row + 1;
            let input_end = term.input + (depth - 1) * self.input_stride + lanes;
            assert!(weight_end <= weights.len(), "{term:?} reaches beyond the weights");
            assert!(input_end <= input.len(), "{term:?} reaches beyond the input");
        }
        let whole = |bias: &[f32]| rows == 0 || bias.len() >= rows && bias.len() % rows == 0;
        assert!(self.bias.is_none_or(whole), "one bias a row");
        let outputs = terms.outputs();
        let mut out: Vec<f32> = Vec::with_capacity(outputs * rows * lanes);
        let work = terms.all.len() * depth * rows * lanes;
        // Enough tasks for every thread to stay busy to the end, of whole tiles.
        let shares = (16 / outputs.max(1) + 1).min(rows.div_ceil(24)).max(1);
        let share = rows.div_ceil(shares).next_multiple_of(12);
        let shares = rows.div_ceil(share.max(1)).max(1);
        let place = Shared::new(out.spare_capacity_mut());
        let level = Level::here();
        for_each(outputs * shares, work, |task| {
            let (output, share_index) = (task / shares, task % shares);
            let rows_of_task = share_index * share..((share_index + 1) * share).min(rows);
            let of_output = |bias: &'a [f32]| {
                let first = output * rows % bias.len().max(1);
                &bias[first..first + rows]
            };
            let job = Self { bias: self.bias.map(of_output), ..*self };
            // SAFETY: `Level` is what the processor has; all terms were checked to stay inside
            // their operands; every task has rows of its own, inside `out`'s capacity.
            unsafe {
                let out = place.at(output * rows * lanes).cast::<f32>();
                let operands = (weights.as_ptr(), input.as_ptr());
                F::task(level, &job, output, rows_of_task, operands, out);
            }
        });
        // SAFETY: the tasks have written every row of every output.
        unsafe { out.set_len(outputs * rows * lanes) };
        out
    }
}

/// Factors that there is an inner loop for.
pub(crate) trait Product: Operand {
    /// Some rows of one output.
    ///
    /// # Safety
    /// The processor is of that level; terms stay inside the weights and the input, the rows inside
    /// `out`.
    unsafe fn task(
        level: Level,
        job: &Contraction<'_>,
        output: usize,
        rows: Range<usize>,
        operands: (*const Self, *const Self),
        out: *mut f32,
    );
}

impl Product for f32 {
    unsafe fn task(
        level: Level,
        job: &Contraction<'_>,
        output: usize,
        rows: Range<usize>,
        operands: (*const f32, *const f32),
        out: *mut f32,
    ) {
        // SAFETY: the caller's.
        unsafe { singles_at_level(level, job, output, rows, operands, out) };
    }
}

at_level! {
    fn singles_at_level(
        job: &Contraction<'_>,
        output: usize,
        rows: Range<usize>,
        operands: (*const f32, *const f32),
        out: *mut f32,
    ) = task_of_singles
}

#[inline(always)]
unsafe fn task_of_singles<S: Simd>(
    job: &Contraction<'_>,
    output: usize,
    rows: Range<usize>,
    operands: (*const f32, *const f32),
    out: *mut f32,
) {
    // SAFETY: the caller's.
    unsafe { task::<S, f32>(job, output, rows, operands, out) }
}

impl Product for Bf16x2 {
    unsafe fn task(
        level: Level,
        job: &Contraction<'_>,
        output: usize,
        rows: Range<usize>,
        operands: (*const Bf16x2, *const Bf16x2),
        out: *mut f32,
    ) {
        // SAFETY: the processor was asked; the rest is the caller's.
        unsafe {
            match level {
                #[cfg(target_arch = "x86_64")]
                Level::Avx512 if processor_has_bf16() => {
                    pairs_by_avx512(job, output, rows, operands, out);
                }
                _ => task::<Portable, Bf16x2>(job, output, rows, operands, out),
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bf16")]
unsafe fn pairs_by_avx512(
    job: &Contraction<'_>,
    output: usize,
    rows: Range<usize>,
    operands: (*const Bf16x2, *const Bf16x2),
    out: *mut f32,
) {
    // SAFETY: the caller's.
    unsafe { task::<crate::simd::Avx512, Bf16x2>(job, output, rows, operands, out) }
}

/// The place and extent of one tile.
#[derive(Clone, Copy)]
struct Tile<'a> {
    job: &'a Contraction<'a>,
    /// Sums begin with the first chunk and continue from what `out` holds in the others.
    chunk: usize,
    /// Sums end with the last of this many chunks.
    chunks: usize,
    row: usize,
    lane: usize,
    /// Factors, by their bits.
    weights: *const f32,
    input: *const f32,
    out: *mut f32,
}

#[inline(always)]
unsafe fn task<S: Simd, F: Multiply<S>>(
    job: &Contraction<'_>,
    output: usize,
    rows: Range<usize>,
    (weights, input): (*const F, *const F),
    out: *mut f32,
) {
    let (weights, input) = (weights.cast::<f32>(), input.cast::<f32>());
    let terms = job.terms.of(output);
    let at_once = (CHUNK / job.depth.max(1)).max(1);
    let chunks = terms.len().div_ceil(at_once).max(1);
    for chunk in 0..chunks {
        let of_chunk = &terms[chunk * at_once..((chunk + 1) * at_once).min(terms.len())];
        let mut row = rows.start;
        while row < rows.end {
            let height = tile_rows(rows.end - row, S::ROWS);
            let mut lane = 0;
            while lane < job.lanes {
                let tile = Tile { job, chunk, chunks, row, lane, weights, input, out };
                // SAFETY: the tile is inside the output; the rest is the caller's.
                lane += unsafe {
                    // A stride that the compiler knows has a loop of its own.
                    match job.row_stride {
                        1 => tile_of_height::<S, F>(tile, of_chunk, height, 1),
                        apart => tile_of_height::<S, F>(tile, of_chunk, height, apart),
                    }
                };
            }
            row += height;
        }
    }
}

/// Rows of the next tile, of which there are kernels.
#[inline(always)]
fn tile_rows(left: usize, most: usize) -> usize {
    match left.min(most) {
        // Two of eight are better than one of twelve and one of four.
        12 if left == 16 => 8,
        12.. => 12,
        8.. => 8,
        6.. => 6,
        4.. => 4,
        2.. => 2,
        _ => 1,
    }
}

#[inline(always)]
unsafe fn tile_of_height<S: Simd, F: Multiply<S>>(
    tile: Tile<'_>,
    terms: &[Term],
    height: usize,
    row_stride: usize,
) -> usize {
    // SAFETY: the caller's.
    unsafe {
        match height {
            12 => tile_of_width::<S, F, 12>(tile, terms, row_stride),
            8 => tile_of_width::<S, F, 8>(tile, terms, row_stride),
            6 => tile_of_width::<S, F, 6>(tile, terms, row_stride),
            4 => tile_of_width::<S, F, 4>(tile, terms, row_stride),
            2 => tile_of_width::<S, F, 2>(tile, terms, row_stride),
            _ => tile_of_width::<S, F, 1>(tile, terms, row_stride),
        }
    }
}

/// Computes the widest tile that fits, and returns how many lanes it had.
#[inline(always)]
unsafe fn tile_of_width<S: Simd, F: Multiply<S>, const R: usize>(
    tile: Tile<'_>,
    terms: &[Term],
    row_stride: usize,
) -> usize {
    let left = tile.job.lanes - tile.lane;
    // SAFETY: the caller's.
    unsafe {
        if R <= 2 && left >= 4 * S::LANES {
            sum::<S, F, R, 4, false>(tile, terms, row_stride, S::LANES);
            4 * S::LANES
        } else if left >= 2 * S::LANES {
            sum::<S, F, R, 2, false>(tile, terms, row_stride, S::LANES);
            2 * S::LANES
        } else if left > S::LANES {
            sum::<S, F, R, 2, true>(tile, terms, row_stride, left - S::LANES);
            left
        } else {
            sum::<S, F, R, 1, true>(tile, terms, row_stride, left);
            left
        }
    }
}

/// One tile of `R` rows and `V` vectors; of the last vector only `tail` lanes if it is `CUT`.
#[expect(clippy::too_many_lines, reason = "one nest of loops around sums that stay in registers")]
#[inline(always)]
unsafe fn sum<S: Simd, F: Multiply<S>, const R: usize, const V: usize, const CUT: bool>(
    tile: Tile<'_>,
    terms: &[Term],
    row_stride: usize,
    tail: usize,
) {
    let Tile { job, chunk, chunks, row, lane, weights, input, out } = tile;
    let &Contraction { depth, lanes, bias, activation, .. } = job;
    // SAFETY: the caller's; no more than the tile's own lanes are touched.
    unsafe {
        let load = |at: *const f32, v: usize| {
            let at = at.add(v * S::LANES);
            if CUT && v + 1 == V { S::load_first(at, tail) } else { S::load(at) }
        };
        let out = out.add(row * lanes + lane);
        let mut sums = [[S::splat(0.0); V]; R];
        for r in 0..R {
            for v in 0..V {
                sums[r][v] = match (chunk, bias) {
                    (0, None) => S::splat(0.0),
                    (0, Some(bias)) => S::splat(*bias.as_ptr().add(row + r)),
                    _ => load(out.add(r * lanes), v),
                };
            }
        }
        for term in terms {
            let mut weight = weights.add(term.weight + row * row_stride);
            let mut x = input.add(term.input + lane);
            for _ in 0..depth {
                let mut vectors = [S::splat(0.0); V];
                for v in 0..V {
                    vectors[v] = load(x, v);
                }
                for r in 0..R {
                    let operand = S::splat(*weight.add(r * row_stride));
                    for v in 0..V {
                        sums[r][v] = F::mul_add(operand, vectors[v], sums[r][v]);
                    }
                }
                weight = weight.wrapping_add(job.weight_stride);
                x = x.wrapping_add(job.input_stride);
            }
        }
        for r in 0..R {
            for v in 0..V {
                let y = if chunk + 1 == chunks {
                    activation.apply::<S>(sums[r][v])
                } else {
                    sums[r][v]
                };
                let at = out.add(r * lanes + v * S::LANES);
                if CUT && v + 1 == V { S::store_first(at, y, tail) } else { S::store(at, y) }
            }
        }
    }
}
