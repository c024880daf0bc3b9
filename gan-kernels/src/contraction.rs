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
//!
//! How the work is cut into tiles depends on the processor ([`Tiling`]); the order of every sum does not.

#[cfg(target_arch = "x86_64")]
mod amx;
mod tall;
mod tile;
mod tiling;
mod wide;

use std::ops::Range;

pub(crate) use tiling::Tiling;

use crate::activation::Activation;
use crate::operand::{Bf16x2, Operand};
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

/// Whether this thread's pairs of bfloat16 are multiplied in tiles of the processor's own.
pub(crate) fn multiplies_in_tiles() -> bool {
    #[cfg(target_arch = "x86_64")]
    {
        Level::here() == Level::Avx512 && Tiling::here().has_tiles()
    }
    #[cfg(not(target_arch = "x86_64"))]
    false
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
        let whole =
            |bias: &[f32]| rows == 0 || bias.len() >= rows && bias.len().is_multiple_of(rows);
        assert!(self.bias.is_none_or(whole), "one bias a row");
        let outputs = terms.outputs();
        let mut out: Vec<f32> = Vec::with_capacity(outputs * rows * lanes);
        let (level, tiling) = (Level::here(), Tiling::here());
        let (tile, speed) = match F::by_row() {
            // Two tiles of the processor's own, which do in one cycle what vectors do in eight, but wait for their
            // operands.
            true => (32, 3),
            false => (12, 1),
        };
        let work = terms.all.len() * depth * rows * lanes / speed;
        // Enough tasks for every thread to stay busy to the end, of whole tiles.
        let shares = (16 / outputs.max(1) + 1).min(rows.div_ceil(2 * tile)).max(1);
        let share = rows.div_ceil(shares).next_multiple_of(tile);
        let shares = rows.div_ceil(share.max(1)).max(1);
        let place = Shared::new(out.spare_capacity_mut());
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
                F::task((level, tiling), &job, output, rows_of_task, operands, out);
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
        how: (Level, Tiling),
        job: &Contraction<'_>,
        output: usize,
        rows: Range<usize>,
        operands: (*const Self, *const Self),
        out: *mut f32,
    );
}

impl Product for f32 {
    unsafe fn task(
        (level, tiling): (Level, Tiling),
        job: &Contraction<'_>,
        output: usize,
        rows: Range<usize>,
        operands: (*const f32, *const f32),
        out: *mut f32,
    ) {
        // SAFETY: the caller's.
        unsafe {
            match tiling {
                Tiling::Tall => tall_at_level(level, job, output, rows, operands, out),
                Tiling::Wide => wide_at_level(level, job, output, rows, operands, out),
            }
        }
    }
}

at_level! {
    fn tall_at_level(
        job: &Contraction<'_>,
        output: usize,
        rows: Range<usize>,
        operands: (*const f32, *const f32),
        out: *mut f32,
    ) = tall_of_singles
}

#[inline(always)]
unsafe fn tall_of_singles<S: Simd>(
    job: &Contraction<'_>,
    output: usize,
    rows: Range<usize>,
    operands: (*const f32, *const f32),
    out: *mut f32,
) {
    // SAFETY: the caller's.
    unsafe { tall::task::<S, f32>(job, output, rows, operands, out) }
}

at_level! {
    fn wide_at_level(
        job: &Contraction<'_>,
        output: usize,
        rows: Range<usize>,
        operands: (*const f32, *const f32),
        out: *mut f32,
    ) = wide_of_singles
}

#[inline(always)]
unsafe fn wide_of_singles<S: Simd>(
    job: &Contraction<'_>,
    output: usize,
    rows: Range<usize>,
    operands: (*const f32, *const f32),
    out: *mut f32,
) {
    // SAFETY: the caller's.
    unsafe { wide::task::<S, f32>(job, output, rows, operands, out) }
}

impl Product for Bf16x2 {
    unsafe fn task(
        how: (Level, Tiling),
        job: &Contraction<'_>,
        output: usize,
        rows: Range<usize>,
        operands: (*const Bf16x2, *const Bf16x2),
        out: *mut f32,
    ) {
        #[cfg(target_arch = "x86_64")]
        if let (Level::Avx512, tiling) = how {
            if tiling.has_tiles() && job.weight_stride == 1 {
                // SAFETY: the processor was asked; the rest is the caller's.
                return unsafe { amx::task(job, output, rows, operands, out) };
            }
            if crate::operand::processor_has_bf16() {
                // SAFETY: the processor was asked; the rest is the caller's.
                return unsafe { pairs_by_avx512(job, output, rows, operands, out) };
            }
        }
        let _ = how;
        // SAFETY: needs no instructions; the rest is the caller's.
        unsafe { tall::task::<Portable, Bf16x2>(job, output, rows, operands, out) }
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
    unsafe { tall::task::<crate::simd::Avx512, Bf16x2>(job, output, rows, operands, out) }
}
