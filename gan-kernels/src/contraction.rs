//! The one inner loop: sums of products, in tiles that stay in registers.
//!
//! A convolution, its transpose, both of their gradients and a fully connected layer are all of the
//! form
//!
//! `out[o][r][l] = activation(bias[r] + Σ_terms Σ_d weight[w + d·ws + r] · input[x + d·xs + l])`
//!
//! where output `o` has a list of terms `(w, x)` of its own: the taps of its kernel that do not fall
//! outside the map. Nothing is copied, padded or unfolded before.

use std::ops::Range;

use crate::activation::Activation;
use crate::simd::{Level, Simd, at_level};
use crate::threads::{Shared, for_each};

/// Where the factors of one term begin.
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
    /// Products in a term.
    pub depth: usize,
    /// Rows of an output.
    pub rows: usize,
    /// Numbers in a row of an output.
    pub lanes: usize,
    /// From one product's weights to those of the next, `ws`; at least `rows`.
    pub weight_stride: usize,
    /// From one product's input to that of the next, `xs`; at least `lanes`.
    pub input_stride: usize,
    /// One number a row, added to each of its sums.
    pub bias: Option<&'a [f32]>,
    /// What is applied to the sums.
    pub activation: Activation,
}

/// Products that a tile sums before the next one does, so that what they share stays in cache.
const CHUNK: usize = 512;

impl Contraction<'_> {
    /// Every output, one after the other, `[outputs][rows][lanes]`.
    ///
    /// # Panics
    /// If a term reaches beyond its factors, or the bias has not one number a row.
    pub(crate) fn run(&self, weights: &[f32], input: &[f32]) -> Vec<f32> {
        let &Self { terms, depth, rows, lanes, .. } = self;
        for term in terms.all.iter().filter(|_| depth > 0) {
            let weight_end = term.weight + (depth - 1) * self.weight_stride + rows;
            let input_end = term.input + (depth - 1) * self.input_stride + lanes;
            assert!(weight_end <= weights.len(), "{term:?} reaches beyond the weights");
            assert!(input_end <= input.len(), "{term:?} reaches beyond the input");
        }
        assert!(self.bias.is_none_or(|bias| bias.len() == rows), "one bias a row");
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
            // SAFETY: `Level` is what the processor has; all terms were checked to stay inside
            // their factors; every task has rows of its own, inside `out`'s capacity.
            unsafe {
                let out = place.at(output * rows * lanes).cast::<f32>();
                task_at_level(
                    level,
                    self,
                    output,
                    rows_of_task,
                    weights.as_ptr(),
                    input.as_ptr(),
                    out,
                );
            }
        });
        // SAFETY: the tasks have written every row of every output.
        unsafe { out.set_len(outputs * rows * lanes) };
        out
    }
}

at_level! {
    /// Some rows of one output.
    fn task_at_level(
        job: &Contraction<'_>,
        output: usize,
        rows: Range<usize>,
        weights: *const f32,
        input: *const f32,
        out: *mut f32,
    ) = task
}

/// The place and extent of one tile.
#[derive(Clone, Copy)]
struct Tile<'a> {
    job: &'a Contraction<'a>,
    /// Sums begin with the first chunk and go on from what `out` holds in the others.
    chunk: usize,
    /// Sums end with the last of so many.
    chunks: usize,
    row: usize,
    lane: usize,
    weights: *const f32,
    input: *const f32,
    out: *mut f32,
}

#[inline(always)]
unsafe fn task<S: Simd>(
    job: &Contraction<'_>,
    output: usize,
    rows: Range<usize>,
    weights: *const f32,
    input: *const f32,
    out: *mut f32,
) {
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
                // SAFETY: the tile lies inside the output; the rest is the caller's.
                lane += unsafe { tile_of_height::<S>(tile, of_chunk, height) };
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
unsafe fn tile_of_height<S: Simd>(tile: Tile<'_>, terms: &[Term], height: usize) -> usize {
    // SAFETY: the caller's.
    unsafe {
        match height {
            12 => tile_of_width::<S, 12>(tile, terms),
            8 => tile_of_width::<S, 8>(tile, terms),
            6 => tile_of_width::<S, 6>(tile, terms),
            4 => tile_of_width::<S, 4>(tile, terms),
            2 => tile_of_width::<S, 2>(tile, terms),
            _ => tile_of_width::<S, 1>(tile, terms),
        }
    }
}

/// Computes the widest tile that fits, and says how many lanes it had.
#[inline(always)]
unsafe fn tile_of_width<S: Simd, const R: usize>(tile: Tile<'_>, terms: &[Term]) -> usize {
    let left = tile.job.lanes - tile.lane;
    // SAFETY: the caller's.
    unsafe {
        if R <= 2 && left >= 4 * S::LANES {
            sum::<S, R, 4, false>(tile, terms, S::LANES);
            4 * S::LANES
        } else if left >= 2 * S::LANES {
            sum::<S, R, 2, false>(tile, terms, S::LANES);
            2 * S::LANES
        } else if left > S::LANES {
            sum::<S, R, 2, true>(tile, terms, left - S::LANES);
            left
        } else {
            sum::<S, R, 1, true>(tile, terms, left);
            left
        }
    }
}

/// One tile of `R` rows and `V` vectors; of the last vector only `tail` lanes if it is `CUT`.
#[expect(clippy::too_many_lines, reason = "one nest of loops around sums that stay in registers")]
#[inline(always)]
unsafe fn sum<S: Simd, const R: usize, const V: usize, const CUT: bool>(
    tile: Tile<'_>,
    terms: &[Term],
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
            let mut weight = weights.add(term.weight + row);
            let mut x = input.add(term.input + lane);
            for _ in 0..depth {
                let mut vectors = [S::splat(0.0); V];
                for v in 0..V {
                    vectors[v] = load(x, v);
                }
                for r in 0..R {
                    let factor = S::splat(*weight.add(r));
                    for v in 0..V {
                        sums[r][v] = S::mul_add(factor, vectors[v], sums[r][v]);
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
